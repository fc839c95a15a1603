package emulator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
)

func keeping(n int) func(*emulator.Config) {
	return func(cfg *emulator.Config) { cfg.Exchanges = n }
}

// outcome is the last check that a request came to, and how it ended.
func outcome(x emulator.Exchange) string {
	last := ""
	for _, c := range x.Checks {
		if c.Result != emulator.CheckSkipped {
			last = c.Name + " " + string(c.Result)
		}
	}
	return last
}

func TestExchangesAreKeptOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.order()
	if list, met := p.Exchanges(), p.Coverage(); len(list) != 0 || met.Endpoints["POST "+jsapi] != 0 || met.Trades["NOTPAY"] != 0 {
		t.Errorf("kept %v, %v", list, met.Trades)
	}
}

// An exchange says which check a request failed, and what the answer said.
func TestExchangeTellsTheCheckThatFailed(t *testing.T) {
	t.Parallel()
	body := []byte(`{"a":1}`)
	tests := []struct {
		name, want string
		send       func(p *pay) *http.Request
	}{
		{"no such path", "address failed", func(p *pay) *http.Request { return p.request("GET", "/v3/nothing", nil) }},
		{"no User-Agent", "headers failed", func(p *pay) *http.Request {
			r := p.request("GET", "/v3/certificates", nil)
			r.Header.Del("User-Agent")
			return r
		}},
		{"a wrong clock", "authorization failed", func(p *pay) *http.Request {
			return p.requestAt(start.Add(-3600e9), "GET", "/v3/certificates", nil)
		}},
		{"another body than the signed one", "signature failed", func(p *pay) *http.Request {
			r := p.request("POST", jsapi, body)
			r.Body = http.NoBody
			return r
		}},
		{"an unknown Wechatpay-Serial", "key failed", func(p *pay) *http.Request {
			r := p.request("GET", "/v3/certificates", nil)
			r.Header.Set("Wechatpay-Serial", "ABC")
			return r
		}},
		{"a missing parameter", "parameters failed", func(p *pay) *http.Request { return p.request("POST", jsapi, body) }},
		{"no such order", "state failed", func(p *pay) *http.Request {
			return p.request("GET", "/v3/pay/transactions/out-trade-no/nothing?mchid="+emulator.DefaultMchID, nil)
		}},
		{"a success", "state passed", func(p *pay) *http.Request { return p.request("GET", "/v3/certificates", nil) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPay(t, keeping(5))
			a := p.send(tt.send(p))
			x := p.Exchanges()[0]
			if got := outcome(x); got != tt.want {
				t.Errorf("ended at %q, want %q: %+v", got, tt.want, x.Checks)
			}
			if x.Status != a.status || x.Answer != a.body || x.SignedBy != a.header.Get("Wechatpay-Serial") || !x.At.Equal(start) {
				t.Errorf("exchange = %+v, answer = %+v", x, a)
			}
			if x.Code != "" && !strings.Contains(a.body, x.Code) || a.status == 400 && x.Code == "" {
				t.Errorf("code = %q in %s", x.Code, a.body)
			}
		})
	}
}

func TestExchangeHoldsTheCanonicalTextAndNoSecret(t *testing.T) {
	t.Parallel()
	p := newPay(t, keeping(5))
	r := p.request("POST", jsapi, []byte(`{"appid":"x"}`))
	r.Header.Set("Cookie", "s=1")
	p.send(r)
	x := p.Exchanges()[0]
	want := "POST\n" + jsapi + "\n" + x.Caller.Timestamp + "\n" + x.Caller.Nonce + "\n{\"appid\":\"x\"}\n"
	if x.Canonical != want || x.Body != `{"appid":"x"}` || x.BodySize != 13 {
		t.Errorf("canonical = %q, body %q of %d", x.Canonical, x.Body, x.BodySize)
	}
	told, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(told), x.Signature) || strings.Contains(string(told), "s=1") || len(x.Signature) < 300 {
		t.Errorf("told %s", told)
	}
}

func TestExchangesAreBounded(t *testing.T) {
	t.Parallel()
	p := newPay(t, keeping(3))
	for range 5 {
		p.send(p.request("POST", jsapi, []byte(strings.Repeat("x", 100<<10))))
	}
	list := p.Exchanges()
	if len(list) != 3 || list[0].ID != 5 || list[2].ID != 3 {
		t.Fatalf("%d kept, from %d", len(list), list[0].ID)
	}
	if x := list[0]; len(x.Body) != 64<<10 || x.BodySize != 100<<10 || x.Canonical != "" {
		t.Errorf("%d of %d bytes, canonical of %d", len(x.Body), x.BodySize, len(x.Canonical))
	}
	if x, err := p.Exchange(4); err != nil || x.ID != 4 {
		t.Errorf("Exchange(4) = %v, %v", x, err)
	}
	for _, id := range []int64{-1, 0, 2, 6} {
		if _, err := p.Exchange(id); err == nil {
			t.Errorf("Exchange(%d) is there", id)
		}
	}
}

func TestCoverageOutlivesAReset(t *testing.T) {
	t.Parallel()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	t.Cleanup(receiver.Close)
	p := newPay(t, keeping(1), func(cfg *emulator.Config) { cfg.ForwardTo = receiver.URL })
	session := p.call("POST", normalMini, with(miniBody, "notify_url", "https://shop.example/notify"), 200)["pre_entrustweb_id"].(string)
	contract, err := p.Agree(session, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	events, _ := p.Events()
	if _, err := p.Redeliver(t.Context(), events[0].ID, emulator.FaultProbe); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Terminate(contract.ContractID, "", ""); err != nil {
		t.Fatal(err)
	}
	p.call("POST", normalMini, miniBody, 400)
	if err := p.Reset(); err != nil {
		t.Fatal(err)
	}
	got := p.Coverage()
	if n, known := got.States["TO_BE_RENEWED"]; n != 0 || !known {
		t.Errorf("what was not met counts %d, known %t", n, known)
	}
	want := map[string]int{"PRE_SIGNED": 1, "SIGNED": 1, "TERMINATED": 1}
	for state, n := range want {
		if got.States[state] != n {
			t.Errorf("states = %v, want %v", got.States, want)
		}
	}
	if got.Endpoints["POST "+normalMini] != 2 || got.Errors["INVALID_REQUEST"] != 1 || got.Events["ENTRUST.SIGN"] != 1 || got.Deliveries["probe"] != 1 {
		t.Errorf("coverage = %+v", got)
	}
}

// However many notifications there are, the last ones are found.
func TestLastEvents(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	var last string
	for range 7 {
		e, err := p.Trigger("ENTRUST.SIGN", "https://shop.example/notify", nil)
		if err != nil {
			t.Fatal(err)
		}
		last = e.ID
	}
	list, err := p.LastEvents(3)
	if err != nil || len(list) != 3 || list[0].ID != last || list[2].ID > list[1].ID {
		t.Errorf("%v, %v; want the newest %s first", list, err, last)
	}
	if list, err = p.LastEvents(100); err != nil || len(list) != 7 {
		t.Errorf("%d, %v", len(list), err)
	}
}

// The admin interface tells both.
func TestAdminTellsExchangesAndCoverage(t *testing.T) {
	t.Parallel()
	p := newPay(t, keeping(5))
	p.order()
	for path, part := range map[string]string{"/_wxpay/exchanges": `"result":"passed"`, "/_wxpay/coverage": `"POST ` + jsapi + `":1`} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Host = "127.0.0.1:8080"
		contains(t, p.send(r).body, part)
	}
}
