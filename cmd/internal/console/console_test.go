package console_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/console"
	"github.com/wxpay-go/wxpay/emulator"
)

// everyPage is the address of a page of each kind.
func (s *stage) everyPage() map[string]string {
	s.t.Helper()
	orders, err := s.pay.Orders()
	if err != nil {
		s.t.Fatal(err)
	}
	sessions, err := s.pay.Sessions()
	if err != nil {
		s.t.Fatal(err)
	}
	events, err := s.pay.LastEvents(1)
	if err != nil {
		s.t.Fatal(err)
	}
	pages := map[string]string{
		"requests": "/requests", "request": "/requests/1", "signature": fmt.Sprintf("/requests/%d", s.pay.Exchanges()[0].ID),
		"contracts": "/contracts", "contract": "/contracts/service_id/12535/wxwtdk20260918000002",
		"orders": "/orders", "order": "/orders/" + orders[0].PrepayID,
		"events": "/events", "event": "/events/" + events[0].ID,
		"endpoints": "/endpoints", "search": "/endpoints?q=" + url.QueryEscape("免密 sign"), "coverage": "/coverage", "coverage-all": "/coverage?all=1",
		"try":    "/endpoints/try?method=POST&path=" + url.QueryEscape(mini),
		"faults": "/faults", "merchants": "/merchants",
		"phone": "/phone", "wallet": "/phone/contracts",
	}
	for _, o := range orders {
		pages["pay-"+o.State] = "/phone/pay/" + o.PrepayID
	}
	for _, session := range sessions {
		name := "sign-" + session.Scene + "-" + string(session.State)
		pages[name] = "/phone/sign/" + session.ID
		pages["qr"] = "/qr/" + session.ID
	}
	return pages
}

// Every page is served in both languages, whole, and says nothing of what
// failed in it.
func TestEveryPageInBothLanguages(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.fill()
	for name, at := range s.everyPage() {
		texts := map[string]string{}
		for _, lang := range []string{"en", "zh-CN"} {
			status, text := s.get(s.base+at, "Accept-Language", lang)
			if status != http.StatusOK || !strings.Contains(text, `<html lang="`+lang+`">`) || !strings.HasSuffix(text, "</html>\n") {
				t.Errorf("%s in %s = %d\n%s", name, lang, status, text)
			}
			if strings.Contains(text, "ZgotmplZ") || strings.Contains(text, "<nil>") || strings.Contains(text, "%!") {
				t.Errorf("%s in %s shows a value that it cannot:\n%s", name, lang, text)
			}
			texts[lang] = text
		}
		if texts["en"] == texts["zh-CN"] {
			t.Errorf("%s is the same in both languages", name)
		}
	}
}

// The switch outweighs what the browser prefers, and leads back.
func TestLanguageSwitch(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	_, text := s.get(s.base+"/orders?q=1", "Accept-Language", "zh")
	_, rest, _ := strings.Cut(text, `id="switch"`)
	if _, text = s.get(attribute(rest, "href")); !strings.Contains(text, `<html lang="en">`) || !strings.Contains(text, `value="1"`) {
		t.Errorf("after the switch:\n%s", text)
	}
	if _, text = s.get(s.base+"/orders", "Accept-Language", "zh"); !strings.Contains(text, `<html lang="en">`) {
		t.Error("the choice is forgotten")
	}
}

func TestNobodyIsLedElsewhere(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.web.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, to := range []string{"https://evil.example/", "//evil.example/_wxpay/console/", `/\evil.example`, "/_wxpay/reset", "javascript:alert(1)"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+console.Path+"language?to=en&back="+url.QueryEscape(to), nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := s.web.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if got := answer.Header.Get("Location"); got != console.Path {
			t.Errorf("%s leads to %s", to, got)
		}
	}
}

// Browsers are led to pages; programs are left alone.
func TestWhoComesToTheEmulator(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	address := s.harmonyQR("wxwtdk20260918000009")
	tests := []struct{ at, accept, has string }{
		{"/", "text/html", "<title>Requests"},
		{console.Path, "text/html", "<title>Requests"},
		{strings.TrimSuffix(console.Path, "/"), "text/html", "<title>Requests"},
		{address, "text/html,*/*", "<title>Sign a contract"},
		{address, "application/json", `"scene":`},
		{"/_wxpay/coverage", "text/html", `"endpoints":`},
		{"/_wxpay/sessions/none", "text/html", "no such signing session"},
		{console.Path + "1/requests", "text/html", "there is no merchant 1"},
		{console.Path + "x/y/z", "text/html", "no page is here"},
		{s.base + "/requests/99", "text/html", "not kept"},
		{s.base + "/requests/x", "text/html", "no such request"},
		{s.base + "/events/x", "text/html", "there is no event"},
		{s.base + "/contracts/service_id/1/x", "text/html", "no such contract"},
		{s.base + "/endpoints/try?method=GET&path=/x", "text/html", "no such endpoint"},
	}
	for _, tt := range tests {
		if _, text := s.get(tt.at, "Accept", tt.accept); !strings.Contains(text, tt.has) {
			t.Errorf("%s for %s lacks %q:\n%s", tt.at, tt.accept, tt.has, text)
		}
	}
}

// Each of several merchants has pages of its own, and its signing pages are
// found where its answers say.
func TestSeveralMerchants(t *testing.T) {
	t.Parallel()
	p, err := emulator.NewPlatform(emulator.PlatformConfig{Config: emulator.Config{Credentials: credentials(), Clock: emulator.NewClock(start), Exchanges: 10}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	second, err := p.Add(emulator.Merchant{MchID: "1900000201"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(console.New(console.Config{
		Platform: p, Next: p,
	}))
	t.Cleanup(server.Close)
	s := &stage{t: t, pay: second, url: server.URL, base: server.URL + console.Path + "1900000201", web: server.Client()}
	redirect := s.harmonyQR("wxwtdk20260918000001")
	if !strings.HasPrefix(redirect, server.URL+"/_wxpay/merchants/1900000201/sessions/") {
		t.Fatalf("the answer leads to %s", redirect)
	}
	_, text := s.get(redirect)
	has(t, text, "merchant 1900000201", "Scanned code")
	_, text = s.get(s.base + "/qr/" + redirect[strings.LastIndex(redirect, "/")+1:])
	has(t, text, redirect)
	_, text = s.get(s.base + "/coverage")
	has(t, text, "/_wxpay/merchants/1900000201/coverage", `href="/_wxpay/console/1900000109/requests"`)
	_, text = s.get(server.URL + console.Path + "1900000109/requests")
	has(t, text, "No request has come yet")
}

// What a foreign page could make a browser send does nothing.
func TestForeignPagesAreKeptOut(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	session := s.presign("wxwtdk20260918000001", "")
	_, page := s.get(s.base + "/phone/sign/" + session)
	token := attribute(page[strings.Index(page, `name="token"`):], "value")
	agree := s.base + "/sessions/" + session + "/agree"
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	for name, tt := range map[string]struct {
		body   string
		header []string
	}{
		"without a token":      {"back=/", form},
		"with a wrong token":   {"token=ABC", form},
		"from another site":    {"token=" + token, append([]string{"Sec-Fetch-Site", "cross-site"}, form...)},
		"from another origin":  {"token=" + token, append([]string{"Origin", "https://evil.example"}, form...)},
		"under a foreign host": {"token=" + token, append([]string{"Host", "evil.example"}, form...)},
	} {
		if status, _ := s.do(http.MethodPost, agree, strings.NewReader(tt.body), tt.header...); status != http.StatusForbidden {
			t.Errorf("%s = %d", name, status)
		}
	}
	if status, _ := s.get(s.base+"/requests", "Host", "evil.example"); status != http.StatusForbidden {
		t.Errorf("a page under a foreign host = %d", status)
	}
	if got, err := s.pay.Session(session); err != nil || got.State != emulator.SessionOpen {
		t.Errorf("the session is %v, %v", got.State, err)
	}
	if status, _ := s.do(http.MethodPost, agree, strings.NewReader("token="+token), form...); status != http.StatusOK {
		t.Errorf("our own form = %d", status)
	}
}

// A page allows nothing but its own style, script, pictures and forms, and
// holds nothing that would need more.
func TestPagesNeedNothingElse(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.fill()
	inline := regexp.MustCompile(`<script>|<style| style="| on[a-z]+="|(?:src|href|action)="(?:https?:)?//`)
	for name, at := range s.everyPage() {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, s.base+at, nil)
		r.Host = "localhost"
		s.handler.ServeHTTP(w, r)
		if policy := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'self'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", name, policy)
		}
		if found := inline.FindString(w.Body.String()); found != "" {
			t.Errorf("%s holds %q", name, found)
		}
	}
}

// What a merchant's program sends is shown as text.
func TestWhatIsSentStaysText(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const evil = `<script>alert(1)</script>`
	s.call("POST", jsapi, `{"description":"`+evil+`"}`)
	session := s.must(s.call("POST", mini, map[string]any{
		"appid": "wxd678efh567hg6787", "service_id": 12535, "out_contract_code": "wxwtdk20260918000001", "notify_url": "https://shop.example/signed",
		"contract_display_account": `"><img src=x>`, "openid": openID,
	}), "pre_entrustweb_id")
	for _, at := range []string{"/requests/1", "/requests/2", "/contracts", "/phone/sign/" + session, "/phone"} {
		if _, text := s.get(s.base + at); strings.Contains(text, evil) || strings.Contains(text, "<img src=x>") {
			t.Errorf("%s lets it through:\n%s", at, text)
		}
	}
}
