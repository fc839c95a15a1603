package generate

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// object returns the struct of f: one that several operations share, or one of
// the operation's own called name. Its inline objects are called base and field.
func (o *operation) object(name, base string, f *spec.Field, asked bool) *structType {
	shape := shapeOf(f)
	shared := o.pkg.sharedName(f)
	if in := o.pkg.inline[inlineKey(f, shape)]; in != nil {
		shared = o.pkg.inlineName(in, o.short(name, f), name)
	}
	if st := o.known(name, shared, shape); st != nil {
		if asked {
			st.ask()
		}
		st.blend(f)
		return st
	}
	st := &structType{name: shared, wanted: name, label: f.Label, doc: f.Doc, anyOf: f.AnyOf, asked: asked, shape: shape}
	switch {
	case shared != "":
		base = shared
		o.pkg.take(shared, "shared object "+shared)
		o.pkg.shared[shared] = st
	case f.Name == "": // a whole body, whose name is claimed
		st.name = name
	default:
		st.name = o.pkg.free("object "+f.Name+" of "+o.Method+" "+o.Path+" "+shape, o.short(name, f), name, o.answers(name), name+"Info", name+"Object")
	}
	if shared == "" {
		o.owned = append(o.owned, st)
	}
	for i := range f.Fields {
		st.members = append(st.members, o.member(base, &f.Fields[i], asked))
	}
	o.unique(st)
	return st
}

// short is the name of an object or an enumeration deep inside a message: that
// of the operation and its own, without the objects between them. What belongs
// to a shared object keeps that one's name.
func (o *operation) short(name string, f *spec.Field) string {
	if strings.HasPrefix(name, o.name) {
		return o.name + exported(f.Name)
	}
	return name
}

// known is the struct that is there already, or nil: the shared one of a name,
// or the operation's own of a name and shape.
func (o *operation) known(name, shared, shape string) *structType {
	if shared != "" {
		st := o.pkg.shared[shared]
		if st != nil && st.shape != shape {
			o.pkg.errs = append(o.pkg.errs, fmt.Errorf("generate: package %s: two different objects are called %s", o.pkg.name, shared))
		}
		return st
	}
	for _, st := range o.owned {
		if st.wanted == name && st.shape == shape {
			return st
		}
	}
	return nil
}

// ask marks st, and all it holds, as part of a request.
func (st *structType) ask() {
	if st.asked {
		return
	}
	st.asked = true
	for _, m := range st.members {
		f := m.Field
		for t := m.typ; t != nil; t = t.elem {
			if t.ref != nil {
				t.ref.ask()
			}
			if t.enum != nil {
				t.enum.list(f.Enum)
			}
			if f.Text != nil {
				f = f.Text
			} else if f.Items != nil {
				f = f.Items
			}
		}
	}
}

// blend takes from st the labels that f has otherwise: what several operations
// share is described by the words that they have in common.
func (st *structType) blend(f *spec.Field) {
	if st.doc != "" && st.label != f.Label {
		st.label = ""
	}
	for _, m := range st.members {
		if g := m.among(f.Fields); g != nil && g.Label != m.Label && m.Doc != "" {
			m.blended = true
		}
	}
}

// shapeOf tells objects apart by all that matters to their Go type: samples and
// labels do not.
func shapeOf(f *spec.Field) string {
	plain := spec.Field{Type: f.Type, Go: f.Go, AnyOf: f.AnyOf, Fields: bare(f.Fields)}
	text, _ := json.Marshal(plain) // of plain data; it cannot fail
	return string(text)
}

func bare(fields []spec.Field) []spec.Field {
	out := make([]spec.Field, len(fields))
	for i, f := range fields {
		f.Sample, f.Label = nil, ""
		f.Fields = bare(f.Fields)
		for _, inner := range []**spec.Field{&f.Items, &f.Text} {
			if *inner != nil {
				*inner = &bare([]spec.Field{**inner})[0]
			}
		}
		out[i] = f
	}
	return out
}

func (o *operation) member(base string, f *spec.Field, asked bool) *member {
	m := &member{Field: f, name: exported(f.Name), typ: o.typeOf(base, f, asked)}
	if m.name == "" || m.name[0] < 'A' || m.name[0] > 'Z' {
		o.pkg.errs = append(o.pkg.errs, fmt.Errorf("generate: %s %s: field %q has no Go name", o.Method, o.Path, f.Name))
	}
	m.typ.pointer = !f.Required && m.needsPointer()
	return m
}

// needsPointer: the zero value could be meant, so it cannot stand for absence.
// Of a parameter no tag says that it is left out when it is zero.
func (m *member) needsPointer() bool {
	switch m.Type {
	case "integer":
		return m.Minimum == nil || *m.Minimum < 1 || m.In != ""
	case "number", "boolean":
		return true
	}
	return m.typ.ref != nil || m.typ.text
}

func (o *operation) typeOf(base string, f *spec.Field, asked bool) *goType {
	switch f.Type {
	case "integer":
		return &goType{kind: "int64"}
	case "number":
		return &goType{kind: "float64"}
	case "boolean":
		return &goType{kind: "bool"}
	case "array":
		return &goType{elem: o.typeOf(base, within(f, f.Items), asked)}
	case "object":
		if len(f.Fields) == 0 {
			return &goType{kind: "map[string]any"}
		}
		return &goType{ref: o.object(base+exported(f.Name), base+exported(f.Name), f, asked)}
	}
	switch {
	case f.Text != nil:
		return &goType{text: true, elem: o.typeOf(base, within(f, f.Text), asked)}
	case len(f.Enum) > 0:
		return &goType{enum: o.enum(base, f, asked)}
	}
	return &goType{kind: "string"}
}

// named is f under another name: items and texts go by that of their field.
func named(f *spec.Field, name string) *spec.Field {
	g := *f
	g.Name = name
	return &g
}

// within is what stands in f, which is a list or a text: what it lacks in words
// are those of f.
func within(f, inner *spec.Field) *spec.Field {
	g := named(inner, f.Name)
	if g.Label == "" && g.Doc == "" {
		g.Label, g.Doc = f.Label, f.Doc
	}
	return g
}
