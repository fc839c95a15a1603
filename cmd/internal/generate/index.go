package generate

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// page is the index of a product.
func (p *goPackage) page() string { return pagesDir + p.name + ".md" }

// index is the first page: every product.
func (m *model) index() []byte {
	var out printer
	out.f("%s", pageMarker)
	out.f("# Reference (接口文档)\n\nOne page for each URL, at the address of the URL; one for each event.\n")
	out.f("- %d endpoints in %d products, below", len(m.ops), len(m.packages))
	out.f("- [%d events (回调通知)](events.md)", len(m.events))
	out.f("- [Everything by name (按名称查找)](by-name.md), Chinese and English\n")
	out.f("| Product | 中文 | What it is for | Endpoints |\n| --- | --- | --- | --- |")
	for _, pkg := range m.packages {
		out.f("| [`%s`](%s) | %s | %s | %d |", pkg.product.Prefix, link(pkg.page()), cell(pkg.product.Title), cell(pkg.product.Summary), len(pkg.ops))
	}
	return out.Bytes()
}

// index is the page of a product: its endpoints.
func (p *goPackage) index() []byte {
	var out printer
	out.f("%s", pageMarker)
	out.f("# %s\n\n%s Package `%s/api/%s`.\n", p.product.Title, sentence(p.product.Summary), modulePath, p.name)
	out.f("| Endpoint | 中文 | What it does | Go |\n| --- | --- | --- | --- |")
	for _, o := range p.ops {
		out.f("| [`%s %s`](%s) | %s | %s | `%s` |", o.Method, o.Path, link(o.page()), cell(o.Title), cell(o.Summary), o.name)
	}
	return out.Bytes()
}

func (m *model) eventIndex() []byte {
	var out printer
	out.f("%s", pageMarker)
	out.f("# Events (回调通知)\n\nPackage `%s/notify`.\n", modulePath)
	out.f("| Event | 中文 | What it tells | Go |\n| --- | --- | --- | --- |")
	for _, e := range m.events {
		out.f("| [`%s`](%s) | %s | %s | `%s` |", e.Type, link(e.page()), cell(e.Title), cell(e.Summary), eventName(e.Event))
	}
	return out.Bytes()
}

// entry is one line of the index by name.
type entry struct{ name, what, page string }

// byName is the page that finds an endpoint or an event by what it is called.
func (m *model) byName() []byte {
	var chinese, english []entry
	for _, o := range m.ops {
		what := o.Method + " " + o.Path
		chinese = append(chinese, entry{o.Title, what, o.page()})
		english = append(english, entry{strings.TrimSuffix(o.Summary, "."), what, o.page()})
	}
	for _, e := range m.events {
		chinese = append(chinese, entry{e.Title, e.Type, e.page()})
		english = append(english, entry{strings.TrimSuffix(e.Summary, "."), e.Type, e.page()})
	}
	var out printer
	out.f("%s", pageMarker)
	out.f("# By name (按名称查找)\n\n- [中文](#中文)\n- [English](#english)\n")
	out.entries("中文", chinese)
	out.f("")
	out.entries("English", english)
	return out.Bytes()
}

func (p *printer) entries(heading string, list []entry) {
	slices.SortStableFunc(list, func(a, b entry) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.what, b.what))
	})
	p.f("## %s\n\n| Name | Address |\n| --- | --- |", heading)
	for _, e := range list {
		p.f("| %s | [`%s`](%s) |", cell(e.name), e.what, link(e.page))
	}
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
	out.f("`event_type` is `%s`, `original_type` is `%s`. In Go it is `*notify.%s`. %s\n", e.Type, e.OriginalType, eventName(e.Event), e.pageRule())
	if e.Doc != "" {
		out.f("%s\n", strings.TrimSpace(e.Doc))
	}
	out.f("## Resource (通知数据), decrypted\n")
	notes := table(&out, e.Resource.Fields)
	if e.Answer != nil {
		out.f("## Answer (应答数据)\n\nIn Go it is `notify.%s`, put into `Event.Answer`.\n", e.answer.name)
		notes = table(&out, e.Answer.Fields) || notes
	}
	if len(e.Links) > 0 {
		out.f("## Official (官方文档)\n")
	}
	for _, link := range e.Links {
		out.f("- <%s>", link)
	}
	out.f("")
	footnote(&out, notes)
	return []byte(strings.TrimRight(out.String(), "\n") + "\n")
}

// pageRule says how the event is to be answered, without the names of Go.
func (e *event) pageRule() string {
	if e.answer != nil {
		return strings.TrimSuffix(e.rule(), ", with "+article(e.answer.name)+" ["+e.answer.name+"].") + ", with data."
	}
	return e.rule()
}
