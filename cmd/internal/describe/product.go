package describe

import (
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// checkName holds the operation to its product and to the naming rule.
func (l *loader) checkName(o object, op *spec.Operation) {
	tags := o.texts("tags")
	if len(tags) != 1 || l.products[tags[0]] == nil {
		o.fault(o.at("tags"), "tags must name one product of products.yaml")
		return
	}
	product := l.products[tags[0]]
	op.Product = product.Name
	if !below(op.Path, product.Prefix) {
		o.fault(o.at("tags"), "the path is not below %s, the prefix of %s", product.Prefix, product.Name)
	} else if nearest := l.nearest(op.Path); nearest.Name != product.Name {
		o.fault(o.at("tags"), "the path is below %s: its product is %s", nearest.Prefix, nearest.Name)
	}
	pkg, function, _ := strings.Cut(op.ID, ".")
	if !operationID.MatchString(op.ID) || pkg != product.Package {
		o.fault(o.at("operationId"), "%q must be %s.<FuncName>", op.ID, product.Package)
		return
	}
	at := o.at("operationId")
	for _, suffix := range []string{"", "Async", "Request", "Response"} {
		l.take(o.file, at, pkg, function+suffix)
	}
	l.named[product.Name] = append(l.named[product.Name], nameCheck{o, op, function})
}

// below reports whether path is prefix, or begins with its segments.
func below(path, prefix string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") }

// nearest is the product whose prefix is the longest that fits.
func (l *loader) nearest(path string) *spec.Product {
	var found *spec.Product
	for _, p := range l.products {
		if below(path, p.Prefix) && (found == nil || len(p.Prefix) > len(found.Prefix)) {
			found = p
		}
	}
	return found
}

// nameCheck is an operation whose name is still to be held to the rule, which
// needs to see all operations of the product.
type nameCheck struct {
	object
	op       *spec.Operation
	function string
}

// checkNames holds the names to the naming rule.
func (l *loader) checkNames() {
	for product, list := range l.named {
		ops := make([]*spec.Operation, len(list))
		for i, n := range list {
			ops[i] = n.op
		}
		rules := ruleNames(l.products[product].Prefix, ops)
		for _, n := range list {
			n.check(rules[n.op])
		}
	}
}

func (n nameCheck) check(rule string) {
	switch {
	case n.function == rule && n.has("x-name-reason"):
		n.fault(n.at("x-name-reason"), "%s follows the naming rule; there is nothing to explain", n.function)
	case n.function != rule && n.text("x-name-reason") == "":
		n.fault(n.at("operationId"), "%s breaks the naming rule, which gives %q: follow it, or say why in x-name-reason", n.function, rule)
	}
}
