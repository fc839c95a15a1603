package describe

import (
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/cmd/internal/naming"
	"github.com/wxpay-go/wxpay/spec"
)

// The naming rule makes the name of a call from its method and its path below
// the prefix of its product:
//
//   - A path that ends in a verb begins with it: ".../orders/{no}/cancel" is
//     CancelOrder, ".../refunds/{id}/apply-abnormal-refund" is
//     ApplyAbnormalRefund.
//   - A path that ends in a scene of payment or signing keeps its order:
//     "transactions/jsapi" is TransactionsJSAPI.
//   - Any other path is a noun and gets a verb by its method: Get, or List for
//     what is read page by page, Create, Update, Put, Delete; Download and
//     Upload for files.
//   - A noun that its parameter follows, or that is created, stands in the
//     singular. A noun that the next one repeats is left out.
//   - Parameters are left out, unless two calls of a product would have the same
//     name: then both say By what they ask.

// noun is a literal segment, or the part of one, that names a thing.
type noun struct {
	words []string
	own   bool // its parameter follows
}

// named is a path taken apart for naming.
type named struct {
	op    *spec.Operation
	nouns []noun
	by    []string // Go names of what it asks by, in path order
	last  []string // words of the last segment, if it is a literal
}

// ruleNames gives each operation of one product its name by the rule, or ""
// where the rule cannot tell two apart.
func ruleNames(prefix string, ops []*spec.Operation) map[*spec.Operation]string {
	names := map[*spec.Operation]string{}
	open := make([]named, len(ops))
	for i, op := range ops {
		open[i] = parse(prefix, op)
	}
	for _, form := range []func(named) string{named.plain, named.byLast, named.byAll, named.whole} {
		open = settle(open, form, names)
	}
	return names
}

// settle names those that no other would share its name with, and returns the
// rest.
func settle(open []named, form func(named) string, names map[*spec.Operation]string) []named {
	taken := map[string]int{}
	for _, name := range names {
		taken[name]++
	}
	for _, n := range open {
		taken[form(n)]++
	}
	var rest []named
	for _, n := range open {
		if name := form(n); taken[name] == 1 {
			names[n.op] = name
			continue
		}
		rest = append(rest, n)
	}
	return rest
}

func parse(prefix string, op *spec.Operation) named {
	n := named{op: op}
	segments := strings.FieldsFunc(strings.TrimPrefix(op.Path, prefix), func(r rune) bool { return r == '/' })
	for i, s := range segments {
		isParam := strings.HasPrefix(s, "{")
		switch {
		case !isParam && i+1 < len(segments) && locates(s, segments[i+1]):
			n.by = append(n.by, naming.Exported(s))
		case !isParam:
			n.nouns = append(n.nouns, noun{words: wordsOf(s)})
		case i == 0 || !locates(segments[i-1], s):
			n.by = append(n.by, naming.Exported(s))
			fallthrough
		default:
			if len(n.nouns) > 0 {
				n.nouns[len(n.nouns)-1].own = true
			}
		}
	}
	if k := len(segments); k > 0 && !strings.HasPrefix(segments[k-1], "{") {
		n.last = wordsOf(segments[k-1])
		n.nouns = n.nouns[:len(n.nouns)-1]
	}
	if len(n.nouns) == 0 && (n.last == nil || n.isScene() || len(n.by) > 0 && n.isVerb()) {
		home := naming.Words(prefix[strings.LastIndexByte(prefix, '/')+1:])
		n.nouns = []noun{{words: home, own: len(n.by) > 0}}
	}
	return n
}

func (n named) isVerb() bool { return slices.Contains(verbs, strings.Join(n.last, "-")) }

func (n named) isScene() bool {
	last := strings.Join(n.last, "-")
	return slices.Contains(scenes, last) || strings.HasSuffix(last, "-with-contract")
}

// isPhrase reports whether the last segment begins with a verb.
func (n named) isPhrase() bool {
	if len(n.last) < 2 {
		return false
	}
	return slices.Contains(asking, n.last[0]) || n.op.Method != "GET" && slices.Contains(leading, n.last[0])
}

// plain is the name without what is asked by.
func (n named) plain() string { return n.name(collapse(n.nouns), true) }

// byLast adds the last thing that is asked by, byAll adds all of them.
func (n named) byLast() string {
	if len(n.by) == 0 {
		return n.plain()
	}
	return n.plain() + "By" + n.by[len(n.by)-1]
}

func (n named) byAll() string {
	if len(n.by) == 0 {
		return n.plain()
	}
	return n.plain() + "By" + strings.Join(n.by, "")
}

// whole leaves no word out.
func (n named) whole() string { return n.name(n.nouns, false) }

func (n named) name(nouns []noun, once bool) string {
	single := n.op.Method != "GET"
	switch k := len(n.last) - 1; {
	case n.last == nil:
		return n.method() + join(n.many(nouns), single && n.op.Method != "DELETE", once)
	case n.isVerb():
		return naming.Join(n.last) + join(presigned(nouns, n.last), single, once)
	case n.isScene():
		return join(presigned(nouns, n.last), false, once) + naming.Join(n.last)
	case n.isPhrase():
		return naming.Join(n.last[:1]) + join(without(nouns, n.last[1:]), true, once) + naming.Join(n.last[1:])
	case single && slices.Contains(trailing, n.last[k]):
		return naming.Join(n.last[k:]) + join(nouns, true, once) + naming.Join(n.last[:k])
	case single && slices.Contains(verbs, n.last[k]):
		return naming.Join(n.last) + join(without(nouns, n.last), true, once)
	}
	nouns = append(slices.Clone(nouns), noun{words: n.last})
	if once {
		nouns = collapse(nouns)
	}
	return n.method() + join(nouns, single && n.op.Method != "DELETE", once)
}

// many puts the last noun of a list in the plural, whatever it is asked by.
func (n named) many(nouns []noun) []noun {
	if n.op.Page.Items == "" {
		return nouns
	}
	nouns = slices.Clone(nouns)
	nouns[len(nouns)-1].own = false
	return nouns
}

func (n named) method() string {
	switch {
	case n.op.File != nil:
		return "Upload"
	case n.op.Verify != "":
		return "Download"
	case n.op.Page.Items != "":
		return "List"
	}
	return map[string]string{"GET": "Get", "POST": "Create", "PUT": "Put", "PATCH": "Update", "DELETE": "Delete"}[n.op.Method]
}
