package console

import (
	"net/url"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// shownEndpoints is how many endpoints a search shows.
const shownEndpoints = 100

// endpointsPage is what a search for endpoints finds.
type endpointsPage struct {
	Query string
	Rows  []endpointRow
	Total int
}

type endpointRow struct {
	*spec.Operation
	Link string
	Met  int // requests that passed every check
}

// endpoints lists the endpoints in which every word of the search stands;
// without a search, those about contracts.
func endpoints(v *visit) (any, error) {
	page := &endpointsPage{Query: v.query()}
	met := v.pay.Coverage().Endpoints
	about, titles := contractProducts(), productTitles()
	words := strings.Fields(strings.ToLower(page.Query))
	for op := range spec.Operations() {
		if len(words) == 0 && !about[op.Product] || !isAbout(op, titles[op.Product], words) {
			continue
		}
		if page.Total++; len(page.Rows) < shownEndpoints {
			page.Rows = append(page.Rows, endpointRow{op, tryLink(v, op), met[op.Method+" "+op.Path]})
		}
	}
	return page, nil
}

func tryLink(v *visit, op *spec.Operation) string {
	return v.base() + "/endpoints/try?" + url.Values{"method": {op.Method}, "path": {op.Path}}.Encode()
}

func contractProducts() map[string]bool {
	about := map[string]bool{}
	for _, p := range spec.Products() {
		about[p.Name] = p.Contract
	}
	return about
}

func productTitles() map[string]string {
	titles := map[string]string{}
	for _, p := range spec.Products() {
		titles[p.Name] = p.Title + " " + p.Summary
	}
	return titles
}

func isAbout(op *spec.Operation, product string, words []string) bool {
	text := strings.ToLower(strings.Join([]string{product, op.Method, op.Path, op.ID, op.Title, op.Summary, op.Product}, " "))
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
