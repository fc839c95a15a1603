package generate

import (
	"fmt"
	"net/textproto"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// build names and types everything the operations of p carry.
func (p *goPackage) build() {
	for _, o := range p.ops {
		p.take(o.name, o.Method+" "+o.Path)
		p.take(o.name+"Async", o.Method+" "+o.Path+" (asynchronous)")
		for i := range o.Params {
			p.survey(&o.Params[i])
		}
		p.survey(o.Request)
		p.survey(o.Response)
	}
	for _, o := range p.ops {
		o.buildRequest()
		o.buildResponse()
	}
	p.finish()
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
		for _, v := range e.values {
			p.take(constant(e.name, v), "value "+v+" of "+e.name)
		}
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
			st.members = append(st.members, o.member(o.name, &o.Request.Fields[i], true))
		}
		st.anyOf = o.Request.AnyOf
	}
	if len(st.members) == 0 {
		return
	}
	o.pkg.take(st.name, "request of "+o.Method+" "+o.Path)
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
	o.response = o.object(o.name+"Response", o.name, o.Response, false)
	if o.Response.Go != "" {
		o.pkg.take(o.name+"Response", "answer of "+o.Method+" "+o.Path)
	}
}

// unique reports members of st that would have the same Go name.
func (o *operation) unique(st *structType) {
	seen := map[string]string{}
	for _, m := range st.members {
		if other, ok := seen[m.name]; ok {
			o.pkg.errs = append(o.pkg.errs, fmt.Errorf("generate: %s.%s: fields %s and %s would both be called %s", o.pkg.name, st.name, other, m.Name, m.name))
		}
		seen[m.name] = m.Name
	}
}
