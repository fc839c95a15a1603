package generate

import (
	"path"
	"strings"
)

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
	notes := table(&out, e.Resource.Fields)
	out.f("## Official (官方文档)\n")
	for _, link := range e.Links {
		out.f("- <%s>", link)
	}
	out.f("")
	footnote(&out, notes)
	return []byte(strings.TrimRight(out.String(), "\n") + "\n")
}
