package generate

import (
	"bytes"
	"errors"
	"slices"
)

const testsDir = "internal/conformance/"

// printSamples makes the tests that compile and run what the pages show: each
// sample is the body of a function, and a table ties it to its page.
func (m *model) printSamples(files map[string][]byte) error {
	ends := map[*operation]*node{}
	m.tree.root.walk(func(n *node) {
		for _, o := range n.ops {
			ends[o] = n
		}
	})
	var errs []error
	var all printer
	all.header("conformance")
	all.f("import \"slices\"\n")
	all.comment("", "samples are the samples of all reference pages.")
	all.f("var samples = slices.Concat(")
	for _, pkg := range m.packages {
		text, err := pkg.sampleTest(ends)
		errs = append(errs, err)
		files[testsDir+"samples_"+pkg.name+"_gen_test.go"] = text
		all.f("samples%s,", upperFirst(pkg.name))
	}
	all.f(")")
	files[testsDir+"samples_gen_test.go"] = all.Bytes()
	return errors.Join(errs...)
}

// sampleTest is the test file of one package.
func (p *goPackage) sampleTest(ends map[*operation]*node) ([]byte, error) {
	var out, body printer
	var errs []error
	body.f("var samples%s = []sample{", upperFirst(p.name))
	var funcs printer
	for _, o := range p.ops {
		list, err := o.samples(ends[o])
		errs = append(errs, err)
		name := p.name + o.name
		body.f("{%q, %q, %q, %q, %q, [...]run{", o.page(), o.Method, o.Path, name, o.expected())
		for _, s := range list {
			body.f("%s,", name+s.suffix)
			funcs.f("func %s(ctx context.Context, wx *wxpay.Client, w io.Writer) error {", name+s.suffix)
			funcs.WriteString(s.text)
			funcs.f("\nreturn nil\n}\n")
		}
		body.f("}},")
	}
	body.f("}\n")
	body.Write(funcs.Bytes())

	out.header("conformance")
	out.f("import (\n\"context\"")
	if bytes.Contains(body.Bytes(), []byte("fmt.")) {
		out.f("\"fmt\"")
	}
	out.f("\"io\"\n\n%q", modulePath)
	if slices.ContainsFunc(p.ops, func(o *operation) bool { return o.response != nil || o.asksMore() }) {
		out.f("%q", modulePath+"/api/"+p.name)
	}
	out.f("%q\n)\n", modulePath+"/chain")
	out.Write(body.Bytes())
	return out.Bytes(), errors.Join(errs...)
}
