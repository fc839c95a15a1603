package emulator_test

import (
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
)

// TestNoIdentifierIsGivenTwice begins a seeded emulator again where the state
// does not begin again: after a restart, and after an import. What it would
// have drawn is what the state has.
func TestNoIdentifierIsGivenTwice(t *testing.T) {
	t.Parallel()
	seeded := func(store emulator.Store) *pay {
		return newPay(t, func(c *emulator.Config) { c.Seed, c.Store = "7", store })
	}
	store := emulator.NewMemory()
	first := seeded(store)
	had := first.given("a")
	imported := seeded(nil)
	if err := imported.Import(strings.NewReader(exported(t, first.Emulator))); err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]*pay{"restarted": seeded(store), "imported": imported} {
		for what, id := range p.given("b") {
			if id == had[what] || id == "" {
				t.Errorf("%s: %s %q was given before", name, what, id)
			}
		}
	}
	for what, id := range seeded(nil).given("b") {
		if id != had[what] {
			t.Errorf("%s: %q, want %q: the seed makes another one, so that this shows nothing", what, id, had[what])
		}
	}
}

// given makes one of everything that is given an identifier, and returns the
// identifiers by what they are of.
func (p *pay) given(name string) map[string]string {
	p.t.Helper()
	prepay := p.order("out_trade_no", "order-"+name)
	if _, err := p.Pay(prepay, ""); err != nil {
		p.t.Fatal(err)
	}
	order, err := p.Order(prepay)
	if err != nil {
		p.t.Fatal(err)
	}
	refund := p.call("POST", refunds, refundBody("refund-"+name, 10, "out_trade_no", order.OutTradeNo), 200)
	elsewhere, err := p.AddOrder(emulator.Order{OutTradeNo: "elsewhere-" + name, AppID: "wxd678efh567hg6787", NotifyURL: "https://localhost/paid"}, 100)
	if err != nil {
		p.t.Fatal(err)
	}
	etc, err := p.Agree(p.preopen("plate_number", nil), "")
	if err != nil {
		p.t.Fatal(err)
	}
	events, err := p.Events()
	if err != nil {
		p.t.Fatal(err)
	}
	return map[string]string{
		"prepay_id": prepay, "transaction_id": order.TransactionID, "transaction_id of an order elsewhere": elsewhere.TransactionID,
		"refund_id": refund["refund_id"].(string), "preopen_id": etc.SessionID, "plate_number": etc.Plate, "contract_id": etc.ContractID,
		"parking_id": p.enter("out_parking_no", "parking-"+name).(string), "event id": events[len(events)-1].ID,
	}
}

// zeros is a source that is out of order.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// Without an end to the drawing a broken source would hold the store for ever.
func TestABrokenSourceGivesNoIdentifierTwice(t *testing.T) {
	t.Parallel()
	p := newPay(t, func(c *emulator.Config) { c.Rand = zeros{} })
	p.order()
	if a := p.send(p.request("POST", jsapi, marshal(t, with(orderBody, "out_trade_no", "another")))); a.status != 500 {
		t.Errorf("%d %s, want an error of the system", a.status, a.body)
	}
}
