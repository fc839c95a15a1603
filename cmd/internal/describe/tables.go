package describe

import (
	"net/http"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/wxpay-go/wxpay/spec"
)

var (
	productName = regexp.MustCompile(`^[a-z][a-z0-9]*([-/][a-z0-9]+)*$`)
	prefixPath  = regexp.MustCompile(`^(/v3(/[a-z0-9_-]+)+|/hk/v3)$`)
	codeName    = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)
)

// entries reads a file that is one list of mappings.
func (l *loader) entries(file string, known ...string) []object {
	root, ok := l.read(file)
	if !ok {
		return nil
	}
	if root.Kind != yaml.SequenceNode {
		l.faults = append(l.faults, Fault{file, root.Line, root.Column, "must be a list"})
		return nil
	}
	var list []object
	for _, n := range root.Content {
		list = append(list, l.object(file, n, known...))
	}
	return list
}

func (l *loader) loadProducts(file string) []spec.Product {
	var list []spec.Product
	for _, o := range l.entries(file, "name", "package", "prefix", "title", "summary", "contract") {
		p := spec.Product{
			Name: o.mustText("name"), Package: o.mustText("package"), Prefix: o.mustText("prefix"),
			Title: o.mustText("title"), Summary: o.mustText("summary"), Contract: o.yes("contract"),
		}
		if !productName.MatchString(p.Name) {
			o.fault(o.at("name"), "%q is no product name: lower-case words joined by - or /", p.Name)
		}
		if want := strings.NewReplacer("-", "", "/", "").Replace(p.Name); p.Package != want {
			o.fault(o.at("package"), "the package of %s is called %s", p.Name, want)
		}
		if !prefixPath.MatchString(p.Prefix) {
			o.fault(o.at("prefix"), "%q must begin with /v3/ and not end with /, or be /hk/v3", p.Prefix)
		}
		if l.products[p.Name] != nil {
			o.fault(o.at("name"), "the product %q is there already", p.Name)
		}
		l.products[p.Name] = &p
		list = append(list, p)
	}
	return list
}

func (l *loader) loadErrors(file string) []*spec.Error {
	var list []*spec.Error
	for _, o := range l.entries(file, "code", "status", "message", "summary", "hint", "retry", "source") {
		e := &spec.Error{
			Code: o.mustText("code"), Message: o.mustText("message"), Summary: o.mustText("summary"),
			Hint: o.mustText("hint"), Retry: o.yes("retry"), Source: o.mustText("source"),
		}
		if o.must("status") {
			e.Status = o.size("status")
		}
		if e.Status < 200 || e.Status > 599 || http.StatusText(e.Status) == "" {
			o.fault(o.at("status"), "%d is no HTTP status", e.Status)
		}
		if !codeName.MatchString(e.Code) {
			o.fault(o.at("code"), "%q is no error code: upper case, digits and _", e.Code)
		}
		if l.errors[e.Code] != nil {
			o.fault(o.at("code"), "the error %q is there already", e.Code)
		}
		l.errors[e.Code] = e
		list = append(list, e)
	}
	return list
}
