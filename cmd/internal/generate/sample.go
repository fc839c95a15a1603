package generate

import (
	"fmt"
	"go/format"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// sample is one of the six ways to write a call, as it stands on the page and
// in the test that compiles it.
type sample struct {
	heading string
	suffix  string // of the name of the test's function
	text    string // formatted statements; they use ctx, wx and w
}

// samples writes the call in three spellings and two modes.
func (o *operation) samples(n *node) ([]sample, error) {
	list := []sample{
		{"Chained (纯链式), synchronous (同步)", "Chained", o.chained(n, false)},
		{"Chained (纯链式), asynchronous (异步)", "ChainedAsync", o.chained(n, true)},
		{"Declared (声明式), synchronous (同步)", "Declared", o.declared(false)},
		{"Declared (声明式), asynchronous (异步)", "DeclaredAsync", o.declared(true)},
		{"Indexed (属性式), synchronous (同步)", "Indexed", o.indexed(false)},
		{"Indexed (属性式), asynchronous (异步)", "IndexedAsync", o.indexed(true)},
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

// chained follows the URL by methods.
func (o *operation) chained(n *node, async bool) string {
	var steps []string
	for ; n.parent != nil; n = n.parent {
		arg := ""
		if n.param != nil {
			arg = scalar(n.param.field)
		}
		steps = append([]string{n.method + "(" + arg + ")"}, steps...)
	}
	call := "chain.New(wx)." + strings.Join(steps, ".") + ".\n\t" + verb(o)
	args := "(ctx"
	if o.asksMore() {
		args += ", " + o.requestLiteral(false)
	}
	args += ")"
	switch {
	case o.response == nil && async:
		return "future := " + call + "Async" + args + "\n" + waited + o.use()
	case async:
		return "future := " + call + "Async" + args + "\nout, err := future.Wait(ctx)\n" + failed + o.use()
	case o.response == nil:
		return "err := " + call + args + "\n" + failed + o.use()
	}
	return "out, err := " + call + args + "\n" + failed + o.use()
}

const (
	failed = "if err != nil {\nreturn err\n}\n"
	waited = "if _, err := future.Wait(ctx); err != nil {\nreturn err\n}\n"
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
	return "&" + l.prefix + st.name + l.object(&st)
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
	key := fmt.Sprintf("wx.At(%q", strings.TrimPrefix(o.Path, "/"))
	for _, f := range o.pathParams() {
		if !o.addressed() {
			break
		}
		key += ", " + scalar(f)
	}
	return o.byURL(key+")", nil, async)
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

// use does something with the answer, so that a sample shows what it gives.
func (o *operation) use() string {
	m := o.telling()
	switch {
	case m == nil:
		return ""
	case m.typ.elem != nil:
		return "fmt.Fprintln(w, len(out." + m.name + "))\n"
	}
	return "fmt.Fprintln(w, out." + m.name + ")\n"
}

// telling is the member of the answer that a sample prints: one that repeats
// the request if there is one, because a test then knows its value; best a
// string, because it names something.
func (o *operation) telling() *member {
	if o.response == nil {
		return nil
	}
	var best *member
	rank := func(m *member) int {
		switch {
		case m == nil:
			return 0
		case m.Required && m.Type == "string" && o.asked(m.Name) != "":
			return 5
		case m.Required && m.Type == "string":
			return 4
		case m.Required && m.typ.elem != nil:
			return 3
		case m.Type != "object":
			return 2
		}
		return 1
	}
	for _, m := range o.response.members {
		if rank(m) > rank(best) {
			best = m
		}
	}
	return best
}

// asked is what the samples give for a field of the request, "" if nothing.
func (o *operation) asked(name string) string {
	if o.request == nil {
		return ""
	}
	for _, m := range o.request.members {
		if m.Name == name && shown(m.Field, o.request.anyOf) && m.typ.ref == nil && m.typ.elem == nil && !m.Encrypted {
			return fmt.Sprint(m.Sample)
		}
	}
	return ""
}

// expected is what a sample prints, "" if the test cannot know.
func (o *operation) expected() string {
	if m := o.telling(); m != nil && m.typ.elem == nil && m.Name != "" {
		return o.asked(m.Name)
	}
	return ""
}
