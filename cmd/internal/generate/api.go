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
	out.comment("", packageDoc)
	out.f("//")
	for _, o := range p.ops {
		out.f("//   - [%s]: %s %s (%s)", o.name, o.Method, o.Path, o.Title)
	}
	out.f("package %s", p.name)
	return out.Bytes()
}

const packageDoc = `Each function is one endpoint. Its errors are those of [wxpay.Client.Do]; the codes that WeChat Pay documents for it are on its reference page. One that is not idempotent is not repeated by itself when its fate is unknown.

Amounts are in fen (1/100 yuan) where nothing else is said. A member that is a pointer, or omitted when empty, is optional. Enumerations have the documented values; WeChat Pay may answer newer ones. A limit that is called inferred is stated by no source.

The functions:`

func (p *goPackage) printTypes() []byte {
	var body printer
	p.printRuleVars(&body)
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
	for _, imp := range []struct{ use, path string }{{"context.Context", "context"}, {"io.Reader", "io"}, {"iter.Seq2", "iter"}, {"strconv.Itoa", "strconv"}} {
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
	o.printAll(&out)
	if o.request != nil {
		out.comment("", o.request.name+" is the request of ["+o.name+"].")
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
	if o.items() != nil {
		out.WriteString(", Page: " + o.pageLiteral())
	}
	if o.Idempotent {
		out.WriteString(", Idempotent: true")
	}
	if o.Verify != "" {
		out.WriteString(", Verify: " + strconv.Quote(o.Verify))
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

// downloads: the answer is a file.
func (o *operation) downloads() bool { return o.Verify != "" && o.Response == nil }

// result is the type of the answer, "" if there is none.
func (o *operation) result(prefix string) string {
	switch {
	case o.downloads():
		return "*wxpay.Download"
	case o.response == nil:
		return ""
	}
	return "*" + prefix + o.name + "Response"
}

func (o *operation) printFunc(out *printer) {
	params, in := o.parameters("")
	o.printFuncDoc(out)
	out.WriteString("func " + o.name + "(ctx context.Context, wx *wxpay.Client" + params + ", opts ...wxpay.Option) ")
	switch {
	case o.downloads():
		out.f("(*wxpay.Download, error) {\nreturn wx.Download(ctx, &op%s, %s, opts...)\n}\n", o.name, in)
	case o.response == nil:
		out.f("error {\nreturn wx.Do(ctx, &op%s, %s, nil, opts...)\n}\n", o.name, in)
	default:
		out.f("(%s, error) {\nreturn wxpay.Call[%sResponse](ctx, wx, &op%s, %s, opts)\n}\n", o.result(""), o.name, o.name, in)
	}
}

func (o *operation) printFuncDoc(out *printer) {
	text := o.name + " (" + o.Title + ") " + lowerFirst(sentence(o.Summary))
	if !o.Idempotent {
		text += " Not idempotent."
	}
	out.comment("", text)
	if o.Doc != "" {
		out.f("//")
		out.comment("", o.Doc)
	}
	switch {
	case o.Verify == "digest" && o.downloads():
		out.f("//")
		out.comment("", "The digest that came with the address of the file is given with [wxpay.Digest]; reading to the end checks it.")
	case o.Verify == "statement" && o.downloads():
		out.f("//")
		out.comment("", "Reading to the end checks the digest that WeChat Pay signed.")
	}
	out.official(o.Links)
}

// linksShown is how many official pages the doc of a function names; the
// reference page names all.
const linksShown = 3

// official prints the addresses of the official pages.
func (p *printer) official(links []string) {
	if len(links) > 0 {
		p.f("//")
	}
	for i, link := range links {
		if i == linksShown {
			p.f("// And %d more, see the reference page.", len(links)-i)
			return
		}
		p.f("// Official: %s", link)
	}
}

func (o *operation) printResponse(out *printer) {
	if o.response == nil {
		return
	}
	name := o.name + "Response"
	out.comment("", name+" is the answer of ["+o.name+"].")
	switch {
	case o.response.name != name:
		out.f("type %s = %s\n", name, o.response.name)
	case len(o.response.members) == 0:
		out.f("type %s map[string]any\n", name)
	default:
		o.response.printStruct(out)
	}
}
