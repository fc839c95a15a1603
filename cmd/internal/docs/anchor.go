package docs

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
)

// anchors names the headings of one page as GitHub does, where the same pages
// are read too: goldmark's own names lose Chinese.
type anchors map[string]int

// Generate returns the name of a heading: its letters in lower case, and "-"
// for each space. The second of two equal ones gets a number.
func (a anchors) Generate(value []byte, _ ast.NodeKind) []byte {
	name := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(string(value)))
	n := a[name]
	a[name]++
	if n > 0 {
		name += "-" + strconv.Itoa(n)
	}
	return []byte(name)
}

// Put notes a name that is taken otherwise.
func (a anchors) Put(value []byte) { a[string(value)]++ }
