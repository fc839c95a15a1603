package console

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// sampler writes the documented samples of a request, in documented order.
type sampler struct {
	mchID string // stands in for that of the samples
	all   bool   // what is optional too
}

// body is the sample of a whole body, indented.
func (s sampler) body(f *spec.Field) string { return pretty(s.object(f)) }

func (s sampler) object(f *spec.Field) string {
	var members []string
	for i := range f.Fields {
		m := &f.Fields[i]
		if s.all || m.Required || len(f.AnyOf) > 0 && slices.Contains(f.AnyOf[0], m.Name) {
			members = append(members, text(m.Name)+":"+s.value(m))
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

func (s sampler) value(f *spec.Field) string {
	switch {
	case f.Text != nil:
		return text(s.value(f.Text))
	case f.Type == "object" && f.Sample == nil:
		return s.object(f)
	case f.Type == "array" && f.Items != nil && f.Sample == nil:
		return "[" + s.value(f.Items) + "]"
	}
	return text(s.scalar(f))
}

// scalar is the sample of a value without members.
func (s sampler) scalar(f *spec.Field) any {
	if f.Name == "mchid" || f.Name == "sp_mchid" {
		return s.mchID
	}
	return spec.Sample(f)
}

// text writes a value as JSON, without escapes that nobody asked for.
func text(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil { // samples are scalars, which cannot fail
		return "null"
	}
	return strings.TrimSuffix(b.String(), "\n")
}
