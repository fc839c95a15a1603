package catalogue

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// Child is one of the words that can follow.
type Child struct {
	Word      string   `json:"word"`
	Summary   string   `json:"summary"`
	Methods   []string `json:"methods,omitempty"` // of an endpoint
	Endpoints int      `json:"endpoints"`         // here and below
}

// Children are the words that can follow, each once: literals first.
func (n *Node) Children() []Child {
	groups := map[string][]entry{}
	for _, e := range n.entries {
		if len(e.words) > n.depth {
			groups[e.word(n.depth)] = append(groups[e.word(n.depth)], e)
		}
	}
	list := make([]Child, 0, len(groups))
	for word, entries := range groups {
		list = append(list, child(word, &Node{depth: n.depth + 1, entries: entries}))
	}
	slices.SortFunc(list, func(a, b Child) int {
		return cmp.Or(compareBool(isParam(a.Word), isParam(b.Word)), cmp.Compare(a.Word, b.Word))
	})
	return list
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func child(word string, n *Node) Child {
	c := Child{Word: word, Methods: n.Methods(), Endpoints: len(n.entries)}
	switch {
	case len(c.Methods) == 1:
		op := n.Operation("")
		c.Summary = op.Title + "  " + op.Summary
	case len(c.Methods) > 1:
		var titles []string
		for _, m := range c.Methods {
			titles = append(titles, strings.ToLower(m)+" "+n.Operation(m).Title)
		}
		c.Summary = strings.Join(titles, ", ")
	default:
		c.Summary = n.About()
	}
	return c
}

// About says what a group is: a product, or so many endpoints.
func (n *Node) About() string {
	first := n.entries[0]
	prefix := first.template
	if i := len(first.words) - n.depth; i > 0 {
		segments := strings.Split(prefix, "/")
		prefix = strings.Join(segments[:len(segments)-i], "/")
	}
	for _, p := range spec.Products() {
		if p.Prefix == prefix {
			return p.Title + "  " + p.Summary
		}
	}
	if len(n.entries) == 1 {
		return "1 endpoint"
	}
	return fmt.Sprintf("%d endpoints", len(n.entries))
}
