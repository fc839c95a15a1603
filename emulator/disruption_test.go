package emulator_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/sign"
	"github.com/wxpay-go/wxpay/spec"
)

func (p *pay) disrupt(d emulator.Disruption) emulator.Disruption {
	p.t.Helper()
	made, err := p.Disrupt(d)
	if err != nil {
		p.t.Fatal(err)
	}
	return made
}

// TestEveryErrorCodeCanBeCalledFor, by a disruption and by the header: with
// its status, signed unless it is one of authentication, and with nothing done.
func TestEveryErrorCodeCanBeCalledFor(t *testing.T) {
	t.Parallel()
	n := 0
	for code := range spec.Errors() {
		n++
		t.Run(code.Code, func(t *testing.T) {
			t.Parallel()
			p := newPay(t)
			p.disrupt(emulator.Disruption{Case: code.Code, Path: jsapi, Count: 1})
			asked := p.request("POST", jsapi, marshal(t, orderBody))
			asked.Header.Set("Wechatpay-Negative-Test", code.Code)
			for _, r := range []*http.Request{asked, p.request("POST", jsapi, marshal(t, orderBody))} {
				a := p.send(r)
				if a.status != code.Status || decode(t, a.body)["code"] != code.Code || decode(t, a.body)["message"] != code.Message {
					t.Errorf("%d %s", a.status, a.body)
				}
				if holds := p.signed(a) == nil; holds != (code.Status != 401) {
					t.Errorf("signed: %t", holds)
				}
			}
			if s, err := p.Summary(); err != nil || s.Orders != 0 {
				t.Errorf("%d orders, %v", s.Orders, err)
			}
			p.order() // the disruption is over
		})
	}
	if n < 19 {
		t.Errorf("%d codes", n)
	}
}

func TestAnErrorDoesNotHideARefusal(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	r := p.request("POST", jsapi, []byte(`{}`))
	r.Header.Set("Wechatpay-Negative-Test", "SYSTEM_ERROR")
	if a := p.send(r); a.status != 400 || decode(t, a.body)["code"] != "PARAM_ERROR" {
		t.Errorf("%d %s", a.status, a.body)
	}
	r = p.request("GET", certificates, nil)
	r.Header.Set("Wechatpay-Negative-Test", "SYSTEM_EROR")
	if a := p.send(r); a.status != 400 || !strings.Contains(a.body, `"value":"SYSTEM_EROR"`) {
		t.Errorf("a case that is none: %d %s", a.status, a.body)
	}
}

// TestAnswersThatMustNotBeUsed: what is wrong with each is found by who looks.
func TestAnswersThatMustNotBeUsed(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]sign.Code{
		"unsigned": sign.CodeMissing, "signature": sign.CodeSignature, "serial": sign.CodeSerial, "stale": sign.CodeClock,
		"probe": sign.CodeProbe, "shortened": sign.CodeSignature,
	} {
		p := newPay(t)
		p.disrupt(emulator.Disruption{Case: name})
		a := p.send(p.request("POST", jsapi, marshal(t, orderBody)))
		if e, ok := errors.AsType[*sign.Error](p.signed(a)); a.status != 200 || !ok || e.Code != want {
			t.Errorf("%s: %d %s: %v, want %s", name, a.status, a.body, p.signed(a), want)
		}
	}
	p := newPay(t)
	p.disrupt(emulator.Disruption{Case: "oversized", Size: 1 << 20})
	a := p.send(p.request("POST", jsapi, marshal(t, orderBody)))
	if len(a.body) != 1<<20 || p.signed(a) != nil || decode(t, a.body)["prepay_id"] == "" {
		t.Errorf("oversized: %d bytes, %v", len(a.body), p.signed(a))
	}
	p = newPay(t)
	p.disrupt(emulator.Disruption{Case: "gateway"})
	if a := p.send(p.request("POST", jsapi, marshal(t, orderBody))); a.status != 502 || a.header.Get("Content-Type") != "text/html" {
		t.Errorf("gateway: %d %v", a.status, a.header)
	}
}

// TestConnectionsThatEnd looks at them over a real connection.
func TestConnectionsThatEnd(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		orders int
		inBody bool
	}{"cut": {0, false}, "lost": {1, false}, "truncated": {1, true}} {
		p := newPay(t)
		p.disrupt(emulator.Disruption{Case: name})
		server := httptest.NewServer(p)
		r := p.request("POST", jsapi, marshal(t, orderBody))
		out, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+jsapi, bytes.NewReader(marshal(t, orderBody)))
		if err != nil {
			t.Fatal(err)
		}
		out.Header = r.Header
		a, err := server.Client().Do(out)
		if err == nil {
			_, err = io.ReadAll(a.Body)
			a.Body.Close()
			if !want.inBody || !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s: answered %d, reading %v", name, a.StatusCode, err)
			}
		} else if want.inBody {
			t.Errorf("%s: %v", name, err)
		}
		server.Close()
		if s, err := p.Summary(); err != nil || s.Orders != want.orders {
			t.Errorf("%s: %d orders, %v", name, s.Orders, err)
		}
	}
}

func TestASlowAnswerTakesItsTimeByTheClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := emulator.NewClock(start)
		p := newPay(t, func(c *emulator.Config) { c.Clock = clock })
		p.disrupt(emulator.Disruption{Case: "slow", Delay: 20 * time.Second})
		took := func() time.Duration {
			begun := time.Now()
			if a := p.send(p.request("GET", certificates, nil)); a.status != 200 || p.signed(a) != nil {
				t.Errorf("%d %s", a.status, a.body)
			}
			return time.Since(begun)
		}
		if d := took(); d != 20*time.Second {
			t.Errorf("the clock stands still: %v", d)
		}
		if err := clock.Go(10); err != nil {
			t.Fatal(err)
		}
		if d := took(); d != 2*time.Second {
			t.Errorf("ten times faster: %v", d)
		}
		p.disrupt(emulator.Disruption{Case: "slow", Delay: time.Hour})
		if err := p.Restore("d1"); err != nil {
			t.Fatal(err)
		}
		clock.Freeze()
		if d := took(); d != 30*time.Second {
			t.Errorf("an hour: %v of the machine's", d)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		p.send(p.request("GET", certificates, nil).WithContext(ctx))
		if d := time.Since(begun); d != time.Second {
			t.Errorf("a caller that goes away is kept for %v", d)
		}
	})
}

func TestWhichRequestsAreDisrupted(t *testing.T) {
	t.Parallel()
	ok := func(p *pay, method, target string) bool {
		a := p.send(p.request(method, target, nil))
		return a.status != 503
	}
	for name, tt := range map[string]struct {
		d    emulator.Disruption
		want []bool // of certificates, the contract, another contract, certificates by a query
	}{
		"any":                {emulator.Disruption{}, []bool{false, false, false, false}},
		"a path":             {emulator.Disruption{Path: certificates}, []bool{false, true, true, false}},
		"a template":         {emulator.Disruption{Path: "/v3/password-exempt-contract/contracts/service-id/{service_id}/out-contract-code/{out_contract_code}"}, []bool{true, false, false, true}},
		"a path as sent":     {emulator.Disruption{Path: contractPath("a1")}, []bool{true, false, true, true}},
		"a beginning":        {emulator.Disruption{Path: "/v3/password-exempt-contract/*"}, []bool{true, false, false, true}},
		"a method":           {emulator.Disruption{Method: "post"}, []bool{true, true, true, true}},
		"the second":         {emulator.Disruption{After: 1, Count: 1}, []bool{true, false, true, true}},
		"two of a kind":      {emulator.Disruption{Path: certificates, Count: 1}, []bool{false, true, true, true}},
		"what never happens": {emulator.Disruption{Path: "/v3/nothing"}, []bool{true, true, true, true}},
	} {
		p := newPay(t)
		tt.d.Case = "SERVICE_UNAVAILABLE"
		p.disrupt(tt.d)
		got := []bool{ok(p, "GET", certificates), ok(p, "GET", contractPath("a1")), ok(p, "GET", contractPath("a2")), ok(p, "GET", certificates+"?algorithm_type=RSA")}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// TestAFailingRunRepeats: the same seed disrupts the same requests.
func TestAFailingRunRepeats(t *testing.T) {
	t.Parallel()
	fates := func(seed, own string) string {
		p := newPay(t, func(c *emulator.Config) { c.Seed = seed })
		p.disrupt(emulator.Disruption{Case: "SYSTEM_ERROR", Chance: 0.3, Seed: own})
		var b strings.Builder
		for range 60 {
			b.WriteByte("-X"[map[bool]int{true: 1}[p.send(p.request("GET", certificates, nil)).status == 500]])
		}
		if got := p.Disruptions()[0]; got.Matched != 60 || got.Hits != strings.Count(b.String(), "X") {
			t.Errorf("counted %+v in %s", got, &b)
		}
		return b.String()
	}
	one := fates("1", "")
	if n := strings.Count(one, "X"); n < 6 || n > 32 {
		t.Errorf("%d of 60 at 0.3: %s", n, one)
	}
	if again := fates("1", ""); again != one {
		t.Errorf("the same seed:\n%s\n%s", one, again)
	}
	if again := fates("2", "1"); again != one {
		t.Errorf("the same seed of its own:\n%s\n%s", one, again)
	}
	if other := fates("2", ""); other == one {
		t.Error("another seed makes no difference")
	}
}

func TestFaultsByTheAdminInterface(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	made := p.adminOK("POST", "/faults", `{"case":"slow","path":"/v3/certificates","count":2,"chance":0.5,"delay":"3s"}`)
	if made["id"] != "d1" || made["delay"] != "3s" || made["chance"] != 0.5 {
		t.Errorf("made %v", made)
	}
	p.adminOK("POST", "/faults", `{"case":"cut","after":3}`)
	if list := p.adminOK("GET", "/faults", "")["list"].([]any); len(list) != 2 || list[1].(map[string]any)["hits"] != 0.0 {
		t.Errorf("list %v", list)
	}
	p.adminOK("DELETE", "/faults/d1", "")
	for body, status := range map[string]int{
		`{"case":"nothing"}`: 404, `{"case":"cut","chance":1.5}`: 400, `{"case":"cut","chance":-1}`: 400, `{"case":"cut","count":-1}`: 400,
		`{"case":"slow","delay":"soon"}`: 400, `{"case":"slow","delay":"-1s"}`: 400, `{"case":"oversized","size":99999999}`: 400,
		`{"case":"cut","path":"v3"}`: 400, `{}`: 400,
	} {
		if a := p.admin("POST", "/faults", body); a.status != status {
			t.Errorf("%s: %d %s, want %d", body, a.status, a.body, status)
		}
	}
	if a := p.admin("DELETE", "/faults/d1", ""); a.status != 404 {
		t.Errorf("ended twice: %d", a.status)
	}
	if err := p.Reset(); err != nil || len(p.Disruptions()) != 0 {
		t.Errorf("after a reset: %v, %v", p.Disruptions(), err)
	}
	contains(t, p.admin("GET", "/", "").body, `"case":"truncated"`, `"case":"FREQUENCY_LIMITED"`, `"notification_faults":["ciphertext","duplicate"`)
}
