package generate

import "fmt"

// printAll prints the function that ranges over a list, page by page.
func (o *operation) printAll(out *printer) {
	items := o.items()
	if items == nil {
		return
	}
	name := o.name
	out.comment("", name+"All ranges over what ["+name+"] lists, page by page, from in's offset on.")
	out.f("func %sAll(ctx context.Context, wx *wxpay.Client, in *%s, opts ...wxpay.Option) iter.Seq2[*%s, error] {", name, o.request.name, items.typ.elem)
	out.f("return wxpay.List[%s, %s](ctx, wx, &op%s, in, opts)\n}\n", o.response.name, items.typ.elem, name)
}

// pageLiteral is the literal that the runtime reads the list by.
func (o *operation) pageLiteral() string {
	text := fmt.Sprintf("wxpay.Page{Offset: %q, Items: %q", o.Page.Offset, o.Page.Items)
	if total := o.response.member(o.Page.Total); o.Page.Total != "" && total != nil && total.Type == "integer" {
		text += fmt.Sprintf(", Total: %q", o.Page.Total)
	}
	if o.Page.Pages {
		text += ", Pages: true"
	}
	return text + "}"
}

// items is the member of the answer that a page is, nil if o is no list that
// can be ranged over.
func (o *operation) items() *member {
	if o.Page.Items == "" || o.request == nil || o.response == nil || !o.skips() {
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

// skips: the request has an offset that can be counted on.
func (o *operation) skips() bool {
	m := o.request.member(o.Page.Offset)
	return m != nil && m.Type == "integer" && m.In == "query"
}
