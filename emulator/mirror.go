package emulator

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// sampled is the answer of an endpoint without behaviour: the documented
// samples, in which the caller sees its own numbers again.
func (e *Emulator) sampled(c *call) map[string]any {
	if c.op.Response == nil {
		return nil
	}
	known := samples(c.op.Response)
	for _, name := range []string{"mchid", "sp_mchid"} {
		if known[name] != nil {
			known[name] = e.cfg.MchID
		}
	}
	mirror(c.op.Response, known, c.sent(), nil)
	c.paginate(known)
	return known
}

// sentValue is a scalar of the request.
type sentValue struct {
	value     any // string, bool or json.Number
	encrypted bool
}

// place is the object of the request that stands where one stands in the
// answer, and its scalars; the zero value is none.
type place struct {
	scalars map[string]sentValue
	field   *spec.Field
	object  map[string]any
}

func placeOf(f *spec.Field, value any) place {
	object, _ := value.(map[string]any)
	at := place{scalars: map[string]sentValue{}, field: f, object: object}
	if f == nil {
		return at
	}
	for i := range f.Fields {
		m := &f.Fields[i]
		switch v := object[m.Name].(type) {
		case string, bool, json.Number:
			if m.Text == nil {
				at.scalars[m.Name] = sentValue{v, m.Encrypted}
			}
		}
	}
	return at
}

// member describes a member of the place, or nil.
func (at place) member(name string) *spec.Field {
	if at.field == nil {
		return nil
	}
	for i := range at.field.Fields {
		if at.field.Fields[i].Name == name {
			return &at.field.Fields[i]
		}
	}
	return nil
}

// sent is the top of the request: the body's, and the parameters of path and
// query.
func (c *call) sent() place {
	top := placeOf(c.op.Request, c.body)
	for i := range c.op.Params {
		f := &c.op.Params[i]
		text := c.query[f.Name]
		if f.In == "path" {
			text = c.path[f.Name]
		}
		if f.In != "header" && f.Type != "array" && text != "" {
			top.scalars[f.Name] = sentValue{text, f.Encrypted}
		}
	}
	return top
}

// mirror puts what was sent in the place of the samples: a member of the same
// name at the same place, and, deeper in the answer, an identifier of the same
// name further up in the request (above).
func mirror(f *spec.Field, known map[string]any, at place, above map[string]sentValue) {
	below := map[string]sentValue{}
	maps.Copy(below, above)
	for name, v := range at.scalars {
		if isIdentifier(name) {
			below[name] = v
		}
	}
	for i := range f.Fields {
		m := &f.Fields[i]
		v, ok := at.scalars[m.Name]
		if !ok {
			v = above[m.Name]
		}
		if fitted, fits := fit(m, v); fits && known[m.Name] != nil {
			known[m.Name] = fitted
			continue
		}
		mirrorInside(m, known, at, below)
	}
}

// mirrorInside goes on into an object or a list. A list of the request that
// has a namesake in the answer gives that its length.
func mirrorInside(m *spec.Field, known map[string]any, at place, below map[string]sentValue) {
	request := at.member(m.Name)
	switch inner := known[m.Name].(type) {
	case map[string]any:
		if m.Text == nil {
			mirror(m, inner, placeOf(request, at.object[m.Name]), below)
		}
	case []any:
		if m.Items == nil || len(m.Items.Fields) == 0 {
			return
		}
		var sent []any
		if request != nil && request.Items != nil {
			sent, _ = at.object[m.Name].([]any)
		}
		if 0 < len(sent) && len(sent) <= listLimit {
			inner = repeat(m.Items, len(sent))
		}
		for n, item := range inner {
			object, _ := item.(map[string]any)
			var one place
			if n < len(sent) {
				one = placeOf(request.Items, sent[n])
			}
			mirror(m.Items, object, one, below)
		}
		known[m.Name] = inner
	}
}

func repeat(item *spec.Field, n int) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = samples(item)
	}
	return list
}

// isIdentifier tells names that mean one thing wherever they stand from words
// such as name, state and amount, which do not.
func isIdentifier(name string) bool {
	for _, end := range []string{"_id", "_no", "_code", "mchid", "appid", "openid"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// fit gives a scalar the type that the answer documents, if it obeys the rules
// there. What came encrypted never leaves in the clear.
func fit(f *spec.Field, v sentValue) (any, bool) {
	if v.value == nil || f.Text != nil || v.encrypted && !f.Encrypted {
		return nil, false
	}
	text, isText := v.value.(string)
	switch x := v.value.(type) {
	case json.Number:
		text = x.String()
	case bool:
		text = strconv.FormatBool(x)
	}
	switch f.Type {
	case "string":
		_, isNumber := v.value.(json.Number)
		return text, (isText || isNumber) && checkText(f, text) == ""
	case "integer":
		return json.Number(text), checkNumber(f, text) == ""
	case "boolean":
		return text == "true", text == "true" || text == "false"
	}
	return nil, false
}
