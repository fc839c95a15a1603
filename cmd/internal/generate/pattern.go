package generate

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// addPatterns names the patterns that the requests of p are held against. They
// are variables of the package: an expression that many requests share is
// compiled once, at its first use. A name is that of the first field that has
// the expression; another expression for such a field is numbered.
func (p *goPackage) addPatterns(st *structType) {
	for _, m := range st.members {
		expr := m.Pattern
		if m.Items != nil {
			expr = m.Items.Pattern
		}
		if expr == "" || !st.asked {
			continue
		}
		for n := 1; m.pattern == ""; n++ {
			name := "pattern" + m.name
			if n > 1 {
				name += strconv.Itoa(n)
			}
			if known, ok := p.patterns[name]; !ok || known == expr {
				p.patterns[name], m.pattern = expr, name
			}
		}
	}
}

// printRuleVars prints what the rules of the package refer to: its patterns and
// the lists of documented values.
func (p *goPackage) printRuleVars(out *printer) {
	var body printer
	for _, name := range slices.Sorted(maps.Keys(p.patterns)) {
		body.f("%s = wxpay.NewPattern(%s)", name, quoteRaw(p.patterns[name]))
	}
	for _, e := range p.enums {
		for i, list := range e.lists {
			body.f("%s = %s", e.listName(i), stringList(list))
		}
	}
	if body.Len() > 0 {
		out.f("var (\n%s)\n", body.String())
	}
}

func quoteRaw(s string) string {
	if strings.ContainsRune(s, '`') {
		return strconv.Quote(s)
	}
	return "`" + s + "`"
}
