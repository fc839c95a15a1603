package wxpay

import (
	"context"
	"iter"
	"reflect"
	"strings"
)

// Page names the members by which a list is read on, see [List].
type Page struct {
	Offset string // of the query: where the page begins
	Items  string // of the answer: the records of the page
	Total  string // of the answer: how many records there are; "" if it does not say
	Pages  bool   // Offset counts pages, not records
}

// List ranges over the records of a list, page by page, from in's offset on:
// op.Page says by which members. Generated functions whose names end in All are
// made of it. Res is the type of an answer, Item that of a record. in is not
// changed. An error, one of those of [Client.Do], is given once and ends the
// list.
func List[Res, Item any](ctx context.Context, wx *Client, op *Op, in any, opts []Option) iter.Seq2[*Item, error] {
	first := reflect.ValueOf(in)
	if first.Kind() != reflect.Pointer || first.IsNil() || fieldNamed(first.Type().Elem(), "query", op.Page.Offset) == nil {
		return func(yield func(*Item, error) bool) {
			yield(nil, inputError(op.Method+" "+op.Path, "request", "must be a request with the field "+op.Page.Offset, "give a pointer to a request, not nil"))
		}
	}
	request := first.Elem().Interface()
	return Pages(&request, func(r *any, records, pages int64) {
		if op.Page.Pages {
			records = pages
		}
		*r = moved(*r, op.Page.Offset, records)
	}, func(r *any) ([]Item, int64, error) {
		page := reflect.New(reflect.TypeOf(*r))
		page.Elem().Set(reflect.ValueOf(*r))
		out := new(Res)
		if err := wx.Do(ctx, op, page.Interface(), out, opts...); err != nil {
			return nil, 0, err
		}
		items, total := op.Page.read(reflect.ValueOf(out).Elem())
		list, _ := items.([]Item)
		return list, total, nil
	})
}

// moved is a copy of the struct r with n added to its offset.
func moved(r any, offset string, n int64) any {
	v := reflect.New(reflect.TypeOf(r)).Elem()
	v.Set(reflect.ValueOf(r))
	f := v.FieldByIndex(fieldNamed(v.Type(), "query", offset))
	if f.Kind() != reflect.Pointer {
		f.SetInt(f.Int() + n)
		return v.Interface()
	}
	next := reflect.New(f.Type().Elem())
	if !f.IsNil() {
		n += f.Elem().Int()
	}
	next.Elem().SetInt(n)
	f.Set(next)
	return v.Interface()
}

// read takes the records, and how many there are in all, from an answer; -1 if
// it does not say.
func (p Page) read(out reflect.Value) (items any, total int64) {
	if i := fieldNamed(out.Type(), "json", p.Items); i != nil {
		items = out.FieldByIndex(i).Interface()
	}
	i := fieldNamed(out.Type(), "json", p.Total)
	if i == nil {
		return items, -1
	}
	f := out.FieldByIndex(i)
	if f.Kind() == reflect.Pointer {
		if f.IsNil() {
			return items, -1
		}
		f = f.Elem()
	}
	return items, f.Int()
}

// fieldNamed returns the index of the field that the tag gives the name.
func fieldNamed(t reflect.Type, tag, name string) []int {
	for f := range t.Fields() {
		if got, _, _ := strings.Cut(f.Tag.Get(tag), ","); name != "" && got == name {
			return f.Index
		}
	}
	return nil
}
