package generate

import (
	"strings"

	"github.com/wxpay-go/wxpay/cmd/internal/describe"
)

// Reference makes the pages of the reference one at a time, for a program that
// shows them. They are the very pages that [All] writes.
type Reference struct {
	pages map[string]func() ([]byte, error)
}

// NewReference names everything that the pages name. Of d it needs what is
// exported. The error is that of [All].
func NewReference(d *describe.Description) (*Reference, error) {
	m, err := newModel(d)
	if err != nil {
		return nil, err
	}
	return &Reference{m.pages()}, nil
}

// Page returns the page at an address below docs/reference, for instance
// "README.md" or "v3/certificates.md"; false, if there is none.
func (r *Reference) Page(address string) (text []byte, ok bool, err error) {
	write, ok := r.pages[pagesDir+address]
	if !ok {
		return nil, false, nil
	}
	text, err = write()
	return text, true, err
}

// PageOf is the address of the page of a URL, given by its template.
// What ends in a slash is the index of its folder.
func PageOf(path string) string {
	if strings.HasSuffix(path, "/") {
		path += "index"
	}
	return strings.TrimPrefix(path, "/") + ".md"
}

// EventPageOf is the address of the page of an event, given by its type.
func EventPageOf(typ string) string { return "events/" + typ + ".md" }

// pages returns every page of the reference, still to be written: a page for
// each URL and each event, and the ways to them by product, by event and by
// name, Chinese and English.
func (m *model) pages() map[string]func() ([]byte, error) {
	pages := map[string]func() ([]byte, error){}
	done := func(write func() []byte) func() ([]byte, error) {
		return func() ([]byte, error) { return write(), nil }
	}
	m.tree.root.walk(func(n *node) {
		if len(n.ops) > 0 {
			pages[n.ops[0].page()] = func() ([]byte, error) { return m.page(n) }
		}
	})
	for _, e := range m.events {
		pages[e.page()] = done(e.printPage)
	}
	pages[pagesDir+"README.md"] = done(m.index)
	pages[pagesDir+"by-name.md"] = done(m.byName)
	pages[pagesDir+"events.md"] = done(m.eventIndex)
	for _, pkg := range m.packages {
		pages[pkg.page()] = done(pkg.index)
	}
	return pages
}
