package generate

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

const testsDir = "internal/conformance/"

// sampleGroups are the packages that the samples are compiled in, by the first
// letter of the product: few enough to link, each small enough to compile.
var sampleGroups = []string{"ab", "cd", "e", "fg", "hijkl", "m", "no", "p", "qrstuvwxyz"}

// ends is the node of each operation.
func (m *model) ends() map[*operation]*node {
	ends := map[*operation]*node{}
	m.tree.root.walk(func(n *node) {
		for _, o := range n.ops {
			ends[o] = n
		}
	})
	return ends
}

// printSamples makes the tests that compile and run what the pages show: each
// sample is the body of a function, and a table ties it to its page.
func (m *model) printSamples(files map[string][]byte) error {
	ends := m.ends()
	groups := map[string][]*goPackage{}
	for _, pkg := range m.packages {
		i := slices.IndexFunc(sampleGroups, func(g string) bool { return strings.ContainsRune(g, rune(pkg.name[0])) })
		if i < 0 {
			return fmt.Errorf("generate: no group of samples takes package %s", pkg.name)
		}
		groups[sampleGroups[i]] = append(groups[sampleGroups[i]], pkg)
	}
	var errs []error
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		dir, name := testsDir+"samples/"+group+"/", "samples"+group
		for _, pkg := range groups[group] {
			text, err := pkg.sampleTest(name, ends)
			errs = append(errs, err)
			files[dir+pkg.name+"_gen_test.go"] = text
		}
		files[dir+"run_gen_test.go"] = printRunner(name, groups[group])
	}
	return errors.Join(errs...)
}

// printRunner makes the tests of one group.
func printRunner(name string, packages []*goPackage) []byte {
	var out printer
	out.header(name)
	out.f("import (\n\"slices\"\n\"testing\"\n\n%q\n)\n", modulePath+"/"+testsDir+"stage")
	out.f("var samples = slices.Concat(")
	for _, pkg := range packages {
		out.f("samples%s,", upperFirst(pkg.name))
	}
	out.f(")\n")
	out.f("func TestSamplesRun(t *testing.T) {\nt.Parallel()\nstage.RunSamples(t, samples)\n}\n")
	out.f("func TestPagesShowWhatRuns(t *testing.T) {\nt.Parallel()\nstage.ComparePages(t, samples)\n}")
	return out.Bytes()
}

// sampleTest is the test file of one package.
func (p *goPackage) sampleTest(group string, ends map[*operation]*node) ([]byte, error) {
	var out, body, funcs printer
	var errs []error
	body.f("var samples%s = []stage.Sample{", upperFirst(p.name))
	for _, o := range p.ops {
		list, err := o.samples(ends[o])
		errs = append(errs, err)
		name := p.name + o.name
		body.f("{Page: %q, Method: %q, Path: %q, Name: %q, Want: %q, Runs: []stage.Run{", o.page(), o.Method, o.Path, name, o.expected())
		for _, s := range list {
			body.f("{Spelling: %q, Call: %s},", s.suffix, name+s.suffix)
			funcs.f("func %s(ctx context.Context, wx *wxpay.Client, w io.Writer, file io.Reader, hashValue string) error {", name+s.suffix)
			funcs.WriteString(s.text)
			funcs.f("\nreturn nil\n}\n")
		}
		body.f("}},")
	}
	body.f("}\n")
	body.Write(funcs.Bytes())

	out.header(group)
	out.f("import (\n\"context\"")
	if bytes.Contains(body.Bytes(), []byte("fmt.")) {
		out.f("\"fmt\"")
	}
	out.f("\"io\"\n\n%q", modulePath)
	if bytes.Contains(body.Bytes(), []byte(p.name+".")) {
		out.f("%q", modulePath+"/api/"+p.name)
	}
	out.f("%q\n%q\n)\n", modulePath+"/chain", modulePath+"/"+testsDir+"stage")
	out.Write(body.Bytes())
	return out.Bytes(), errors.Join(errs...)
}

// printTable makes the table of calls, typed and chained, that the conformance
// tests drive by the description.
func (m *model) printTable(files map[string][]byte) {
	ends := m.ends()
	for _, pkg := range m.packages {
		var body printer
		body.f("var calls%s = []calls{", upperFirst(pkg.name))
		for _, o := range pkg.ops {
			body.f("{%q, %q, %s.%s,", o.Method, o.Path, pkg.name, o.name)
			body.f("func(ctx context.Context, wx *wxpay.Client, in any, opts ...wxpay.Option) (any, error) {")
			body.WriteString(o.tableCall(ends[o]))
			body.f("}},")
		}
		body.f("}")
		var out printer
		out.header("conformance")
		out.f("import (\n\"context\"\n\n%q\n%q\n%q\n)\n", modulePath, modulePath+"/api/"+pkg.name, modulePath+"/chain")
		out.Write(body.Bytes())
		files[testsDir+"calls_"+pkg.name+"_gen_test.go"] = out.Bytes()
	}
	var out printer
	out.header("conformance")
	out.f("import \"slices\"\n")
	out.comment("", "allCalls are the calls of every operation.")
	out.f("var allCalls = slices.Concat(")
	for _, pkg := range m.packages {
		out.f("calls%s,", upperFirst(pkg.name))
	}
	out.f(")")
	files[testsDir+"calls_gen_test.go"] = out.Bytes()
}

// tableCall is the chained call with the values of a request.
func (o *operation) tableCall(n *node) string {
	var text strings.Builder
	if o.request != nil {
		fmt.Fprintf(&text, "r := in.(*%s.%s)\n", o.pkg.name, o.request.name)
	}
	value := func(f *spec.Field) string {
		for _, m := range o.request.members {
			if m.In == "path" && m.Name == f.Name {
				if m.typ.enum != nil {
					return "string(r." + m.name + ")"
				}
				return "r." + m.name
			}
		}
		return `""`
	}
	call := n.steps(value) + verb(o) + "(ctx, "
	if o.asksMore() {
		call += "r, "
	}
	call += "opts...)\n"
	if o.result("") == "" {
		return text.String() + "return nil, " + call
	}
	return text.String() + "return " + call
}
