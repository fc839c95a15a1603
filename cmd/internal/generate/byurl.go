package generate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// byURL is a call of a node of package wxpay.
func (o *operation) byURL(node string, opts []string, async bool) string {
	opts = append(opts, o.queryOptions()...)
	if o.downloads() {
		args := strings.Join(append([]string{"ctx", "wxpay." + verifyName(o.Verify)}, opts...), ", ")
		return "download, err := " + node + ".Download(" + args + o.digestOption() + ")\n" + failed + copied
	}
	method, args, setup := verb(o), []string{"ctx"}, ""
	switch {
	case o.Method != "GET" && o.Method != "DELETE":
		args = append(args, o.body())
	case !o.addressed():
		method, args = "Do", append(args, strconv.Quote(o.Method), o.body())
	}
	if o.response == nil {
		args = append(args, "nil")
	} else {
		setup = "var out " + o.pkg.name + "." + o.name + "Response\n"
		args = append(args, "&out")
	}
	list := "(" + strings.Join(append(args, opts...), ", ") + ")"
	if async {
		return setup + "future := " + node + "." + method + "Async" + list + "\n" + waited + o.use()
	}
	return setup + "err := " + node + "." + method + list + "\n" + failed + o.use()
}

// verifyName is the constant of package wxpay for a value of Verify.
func verifyName(verify string) string { return "Verify" + exported(verify) }

// body is the generated request. Where the address holds the values of the
// path, the request must not be asked for them: then the body is a map.
func (o *operation) body() string {
	switch {
	case o.Request == nil && o.addressed():
		return "nil"
	case o.addressed():
		return plain(o.Request)
	}
	return o.requestLiteral(true)
}

// bodyAsMap: a map cannot be marked, so it serves only what is not encrypted.
func (o *operation) bodyAsMap() bool {
	return o.Request != nil && len(o.pathParams()) > 0 && !encrypted(o.Request) && !o.sealsParam() && o.File == nil
}

// sealsParam: a parameter is encrypted, which only a generated request does.
func (o *operation) sealsParam() bool {
	return slices.ContainsFunc(o.Params, func(f spec.Field) bool { return f.Encrypted })
}

func encrypted(f *spec.Field) bool {
	return f.Encrypted || f.Items != nil && encrypted(f.Items) || f.Text != nil && encrypted(f.Text) ||
		slices.ContainsFunc(f.Fields, func(m spec.Field) bool { return encrypted(&m) })
}

// addressed: the address or the options carry the parameters, and not the
// generated request.
func (o *operation) addressed() bool {
	return o.Request == nil && o.File == nil && !o.sealsParam() || o.bodyAsMap() && o.Method != "DELETE"
}

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
