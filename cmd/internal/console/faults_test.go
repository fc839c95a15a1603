package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"github.com/wxpay-go/wxpay/emulator"
)

// A fault is added, hits a request, and is ended; what cannot be read in the
// form is named.
func TestFaults(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	page := s.base + "/faults"
	text := s.submit(page, "/faults", "case", "SYSTEM_ERROR", "path", "/v3/pay/*", "count", "2")
	has(t, text, "It goes wrong from now on: SYSTEM_ERROR", "/v3/pay/*", "0 / 0 requests", "at most 2×")
	if answer := s.call("GET", "/v3/pay/transactions/out-trade-no/20260918100000000001?mchid="+emulator.DefaultMchID, nil); answer["code"] != "SYSTEM_ERROR" {
		t.Errorf("the answer is %v", answer)
	}
	_, text = s.get(page)
	has(t, text, "1 / 1 requests")
	text = s.submit(page, "/faults/"+s.pay.Disruptions()[0].ID+"/end")
	has(t, text, "Nothing goes wrong on purpose.")
	for field, want := range map[string]string{"count": "count is not a whole number", "chance": "chance is not a number from 0 to 1", "delay": "delay is not a time such as 90s or 2h"} {
		if status, text := s.post(page, "/faults", "case", "slow", field, "x"); status != http.StatusBadRequest || !strings.Contains(text, want) {
			t.Errorf("%s = x: %d, %s", field, status, text)
		}
	}
	if status, text := s.post(page, "/faults", "case", "slow", "chance", "2"); status != http.StatusBadRequest || !strings.Contains(text, "chance is not above 0 and at most 1") {
		t.Errorf("chance = 2: %d, %s", status, text)
	}
}

// A merchant is made, calls by itself, and is removed.
func TestMerchants(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	page := s.base + "/merchants"
	text := s.submit(page, "/merchants", "mchid", "1900000201", "role", "service-provider", "sub_merchants", "1900000211，1900000212", "keys", "public-key")
	has(t, text, "Made: merchant 1900000201", "service provider", "1900000211, 1900000212", "/shop/.wxpay/merchants/1900000201/wxpay.env")
	if made := s.platform.Merchants()[1]; made.Keys != emulator.KeyPublic || len(made.SubMerchants) != 2 {
		t.Errorf("made %+v", made)
	}
	for name, tt := range map[string]struct {
		values []string
		want   string
	}{
		"twice":             {[]string{"mchid", "1900000201"}, "is there already"},
		"no number":         {[]string{"mchid", "shop"}, "is not a number of 1 to 32 digits"},
		"a direct merchant": {[]string{"role", "direct", "sub_merchants", "1900000211"}, "SubMerchants"},
	} {
		if status, text := s.post(page, "/merchants", tt.values...); status < 400 || status >= 500 || !strings.Contains(text, tt.want) {
			t.Errorf("%s: %d, %s", name, status, text)
		}
	}
	text = s.submit(page, "/merchants/1900000201/remove")
	has(t, text, "Removed: merchant 1900000201")
	if n := len(s.platform.Merchants()); n != 1 {
		t.Errorf("%d merchants", n)
	}
	_, _ = s.get(page)
	if status, _ := s.post(page, "/merchants/"+emulator.DefaultMchID+"/remove"); status != http.StatusConflict {
		t.Errorf("the first merchant's removal = %d", status)
	}
}

// A refund is seen with its order, and can be let fail there.
func TestRefundsOfAnOrder(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	prepayID := s.order("20260918100000000001")
	if _, err := s.pay.Pay(prepayID, ""); err != nil {
		t.Fatal(err)
	}
	s.call("POST", "/v3/refund/domestic/refunds", map[string]any{"out_trade_no": "20260918100000000001", "out_refund_no": "refund1", "notify_url": "https://shop.example/refunded", "amount": map[string]any{"refund": 100, "total": 1990, "currency": "CNY"}})
	text := s.submit(s.base+"/orders/"+prepayID, "/scenarios/refund1", "scenario", "refund-abnormal")
	has(t, text, "It happened: refund-abnormal", "¥1.00", "REFUND.ABNORMAL", "abnormal")
}

// post sends a form that the page need not have, with the page's token.
func (s *stage) post(page, action string, values ...string) (int, string) {
	s.t.Helper()
	_, text := s.get(page)
	_, rest, _ := strings.Cut(text, `name="token"`)
	form := url.Values{"token": {attribute(rest, "value")}}
	for i := 0; i < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	return s.do(http.MethodPost, s.base+action, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
}

// TestEverythingIsSaidInChinese: each scenario and each fault.
func TestEverythingIsSaidInChinese(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	_, page := s.get(s.base+"/faults", "Accept-Language", "zh")
	session := s.presign("wxwtdk20260918000001", "")
	_, signing := s.get(s.base+"/contracts/service_id/12535/wxwtdk20260918000001", "Accept-Language", "zh")
	contract, err := s.pay.Agree(session, "")
	if err != nil {
		t.Fatal(err)
	}
	_, inForce := s.get(s.base+"/contracts/service_id/12535/"+contract.Code, "Accept-Language", "zh")
	events, err := s.pay.LastEvents(1)
	if err != nil {
		t.Fatal(err)
	}
	_, event := s.get(s.base+"/events/"+events[0].ID, "Accept-Language", "zh")
	prepayID := s.order("20260918100000000001")
	if _, err := s.pay.Pay(prepayID, ""); err != nil {
		t.Fatal(err)
	}
	s.call("POST", "/v3/refund/domestic/refunds", map[string]any{"out_trade_no": "20260918100000000001", "out_refund_no": "refund1", "notify_url": "https://shop.example/refunded", "amount": map[string]any{"refund": 100, "total": 1990, "currency": "CNY"}})
	_, refund := s.get(s.base+"/orders/"+prepayID, "Accept-Language", "zh")
	all := page + signing + inForce + event + refund
	names := map[string]bool{}
	for _, c := range emulator.DisruptionCases() {
		names[c.Name] = true
	}
	for _, c := range emulator.Scenarios() {
		names[c.Name] = true
	}
	for name := range names {
		_, rest, ok := strings.Cut(all, `<option value="`+name+`">`)
		said, _, _ := strings.Cut(rest, "</option>")
		if !ok || !strings.ContainsFunc(said, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s is %q", name, said)
		}
	}
}
