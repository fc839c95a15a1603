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

// verbs end a path, or its last segment.
var verbs = words(`accept activate add alter appeal apply assess assign associate bind build cancel change check claim
	close commit complete confirm create deactivate delete disassociate download echo find finish import invalidate issue
	lock modify notify pause pay pre-entrust-sign preauthorize prebind precreate preopen prepare presign publish punch punish
	query read rebind recover redeclare refund refuse register reject rename renew report restart restore resume return
	reverse revoke schedule search send settle sign split start stop submit sync terminate transform try unbind unfreeze
	unlock update upload use verify withdraw`)

// leading verbs begin a last segment of several words; a GET takes those that
// ask.
var leading = words(`add alter apply assess associate bind cancel change close complete confirm create deactivate delete
	disassociate finish import insert issue modify open report send set start stop submit sync terminate unbind update upload`)

var asking = words(`check find get list query search validate verify`)

// trailing verbs end a last segment of several words and come first in a name.
var trailing = words(`apply upload`)

// scenes are the ways to pay or to sign; a path that ends in one says all.
var scenes = words(`app codepay exposure h5 highway jsapi micropay mini-program miniprogram mweb native
	pay-redirect-sign prepay scannedpos`)

// uncounted are words that have no singular, or look like a plural and are none.
var uncounted = words(`address bonus business customs goods news points redress status statistics success`)

// together are segments of several words that are written as one.
var together = map[string]string{
	"bindrecipient": "bind recipient", "unbindrecipient": "unbind recipient", "brandstores": "brand stores",
	"changecustompagestatus": "change custom page status", "changegoldplanstatus": "change gold plan status",
	"couponcodes": "coupon codes", "customentrances": "custom entrances", "dayendbalance": "day end balance",
	"enddaybalance": "end day balance", "fapiaomerchant": "fapiao merchant", "fundflowbill": "fund flow bill",
	"getspinviteurl": "get sp invite url", "listspinvitemchinfo": "list sp invite mch info",
	"mchcontactalterapplyment": "mch contact alter applyment", "mchsubjectalterapplyment": "mch subject alter applyment",
	"merchantnamealterapplyment":       "merchant name alter applyment",
	"merchantshoppingreceiptjumpinfos": "merchant shopping receipt jump infos", "phonenumber-member": "phone number member",
	"returnorders": "return orders", "send-pendingmessage": "send pending message",
	"send-prepaidmessage": "send prepaid message", "serviceorder": "service order", "sub-merchant-fundflowbill": "sub merchant fund flow bill",
	"servicepayondeliveryorder": "service pay on delivery order", "servicequotas": "service quotas",
	"shoppingreceipts": "shopping receipts", "signfile": "sign file", "smartretail-orders": "smart retail orders",
	"registerdeductinfo": "register deduct info", "open-scenario-speakerorder": "open scenario speaker order",
	"sncode": "sn code", "authcode": "auth code", "tradebill": "trade bill", "elecvoucherfile": "elec voucher file", "authinfo": "auth info",
}

// wordsOf splits a segment into words.
func wordsOf(segment string) []string {
	if apart, ok := together[segment]; ok {
		return words(apart)
	}
	return naming.Words(segment)
}

func words(list string) []string { return strings.Fields(list) }

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

// locates reports whether a literal only says what the parameter after it is:
// "out-trade-no/{out_trade_no}", "id/{transaction_id}".
func locates(literal, param string) bool {
	if !strings.HasPrefix(param, "{") {
		return false
	}
	a, b := strings.Join(naming.Words(literal), "_"), strings.Join(naming.Words(param), "_")
	return a == b || strings.HasSuffix(b, "_"+a) || strings.HasSuffix(a, "_"+b)
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

// join spells nouns; single puts the last one in the singular. With once, a
// word that ends one noun and begins the next stands once.
func join(nouns []noun, single, once bool) string {
	var list []string
	for i, n := range nouns {
		w := slices.Clone(n.words)
		if n.own || single && i == len(nouns)-1 {
			toSingular(w)
		}
		if once && len(list) > 0 && len(w) > 1 && list[len(list)-1] == w[0] {
			w = w[1:]
		}
		list = append(list, w...)
	}
	return naming.Join(list)
}

// toSingular changes the word that counts: the last, or that before a version.
func toSingular(w []string) {
	k := len(w) - 1
	if k > 0 && w[k] == "v2" {
		k--
	}
	w[k] = singular(w[k])
}

// collapse leaves out a noun that the next one repeats.
func collapse(nouns []noun) []noun {
	var kept []noun
	for i, n := range nouns {
		if i+1 < len(nouns) && !n.own && within(n.words, nouns[i+1].words) {
			continue
		}
		kept = append(kept, n)
	}
	return kept
}

// without leaves out the last noun if the words that follow repeat it.
func without(nouns []noun, after []string) []noun {
	if k := len(nouns); k > 0 && within(nouns[k-1].words, after) {
		return nouns[:k-1]
	}
	return nouns
}

// presigned leaves "contracts" out before "pre-entrust-sign": nothing else is
// signed in advance.
func presigned(nouns []noun, last []string) []noun {
	var kept []noun
	for i, n := range nouns {
		next := last
		if i+1 < len(nouns) {
			next = nouns[i+1].words
		}
		if !slices.Equal(n.words, []string{"contracts"}) || !slices.Equal(next[:min(3, len(next))], []string{"pre", "entrust", "sign"}) {
			kept = append(kept, n)
		}
	}
	return kept
}

// within reports whether part stands in list, number aside.
func within(part, list []string) bool {
	for i := 0; i+len(part) <= len(list); i++ {
		if slices.EqualFunc(part, list[i:i+len(part)], func(a, b string) bool { return singular(a) == singular(b) }) {
			return true
		}
	}
	return false
}

// singular is a word for one thing.
func singular(word string) string {
	switch {
	case slices.Contains(uncounted, word) || !strings.HasSuffix(word, "s") || strings.HasSuffix(word, "ss") || len(word) < 3:
		return word
	case word == "taxies":
		return "taxi"
	case strings.HasSuffix(word, "ies"):
		return word[:len(word)-3] + "y"
	case strings.HasSuffix(word, "ches"), strings.HasSuffix(word, "shes"), strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "xes"):
		return word[:len(word)-2]
	}
	return word[:len(word)-1]
}
