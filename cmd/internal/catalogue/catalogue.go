// Package catalogue makes words of the endpoints: the segments of a path, as a
// command line can say them. "papay sign contracts pre-entrust-sign" is
// POST /v3/papay/sign/contracts/pre-entrust-sign. Nothing is decoded of the
// description but what is asked for, so that a program with a thousand
// commands starts like one with ten.
package catalogue

import (
	"net/url"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// Node is a place in the tree of words: a group, an endpoint, or both.
type Node struct {
	depth   int
	entries []entry // what is here and below
	values  []string
}

// entry is one endpoint, its words beside it.
type entry struct {
	method, template string
	words            []string // the segments without v3
}

func (e *entry) word(i int) string { return e.words[i] }

func isParam(word string) bool { return strings.HasPrefix(word, "{") }

// Root is the node above all endpoints.
func Root() *Node {
	n := &Node{}
	for method, template := range spec.Addresses() {
		words := slices.DeleteFunc(strings.Split(template[1:], "/"), func(s string) bool { return s == "v3" })
		n.entries = append(n.entries, entry{method, template, words})
	}
	return n
}

// below is the node of the entries that have a next word which fits.
func (n *Node) below(fits func(word string) bool) *Node {
	next := &Node{depth: n.depth + 1, values: slices.Clip(n.values)}
	for _, e := range n.entries {
		if len(e.words) > n.depth && fits(e.word(n.depth)) {
			next.entries = append(next.entries, e)
		}
	}
	if len(next.entries) == 0 {
		return nil
	}
	return next
}

// Literal is the node below by a word of the path itself; nil if there is none.
func (n *Node) Literal(word string) *Node {
	if isParam(word) {
		return nil
	}
	return n.below(func(w string) bool { return w == word })
}

// Param is the node below by the value of a parameter; nil where the path has
// none here. The value may be the name in braces, for a value that is given as
// a field.
func (n *Node) Param(value string) *Node {
	next := n.below(isParam)
	if next != nil {
		next.values = append(next.values, value)
	}
	return next
}

// Name is the last word as the path has it: a segment, or the name of a
// parameter in braces.
func (n *Node) Name() string {
	if n.depth == 0 {
		return ""
	}
	return n.entries[0].word(n.depth - 1)
}

// Params are the names that the parameter here has, without braces: one, or
// rarely more. None where there is no parameter.
func (n *Node) Params() (names []string) {
	for _, e := range n.entries {
		if len(e.words) > n.depth && isParam(e.word(n.depth)) {
			names = append(names, strings.Trim(e.word(n.depth), "{}"))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Methods are those of the endpoint here, sorted; none for a mere group.
func (n *Node) Methods() (methods []string) {
	for _, e := range n.entries {
		if len(e.words) == n.depth {
			methods = append(methods, e.method)
		}
	}
	slices.Sort(methods)
	return slices.Compact(methods)
}

// Path is the path of the endpoint here, with the values that led to it.
func (n *Node) Path(method string) string {
	for _, e := range n.entries {
		if len(e.words) != n.depth || e.method != method {
			continue
		}
		segments, values := strings.Split(e.template, "/"), n.values
		for i, s := range segments {
			if isParam(s) && len(values) > 0 {
				segments[i], values = escape(s, values[0]), values[1:]
			}
		}
		return strings.Join(segments, "/")
	}
	return ""
}

// escape makes a segment of a value; a name in braces stays what it is.
func escape(param, value string) string {
	if value == param {
		return param
	}
	return url.PathEscape(value)
}

// Operation describes the endpoint here; nil if there is none. No method means
// the only one.
func (n *Node) Operation(method string) *spec.Operation {
	for _, e := range n.entries {
		if len(e.words) == n.depth && (method == "" || e.method == method) {
			op, _ := spec.Lookup(e.method, e.template)
			return op
		}
	}
	return nil
}
