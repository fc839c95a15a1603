package generate

import "fmt"

// printAll prints the function that ranges over a list, page by page.
func (o *operation) printAll(out *printer) {
	items := o.items()
	if items == nil {
		return
	}
	name, request := o.name, o.request.name
	out.comment("", name+"All ranges over what ["+name+"] lists, page by page, from in's offset on.")
	out.f("func %sAll(ctx context.Context, wx *wxpay.Client, in *%s, opts ...wxpay.Option) iter.Seq2[*%s, error] {", name, request, items.typ.elem)
	out.f("return wxpay.Pages(in, func(r *%s, %s) {\n%s\n}, func(r *%s) ([]%s, int64, error) {", request, o.skipParams(), o.skips(), request, items.typ.elem)
	out.f("out, err := %s(ctx, wx, r, opts...)\nif err != nil {\nreturn nil, 0, err\n}", name)
	o.printTotal(out, items)
	out.f("})\n}\n")
}

// items is the member of the answer that a page is, nil if o is no list that
// can be ranged over.
func (o *operation) items() *member {
	if o.Page.Items == "" || o.request == nil || o.response == nil || o.skips() == "" {
		return nil
	}
	if m := o.response.member(o.Page.Items); m != nil && m.typ.elem != nil && !m.typ.text {
		return m
	}
	return nil
}

func (st *structType) member(name string) *member {
	for _, m := range st.members {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// skips is the statement that moves r on: by records, or by pages.
func (o *operation) skips() string {
	count := "records"
	if o.Page.Pages {
		count = "pages"
	}
	m := o.request.member(o.Page.Offset)
	switch {
	case m == nil || m.Type != "integer":
		return ""
	case m.typ.pointer:
		return fmt.Sprintf("if r.%s != nil {\n%s += *r.%s\n}\nr.%s = new(%s)", m.name, count, m.name, m.name, count)
	}
	return "r." + m.name + " += " + count
}

// skipParams are the parameters of the function that skips: one has no name.
func (o *operation) skipParams() string {
	if o.Page.Pages {
		return "_, pages int64"
	}
	return "records, _ int64"
}

// printTotal prints the end of a page: its items, and how many there are in all.
func (o *operation) printTotal(out *printer, items *member) {
	total := o.response.member(o.Page.Total)
	value := "-1"
	switch {
	case o.Page.Total == "" || total == nil || total.Type != "integer":
	case total.typ.pointer:
		out.f("total := int64(-1)\nif out.%s != nil {\ntotal = *out.%s\n}", total.name, total.name)
		value = "total"
	default:
		value = "out." + total.name
	}
	out.f("return out.%s, %s, nil", items.name, value)
}
