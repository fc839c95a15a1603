package generate

import (
	"cmp"
	"fmt"
	"net/textproto"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// build names and types everything the operations of p carry.
func (p *goPackage) build() {
	for i, o := range p.ops {
		o.claim()
		for j := range o.Params {
			p.survey(&o.Params[j])
		}
		for _, body := range []*spec.Field{o.Request, o.Response} {
			p.survey(body)
			p.surveyInline(body, i)
		}
	}
	p.chooseInline()
	for _, o := range p.ops {
		o.buildRequest()
		o.buildResponse()
	}
	p.finish()
}

// claim takes the names that o has whatever it carries.
func (o *operation) claim() {
	what := o.Method + " " + o.Path
	o.pkg.take(o.name, what)
	o.pkg.take(o.name+"Request", "request of "+what)
	o.pkg.take(o.name+"Response", "answer of "+what)
	if o.Page.Items != "" {
		o.pkg.take(o.name+"All", "list of "+what)
	}
}

// survey notes the enumerations below f.
func (p *goPackage) survey(f *spec.Field) {
	if f == nil {
		return
	}
	if f.Type == "string" && len(f.Enum) > 0 {
		p.surveyEnum(f)
	}
	for i := range f.Fields {
		p.survey(&f.Fields[i])
	}
	for _, inner := range []*spec.Field{f.Items, f.Text} {
		if inner != nil {
			p.survey(named(inner, f.Name))
		}
	}
}

// finish puts what the operations share in order.
func (p *goPackage) finish() {
	for _, st := range p.shared {
		p.structs = append(p.structs, st)
	}
	slices.SortFunc(p.structs, func(a, b *structType) int { return strings.Compare(a.name, b.name) })
	for _, st := range p.structs {
		p.addPatterns(st)
	}
	for _, o := range p.ops {
		for _, st := range o.types() {
			p.addPatterns(st)
		}
	}
	slices.SortFunc(p.enums, func(a, b *enumType) int { return strings.Compare(a.name, b.name) })
	for _, e := range p.enums {
		e.nameConstants(p)
	}
}

// types are the structs in the file of o that can have rules.
func (o *operation) types() []*structType {
	if o.request == nil {
		return o.owned
	}
	return slices.Concat([]*structType{o.request}, o.owned)
}

// buildRequest gathers parameters and body into one struct: a caller does not
// care which part of a request carries what.
func (o *operation) buildRequest() {
	st := &structType{name: o.name + "Request", asked: true}
	for i := range o.Params {
		if f := &o.Params[i]; !byRuntime(f) {
			st.members = append(st.members, o.member(o.name, f, true))
		}
	}
	if o.Request != nil {
		for i := range o.Request.Fields {
			m := o.member(o.name, &o.Request.Fields[i], true)
			m.uploads()
			st.members = append(st.members, m)
		}
		st.anyOf = o.Request.AnyOf
	}
	if o.File != nil {
		file := *o.File
		st.members = append(st.members, &member{Field: &file, name: "File", typ: &goType{kind: "io.Reader"}, file: file.Name})
	}
	if len(st.members) == 0 {
		return
	}
	o.unique(st)
	o.request = st
}

// byRuntime: the client sets this header, because only it knows the key.
func byRuntime(f *spec.Field) bool {
	return f.In == "header" && textproto.CanonicalMIMEHeaderKey(f.Name) == "Wechatpay-Serial"
}

func (o *operation) buildResponse() {
	if o.Response == nil {
		return
	}
	name := o.name + "Response"
	if len(o.Response.Fields) == 0 {
		o.response = &structType{name: name} // nothing is documented: any object
		return
	}
	shape := shapeOf(o.Response)
	if st := o.pkg.answers[shape]; st != nil && o.Response.Go == "" && len(o.Response.Fields) > 2 {
		o.response = st
		return
	}
	o.response = o.object(name, o.name, o.Response, false)
	o.pkg.answers[shape] = o.response
}

// answers is name, marked as belonging to the answer: for an object of which
// the request has another one.
func (o *operation) answers(name string) string {
	return o.name + "Response" + strings.TrimPrefix(name, o.name)
}

// unique gives the members of st names of their own. What another part of the
// request has too is called after its part; of two spellings of one name, the
// one with more separators says so. Check is the name of the method.
func (o *operation) unique(st *structType) {
	seen := map[string]*member{}
	for _, m := range st.members {
		if m.name == "Check" {
			m.name = "CheckValue"
		}
		switch other := seen[m.name]; {
		case other == nil:
		case other.In != m.In:
			m.name += "In" + upperFirst(cmp.Or(m.In, "body"))
		case len(words(other.Name)) > len(words(m.Name)):
			delete(seen, other.name)
			other.name += "Underscored"
			seen[other.name] = other
		default:
			m.name += "Underscored"
		}
		if other := seen[m.name]; other != nil {
			o.pkg.errs = append(o.pkg.errs, fmt.Errorf("generate: %s.%s: fields %s and %s would both be called %s", o.pkg.name, st.name, other.Name, m.Name, m.name))
		}
		seen[m.name] = m
	}
}

// uploads marks the members of the part "meta" that the client fills from the
// file.
func (m *member) uploads() {
	switch {
	case m.Filename:
		m.file = "name"
	case m.Digest != "":
		m.file = m.Digest
	}
}

// filled: the client knows the value from the file, so it may be left empty.
func (m *member) filled() bool { return m.file != "" && m.file == m.Digest }

// kindOfFile: m is the file itself.
func (m *member) kindOfFile() bool { return m.typ.kind == "io.Reader" }
