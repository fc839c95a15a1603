package generate

import (
	"fmt"
	"go/format"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// sample is one of the ways to write a call, as it stands on the page and in
// the test that compiles it.
type sample struct {
	heading string
	suffix  string // of the name of the test's function
	text    string // formatted statements; they use ctx, wx and w
}

// samples writes the call in three spellings, and for a contract product in two
// modes each.
func (o *operation) samples(n *node) ([]sample, error) {
	list := []sample{{"Chained (纯链式)", "Chained", o.chained(n, false)}, {"Declared (声明式)", "Declared", o.declared(false)}, {"Indexed (属性式)", "Indexed", o.indexed(false)}}
	if o.pkg.product.Contract && !o.downloads() {
		list = []sample{
			{"Chained (纯链式), synchronous (同步)", "Chained", o.chained(n, false)},
			{"Chained (纯链式), asynchronous (异步)", "ChainedAsync", o.chained(n, true)},
			{"Declared (声明式), synchronous (同步)", "Declared", o.declared(false)},
			{"Declared (声明式), asynchronous (异步)", "DeclaredAsync", o.declared(true)},
			{"Indexed (属性式), synchronous (同步)", "Indexed", o.indexed(false)},
			{"Indexed (属性式), asynchronous (异步)", "IndexedAsync", o.indexed(true)},
		}
	}
	for i := range list {
		text, err := format.Source([]byte(list[i].text))
		if err != nil {
			return nil, fmt.Errorf("generate: %s %s: sample %s is no Go: %w", o.Method, o.Path, list[i].suffix, err)
		}
		list[i].text = string(text)
	}
	return list, nil
}

// steps is the chain that leads to n; value writes what a parameter is given.
func (n *node) steps(value func(*spec.Field) string) string {
	var steps []string
	for ; n.parent != nil; n = n.parent {
		arg := ""
		if n.param != nil {
			arg = value(n.param.field)
		}
		steps = append([]string{n.method + "(" + arg + ")"}, steps...)
	}
	return "chain.New(wx)." + strings.Join(steps, ".") + "."
}

// chained follows the URL by methods.
func (o *operation) chained(n *node, async bool) string {
	own := func(f *spec.Field) string { return scalar(o.pathParam("{" + f.Name + "}")) }
	call := n.steps(own) + "\n\t" + verb(o)
	args := "(ctx"
	if o.asksMore() {
		args += ", " + o.requestLiteral(false)
	}
	if o.downloads() {
		return "download, err := " + call + args + o.digestOption() + ")\n" + failed + copied
	}
	args += ")"
	switch {
	case o.response == nil && async:
		return "future := " + call + "Async" + args + "\n" + waited
	case async:
		return "future := " + call + "Async" + args + "\nout, err := future.Wait(ctx)\n" + failed + o.use()
	case o.response == nil:
		return "err := " + call + args + "\n" + failed
	}
	return "out, err := " + call + args + "\n" + failed + o.use()
}

// digestOption is what a download needs to be told, "" if nothing.
func (o *operation) digestOption() string {
	if o.Verify == spec.VerifyDigest {
		return `, wxpay.Digest("SHA1", hashValue)`
	}
	return ""
}

const (
	failed = "if err != nil {\nreturn err\n}\n"
	waited = "if _, err := future.Wait(ctx); err != nil {\nreturn err\n}\n"
	copied = "defer download.Close()\nif _, err := io.Copy(w, download); err != nil {\nreturn err\n}\n"
)

// requestLiteral is the generated request with its required members.
func (o *operation) requestLiteral(path bool) string {
	l := literals{o.pkg.name + "."}
	st := *o.request
	st.members = nil
	for _, m := range o.request.members {
		if path || m.In != "path" {
			st.members = append(st.members, m)
		}
	}
	return "&" + l.prefix + st.name + l.object(&st, o.requestFields(), o.requestAnyOf())
}

// declared names the template, and the values of its parameters at the call.
func (o *operation) declared(async bool) string {
	var opts []string
	for _, f := range o.pathParams() {
		if !o.addressed() {
			break
		}
		opts = append(opts, fmt.Sprintf("wxpay.Path(%q, %s)", f.Name, scalar(f)))
	}
	return o.byURL(fmt.Sprintf("wx.Chain(%q)", strings.TrimPrefix(o.Path, "/")), opts, async)
}

// indexed names the template with the values in their order.
func (o *operation) indexed(async bool) string {
	key := []string{strconv.Quote(strings.TrimPrefix(o.Path, "/"))}
	for _, f := range o.pathParams() {
		if !o.addressed() {
			break
		}
		key = append(key, scalar(f))
	}
	return o.byURL("wx.At("+strings.Join(key, ", ")+")", nil, async)
}

// pathParams are the parameters in the order of the path.
func (o *operation) pathParams() []*spec.Field {
	var list []*spec.Field
	for _, s := range segments(o.Path) {
		if isParam(s) {
			list = append(list, o.pathParam(s))
		}
	}
	return list
}
