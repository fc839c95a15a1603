package generate

import (
	"maps"
	"slices"
	"strings"
)

// printChain makes package chain: the root and what several products share in
// one file, and a file for each product's own part of the tree.
func (m *model) printChain(files map[string][]byte) {
	parts := map[string]*chainFile{}
	m.tree.root.walk(func(n *node) {
		name := n.file()
		if parts[name] == nil {
			parts[name] = &chainFile{imports: map[string]bool{modulePath: true}}
		}
		parts[name].add(n)
	})
	m.tree.printCarriers(&parts["chain"].body)
	for name, part := range parts {
		files["chain/"+name+"_gen.go"] = part.print(name == "chain")
	}
}

// chainFile is one file of package chain while it is made.
type chainFile struct {
	body    printer
	imports map[string]bool
}

func (c *chainFile) add(n *node) {
	for _, o := range n.ops {
		c.imports["context"] = true
		c.imports[modulePath+"/api/"+o.pkg.name] = true
	}
	n.print(&c.body)
}

// file is where the type of n stands. The root and /v3 stand in the main one.
func (n *node) file() string {
	if len(n.packages) == 1 && n.parent != nil && n.parent.parent != nil {
		for pkg := range n.packages {
			return pkg
		}
	}
	return "chain"
}

// print is the text of the file. The main one carries the package's doc.
func (c *chainFile) print(main bool) []byte {
	var out printer
	if main {
		out.WriteString(goMarker + "\n")
		out.comment("", chainDoc)
		out.f("package chain\n")
	} else {
		out.header("chain")
	}
	out.f("import (")
	for _, path := range slices.Sorted(maps.Keys(c.imports)) {
		out.f("%q", path)
		if path == "context" {
			out.f("")
		}
	}
	out.f(")\n")
	out.Write(c.body.Bytes())
	return out.Bytes()
}

const chainDoc = `Package chain is the URLs of WeChat Pay APIv3 as Go types: every segment is a method, and the compiler knows which may follow (纯链式).

A segment that stands for itself takes nothing. A segment that is followed by its own parameter takes the value, and so does a parameter on its own: "/service-id/{service_id}" is ServiceID(12535). At the end stand the HTTP methods that the URL has.

The calls of the products that sign, use or end contracts (签约) have an Async twin, which makes the call in the background. Any other call is made so with [wxpay.Go]: a twin for each of more than a thousand calls would take the compiler longer than all the rest.

The methods make no call and keep no state before that; what they return are small values, which may be kept and used again, also by several goroutines. A request must not be changed until its call has ended.`

// print prints the type of n, its steps and its calls.
func (n *node) print(out *printer) {
	if n.parent == nil {
		out.f("// New begins a chain of calls by wx.\nfunc New(wx *wxpay.Client) Root { return Root{wx} }\n")
		out.f("// Root is the host of WeChat Pay.")
	} else {
		out.f("// %s is %s.", n.typ, n.path)
	}
	if n.parent == nil || len(n.params) == 0 {
		out.f("type %s struct{ wx *wxpay.Client }\n", n.typ)
	} else {
		out.f("type %s %s\n", n.typ, n.carrier())
	}
	for _, c := range n.children {
		n.printStep(out, c)
	}
	for _, o := range n.ops {
		n.printCall(out, o)
	}
}

// carrier is the name of the struct that holds the parameters of n. Nodes with
// the same parameters hold them in the same struct.
func (n *node) carrier() string {
	name := []string{"with"}
	for _, p := range n.params {
		name = append(name, upperFirst(p.name))
		if p.typ != "string" {
			name = append(name, upperFirst(p.typ))
		}
	}
	return strings.Join(name, "")
}

// printCarriers prints the structs that hold parameters, once each.
func (t *tree) printCarriers(out *printer) {
	all := map[string]*node{}
	t.root.walk(func(n *node) {
		if len(n.params) > 0 {
			all[n.carrier()] = n
		}
	})
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out.f("type %s struct {\nwx *wxpay.Client", name)
		for _, p := range all[name].params {
			out.f("%s %s", p.name, p.typ)
		}
		out.f("}\n")
	}
}

// printStep prints the method of n that leads to c.
func (n *node) printStep(out *printer, c *node) {
	out.f("// %s is %s.", c.method, c.path)
	if c.param == nil {
		out.f("func (n %s) %s() %s { return %s(n) }\n", n.typ, c.method, c.typ, c.typ)
		return
	}
	fields := []string{"n.wx"}
	for _, p := range n.params {
		fields = append(fields, "n."+p.name)
	}
	fields = append(fields, c.param.name)
	out.f("func (n %s) %s(%s %s) %s { return %s{%s} }\n", n.typ, c.method, c.param.name, c.param.typ, c.typ, c.typ, strings.Join(fields, ", "))
}

// asksMore: the operation takes more than the URL of the chain gives.
func (o *operation) asksMore() bool {
	if o.request == nil {
		return false
	}
	return slices.ContainsFunc(o.request.members, func(m *member) bool { return m.In != "path" })
}

// printCall prints an HTTP method of n, and its Async twin.
func (n *node) printCall(out *printer, o *operation) {
	prefix := o.pkg.name + "."
	params, args := "", "ctx"
	if o.asksMore() {
		params, args = ", in *"+prefix+o.request.name, "ctx, in"
	}
	signature := "(ctx context.Context" + params + ", opts ...wxpay.Option)"
	result := "(" + o.result(prefix) + ", error)"
	if o.result("") == "" {
		result = "error"
	}
	out.f("// %s is [%s%s], %s.", verb(o), prefix, o.name, o.Title)
	out.f("func (n %s) %s%s %s {", n.typ, verb(o), signature, result)
	in := ""
	switch {
	case o.request == nil:
	case len(n.params) == 0:
		in = ", in"
	default:
		in = ", &req"
		n.printFill(out, o, prefix)
	}
	out.f("return %s%s(ctx, n.wx%s, opts...)\n}\n", prefix, o.name, in)

	if o.pkg.product.Contract {
		o.printAsync(out, n, prefix, signature, args)
	}
}

// printAsync prints the twin of a call that runs in the background.
func (o *operation) printAsync(out *printer, n *node, prefix, signature, args string) {
	result, call := o.result(prefix), "n."+verb(o)+"("+args+", opts...)"
	body := "return " + call
	if result == "" {
		result, body = "struct{}", "return struct{}{}, "+call
	}
	out.f("// %sAsync is %s in the background.", verb(o), verb(o))
	out.f("func (n %s) %sAsync%s *wxpay.Future[%s] {", n.typ, verb(o), signature, result)
	out.f("return wxpay.Go(ctx, func(ctx context.Context) (%s, error) { %s })\n}\n", result, body)
}

// printFill prints the request that the call is made with: a copy of the
// caller's, with the parameters of the URL.
func (n *node) printFill(out *printer, o *operation, prefix string) {
	out.f("var req %s%s", prefix, o.request.name)
	if o.asksMore() {
		out.f("if in != nil {\nreq = *in\n}")
	}
	for _, p := range n.params {
		value := "n." + p.name
		for _, m := range o.request.members {
			if m.In == "path" && m.Name == p.field.Name {
				if m.typ.enum != nil {
					value = prefix + m.typ.enum.name + "(" + value + ")"
				}
				out.f("req.%s = %s", m.name, value)
			}
		}
	}
}
