package describe

import (
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/cmd/internal/naming"
)

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

// locates reports whether a literal only says what the parameter after it is:
// "out-trade-no/{out_trade_no}", "id/{transaction_id}".
func locates(literal, param string) bool {
	if !strings.HasPrefix(param, "{") {
		return false
	}
	a, b := strings.Join(naming.Words(literal), "_"), strings.Join(naming.Words(param), "_")
	return a == b || strings.HasSuffix(b, "_"+a) || strings.HasSuffix(a, "_"+b)
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
