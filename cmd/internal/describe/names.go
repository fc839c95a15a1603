package describe

import (
	"fmt"

	"go.yaml.in/yaml/v4"

	"github.com/wxpay-go/wxpay/cmd/internal/naming"
)

// GoName turns a member name or a piece of a path into an exported Go name:
// "pre-entrust-sign" is PreEntrustSign, "sub_mchid" is SubMchID.
func GoName(text string) string { return naming.Exported(text) }

// take reserves a Go name in a package and reports one that is taken.
func (l *loader) take(file string, at *yaml.Node, pkg, name string) {
	key, here := pkg+"."+name, fmt.Sprintf("%s:%d", file, at.Line)
	if there, taken := l.names[key]; taken && there != here {
		l.faults = append(l.faults, Fault{file, at.Line, at.Column, fmt.Sprintf("the name %s is taken by %s", key, there)})
		return
	}
	l.names[key] = here
}
