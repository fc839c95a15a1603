package catalogue

import (
	"slices"
	"strings"
)

// Step is one word of a command line, and where it leads.
type Step struct {
	Word string
	Node *Node
}

// Walk follows words as far as they lead. flag gives the value of a parameter
// that was given by its name instead of in its place; it may be nil. rest are
// the words that lead nowhere: fields, and a method at most.
func (n *Node) Walk(words []string, flag func(name string) (string, bool)) (steps []Step, rest []string) {
	for {
		if value, ok := n.named(words, flag); ok {
			n = n.Param(value)
			steps = append(steps, Step{value, n})
			continue
		}
		if len(words) == 0 || strings.Contains(words[0], "=") {
			return steps, words
		}
		next := n.Literal(words[0])
		if next == nil && !slices.Contains(n.Methods(), strings.ToUpper(words[0])) {
			next = n.Param(words[0])
		}
		if next == nil {
			return steps, words
		}
		steps = append(steps, Step{words[0], next})
		n, words = next, words[1:]
	}
}

// named is the value of the parameter that comes next, if it was given by name.
func (n *Node) named(words []string, flag func(string) (string, bool)) (string, bool) {
	if flag == nil || len(words) > 0 && n.Literal(words[0]) != nil {
		return "", false
	}
	for _, name := range n.Params() {
		if value, ok := flag(name); ok {
			return value, true
		}
	}
	return "", false
}
