package console

import (
	"slices"

	cover "github.com/wxpay-go/wxpay/cmd/internal/coverage"
)

// coveragePage is what was met, and what was not.
type coveragePage struct {
	Groups []coverGroup
	All    bool
	JSON   string // where the numbers are
}

// coverGroup is a [cover.Group] of which not everything is shown.
type coverGroup struct {
	cover.Group
	Seen, Unseen []cover.Item
	Total        int
	Percent      int
	Hidden       int // endpoints and events of products that have nothing to do with contracts
}

// coverage shows what is about contracts, what was met of the rest, and all if
// it is asked for.
func coverage(v *visit) (any, error) {
	page := &coveragePage{All: v.URL.Query().Get("all") != "", JSON: v.admin() + "/coverage"}
	about := contractProducts()
	for _, g := range cover.Groups(v.pay.Coverage()) {
		shown := coverGroup{Group: g, Total: len(g.Items)}
		if !page.All {
			shown.Items = slices.DeleteFunc(shown.Items, func(i cover.Item) bool {
				return i.Count == 0 && i.Product != "" && !about[i.Product]
			})
		}
		shown.Hidden = shown.Total - len(shown.Items)
		if shown.Total = len(shown.Items); shown.Total > 0 {
			shown.Percent = 100 * shown.Met / shown.Total
		}
		for _, item := range shown.Items {
			if item.Count > 0 {
				shown.Seen = append(shown.Seen, item)
			} else {
				shown.Unseen = append(shown.Unseen, item)
			}
		}
		page.Groups = append(page.Groups, shown)
	}
	return page, nil
}

// kinds are the kinds of things that are covered, in Chinese.
var kinds = map[string][2]string{
	"endpoint": {"Endpoints", "接口"}, "contract state": {"Contract states", "协议状态"}, "trade state": {"Trade states", "交易状态"},
	"event": {"Notifications", "通知"}, "bad delivery": {"Bad deliveries", "异常投递"}, "error": {"Error codes", "错误码"},
}

func kindText(lang, kind string) string { return pick(lang, kinds[kind][0], kinds[kind][1]) }
