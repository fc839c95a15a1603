package generate

import (
	"fmt"
	"strconv"
	"strings"
)

// printAPI makes api/<package>: a file for each operation, one for what they
// share, one for the text of the package.
func (m *model) printAPI(files map[string][]byte) error {
	for _, pkg := range m.packages {
		dir := "api/" + pkg.name + "/"
		files[dir+"doc_gen.go"] = pkg.printDoc()
		if len(pkg.structs)+len(pkg.enums)+len(pkg.patterns) > 0 {
			files[dir+"types_gen.go"] = pkg.printTypes()
		}
		for _, o := range pkg.ops {
			name := dir + fileName(o.name) + "_gen.go"
			if _, ok := files[name]; ok {
				return fmt.Errorf("generate: two operations of %s belong into %s", pkg.name, name)
			}
			files[name] = o.print()
		}
	}
	return nil
}

func (p *goPackage) printDoc() []byte {
	var out printer
	out.WriteString(goMarker + "\n")
	out.comment("", "Package "+p.name+" is "+p.product.Title+" of WeChat Pay APIv3: "+lowerFirst(sentence(p.product.Summary)))
	out.f("//")
	out.comment("", "Each function is one endpoint; its Async twin makes the same call in the background. A limit that is called inferred is stated by no source. The functions:")
	out.f("//")
	for _, o := range p.ops {
		out.f("//   - [%s]: %s %s (%s)", o.name, o.Method, o.Path, o.Title)
	}
	out.f("package %s", p.name)
	return out.Bytes()
}

func (p *goPackage) printTypes() []byte {
	var body printer
	p.printPatterns(&body)
	for _, e := range p.enums {
		e.print(&body)
	}
	for _, st := range p.structs {
		st.print(&body)
	}
	return withImports(p.name, body)
}

// withImports puts package clause and imports before body.
func withImports(pkg string, body printer) []byte {
	var out printer
	out.header(pkg)
	out.f("import (")
	text := body.String()
	for _, imp := range []struct{ use, path string }{{"context.", "context"}, {"strconv.", "strconv"}} {
		if strings.Contains(text, imp.use) {
			out.f("%q", imp.path)
		}
	}
	if strings.Contains(text, "wxpay.") {
		out.f("\n%q", modulePath)
	}
	out.f(")\n")
	if !strings.Contains(out.String(), `"`) {
		out.Reset()
		out.header(pkg)
	}
	out.WriteString(text)
	return out.Bytes()
}

// print makes the file of one operation: call, request, answer, rules.
func (o *operation) print() []byte {
	var out printer
	o.printOp(&out)
	o.printFunc(&out)
	o.printAsync(&out)
	if o.request != nil {
		out.comment("", o.request.name+" is what ["+o.name+"] asks.")
		o.request.printStruct(&out)
		o.request.printCheck(&out)
	}
	o.printResponse(&out)
	for _, st := range o.owned {
		if st != o.response {
			st.print(&out)
		}
	}
	return withImports(o.pkg.name, out)
}

func (o *operation) printOp(out *printer) {
	out.WriteString("var op" + o.name + " = wxpay.Op{Method: " + strconv.Quote(o.Method) + ", Path: " + strconv.Quote(o.Path))
	if o.Host != "" {
		out.WriteString(", Host: " + strconv.Quote(o.Host))
	}
	if o.Idempotent {
		out.WriteString(", Idempotent: true")
	}
	out.f("}\n")
}

// parameters are those of the function, and what it hands on as request.
func (o *operation) parameters(prefix string) (params, in string) {
	if o.request == nil {
		return "", "nil"
	}
	return ", in *" + prefix + o.request.name, "in"
}

// result is the type of the answer, "" if there is none.
func (o *operation) result(prefix string) string {
	if o.response == nil {
		return ""
	}
	return "*" + prefix + o.name + "Response"
}

func (o *operation) printFunc(out *printer) {
	params, in := o.parameters("")
	o.printFuncDoc(out)
	if o.response == nil {
		out.f("func %s(ctx context.Context, wx *wxpay.Client%s, opts ...wxpay.Option) error {", o.name, params)
		out.f("return wx.Do(ctx, &op%s, %s, nil, opts...)\n}\n", o.name, in)
		return
	}
	out.f("func %s(ctx context.Context, wx *wxpay.Client%s, opts ...wxpay.Option) (%s, error) {", o.name, params, o.result(""))
	out.f("return wxpay.Call[%sResponse](ctx, wx, &op%s, %s, opts)\n}\n", o.name, o.name, in)
}

func (o *operation) printFuncDoc(out *printer) {
	out.comment("", o.name+" ("+o.Title+") "+lowerFirst(sentence(o.Summary)))
	if o.Doc != "" {
		out.f("//")
		out.comment("", o.Doc)
	}
	out.f("//")
	if !o.Idempotent {
		out.comment("", "Not idempotent: when its fate is unknown it is not repeated by itself.")
	}
	if len(o.Errors) > 0 {
		out.comment("", "Errors: "+strings.Join(o.Errors, ", ")+", each as [*wxpay.Error].")
	}
	for _, link := range o.Links {
		out.f("// Official: %s", link)
	}
}

func (o *operation) printAsync(out *printer) {
	params, _ := o.parameters("")
	args := "ctx, wx"
	if params != "" {
		args += ", in"
	}
	out.comment("", o.name+"Async is ["+o.name+"] in the background.")
	out.printFuture(o, "func "+o.name+"Async(ctx context.Context, wx *wxpay.Client"+params+", opts ...wxpay.Option)", "", o.name+"("+args+", opts...)")
}

// printFuture prints a function that makes call in the background.
func (p *printer) printFuture(o *operation, signature, prefix, call string) {
	if o.response == nil {
		p.f("%s *wxpay.Future[struct{}] {", signature)
		p.f("return wxpay.Go(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, %s })\n}\n", call)
		return
	}
	p.f("%s *wxpay.Future[%s] {", signature, o.result(prefix))
	p.f("return wxpay.Go(ctx, func(ctx context.Context) (%s, error) { return %s })\n}\n", o.result(prefix), call)
}

func (o *operation) printResponse(out *printer) {
	if o.response == nil {
		return
	}
	name := o.name + "Response"
	out.comment("", name+" is the answer of ["+o.name+"].")
	if o.response.name != name {
		out.f("type %s = %s\n", name, o.response.name)
		return
	}
	o.response.printStruct(out)
}
