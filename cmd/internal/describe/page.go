package describe

import (
	"slices"

	"github.com/wxpay-go/wxpay/spec"
)

// page reads x-page: which members a list is read on by.
func (l *loader) page(o object, op *spec.Operation) {
	if !o.has("x-page") {
		return
	}
	p := l.object(o.file, o.at("x-page"), "offset", "limit", "items", "total", "pages")
	op.Page = spec.Page{Offset: p.mustText("offset"), Limit: p.text("limit"), Items: p.mustText("items"), Total: p.text("total"), Pages: p.yes("pages")}
	if op.Response == nil {
		o.fault(o.at("x-page"), "an answer without members is no list")
		return
	}
	query := slices.DeleteFunc(slices.Clone(op.Params), func(f spec.Field) bool { return f.In != "query" })
	p.names("offset", op.Page.Offset, query, "integer")
	p.names("limit", op.Page.Limit, query, "integer")
	p.names("items", op.Page.Items, op.Response.Fields, "array")
	p.names("total", op.Page.Total, op.Response.Fields, "integer")
}

// names reports a key that does not name a member of a type.
func (o object) names(key, name string, fields []spec.Field, typ string) {
	if f := find(fields, name); name != "" && (f == nil || f.Type != typ) {
		o.fault(o.at(key), "%q is no member of the type %s", name, typ)
	}
}
