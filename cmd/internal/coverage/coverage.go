// Package coverage says what of WeChat Pay a merchant's tests have met, and
// what they have not.
package coverage

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

// Item is one thing that tests can meet.
type Item struct {
	Kind  string `json:"kind"` // "endpoint", "contract state", "trade state", "error", "event" or "bad delivery"
	Name  string `json:"name"`
	Count int    `json:"count"`

	Product string `json:"product,omitempty"` // of an endpoint or an event
	Title   string `json:"title,omitempty"`   // official Chinese title, or the English summary of an error
}

// Group is the things of one kind.
type Group struct {
	Kind  string `json:"kind"`
	Items []Item `json:"items"`
	Met   int    `json:"met"` // how many of them were met at all
}

// Groups puts what was met in order, kind by kind.
func Groups(met emulator.Coverage) []Group {
	return []Group{
		group("endpoint", met.Endpoints, endpoint),
		group("contract state", met.States, nil),
		group("trade state", met.Trades, nil),
		group("event", met.Events, event),
		group("bad delivery", met.Deliveries, nil),
		group("error", met.Errors, fault),
	}
}

func group(kind string, counts map[string]int, describe func(*Item)) Group {
	g := Group{Kind: kind, Items: []Item{}}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		item := Item{Kind: kind, Name: name, Count: counts[name]}
		if describe != nil {
			describe(&item)
		}
		if item.Count > 0 {
			g.Met++
		}
		g.Items = append(g.Items, item)
	}
	return g
}

func endpoint(i *Item) {
	method, at, _ := strings.Cut(i.Name, " ")
	if op, ok := spec.Lookup(method, at); ok {
		i.Product, i.Title = op.Product, op.Title
	}
}

func event(i *Item) {
	if e, ok := spec.LookupEvent(i.Name); ok {
		i.Product, i.Title = e.Product, e.Title
	}
}

func fault(i *Item) {
	if e, ok := spec.LookupError(i.Name); ok {
		i.Title = e.Message
	}
}

// UnknownError says that a requirement names nothing that there is.
type UnknownError struct{ Name string }

// Error names it.
func (e *UnknownError) Error() string {
	return "there is nothing called " + e.Name + ": name contracts, endpoints, states, trades, events, deliveries, errors, a product, or one of their names"
}

// words are the requirements that are a whole kind.
var words = map[string]string{
	"endpoints": "endpoint", "states": "contract state", "trades": "trade state", "events": "event", "deliveries": "bad delivery", "errors": "error",
}

// Contracts is the requirement of everything about contracts, see [Missing].
const Contracts = "contracts"

// Missing returns what is required and was not met. A requirement is a kind,
// the name of a product, the name of one thing, or [Contracts]: every contract
// state, every bad delivery, and the endpoints and events of each contract
// product of which at least one endpoint was called. Where none was called,
// that is missing.
//
// except are patterns of names that are not required, in which a star stands
// for anything. The error is an [*UnknownError].
func Missing(met emulator.Coverage, require, except []string) ([]Item, error) {
	m := &missing{used: used(met), except: except, listed: map[string]bool{}}
	for _, g := range Groups(met) {
		m.all = append(m.all, g.Items...)
	}
	if slices.Contains(require, Contracts) && len(m.used) == 0 {
		m.list = append(m.list, Item{Kind: "endpoint", Name: "any one of a contract product"})
	}
	for _, name := range require {
		if !m.require(name) {
			return nil, &UnknownError{name}
		}
	}
	return m.list, nil
}

type missing struct {
	all    []Item
	used   map[string]bool // contract products of which an endpoint was called
	except []string
	listed map[string]bool
	list   []Item
}

// require lists what a requirement lacks, and reports whether it names
// anything.
func (m *missing) require(name string) (known bool) {
	for _, item := range m.all {
		if name != item.Name && name != item.Product && words[name] != item.Kind && (name != Contracts || !m.aboutContracts(item)) {
			continue
		}
		known = true
		if key := item.Kind + item.Name; item.Count == 0 && !m.listed[key] && !excepted(item.Name, m.except) {
			m.listed[key] = true
			m.list = append(m.list, item)
		}
	}
	return known
}

func (m *missing) aboutContracts(item Item) bool {
	switch item.Kind {
	case "contract state", "bad delivery":
		return true
	case "event":
		// Password-exempt contracts are told of by the events of papay.
		shared := item.Name == "ENTRUST.SIGN" || item.Name == "ENTRUST.TERMINATE"
		return m.used[item.Product] || shared && m.used["password-exempt-contract"]
	}
	return item.Kind == "endpoint" && m.used[item.Product]
}

func used(met emulator.Coverage) map[string]bool {
	about := map[string]bool{}
	for _, p := range spec.Products() {
		about[p.Name] = p.Contract
	}
	products := map[string]bool{}
	for name, count := range met.Endpoints {
		item := Item{Name: name}
		if endpoint(&item); count > 0 && about[item.Product] {
			products[item.Product] = true
		}
	}
	return products
}

// excepted compares a name with the patterns. The star of [path.Match] stops at
// a slash, so that there must be none.
func excepted(name string, patterns []string) bool {
	flat := func(s string) string { return strings.ReplaceAll(s, "/", "\x00") }
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, err := path.Match(flat(p), flat(name))
		return ok && err == nil
	})
}
