package spec

import (
	_ "embed"
	"iter"
	"strings"
	"sync"
)

// bundle is the description, one entry a line; see cmd/internal/describe.
//
//go:embed bundle.txt
var bundle string

// entry is one line of the bundle. Its value is decoded by the first who asks.
type entry[T any] struct {
	method, key string // key: path, type, code or name
	text        string // JSON
	once        sync.Once
	value       *T
}

// get decodes the entry, once. The bundle is made and checked with the
// program, so text that cannot be decoded is a broken build and no input.
func (e *entry[T]) get() *T {
	e.once.Do(func() {
		e.value = new(T)
		if err := decode(e.text, e.value); err != nil {
			panic("spec: bundle.txt is broken at " + e.key + ": " + err.Error())
		}
	})
	return e.value
}

// table is one kind of entry, in the order of the bundle.
type table[T any] struct {
	list  []*entry[T]
	index map[[2]string]*entry[T] // by method and key
}

func (t *table[T]) add(method, key, text string) {
	e := &entry[T]{method: method, key: key, text: text}
	t.list = append(t.list, e)
	if t.index == nil {
		t.index = map[[2]string]*entry[T]{}
	}
	t.index[[2]string{method, key}] = e
}

func (t *table[T]) lookup(method, key string) (*T, bool) {
	e, ok := t.index[[2]string{method, key}]
	if !ok {
		return nil, false
	}
	return e.get(), true
}

func (t *table[T]) all() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, e := range t.list {
			if !yield(e.get()) {
				return
			}
		}
	}
}

// lines is the bundle cut at its line ends, nothing of it decoded.
type lines struct {
	operations table[Operation]
	events     table[Event]
	errors     table[Error]
	products   table[Product]
	routes     route
}

// scanned cuts the bundle when the first question comes: a program that only
// imports the package pays nothing.
var scanned = sync.OnceValue(func() *lines { return scan(bundle) })

func scan(text string) *lines {
	l := &lines{}
	for line := range strings.Lines(text) {
		head, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			continue // the marker
		}
		kind, key, _ := strings.Cut(head, " ")
		switch kind {
		case "operation":
			method, path, _ := strings.Cut(key, " ")
			l.operations.add(method, path, value)
			l.routes.add(method, path, l.operations.list[len(l.operations.list)-1])
		case "event":
			l.events.add("", key, value)
		case "error":
			l.errors.add("", key, value)
		case "product":
			l.products.add("", key, value)
		}
	}
	return l
}

// Operations yields every endpoint, in path, then method order.
//
// Like every value of this package they are shared: do not change them.
func Operations() iter.Seq[*Operation] { return scanned().operations.all() }

// Addresses yields method and path template of every endpoint, in the order of
// [Operations]. It decodes none of them: a program that only names endpoints,
// as a shell's completion does, starts at once.
func Addresses() iter.Seq2[string, string] {
	return func(yield func(method, path string) bool) {
		for _, e := range scanned().operations.list {
			if !yield(e.method, e.key) {
				return
			}
		}
	}
}

// Lookup returns the endpoint of a method, upper case, at a path template as
// it stands in the description, "/v3/…/{out_contract_code}".
func Lookup(method, path string) (*Operation, bool) {
	return scanned().operations.lookup(method, path)
}

// Events yields every notification, by type.
func Events() iter.Seq[*Event] { return scanned().events.all() }

// LookupEvent returns the notification of an event_type such as "ENTRUST.SIGN".
func LookupEvent(typ string) (*Event, bool) { return scanned().events.lookup("", typ) }

// Errors yields every error code, in alphabetical order.
func Errors() iter.Seq[*Error] { return scanned().errors.all() }

// LookupError returns what is known of an error code such as "PARAM_ERROR".
// WeChat Pay uses codes that are documented nowhere: be ready for false.
func LookupError(code string) (*Error, bool) { return scanned().errors.lookup("", code) }

// Products returns the products, by name.
func Products() []Product {
	var list []Product
	for p := range scanned().products.all() {
		list = append(list, *p)
	}
	return list
}
