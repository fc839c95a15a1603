package describe

import (
	"encoding/json"

	"github.com/wxpay-go/wxpay/spec"
)

// textOf reads the shape of the JSON that a string holds. Its sample is made of
// those of its members, so that the two cannot differ.
func (o object) textOf(f *spec.Field) {
	if !o.has("contentSchema") && !o.has("contentMediaType") {
		return
	}
	if o.mustText("contentMediaType") != jsonType || !o.must("contentSchema") {
		o.fault(o.at("contentMediaType"), "a string holds %s, as its contentSchema says", jsonType)
		return
	}
	if o.has("examples") {
		o.fault(o.at("examples"), "the sample of a string that holds JSON is made of those of its members")
	}
	f.Text = new(o.l.schema(o.file, o.at("contentSchema"), schemaUse{element: true, foreign: true}))
	text, err := json.Marshal(sample(f.Text))
	if err != nil {
		o.fault(o.at("contentSchema"), "no sample can be made: %v", err)
		return
	}
	f.Sample = string(text)
	if err := CheckValue(f, f.Sample); err != nil {
		o.fault(o.at("contentSchema"), "the sample breaks a rule: %v", err)
	}
}

// sample is the sample of any field: that of a scalar, an object of those of
// the members, or an array with one item.
func sample(f *spec.Field) any {
	switch f.Type {
	case "object":
		members := map[string]any{}
		for i := range f.Fields {
			members[f.Fields[i].Name] = sample(&f.Fields[i])
		}
		return members
	case "array":
		return []any{sample(f.Items)}
	}
	return f.Sample
}
