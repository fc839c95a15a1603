package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// byURL is a call of a node of package wxpay. Get and Delete take no body.
func (o *operation) byURL(node string, opts []string, async bool) string {
	args := []string{"ctx"}
	if o.Method != "GET" && o.Method != "DELETE" {
		args = append(args, o.body())
	}
	setup := ""
	if o.response == nil {
		args = append(args, "nil")
	} else {
		setup = "var out " + o.pkg.name + "." + o.name + "Response\n"
		args = append(args, "&out")
	}
	args = append(args, opts...)
	args = append(args, o.queryOptions()...)
	list := "(" + strings.Join(args, ", ") + ")"
	if async {
		return setup + "future := " + node + "." + verb(o) + "Async" + list + "\n" + waited + o.use()
	}
	return setup + "err := " + node + "." + verb(o) + list + "\n" + failed + o.use()
}

// body is the generated request. Where the address holds the values of the
// path, the request must not be asked for them: then the body is a map.
func (o *operation) body() string {
	switch {
	case o.Request == nil:
		return "nil"
	case o.bodyAsMap():
		return plain(o.Request)
	}
	return o.requestLiteral(true)
}

// bodyAsMap: a map cannot be marked, so it serves only what is not encrypted.
func (o *operation) bodyAsMap() bool {
	return o.Request != nil && len(o.pathParams()) > 0 && !encrypted(o.Request)
}

func encrypted(f *spec.Field) bool {
	return f.Encrypted || f.Items != nil && encrypted(f.Items) ||
		slices.ContainsFunc(f.Fields, func(m spec.Field) bool { return encrypted(&m) })
}

// addressed: the address or the options carry the parameters, and not the
// generated request.
func (o *operation) addressed() bool { return o.Request == nil || o.bodyAsMap() }

// queryOptions are the parameters that no generated request carries here.
func (o *operation) queryOptions() []string {
	if !o.addressed() {
		return nil
	}
	var opts []string
	for i := range o.Params {
		switch f := &o.Params[i]; {
		case !f.Required || byRuntime(f):
		case f.In == "query":
			opts = append(opts, fmt.Sprintf("wxpay.Query(%q, %s)", f.Name, scalar(f)))
		case f.In == "header":
			opts = append(opts, fmt.Sprintf("wxpay.Header(%q, %q)", f.Name, fmt.Sprint(f.Sample)))
		}
	}
	return opts
}
