package generate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/cmd/internal/describe"
	"github.com/wxpay-go/wxpay/spec"
)

// model is the description in Go's terms.
type model struct {
	desc     *describe.Description
	errors   map[string]*spec.Error
	packages []*goPackage // by name
	ops      []*operation // in path, then method order
	tree     *tree        // of the URLs
	notify   *goPackage   // of the events
	events   []*event
}

// goPackage is one generated package, and the names taken in it.
type goPackage struct {
	name    string
	product spec.Product
	ops     []*operation
	structs []*structType // shared between operations, by name
	enums   []*enumType   // by name

	names    map[string]string        // exported identifier -> what took it
	shared   map[string]*structType   // by Go name
	patterns map[string]string        // variable -> regular expression
	inline   map[string]*inlineObject // inline objects of several operations
	answers  map[string]*structType   // whole answers, by shape
	lastUser map[string]int           // last operation seen with an inline object

	enumGroups map[string][]*enumGroup // by the name that the enumeration wants
	errs       []error
}

// operation is an endpoint as a Go function.
type operation struct {
	*spec.Operation
	pkg      *goPackage
	name     string      // of the function
	request  *structType // nil if there is nothing to ask
	response *structType // nil if the answer has no body
	owned    []*structType
}

// event is a notification as a Go type.
type event struct {
	*spec.Event
	resource *structType
	same     string      // event whose resource has the very same members, or ""
	answer   *structType // nil if the status says all
	owned    []*structType
}

// structType is an object, or the whole of a request.
type structType struct {
	name    string
	wanted  string // the name before a clash was settled
	label   string
	doc     string
	members []*member
	anyOf   [][]string
	asked   bool // it is part of a request, so that its rules are checked
	shape   string
}

// member is one field of a struct.
type member struct {
	*spec.Field
	name    string
	typ     *goType
	pattern string // variable of its pattern, "" if it has none
	blended bool   // its label differs between the operations that share it
	file    string // what it is of an upload: the part, "name", or its digest
}

// goType is the Go type of a field.
type goType struct {
	kind    string // spelling of a type of the language, "" for the others
	ref     *structType
	enum    *enumType
	elem    *goType // of a slice or of a text
	text    bool    // JSON inside a string
	pointer bool
}

// String is the type as it is spelt inside its package.
func (t *goType) String() string { return t.in("") }

// in is the type as it is spelt in a package that imports t's as prefix.
func (t *goType) in(prefix string) string {
	s := t.kind
	switch {
	case t.text:
		s = "wxpay.JSONText[" + t.elem.in(prefix) + "]"
	case t.elem != nil:
		s = "[]" + t.elem.in(prefix)
	case t.ref != nil:
		s = prefix + t.ref.name
	case t.enum != nil:
		s = prefix + t.enum.name
	}
	if t.pointer {
		s = "*" + s
	}
	return s
}

// newModel names everything, or reports every name that cannot be given.
func newModel(d *describe.Description) (*model, error) {
	m := &model{desc: d, errors: map[string]*spec.Error{}}
	for _, e := range d.Errors {
		m.errors[e.Code] = e
	}
	byProduct := map[string]*goPackage{}
	for _, p := range d.Products {
		byProduct[p.Name] = newPackage(p.Package, p)
	}
	for _, op := range d.Operations {
		pkg := byProduct[op.Product]
		_, name, ok := strings.Cut(op.ID, ".")
		if pkg == nil || !ok {
			return nil, fmt.Errorf("generate: %s %s: product %q or operationId %q is unknown", op.Method, op.Path, op.Product, op.ID)
		}
		o := &operation{Operation: op, pkg: pkg, name: name}
		pkg.ops = append(pkg.ops, o)
		m.ops = append(m.ops, o)
	}
	m.addEvents()
	errs := slices.Clone(m.notify.errs)
	for _, p := range d.Products {
		pkg := byProduct[p.Name]
		if len(pkg.ops) == 0 {
			continue
		}
		pkg.build()
		m.packages = append(m.packages, pkg)
		errs = append(errs, pkg.errs...)
	}
	slices.SortFunc(m.packages, func(a, b *goPackage) int { return strings.Compare(a.name, b.name) })
	m.tree = newTree(m.ops)
	errs = append(errs, m.tree.errs...)
	return m, errors.Join(errs...)
}

// addEvents builds the package of the events.
func (m *model) addEvents() {
	m.notify = newPackage("notify", spec.Product{})
	for _, name := range byHand {
		m.notify.take(name, handwritten)
	}
	for i, e := range m.desc.Events {
		m.notify.take(eventName(e), "event "+e.Type)
		m.notify.take("Type"+eventName(e), "type of event "+e.Type)
		m.notify.survey(e.Resource)
		m.notify.surveyInline(e.Resource, i)
		m.notify.survey(e.Answer)
		m.notify.surveyInline(e.Answer, i)
	}
	m.notify.chooseInline()
	first := map[string]string{}
	for _, e := range m.desc.Events {
		o := &operation{pkg: m.notify, name: eventName(e), Operation: &spec.Operation{Path: e.Type}}
		ev := &event{Event: e}
		shape := shapeOf(e.Resource)
		if ev.same = first[shape]; ev.same == "" {
			first[shape] = o.name
			ev.resource = o.object(o.name, o.name, e.Resource, false)
		}
		if e.Answer != nil {
			ev.answer = o.object(o.name+"Answer", o.name+"Answer", e.Answer, false)
		}
		ev.owned = o.owned
		m.events = append(m.events, ev)
	}
	m.notify.finish()
}

// eventName is the name of the event's Go type, without a package.
func eventName(e *spec.Event) string { return e.Go[strings.LastIndexByte(e.Go, '.')+1:] }

func newPackage(name string, p spec.Product) *goPackage {
	return &goPackage{
		name:     name,
		product:  p,
		names:    map[string]string{},
		shared:   map[string]*structType{},
		patterns: map[string]string{},
		inline:   map[string]*inlineObject{},
		answers:  map[string]*structType{},
		lastUser: map[string]int{},

		enumGroups: map[string][]*enumGroup{},
	}
}

// take claims an exported identifier for what.
func (p *goPackage) take(name, what string) {
	if other, ok := p.names[name]; ok && other != what {
		p.errs = append(p.errs, fmt.Errorf("generate: package %s: %s and %s would both be called %s: name one of them with x-go", p.name, other, what, name))
		return
	}
	p.names[name] = what
}

// choose returns the first of the names that nobody has, or the last.
func (p *goPackage) choose(names ...string) string {
	for _, name := range names {
		if _, ok := p.names[name]; !ok {
			return name
		}
	}
	return names[len(names)-1]
}

// free claims the first of the names that nobody has.
func (p *goPackage) free(what string, names ...string) string {
	name := p.choose(names...)
	p.take(name, what)
	return name
}
