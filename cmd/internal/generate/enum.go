package generate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// survey notes the enumerations below f, so that a name is known to be claimed
// by different lists of values before the first type is named.
func (p *goPackage) survey(f *spec.Field) {
	if f == nil {
		return
	}
	if f.Type == "string" && len(f.Enum) > 0 {
		name := wanted(f)
		if !slices.ContainsFunc(p.enumSets[name], func(set []string) bool { return slices.Equal(set, f.Enum) }) {
			p.enumSets[name] = append(p.enumSets[name], f.Enum)
		}
	}
	for i := range f.Fields {
		p.survey(&f.Fields[i])
	}
	if f.Items != nil {
		item := *f.Items
		item.Name = f.Name
		p.survey(&item)
	}
}

// wanted is the name that the enumeration of f gets if nobody else wants it.
func wanted(f *spec.Field) string {
	if f.Go != "" {
		return f.Go
	}
	return exported(f.Name)
}

// enum returns the enumeration of f, named after the field, and after its owner
// too where two enumerations of the package would have the same name. Where
// request and answer of one operation differ, the answer's says so.
func (o *operation) enum(base string, f *spec.Field, asked bool) *enumType {
	name := wanted(f)
	if f.Go == "" && len(o.pkg.enumSets[name]) > 1 {
		name = base + name
		if e := o.pkg.enum(name); e != nil && !slices.Equal(e.values, f.Enum) {
			name = o.name + "Response" + strings.TrimPrefix(name, o.name)
		}
	}
	if e := o.pkg.enum(name); e != nil {
		if !slices.Equal(e.values, f.Enum) {
			o.pkg.errs = append(o.pkg.errs, fmt.Errorf("generate: package %s: two enumerations are called %s: give one of them another name with x-go", o.pkg.name, name))
		}
		e.asked = e.asked || asked
		return e
	}
	o.pkg.take(name, "enumeration "+name)
	e := &enumType{name: name, label: f.Label, values: f.Enum, asked: asked}
	o.pkg.enums = append(o.pkg.enums, e)
	return e
}

// enum returns the enumeration called name, or nil.
func (p *goPackage) enum(name string) *enumType {
	for _, e := range p.enums {
		if e.name == name {
			return e
		}
	}
	return nil
}

func (e *enumType) print(out *printer) {
	label := ""
	if e.label != "" {
		label = " (" + e.label + ")"
	}
	out.comment("", e.name+label+" is one of the documented values below; WeChat Pay may answer a newer one.")
	out.f("type %s string\n", e.name)
	out.f("const (")
	for _, v := range e.values {
		out.f("%s %s = %q", constant(e.name, v), e.name, v)
	}
	out.f(")\n")
	if e.asked {
		out.f("var %s = %s\n", e.list(), stringList(e.values))
	}
}

// list is the variable that holds the documented values for the checks.
func (e *enumType) list() string { return "values" + e.name }

func stringList(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = strconv.Quote(v)
	}
	return "[]string{" + strings.Join(quoted, ", ") + "}"
}
