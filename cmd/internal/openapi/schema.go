package openapi

import (
	"maps"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/wxpay-go/wxpay/spec"
)

const componentsAt = "#/components/schemas/"

// document is a document being made.
type document struct {
	packages map[string]string  // by product
	shared   map[string]*shared // components, by name
}

// shared is an object that stands among the components.
type shared struct {
	field  spec.Field // without what belongs to the place it is used at
	schema *yaml.Node
}

// schema is a field as a Schema Object: by reference, if it is an object that
// has a name of its own.
func (d *document) schema(pkg string, f *spec.Field) *yaml.Node {
	name := pkg + "." + f.Go
	if f.Type != "object" || f.Go == "" || !d.share(pkg, name, f) {
		return d.inline(pkg, f)
	}
	ref := newMapping()
	ref.text("$ref", componentsAt+name)
	ref.text("description", f.Doc)
	ref.text("x-label", f.Label)
	return ref.node
}

// share sees to it that f is the component called name. It is false for an
// object that has the name of another: it stays where it is used.
func (d *document) share(pkg, name string, f *spec.Field) bool {
	alone := *f
	alone.Name, alone.Label, alone.Doc, alone.Required = "", "", "", false
	if s := d.shared[name]; s != nil {
		return reflect.DeepEqual(s.field, alone)
	}
	s := &shared{field: alone}
	d.shared[name] = s // before its inside, which may use it
	s.schema = d.inline(pkg, &alone)
	return true
}

// components writes what was shared, by name.
func (d *document) components(schemas mapping) {
	for _, name := range slices.Sorted(maps.Keys(d.shared)) {
		schemas.put(name, d.shared[name].schema)
	}
}

// inline is a field as a Schema Object at the place where it is used.
func (d *document) inline(pkg string, f *spec.Field) *yaml.Node {
	m := newMapping()
	m.text("type", f.Type)
	if f.Type == "integer" {
		m.text("format", "int64")
	} else {
		m.text("format", f.Format)
	}
	m.text("description", f.Doc)
	m.text("x-label", f.Label)
	m.text("x-go", f.Go)
	rules(m, f)
	switch {
	case f.Type == "object":
		d.members(m, pkg, f)
	case f.Items != nil:
		m.put("items", d.schema(pkg, f.Items))
		m.size("maxItems", f.MaxItems)
	case f.Text != nil:
		m.text("contentMediaType", jsonType)
		m.put("contentSchema", d.schema(pkg, f.Text))
	}
	if f.Sample != nil {
		m.put("examples", inLine(scalar(f.Sample)))
	}
	m.yes("x-encrypted", f.Encrypted)
	m.text("x-digest", f.Digest)
	m.yes("x-filename", f.Filename)
	m.texts("x-inferred", f.Inferred)
	return m.node
}

// rules writes the rules of a scalar.
func rules(m mapping, f *spec.Field) {
	if len(f.Enum) > 0 {
		values := inLine()
		for _, v := range f.Enum {
			n := text(v)
			if f.Type == "integer" {
				n = plain("!!int", v)
			}
			values.Content = append(values.Content, n)
		}
		m.put("enum", values)
	}
	m.size("minLength", f.MinLength)
	m.size("maxLength", f.MaxLength)
	m.bound("minimum", f.Minimum)
	m.bound("maximum", f.Maximum)
	m.text("pattern", f.Pattern)
}

// members writes the inside of an object, in documented order.
func (d *document) members(m mapping, pkg string, f *spec.Field) {
	if len(f.Fields) == 0 { // nothing is documented of its inside
		m.yes("additionalProperties", true)
		return
	}
	var required []string
	for _, sub := range f.Fields {
		if sub.Required {
			required = append(required, sub.Name)
		}
	}
	m.texts("required", required)
	if len(f.AnyOf) > 0 {
		choices := list()
		for _, names := range f.AnyOf {
			choice := newMapping()
			choice.texts("required", names)
			choices.Content = append(choices.Content, choice.node)
		}
		m.put("anyOf", choices)
	}
	properties := newMapping()
	for i := range f.Fields {
		properties.put(f.Fields[i].Name, d.schema(pkg, &f.Fields[i]))
	}
	m.put("properties", properties.node)
}
