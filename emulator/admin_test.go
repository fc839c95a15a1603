package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// admin asks the admin interface, as a test in any language would.
func (p *pay) admin(method, path, body string, change ...func(*http.Request)) answer {
	r := httptest.NewRequest(method, "/_wxpay"+path, strings.NewReader(body))
	r.Host = "127.0.0.1:8080"
	for _, f := range change {
		f(r)
	}
	return p.send(r)
}

func (p *pay) adminOK(method, path, body string) map[string]any {
	p.t.Helper()
	a := p.admin(method, path, body)
	if a.status != 200 {
		p.t.Fatalf("%s %s = %d %s", method, path, a.status, a.body)
	}
	if strings.HasPrefix(a.body, "[") {
		return decode(p.t, `{"list":`+a.body+`}`)
	}
	return decode(p.t, a.body)
}

// TestAdminWalksAContractFromOrderToTermination uses nothing but HTTP.
func TestAdminWalksAContractFromOrderToTermination(t *testing.T) {
	t.Parallel()
	_, into := receiving(204)
	p := newPay(t, into)
	id := p.order()
	p.call("POST", normalAfterPay, with(presignBody, "prepay_id", id), 200)
	if got := p.adminOK("POST", "/orders/"+id+"/pay", `{"openid":"`+openID+`"}`); got["trade_state"] != "SUCCESS" {
		t.Errorf("pay: %v", got)
	}
	contract := p.adminOK("POST", "/orders/"+id+"/agree", "")
	if contract["contract_state"] != "SIGNED" {
		t.Errorf("agree: %v", contract)
	}
	number := contract["contract_id"].(string)
	if got := p.adminOK("GET", "/contracts/"+number, ""); got["out_contract_code"] != code {
		t.Errorf("contract: %v", got)
	}
	if got := p.adminOK("POST", "/deliver", ""); got["attempts"] != 2.0 {
		t.Errorf("deliver: %v", got)
	}
	if got := p.adminOK("POST", "/contracts/"+number+"/terminate", `{"mode":"CUSTOMER_SERVICE_TERMINATE"}`); got["contract_state"] != "TERMINATED" {
		t.Errorf("terminate: %v", got)
	}
	if got := p.adminOK("POST", "/clock/advance", `{"duration":"2h"}`); got["now"] != "2026-09-18T12:00:00+08:00" || got["events"] != 3.0 || got["due"] != 0.0 {
		t.Errorf("advance: %v", got)
	}
	events := p.adminOK("GET", "/events", "")["list"].([]any)
	last := events[2].(map[string]any)
	if last["event_type"] != "ENTRUST.TERMINATE" || last["state"] != "delivered" || len(last["attempts"].([]any)) != 1 {
		t.Errorf("event: %v", last)
	}
	if got := p.adminOK("POST", "/events/"+last["id"].(string)+"/redeliver", `{"fault":"probe"}`); got["fault"] != "probe" || got["status"] != 204.0 {
		t.Errorf("redeliver: %v", got)
	}
	if got := p.adminOK("POST", "/clock/set", `{"time":"2027-01-01T00:00:00Z"}`); got["now"] != "2027-01-01T00:00:00Z" {
		t.Errorf("set: %v", got)
	}
	if got := p.adminOK("POST", "/reset", ""); got["contracts"] != 0.0 || got["events"] != 0.0 {
		t.Errorf("reset: %v", got)
	}
}

func TestAdminSessions(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	session := func(code string) string {
		return p.call("POST", normalMini, with(miniBody, "out_contract_code", code), 200)["pre_entrustweb_id"].(string)
	}
	a, b, c, d := session("a"), session("b"), session("c"), session("d")
	p.adminOK("POST", "/sessions/"+a+"/agree", `{}`)
	p.adminOK("POST", "/sessions/"+b+"/decline", "")
	p.adminOK("POST", "/sessions/"+c+"/fail", "")
	p.clock.Advance(2 * time.Hour)
	for id, want := range map[string]string{a: "signed", b: "declined", c: "failed", d: "expired"} {
		if got := p.adminOK("GET", "/sessions/"+id, ""); got["state"] != want {
			t.Errorf("state %v, want %s", got["state"], want)
		}
	}
	if got := p.adminOK("GET", "/sessions", "")["list"].([]any); len(got) != 4 {
		t.Errorf("%d sessions", len(got))
	}
	if got := p.adminOK("GET", "/contracts", "")["list"].([]any); len(got) != 4 {
		t.Errorf("%d contracts", len(got))
	}
}

// TestAdminListsEveryRoute asks for every route of the table, so that none of
// them is a line without a handler.
func TestAdminListsEveryRoute(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	routes := p.adminOK("GET", "/", "")["routes"].([]any)
	if len(routes) < 20 {
		t.Fatalf("%d routes", len(routes))
	}
	for _, r := range routes {
		route := r.(map[string]any)
		path := strings.NewReplacer("{prepay_id}", "x", "{contract_id}", "x", "{id}", "x", "{plan_id}", "1").Replace(route["path"].(string))
		a := p.admin(route["method"].(string), path, "")
		got := decode(t, strings.NewReplacer("[]", "{}").Replace(a.body))
		if message, _ := got["message"].(string); strings.Contains(message, "lists what there is") || a.status >= 500 || route["does"] == "" {
			t.Errorf("%v: %d %s", route, a.status, a.body)
		}
	}
}

func TestAdminRefuses(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for _, tt := range []struct {
		name, method, path, body string
		change                   func(*http.Request)
		status                   int
		code                     string
	}{
		{"a foreign host", "POST", "/reset", "", func(r *http.Request) { r.Host = "evil.example:8080" }, 403, "forbidden"},
		{"a foreign origin", "POST", "/reset", "", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403, "forbidden"},
		{"no origin at all, says the browser", "POST", "/reset", "", func(r *http.Request) { r.Header.Set("Origin", "null") }, 403, "forbidden"},
		{"another site, says the browser", "GET", "/state", "", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403, "forbidden"},
		{"a request of APIv3", "GET", "/state", "", func(r *http.Request) { r.Header.Set("Authorization", "WECHATPAY2-SHA256-RSA2048 x") }, 400, "invalid"},
		{"an unknown path", "GET", "/nothing", "", nil, 404, "not_found"},
		{"an unknown order", "POST", "/orders/x/pay", "", nil, 404, "not_found"},
		{"an unknown member", "POST", "/orders/x/pay", `{"open_id":"o"}`, nil, 400, "invalid"},
		{"no JSON", "POST", "/clock/advance", `2h`, nil, 400, "invalid"},
		{"no duration", "POST", "/clock/advance", `{}`, nil, 400, "invalid"},
		{"a duration backwards", "POST", "/clock/advance", `{"duration":"-1s"}`, nil, 400, "invalid"},
		{"no time", "POST", "/clock/set", ``, nil, 400, "invalid"},
		{"a body too large", "POST", "/clock/set", `{"x":"` + strings.Repeat("x", 65<<10) + `"}`, nil, 400, "invalid"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var change []func(*http.Request)
			if tt.change != nil {
				change = append(change, tt.change)
			}
			a := p.admin(tt.method, tt.path, tt.body, change...)
			if got := decode(t, a.body); a.status != tt.status || got["code"] != tt.code || got["message"] == "" {
				t.Errorf("got %d %s, want %d %s", a.status, a.body, tt.status, tt.code)
			}
		})
	}
}

func TestAdminFromTheSameMachine(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for _, host := range []string{"localhost", "localhost:8080", "127.0.0.1", "[::1]:8080", "[::1]"} {
		a := p.admin("GET", "/state", "", func(r *http.Request) { r.Host = host; r.Header.Set("Origin", "http://"+host) })
		if a.status != 200 {
			t.Errorf("Host %s = %d %s", host, a.status, a.body)
		}
	}
	remote := newPay(t, func(c *emulator.Config) { c.AllowRemote = true })
	if a := remote.admin("GET", "/state", "", func(r *http.Request) { r.Host = "build-server:8080" }); a.status != 200 {
		t.Errorf("AllowRemote = %d %s", a.status, a.body)
	}
}

func TestAdminShowsNoPrivateKey(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	a := p.admin("GET", "/credentials", "")
	contains(t, a.body, p.creds.MerchantSerial(), p.creds.PlatformSerial(), p.creds.PublicKeyID, "BEGIN PUBLIC KEY", "BEGIN CERTIFICATE")
	if strings.Contains(a.body, "PRIVATE") || strings.Contains(a.body, p.creds.APIv3Key) {
		t.Error("the credentials show a secret")
	}
}
