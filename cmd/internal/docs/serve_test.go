package docs_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/generate"
	"github.com/wxpay-go/wxpay/spec"
)

func visit(t *testing.T, address string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	reference.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil))
	return w
}

func TestServe(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, address string
		status        int
		want          string
	}{
		{"the first page lists the products", "/", 200, `<a href="papay.md">`},
		{"a page at the address of its URL", "/v3/papay/sign/contracts/pre-entrust-sign", 200, "<td>签约场景|签约场景"},
		{"a page at the address of its file", "/v3/papay/sign/contracts/pre-entrust-sign.md", 200, "代扣预签约"},
		{"an event", "/events/ENTRUST.SIGN", 200, "委托代扣签约成功通知"},
		{"a table is a table", "/v3/certificates", 200, "<table>"},
		{"a sample is a sample", "/v3/certificates", 200, `<pre><code class="language-go">`},
		{"a search", "/search?q=" + url.QueryEscape("免密支付"), 200, `<a href="/passwordexemptcontract.md">`},
		{"a search for a field", "/search?q=contract_display_account", 200, "用户账户展示名称"},
		{"a search for nothing", "/search?q=", 200, "<h1>Search</h1>"},
		{"a search without result", "/search?q=nothing_has_this", 200, "Nothing is found"},
		{"a search is text", "/search?q=" + url.QueryEscape("<script>x</script>"), 200, "&lt;script&gt;"},
		{"an address leads to its page", "/search?q=" + url.QueryEscape("GET /v3/certificates"), 303, ""},
		{"no page", "/v3/nothing", 404, "No page is at this address"},
		{"no way out of the reference", "/../../spec/bundle.txt", 307, ""},
		{"the style", "/style.css", 200, "font:"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := visit(t, tt.address)
			if found, _ := regexp.MatchString(tt.want, w.Body.String()); w.Code != tt.status || !found {
				t.Errorf("status %d, want %d and %q in %.600s", w.Code, tt.status, tt.want, w.Body)
			}
			if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") {
				t.Errorf("policy is %q", csp)
			}
			if strings.Contains(w.Body.String(), "<script") {
				t.Error("the page has a script")
			}
		})
	}
	if w := httptest.NewRecorder(); true {
		reference.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil))
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("a POST gets %d", w.Code)
		}
	}
}

var (
	linked = regexp.MustCompile(`(?:href|src)="([^"#]+)`)
	within = regexp.MustCompile(`href="#([^"]+)"`)
)

// TestLinks follows every link from the first page on, within the site, until
// there is no new one, and finds every endpoint and event on the way.
func TestLinks(t *testing.T) {
	t.Parallel()
	handler := reference.Handler()
	seen := map[string]bool{"/": true}
	for todo := []string{"/"}; len(todo) > 0; {
		at := todo[0]
		todo = todo[1:]
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, at, nil))
		if w.Code != http.StatusOK {
			t.Errorf("%s is %d", at, w.Code)
			continue
		}
		for _, m := range within.FindAllStringSubmatch(w.Body.String(), -1) {
			if name, err := url.PathUnescape(m[1]); err != nil || !strings.Contains(w.Body.String(), `id="`+name+`"`) {
				t.Errorf("%s leads to #%s, which it has not", at, m[1])
			}
		}
		for _, m := range linked.FindAllStringSubmatch(w.Body.String(), -1) {
			link := html.UnescapeString(m[1])
			if strings.Contains(link, ":") {
				if m[0][:3] == "src" || !strings.HasPrefix(link, "https://") {
					t.Errorf("%s loads %s", at, link)
				}
				continue
			}
			if !strings.HasPrefix(link, "/") {
				link = path.Join(path.Dir(at), link)
			}
			if !seen[link] {
				seen[link] = true
				todo = append(todo, link)
			}
		}
	}
	for op := range spec.Operations() {
		if at := (&url.URL{Path: "/" + generate.PageOf(op.Path)}).String(); !seen[at] {
			t.Errorf("no link leads to %s", at)
		}
	}
	for e := range spec.Events() {
		if !seen["/"+generate.EventPageOf(e.Type)] {
			t.Errorf("no link leads to %s", e.Type)
		}
	}
}
