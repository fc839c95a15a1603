package generate

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// object returns the struct of f: the shared one that f names, or one of the
// operation's own called name. Its inline objects are called base and field.
func (o *operation) object(name, base string, f *spec.Field, asked bool) *structType {
	shape := shapeOf(f)
	if f.Go != "" {
		name, base = f.Go, f.Go
		if st, ok := o.pkg.shared[name]; ok {
			if st.shape != shape {
				o.pkg.errs = append(o.pkg.errs, fmt.Errorf("generate: package %s: two different objects are called %s", o.pkg.name, name))
			}
			if asked && !st.asked {
				st.ask()
			}
			return st
		}
		o.pkg.take(name, "shared object "+name)
	} else {
		for _, st := range o.owned {
			if st.name == name && st.shape == shape {
				if asked {
					st.ask()
				}
				return st
			}
		}
		o.pkg.take(name, "object "+f.Name+" of "+o.Method+" "+o.Path+" "+shape)
	}
	st := &structType{name: name, label: f.Label, doc: f.Doc, anyOf: f.AnyOf, asked: asked, shape: shape}
	if f.Go != "" {
		o.pkg.shared[name] = st
	} else {
		o.owned = append(o.owned, st)
	}
	for i := range f.Fields {
		st.members = append(st.members, o.member(base, &f.Fields[i], asked))
	}
	o.unique(st)
	return st
}

// ask marks st, and all it holds, as part of a request.
func (st *structType) ask() {
	if st.asked {
		return
	}
	st.asked = true
	for _, m := range st.members {
		for t := m.typ; t != nil; t = t.elem {
			if t.ref != nil {
				t.ref.ask()
			}
			if t.enum != nil {
				t.enum.asked = true
			}
		}
	}
}

// shapeOf tells objects apart by all that matters to their Go type.
func shapeOf(f *spec.Field) string {
	bare := spec.Field{Type: f.Type, Go: f.Go, AnyOf: f.AnyOf, Fields: f.Fields, Items: f.Items}
	text, _ := json.Marshal(bare) // of plain data; it cannot fail
	return string(text)
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
func (m *member) needsPointer() bool {
	switch m.Type {
	case "integer":
		return m.Minimum == nil || *m.Minimum < 1
	case "number", "boolean":
		return true
	}
	return m.typ.ref != nil
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
		item := *f.Items
		item.Name = f.Name
		return &goType{elem: o.typeOf(base, &item, asked)}
	case "object":
		if len(f.Fields) == 0 {
			return &goType{kind: "map[string]any"}
		}
		return &goType{ref: o.object(o.nested(base, f), base+exported(f.Name), f, asked)}
	}
	if len(f.Enum) > 0 {
		return &goType{enum: o.enum(base, f, asked)}
	}
	return &goType{kind: "string"}
}

// nested is the name of an inline object: that of its owner and its own. Where
// request and answer have different objects of that name, the later one, the
// answer's, says so.
func (o *operation) nested(base string, f *spec.Field) string {
	name := base + exported(f.Name)
	for _, st := range o.owned {
		if st.name == name && st.shape != shapeOf(f) {
			return o.name + "Response" + strings.TrimPrefix(name, o.name)
		}
	}
	return name
}
