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

// object is a composite literal of st without its type.
func (l literals) object(st *structType) string {
	var b strings.Builder
	b.WriteString("{\n")
	for _, m := range st.members {
		if shown(m.Field, st.anyOf) {
			fmt.Fprintf(&b, "%s: %s,\n", m.name, l.value(m.typ, m.Field))
		}
	}
	b.WriteString("}")
	return b.String()
}

// value is the sample of f as a Go expression of the type t.
func (l literals) value(t *goType, f *spec.Field) string {
	switch {
	case t.elem != nil && t.elem.ref != nil:
		return t.in(l.prefix) + "{" + l.object(t.elem.ref) + "}"
	case t.elem != nil:
		return t.in(l.prefix) + "{" + l.value(t.elem, f.Items) + "}"
	case t.ref != nil && t.pointer:
		return "&" + l.prefix + t.ref.name + l.object(t.ref)
	case t.ref != nil:
		return t.in(l.prefix) + l.object(t.ref)
	case t.enum != nil:
		return l.prefix + constant(t.enum.name, fmt.Sprint(f.Sample))
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
	return scalar(f)
}
