// Package docs is the reference of WeChat Pay APIv3 (微信支付 APIv3) inside a
// program: it finds what a few words mean, in Chinese or English, and gives
// the page of an endpoint or an event as Markdown or, served, as HTML.
//
// It reads the description that the program carries when the first question
// comes, and makes the pages with the generator that makes those of the
// repository.
package docs

import (
	"slices"
	"strings"
	"sync"

	"github.com/wxpay-go/wxpay/cmd/internal/describe"
	"github.com/wxpay-go/wxpay/cmd/internal/generate"
	"github.com/wxpay-go/wxpay/spec"
)

// Reference answers questions about the description. It is ready for use by
// several goroutines.
type Reference struct {
	entries func() []*entry
	pages   func() (*generate.Reference, error)
}

// New returns the reference. It reads nothing yet.
func New() *Reference {
	return &Reference{
		entries: sync.OnceValue(index),
		pages: sync.OnceValues(func() (*generate.Reference, error) {
			return generate.NewReference(&describe.Description{
				Operations: slices.Collect(spec.Operations()),
				Events:     slices.Collect(spec.Events()),
				Errors:     slices.Collect(spec.Errors()),
				Products:   spec.Products(),
			})
		}),
	}
}

// Product is a product with what there is of it.
type Product struct {
	Name       string `json:"name"`
	Package    string `json:"package"`
	Prefix     string `json:"prefix"`
	Title      string `json:"title"`   // Chinese
	Summary    string `json:"summary"` // English
	Operations int    `json:"operations"`
	Events     int    `json:"events"`
}

// Products returns the products, by name.
func (r *Reference) Products() []Product {
	operations, events := map[string]int{}, map[string]int{}
	for op := range spec.Operations() {
		operations[op.Product]++
	}
	for e := range spec.Events() {
		events[e.Product]++
	}
	var list []Product
	for _, p := range spec.Products() {
		list = append(list, Product{p.Name, p.Package, p.Prefix, p.Title, p.Summary, operations[p.Name], events[p.Name]})
	}
	return list
}

// Of returns everything of one product, given by its name or its package, in
// the order of the addresses: the endpoints, then the events. It is nil for a
// name that is none.
func (r *Reference) Of(product string) []Hit {
	isIt := func(p spec.Product) bool { return p.Name == product || p.Package == product }
	products := spec.Products()
	i := slices.IndexFunc(products, isIt)
	if i < 0 {
		return nil
	}
	hits := []Hit{}
	for _, e := range r.entries() {
		if e.hit.Product == products[i].Name && (e.hit.Kind == KindOperation || e.hit.Kind == KindEvent) {
			hits = append(hits, e.hit)
		}
	}
	return hits
}

// Page is a page of the reference.
type Page struct {
	Address    string            `json:"page"` // below docs/reference, "v3/….md"
	Text       string            `json:"text"` // Markdown
	Operations []*spec.Operation `json:"operations,omitempty"`
	Events     []*spec.Event     `json:"events,omitempty"`
}

// Exact returns the page that name means by itself: the path of a URL, as a
// template or with values, with a method before it or without; the name of a
// function, "papay.PreEntrustSign"; the type of an event or its name in Go.
// It is false for everything else.
func (r *Reference) Exact(name string) (Page, bool, error) {
	var p Page
	p.Operations = operationsOf(name)
	if len(p.Operations) > 0 {
		p.Address = generate.PageOf(p.Operations[0].Path)
	}
	for e := range spec.Events() {
		if e.Type == name || eventName(e) == name {
			p.Events = []*spec.Event{e}
			p.Address = generate.EventPageOf(e.Type)
		}
	}
	if p.Address == "" {
		return p, false, nil
	}
	text, _, err := r.text(p.Address)
	p.Text = string(text)
	return p, true, err
}

func eventName(e *spec.Event) string { return "notify." + e.Go }

// operationsOf returns the endpoint that name means, or the endpoints.
func operationsOf(name string) (ops []*spec.Operation) {
	method, address, hasMethod := strings.Cut(name, " ")
	if !hasMethod {
		method, address = "", name
	}
	address = "/" + strings.TrimPrefix(address, "/")
	for op := range spec.Operations() {
		if op.ID == name || op.Path == address && (!hasMethod || strings.EqualFold(op.Method, method)) {
			ops = append(ops, op)
		}
	}
	if len(ops) > 0 {
		return ops
	}
	for _, m := range spec.Methods(address) {
		if op, _, ok := spec.Match(m, address); ok && (!hasMethod || strings.EqualFold(m, method)) {
			ops = append(ops, op)
		}
	}
	return ops
}

// text returns the Markdown at an address, without the mark of the generator.
func (r *Reference) text(address string) ([]byte, bool, error) {
	pages, err := r.pages()
	if err != nil {
		return nil, false, err
	}
	text, ok, err := pages.Page(address)
	if rest, found := strings.CutPrefix(string(text), "<!--"); found {
		_, rest, _ = strings.Cut(rest, "-->")
		text = []byte(strings.TrimLeft(rest, "\n"))
	}
	return text, ok, err
}
