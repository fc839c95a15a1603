package docs

import (
	"maps"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/cmd/internal/generate"
	"github.com/wxpay-go/wxpay/spec"
)

// Kinds of a [Hit].
const (
	KindProduct   = "product"
	KindOperation = "operation"
	KindEvent     = "event"
	KindField     = "field"
	KindError     = "error"
)

// Hit is something that a search found.
type Hit struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"` // Go name, event type, name of the field, code or product
	Method  string `json:"method,omitempty"`
	Path    string `json:"path,omitempty"`
	Title   string `json:"title,omitempty"`   // Chinese
	Summary string `json:"summary,omitempty"` // English
	Product string `json:"product,omitempty"`
	Page    string `json:"page,omitempty"` // below docs/reference

	// Of a field: its types, and where it is used.
	Types []string `json:"types,omitempty"`
	In    []string `json:"in,omitempty"` // "POST /v3/…", or the type of an event
}

// entry is what can be found, with the texts that it is found by.
type entry struct {
	hit  Hit
	keys []key
}

// key is a text in lower case, and what finding a word in it is worth.
type key struct {
	text  string
	worth int
}

// What a place is worth: a name tells more than a sentence.
const (
	worthName    = 8
	worthSummary = 4
	worthProduct = 3
	worthMember  = 2
	worthDoc     = 1
)

func (e *entry) add(worth int, texts ...string) {
	for _, text := range texts {
		if text != "" {
			e.keys = append(e.keys, key{strings.ToLower(text), worth})
		}
	}
}

// index makes the entries, those first that win where the worth is the same.
func index() []*entry {
	var list []*entry
	products := map[string]spec.Product{}
	for _, p := range spec.Products() {
		products[p.Name] = p
		e := &entry{hit: Hit{Kind: KindProduct, Name: p.Name, Path: p.Prefix, Title: p.Title, Summary: p.Summary, Page: p.Package + ".md"}}
		e.add(worthName, p.Name, p.Package, p.Prefix, p.Title)
		e.add(worthSummary, p.Summary)
		list = append(list, e)
	}
	fields := fields{}
	for op := range spec.Operations() {
		list = append(list, operationEntry(op, products[op.Product], fields))
	}
	for ev := range spec.Events() {
		list = append(list, eventEntry(ev, products[ev.Product], fields))
	}
	list = append(list, fields.entries()...)
	for code := range spec.Errors() {
		e := &entry{hit: Hit{Kind: KindError, Name: code.Code, Title: code.Message, Summary: code.Summary}}
		e.add(worthName, code.Code, code.Message)
		e.add(worthSummary, code.Summary, code.Hint)
		list = append(list, e)
	}
	return list
}

func operationEntry(op *spec.Operation, p spec.Product, fields fields) *entry {
	e := &entry{hit: Hit{
		Kind: KindOperation, Name: op.ID, Method: op.Method, Path: op.Path,
		Title: op.Title, Summary: op.Summary, Product: op.Product, Page: generate.PageOf(op.Path),
	}}
	e.add(worthName, op.Title, op.Method+" "+op.Path, op.ID)
	e.add(worthSummary, op.Summary)
	e.add(worthProduct, p.Title, p.Name)
	e.add(worthDoc, op.Doc, p.Summary)
	place := op.Method + " " + op.Path
	m := &members{entry: e, fields: fields, place: place}
	for i := range op.Params {
		m.add(&op.Params[i])
	}
	m.add(op.Request)
	m.add(op.Response)
	m.add(op.File)
	return e
}

func eventEntry(ev *spec.Event, p spec.Product, fields fields) *entry {
	e := &entry{hit: Hit{
		Kind: KindEvent, Name: ev.Type, Title: ev.Title, Summary: ev.Summary,
		Product: ev.Product, Page: generate.EventPageOf(ev.Type),
	}}
	e.add(worthName, ev.Title, ev.Type, eventName(ev))
	e.add(worthSummary, ev.Summary)
	e.add(worthProduct, p.Title, p.Name)
	e.add(worthDoc, ev.Doc, ev.OriginalType)
	m := &members{entry: e, fields: fields, place: ev.Type}
	m.add(ev.Resource)
	m.add(ev.Answer)
	return e
}

// fields gathers the members of everything, by name.
type fields map[string]*field

type field struct {
	types, labels, docs, in []string // each once, in the order they were seen
}

func once(list []string, text string) []string {
	if text == "" || slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// members walks through the members of one operation or event.
type members struct {
	entry  *entry
	fields fields
	place  string
}

func (m *members) add(f *spec.Field) {
	if f == nil {
		return
	}
	if f.Name != "" {
		m.note(f)
	}
	for i := range f.Fields {
		m.add(&f.Fields[i])
	}
	m.add(f.Items)
	m.add(f.Text)
}

func (m *members) note(f *spec.Field) {
	m.entry.add(worthMember, f.Name, f.Label)
	m.entry.add(worthDoc, f.Doc)
	known := m.fields[f.Name]
	if known == nil {
		known = &field{}
		m.fields[f.Name] = known
	}
	known.types = once(known.types, f.Type)
	known.labels = once(known.labels, f.Label)
	known.docs = once(known.docs, f.Doc)
	if n := len(known.in); n == 0 || known.in[n-1] != m.place {
		known.in = append(known.in, m.place)
	}
}

func (list fields) entries() (entries []*entry) {
	for _, name := range slices.Sorted(maps.Keys(list)) {
		f := list[name]
		e := &entry{hit: Hit{Kind: KindField, Name: name, Types: f.types, In: f.in}}
		if len(f.labels) > 0 {
			e.hit.Title = f.labels[0]
		}
		if len(f.docs) > 0 {
			e.hit.Summary = f.docs[0]
		}
		e.add(worthName, name)
		e.add(worthSummary, f.labels...)
		e.add(worthDoc, f.docs...)
		entries = append(entries, e)
	}
	return entries
}
