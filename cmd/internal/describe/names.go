package describe

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Initialisms are the words that Go writes otherwise than with one capital, or
// that WeChat Pay writes together and Go does not. Every name, of a function or
// of a field, comes through this table. A word is added when an endpoint first
// needs it: to add it later would change names that are published.
var Initialisms = map[string]string{
	"api":    "API",
	"apiv3":  "APIv3",
	"appid":  "AppID",
	"cny":    "CNY",
	"h5":     "H5",
	"html":   "HTML",
	"http":   "HTTP",
	"https":  "HTTPS",
	"id":     "ID",
	"ids":    "IDs",
	"ip":     "IP",
	"jsapi":  "JSAPI",
	"mchid":  "MchID",
	"openid": "OpenID",
	"os":     "OS",
	"qr":     "QR",
	"qrcode": "QRCode",
	"qs":     "QS",
	"tv":     "TV",
	"uri":    "URI",
	"url":    "URL",
	"wxid":   "WxID",
}

// GoName turns a member name or a piece of a path into an exported Go name:
// "pre-entrust-sign" is PreEntrustSign, "sub_mchid" is SubMchID.
func GoName(text string) string {
	var name strings.Builder
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '-' || r == '_' || r == '/' || r == '.' }) {
		if known, ok := Initialisms[word]; ok {
			name.WriteString(known)
			continue
		}
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}

// ruleName is the function name that the naming rule gives a path: its words
// after the prefix of the product, parameters left out.
func ruleName(prefix, template string) string {
	var words []string
	for segment := range strings.SplitSeq(strings.TrimPrefix(template, prefix), "/") {
		if !strings.HasPrefix(segment, "{") {
			words = append(words, segment)
		}
	}
	return GoName(strings.Join(words, "/"))
}

// followsRule reports whether function is the name of the rule, with or
// without a leading verb for a path that ends in a noun.
func followsRule(function, rule string) bool {
	if rule == "" {
		return false
	}
	verb, ok := strings.CutSuffix(function, rule)
	switch verb {
	case "", "Get", "List", "Create", "Update", "Delete":
		return ok
	}
	return false
}

// take reserves a Go name in a package and reports one that is taken.
func (l *loader) take(file string, at *yaml.Node, pkg, name string) {
	key, here := pkg+"."+name, fmt.Sprintf("%s:%d", file, at.Line)
	if there, taken := l.names[key]; taken && there != here {
		l.faults = append(l.faults, Fault{file, at.Line, at.Column, fmt.Sprintf("the name %s is taken by %s", key, there)})
		return
	}
	l.names[key] = here
}
