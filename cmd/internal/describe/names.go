package describe

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/wxpay-go/wxpay/cmd/internal/naming"
)

// GoName turns a member name or a piece of a path into an exported Go name:
// "pre-entrust-sign" is PreEntrustSign, "sub_mchid" is SubMchID.
func GoName(text string) string { return naming.Exported(text) }

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
