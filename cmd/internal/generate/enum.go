package generate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// enumType is a string type with the documented values as constants.
type enumType struct {
	name   string
	label  string
	values []string
	names  []string   // of the constants, "" for a value without one
	lists  [][]string // that requests are held against, each once
}

// enumGroup is the enumerations of a package that want the same name and have
// values in common, directly or through others: they become one type.
type enumGroup struct {
	values []string
	users  int       // fields
	typ    *enumType // nil until the first field needs it
}

// surveyEnum notes an enumeration, so that it is known which of them belong
// together before the first type is named.
func (p *goPackage) surveyEnum(f *spec.Field) {
	name := wanted(f)
	merged := &enumGroup{values: slices.Clone(f.Enum), users: 1}
	var groups []*enumGroup
	for _, g := range p.enumGroups[name] {
		if !slices.ContainsFunc(g.values, func(v string) bool { return slices.Contains(f.Enum, v) }) {
			groups = append(groups, g)
			continue
		}
		merged.values, merged.users = union(g.values, merged.values), merged.users+g.users
	}
	p.enumGroups[name] = append(groups, merged)
}

// union is a and what only b has.
func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, v := range b {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// wanted is the name that the enumeration of f gets if nobody else wants it.
func wanted(f *spec.Field) string {
	if f.Go != "" {
		return f.Go
	}
	return exported(f.Name)
}

// enum returns the enumeration of f, named after the field. Where the package
// has several of that name that share no value, the one that most fields have
// gets it, and the others are also named after their first owner.
func (o *operation) enum(base string, f *spec.Field, asked bool) *enumType {
	name := wanted(f)
	groups := o.pkg.enumGroups[name]
	i := slices.IndexFunc(groups, func(g *enumGroup) bool { return slices.Contains(g.values, f.Enum[0]) })
	g := groups[i]
	if g.typ == nil {
		candidates := []string{name, o.short(base+name, f), base + name, o.name + name, base + name + "Value"}
		if slices.ContainsFunc(groups, func(h *enumGroup) bool { return h != g && h.users >= g.users }) {
			candidates = candidates[1:]
		}
		g.typ = &enumType{name: o.pkg.free("enumeration "+name, candidates...), label: f.Label, values: g.values}
		o.pkg.enums = append(o.pkg.enums, g.typ)
	}
	if asked {
		g.typ.list(f.Enum)
	}
	return g.typ
}

func (e *enumType) print(out *printer) {
	out.comment("", e.name+" is "+what("", e.label, "one of the values below"))
	out.f("type %s string\n", e.name)
	if strings.Join(e.names, "") != "" {
		out.f("const (")
		for i, v := range e.values {
			if e.names[i] != "" {
				out.f("%s %s = %q", e.names[i], e.name, v)
			}
		}
		out.f(")\n")
	}
}

// nameConstants claims a name for each value. Two values that differ only in
// spelling ("PAID", "paid") want one name: the second stays without.
func (e *enumType) nameConstants(p *goPackage) {
	seen := map[string]bool{"": true}
	for _, v := range e.values {
		name := constant(e.name, v)
		if seen[name] {
			e.names = append(e.names, "")
			continue
		}
		seen[name] = true
		e.names = append(e.names, p.free("value "+v+" of "+e.name, name, name+"Value"))
	}
}

// constant is the Go expression for a value, in a file that imports the
// package with the given prefix.
func (e *enumType) constant(prefix, value string) string {
	if i := slices.Index(e.values, value); i >= 0 && e.names[i] != "" {
		return prefix + e.names[i]
	}
	return strconv.Quote(value)
}

// list is the variable that holds the values that a request may have.
func (e *enumType) list(values []string) string {
	for i, l := range e.lists {
		if slices.Equal(l, values) {
			return e.listName(i)
		}
	}
	e.lists = append(e.lists, values)
	return e.listName(len(e.lists) - 1)
}

func (e *enumType) listName(i int) string {
	if i == 0 {
		return "values" + e.name
	}
	return fmt.Sprintf("values%s%d", e.name, i+1)
}

func stringList(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = strconv.Quote(v)
	}
	return "[]string{" + strings.Join(quoted, ", ") + "}"
}
