package generate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// literals writes sample values as Go, for a file that imports the package
// with the given prefix.
type literals struct{ prefix string }

// shown: a sample gives the members that have to be there. Of an either-or
// rule it is the first choice.
func shown(f *spec.Field, anyOf [][]string) bool {
	return f.Required || len(anyOf) > 0 && slices.Contains(anyOf[0], f.Name)
}

// object is a composite literal of st without its type. The samples are those
// of fields: a type that several operations share has samples in each.
func (l literals) object(st *structType, fields []spec.Field, anyOf [][]string) string {
	var b strings.Builder
	b.WriteString("{\n")
	for _, m := range st.members {
		f := m.among(fields)
		switch {
		case m.filled(): // the client fills it in
		case m.kindOfFile():
			fmt.Fprintf(&b, "%s: file,\n", m.name)
		case f != nil && shown(f, anyOf):
			fmt.Fprintf(&b, "%s: %s,\n", m.name, l.value(m.typ, f))
		}
	}
	b.WriteString("}")
	return b.String()
}

// among is the field that m is made of, or one like it, in fields.
func (m *member) among(fields []spec.Field) *spec.Field {
	for i := range fields {
		if f := &fields[i]; f.Name == m.Name && f.In == m.In {
			return f
		}
	}
	return nil
}

// value is the sample of f as a Go expression of the type t.
func (l literals) value(t *goType, f *spec.Field) string {
	switch {
	case t.text:
		address := ""
		if t.pointer {
			address = "&"
		}
		return address + strings.TrimPrefix(t.in(l.prefix), "*") + "{Value: " + l.value(t.elem, f.Text) + "}"
	case t.elem != nil && t.elem.ref != nil:
		return t.in(l.prefix) + "{" + l.object(t.elem.ref, f.Items.Fields, f.Items.AnyOf) + "}"
	case t.elem != nil:
		return t.in(l.prefix) + "{" + l.value(t.elem, f.Items) + "}"
	case t.ref != nil && t.pointer:
		return "&" + l.prefix + t.ref.name + l.object(t.ref, f.Fields, f.AnyOf)
	case t.ref != nil:
		return t.in(l.prefix) + l.object(t.ref, f.Fields, f.AnyOf)
	case t.enum != nil:
		return t.enum.constant(l.prefix, fmt.Sprint(f.Sample))
	case t.kind == "map[string]any":
		return "map[string]any{}"
	case t.pointer:
		return "new(" + t.kind + "(" + scalar(f) + "))"
	}
	return scalar(f)
}

// scalar is the sample of a field without members.
func scalar(f *spec.Field) string {
	if f.Type == "string" {
		return strconv.Quote(fmt.Sprint(f.Sample))
	}
	return fmt.Sprint(f.Sample)
}

// plain is an object as a map of untyped values, for the spellings that know
// no types.
func plain(object *spec.Field) string {
	var b strings.Builder
	b.WriteString("map[string]any{\n")
	for i := range object.Fields {
		if f := &object.Fields[i]; shown(f, object.AnyOf) {
			fmt.Fprintf(&b, "%q: %s,\n", f.Name, plainValue(f))
		}
	}
	b.WriteString("}")
	return b.String()
}

func plainValue(f *spec.Field) string {
	switch f.Type {
	case "object":
		return plain(f)
	case "array":
		return "[]any{" + plainValue(f.Items) + "}"
	}
	if f.Text != nil {
		return "wxpay.JSONText[any]{Value: " + plainValue(f.Text) + "}"
	}
	return scalar(f)
}
