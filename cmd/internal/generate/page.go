package generate

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

const pagesDir = "docs/reference/"

// printPages makes the reference: a page for each URL and each event, and an
// index.
func (m *model) printPages(files map[string][]byte) error {
	var errs []error
	m.tree.root.walk(func(n *node) {
		if len(n.ops) == 0 {
			return
		}
		text, err := m.page(n)
		errs = append(errs, err)
		files[n.ops[0].page()] = text
	})
	for _, e := range m.events {
		files[e.page()] = e.printPage()
	}
	files[pagesDir+"README.md"] = m.index()
	return errors.Join(errs...)
}

// page is where the operation is documented: at the address of its URL.
func (o *operation) page() string { return pagesDir + strings.Trim(o.Path, "/") + ".md" }

func (e *event) page() string { return pagesDir + "events/" + e.Type + ".md" }

// page is the text for all methods of one URL.
func (m *model) page(n *node) ([]byte, error) {
	var out printer
	out.f("%s", pageMarker)
	level := "#"
	if len(n.ops) > 1 {
		out.f("# `%s`\n", n.ops[0].Path)
		level = "##"
	}
	var errs []error
	for _, o := range n.ops {
		errs = append(errs, m.section(&out, o, n, level))
	}
	return []byte(strings.TrimRight(out.String(), "\n") + "\n"), errors.Join(errs...)
}

// section is the text of one operation.
func (m *model) section(out *printer, o *operation, n *node, level string) error {
	out.f("%s %s\n\n%s\n", level, strings.TrimSuffix(o.Summary, "."), o.Title)
	out.f("`%s %s`\n", o.Method, o.Path)
	if o.Doc != "" {
		out.f("%s\n", strings.TrimSpace(o.Doc))
	}
	o.printFacts(out)

	out.f("%s# Request (请求参数)\n", level)
	notes := table(out, o.requestFields(), true)
	o.printEitherOr(out)

	out.f("%s# Samples (示例)\n", level)
	out.f("`wx` is a `*wxpay.Client`, `ctx` the context of the call, `w` an `io.Writer`. The\nsamples are compiled and run by the tests of this repository.\n")
	samples, err := o.samples(n)
	for _, s := range samples {
		out.f("%s## %s\n\n```go\n%s```\n", level, s.heading, strings.TrimRight(s.text, "\n")+"\n")
	}

	out.f("%s# Answer (应答参数)\n", level)
	out.f("HTTP %d.\n", o.Status)
	if o.Response != nil {
		notes = table(out, o.Response.Fields, false) || notes
	}
	m.printErrors(out, o, level)
	out.f("%s# Official (官方文档)\n", level)
	for _, link := range o.Links {
		out.f("- <%s>", link)
	}
	out.f("")
	footnote(out, notes)
	return err
}

// printFacts prints what is true of the call as a whole.
func (o *operation) printFacts(out *printer) {
	out.f("- Go: `%s.%s` of `%s/api/%s`", o.pkg.name, o.name, modulePath, o.pkg.name)
	if len(o.Roles) > 0 {
		out.f("- Called by (适用对象): %s", strings.Join(o.Roles, ", "))
	}
	if o.Idempotent {
		out.f("- Idempotent: the same request may be sent again; the client does so by itself when its fate is unknown.")
	} else {
		out.f("- Not idempotent: the client does not repeat it by itself. Query first when its fate is unknown.")
	}
	if o.Updated != "" {
		out.f("- Official page as of %s", o.Updated)
	}
	for _, rule := range slices.Sorted(maps.Keys(o.Inferred)) {
		out.f("- Inferred, stated by no source: %s, because %s.", strings.TrimPrefix(rule, "x-"), strings.TrimSuffix(o.Inferred[rule], "."))
	}
	out.f("")
}

// requestFields are the parameters and the members of the body.
func (o *operation) requestFields() []spec.Field {
	fields := slices.Clone(o.Params)
	if o.Request != nil {
		fields = append(fields, o.Request.Fields...)
	}
	return fields
}

func (o *operation) printEitherOr(out *printer) {
	if o.Request == nil || len(o.Request.AnyOf) == 0 {
		return
	}
	var choices []string
	for _, c := range o.Request.AnyOf {
		choices = append(choices, "`"+strings.Join(c, "` and `")+"`")
	}
	out.f("At least one of %s is required.\n", strings.Join(choices, ", "))
}

// printErrors prints the documented errors of the operation.
func (m *model) printErrors(out *printer, o *operation, level string) {
	out.f("%s# Errors (错误码)\n", level)
	if len(o.Errors) == 0 {
		out.f("None is documented for this endpoint.\n")
		return
	}
	out.f("| Code | Status | Meaning | What to do |\n| --- | --- | --- | --- |")
	for _, code := range o.Errors {
		if e := m.errors[code]; e != nil {
			out.f("| `%s` | %d | %s | %s |", e.Code, e.Status, cell(labelled(e.Summary, e.Message)), cell(sentence(e.Hint)))
		}
	}
	out.f("")
}

// index lists every page by product.
func (m *model) index() []byte {
	var out printer
	out.f("%s", pageMarker)
	out.f("# Reference (接口文档)\n\nOne page for each URL, at the address of the URL; one for each event.\n")
	for _, pkg := range m.packages {
		out.f("## %s\n\n%s Package `%s/api/%s`.\n", pkg.product.Title, sentence(pkg.product.Summary), modulePath, pkg.name)
		out.f("| Endpoint | 中文 | What it does | Go |\n| --- | --- | --- | --- |")
		for _, o := range pkg.ops {
			out.f("| [`%s %s`](%s) | %s | %s | `%s` |", o.Method, o.Path, link(o.page()), cell(o.Title), cell(o.Summary), o.name)
		}
		out.f("")
	}
	out.f("## Events (回调通知)\n\nPackage `%s/notify`.\n", modulePath)
	out.f("| Event | 中文 | What it tells | Go |\n| --- | --- | --- | --- |")
	for _, e := range m.events {
		out.f("| [`%s`](%s) | %s | %s | `%s` |", e.Type, link(e.page()), cell(e.Title), cell(e.Summary), eventName(e.Event))
	}
	return out.Bytes()
}

// link is a page's address from the index; braces are not allowed in links.
func link(page string) string {
	rel := strings.TrimPrefix(path.Clean(page), pagesDir)
	return strings.NewReplacer("{", "%7B", "}", "%7D").Replace(rel)
}

// printPage is the page of an event.
func (e *event) printPage() []byte {
	var out printer
	out.f("%s", pageMarker)
	out.f("# %s\n\n%s\n", strings.TrimSuffix(e.Summary, "."), e.Title)
	out.f("`event_type` is `%s`, `original_type` is `%s`. In Go it is `*notify.%s`.\n", e.Type, e.OriginalType, eventName(e.Event))
	if e.Doc != "" {
		out.f("%s\n", strings.TrimSpace(e.Doc))
	}
	out.f("## Resource (通知数据), decrypted\n")
	notes := table(&out, e.Resource.Fields, false)
	out.f("## Official (官方文档)\n")
	for _, link := range e.Links {
		out.f("- <%s>", link)
	}
	out.f("")
	footnote(&out, notes)
	return []byte(strings.TrimRight(out.String(), "\n") + "\n")
}

// cell makes text fit for a cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", "\\|")
}

func fieldType(f *spec.Field) string {
	if f.Type == "array" {
		return "array of " + f.Items.Type
	}
	return f.Type
}

// table prints fields with their members indented, and reports whether any rule
// is inferred.
func table(out *printer, fields []spec.Field, request bool) (inferred bool) {
	if len(fields) == 0 {
		out.f("None.\n")
		return false
	}
	out.f("| Field | Type | Required | Limits | Description |\n| --- | --- | --- | --- | --- |")
	inferred = rows(out, fields, "", request)
	out.f("")
	return inferred
}

func rows(out *printer, fields []spec.Field, indent string, request bool) (inferred bool) {
	for i := range fields {
		f := &fields[i]
		name := indent + "`" + f.Name + "`"
		if f.In != "" {
			name += " (" + f.In + ")"
		}
		required := ""
		if f.Required {
			required = "yes"
		}
		out.f("| %s | %s | %s | %s | %s |", name, fieldType(f), required, cell(limitsCell(f)), cell(describeCell(f)))
		inferred = inferred || len(f.Inferred) > 0
		members := f.Fields
		if f.Items != nil {
			members = f.Items.Fields
		}
		inferred = rows(out, members, indent+"&emsp;", request) || inferred
	}
	return inferred
}

func limitsCell(f *spec.Field) string {
	text := limits(f)
	if len(f.Enum) > 0 {
		text = strings.TrimPrefix(text+"; `"+strings.Join(f.Enum, "`, `")+"`", "; ")
	}
	if len(f.Inferred) > 0 {
		text = fmt.Sprintf("%s (%s inferred[^inferred])", text, strings.Join(f.Inferred, ", "))
	}
	return strings.TrimSpace(text)
}

func describeCell(f *spec.Field) string {
	text := labelled(f.Doc, f.Label)
	if f.Encrypted {
		text += " Encrypted on the wire (敏感信息加密)."
	}
	return text
}

func footnote(out *printer, inferred bool) {
	if inferred {
		out.f("[^inferred]: No source states this rule; it is concluded from samples and sibling endpoints.")
	}
}
