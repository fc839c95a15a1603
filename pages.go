package wxpay

import "iter"

// Pages ranges over the records of a list that is asked for page by page, for
// lists that [List] does not serve.
//
// in is copied for each page. skip moves the copy on: it is given how many
// records and how many pages came before, because some lists count the one and
// some the other. ask sends the copy and returns a page, with the number of all
// records, or -1 if the answer does not say. An error is given once and ends
// the list. The list ends at the total, or at the first empty page.
func Pages[Req, Item any](in *Req, skip func(r *Req, records, pages int64), ask func(r *Req) (items []Item, total int64, err error)) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		records := int64(0)
		for pages := int64(0); ; pages++ {
			var r Req
			if in != nil {
				r = *in
			}
			if pages > 0 {
				skip(&r, records, pages)
			}
			items, total, err := ask(&r)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range items {
				if !yield(&items[i], nil) {
					return
				}
			}
			records += int64(len(items))
			if len(items) == 0 || total >= 0 && records >= total {
				return
			}
		}
	}
}
