package trigger

import (
	"encoding/json"
	"maps"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// begun is what the fields lead into: objects and lists begin as their samples,
// so that a field changes one member of theirs.
func begun(f *spec.Field, resource map[string]any, fields []string) map[string]any {
	begun := map[string]any{}
	maps.Copy(begun, resource)
	for _, field := range fields {
		name, _, _ := strings.Cut(field, "=")
		top, _, inside := strings.Cut(name, ".")
		if m := member(f, top); m != nil && inside && begun[top] == nil {
			begun[top] = sample(m)
		}
	}
	return begun
}

func member(f *spec.Field, name string) *spec.Field {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return &f.Fields[i]
		}
	}
	return nil
}

// sample is the documented sample of a member, or the plainest value of its
// type.
func sample(f *spec.Field) any {
	switch {
	case len(f.Fields) > 0:
		object := map[string]any{}
		for i := range f.Fields {
			object[f.Fields[i].Name] = sample(&f.Fields[i])
		}
		return object
	case f.Type == "array" && f.Items != nil && f.Sample == nil:
		return []any{sample(f.Items)}
	case f.Text != nil:
		return sample(f.Text)
	case f.Sample != nil && f.Sample != "":
		return f.Sample
	case len(f.Enum) > 0 && f.Type == "string":
		return f.Enum[0]
	}
	return map[string]any{
		"string": f.Name, "integer": json.Number("1"), "number": json.Number("1"), "boolean": true, "object": map[string]any{}, "array": []any{},
	}[f.Type]
}
