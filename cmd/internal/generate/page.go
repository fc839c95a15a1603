package generate

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

const pagesDir = "docs/reference/"

// printPages makes the reference: every one of its pages.
func (m *model) printPages(files map[string][]byte) error {
	var errs []error
	pages := m.pages()
	for _, path := range slices.Sorted(maps.Keys(pages)) {
		text, err := pages[path]()
		errs = append(errs, err)
		files[path] = text
	}
	return errors.Join(errs...)
}

// page is where the operation is documented: at the address of its URL.
func (o *operation) page() string { return pagesDir + PageOf(o.Path) }

func (e *event) page() string { return pagesDir + EventPageOf(e.Type) }

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
	notes := table(out, o.requestFields())
	o.printEitherOr(out)

	out.f("%s# Samples (示例)\n", level)
	out.f("`wx` is a `*wxpay.Client`, `ctx` the context of the call, `w` an `io.Writer`%s.\nThe samples are compiled and run by the tests of this repository.\n", o.given())
	samples, err := o.samples(n)
	for _, s := range samples {
		out.f("%s## %s\n\n```go\n%s```\n", level, s.heading, strings.TrimRight(s.text, "\n")+"\n")
	}

	out.f("%s# Answer (应答参数)\n", level)
	out.f("HTTP %d.\n", o.Status)
	switch {
	case o.downloads():
		out.f("The answer is a file. %s\n", vouched[o.Verify])
	case o.Response != nil && len(o.Response.Fields) == 0:
		out.f("An object of which no member is documented.\n")
	case o.Response != nil:
		notes = table(out, o.Response.Fields) || notes
	}
	m.printErrors(out, o, level)
	if len(o.Links) > 0 {
		out.f("%s# Official (官方文档)\n", level)
	}
	for _, link := range o.Links {
		out.f("- <%s>", link)
	}
	out.f("")
	footnote(out, notes)
	return err
}

// vouched says what vouches for a file.
var vouched = map[string]string{
	spec.VerifyDigest:    "Its digest came with its address, as `hash_type` and `hash_value`; reading to the end checks it.",
	spec.VerifyStatement: "Its digest is in the headers, which are signed; reading to the end checks it.",
	spec.VerifyNone:      "Nothing vouches for it.",
}

// given names what the samples use beside the client.
func (o *operation) given() string {
	switch {
	case o.File != nil:
		return ",\n`file` an `io.Reader`"
	case o.downloads() && o.Verify == spec.VerifyDigest:
		return ",\n`hashValue` the digest that came with the address"
	}
	return ""
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
	if o.items() != nil {
		out.f("- A list: `%s.%sAll` ranges over it, page by page.", o.pkg.name, o.name)
	}
	if o.File != nil {
		out.f("- An upload: the part `%s` is the file; the part `meta` holds the members below, and is what is signed.", o.File.Name)
	}
	if o.Host != "" {
		out.f("- Host: `%s`", o.Host)
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

// requestAnyOf is the either-or rule of the body, or nil.
func (o *operation) requestAnyOf() [][]string {
	if o.Request == nil {
		return nil
	}
	return o.Request.AnyOf
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
