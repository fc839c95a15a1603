package docs_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/docs"
	"github.com/wxpay-go/wxpay/spec"
)

// reference is shared by the tests: what it reads, it reads once.
var reference = docs.New()

func TestSearch(t *testing.T) {
	t.Parallel()
	const preSign = "/v3/papay/sign/contracts/pre-entrust-sign"
	tests := []struct {
		name, query string
		first       string // "kind name" of the best result
		also        string // "kind name" of another one
	}{
		{"a product by its Chinese title", "免密支付", "product password-exempt-contract", "operation passwordexemptcontract.NormalPreEntrustSignPayRedirectSign"},
		{"a part of a path", "pre-entrust-sign", "", "operation papay.PreEntrustSign"},
		{"a field", "contract_display_account", "field contract_display_account", "operation papay.PreEntrustSign"},
		{"a whole Chinese title", "代扣预签约", "operation papay.PreEntrustSign", ""},
		{"a path and a method", "post " + preSign + " 代扣", "operation papay.PreEntrustSign", ""},
		{"a Go name in any case", "preentrustsign papay.", "", "operation papay.PreEntrustSign"},
		{"a Chinese label", "用户账户展示名称", "field contract_display_account", ""},
		{"an event in two words", "entrust terminate", "", "event ENTRUST.TERMINATE"},
		{"an error code", "FREQUENCY_LIMITED", "error FREQUENCY_LIMITED", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var names []string
			for _, h := range reference.Search(tt.query) {
				names = append(names, h.Kind+" "+h.Name)
			}
			if len(names) == 0 || tt.first != "" && names[0] != tt.first || tt.also != "" && !slices.Contains(names, tt.also) {
				t.Errorf("found %d: %q", len(names), names[:min(5, len(names))])
			}
		})
	}
	for _, query := range []string{"", "  ", "免密支付 nothing_has_this", "nothing_has_this"} {
		if hits := reference.Search(query); len(hits) != 0 {
			t.Errorf("%q finds %v", query, hits[0])
		}
	}
}

// TestFieldNamesItsPlaces compares with a walk of its own.
func TestFieldNamesItsPlaces(t *testing.T) {
	t.Parallel()
	const name = "contract_display_account"
	var want []string
	for op := range spec.Operations() {
		if holds(op.Request, name) || holds(op.Response, name) {
			want = append(want, op.Method+" "+op.Path)
		}
	}
	for e := range spec.Events() {
		if holds(e.Resource, name) {
			want = append(want, e.Type)
		}
	}
	got := reference.Search(name)[0]
	if len(want) == 0 || !slices.Equal(got.In, want) || !slices.Equal(got.Types, []string{"string"}) {
		t.Errorf("%s: %v in %q, want %q", got.Name, got.Types, got.In, want)
	}
}

func holds(f *spec.Field, name string) bool {
	if f == nil {
		return false
	}
	if f.Name == name {
		return true
	}
	for i := range f.Fields {
		if holds(&f.Fields[i], name) {
			return true
		}
	}
	return holds(f.Items, name) || holds(f.Text, name)
}

// TestEveryPage holds that each endpoint and each event has a page that shows
// it, and that its names lead there.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	n := 0
	for op := range spec.Operations() {
		for _, name := range []string{op.ID, op.Method + " " + op.Path, op.Path} {
			p, ok, err := reference.Exact(name)
			if err != nil || !ok || !strings.Contains(p.Text, "`"+op.Method+" "+op.Path+"`") || strings.Contains(p.Text, "<!--") {
				t.Errorf("%q: %v, %v, page %q", name, ok, err, p.Address)
			}
		}
		n++
	}
	for e := range spec.Events() {
		for _, name := range []string{e.Type, "notify." + e.Go} {
			p, ok, err := reference.Exact(name)
			if err != nil || !ok || !strings.Contains(p.Text, "`"+e.Type+"`") {
				t.Errorf("%q: %v, %v, page %q", name, ok, err, p.Address)
			}
		}
		n++
	}
	if n < 24 {
		t.Errorf("only %d endpoints and events", n)
	}
}

func TestExact(t *testing.T) {
	t.Parallel()
	const query = "v3/papay/sign/contracts/plan-id/{plan_id}/out-contract-code/{out_contract_code}"
	for name, want := range map[string]string{
		"/v3/papay/sign/contracts/plan-id/12535/out-contract-code/abc":    query + ".md",
		"GET v3/papay/sign/contracts/plan-id/12535/out-contract-code/abc": query + ".md",
		"get " + query: query + ".md",
		"POST /v3/papay/sign/contracts/plan-id/12535/out-contract-code/ab": "",
		"DELETE /v3/certificates": "",
		"/v3/nothing":             "",
		"papay":                   "",
		"":                        "",
	} {
		p, ok, err := reference.Exact(name)
		if err != nil || ok != (want != "") || p.Address != want {
			t.Errorf("%q leads to %q, %v, %v", name, p.Address, ok, err)
		}
	}
}

func TestProducts(t *testing.T) {
	t.Parallel()
	operations, events := 0, 0
	for _, p := range reference.Products() {
		operations += p.Operations
		events += p.Events
		if hits := reference.Of(p.Name); len(hits) != p.Operations+p.Events {
			t.Errorf("%s has %d hits, and not %d", p.Name, len(hits), p.Operations+p.Events)
		}
		if len(reference.Of(p.Package)) != len(reference.Of(p.Name)) {
			t.Errorf("%s is not %s", p.Package, p.Name)
		}
	}
	if o, e := count(); operations != o || events != e {
		t.Errorf("the products have %d endpoints and %d events, and not %d and %d", operations, events, o, e)
	}
	if reference.Of("nothing") != nil {
		t.Error("an unknown product has something")
	}
}

func count() (operations, events int) {
	for range spec.Operations() {
		operations++
	}
	for range spec.Events() {
		events++
	}
	return operations, events
}

// BenchmarkSearch measures the first question after the description was
// decoded, and the ones that follow.
func BenchmarkSearch(b *testing.B) {
	count()
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			if len(docs.New().Search("pre-entrust-sign")) == 0 {
				b.Fatal("nothing found")
			}
		}
	})
	b.Run("next", func(b *testing.B) {
		reference.Search("once")
		for b.Loop() {
			if len(reference.Search("pre-entrust-sign")) == 0 {
				b.Fatal("nothing found")
			}
		}
	})
}
