package emulator_test

import (
	"context"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// TestAdvanceDoesWhatFallsDueAtItsTime: a deduction, its notifications and the
// end of its contract, each when it is due, and before what is due later.
func TestAdvanceDoesWhatFallsDueAtItsTime(t *testing.T) {
	t.Parallel()
	shop, into := receiving(204)
	p := newPay(t, into)
	contract := p.reserved()
	p.call("POST", apply, applyBody(contract.ContractID), 200)
	if err := p.Advance(t.Context(), 48*time.Hour); err != nil {
		t.Fatal(err)
	}
	events, err := p.Events()
	if err != nil || len(events) != 3 || len(shop.all()) != 3 {
		t.Fatalf("%v, %d events, %d deliveries", err, len(events), len(shop.all()))
	}
	due := time.Date(2026, 9, 20, 0, 0, 5, 0, start.Location())
	for i, want := range []string{"ENTRUST.SIGN", "TRANSACTION.SUCCESS", "ENTRUST.TERMINATE"} {
		event := events[i]
		if event.Type != want || event.State != emulator.EventDelivered || i > 0 && (!event.CreatedAt.Equal(due) || !event.Attempts[0].At.Equal(due)) {
			t.Errorf("%s at %v, delivered %v; want %s at %v", event.Type, event.CreatedAt, event.Attempts, want, due)
		}
	}
}

func TestRunDoesWhatFallsDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop, into := receiving(204)
		clock := emulator.NewClock(start)
		p := newPay(t, into, func(c *emulator.Config) { c.Clock = clock })
		contract := p.reserved()
		p.call("POST", apply, applyBody(contract.ContractID), 200)
		if err := clock.Go(1); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), 6*time.Second)
		defer stop()
		if err := p.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if n := len(shop.all()); n != 3 {
			t.Errorf("%d deliveries", n)
		}
	})
}

func TestResetForgetsWhatWasToFallDue(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.reserved()
	p.call("POST", apply, applyBody(contract.ContractID), 200)
	if err := p.Reset(); err != nil {
		t.Fatal(err)
	}
	p.clock.Advance(48 * time.Hour)
	if events, err := p.Events(); err != nil || len(events) != 0 {
		t.Errorf("%v, %v", events, err)
	}
}

// meter counts what the transactions of a store touch.
type meter struct {
	emulator.Store
	touched *int
}

func (m meter) Update(f func(emulator.Tx) error) error {
	return m.Store.Update(func(tx emulator.Tx) error { return f(meterTx{tx, m.touched}) })
}

func (m meter) View(f func(emulator.Tx) error) error {
	return m.Store.View(func(tx emulator.Tx) error { return f(meterTx{tx, m.touched}) })
}

type meterTx struct {
	emulator.Tx
	touched *int
}

func (t meterTx) Get(bucket, key string) ([]byte, error) {
	*t.touched++
	return t.Tx.Get(bucket, key)
}

func (t meterTx) Each(bucket, prefix string, visit func(string, []byte) error) error {
	return t.Tx.Each(bucket, prefix, func(key string, value []byte) error {
		*t.touched++
		return visit(key, value)
	})
}

// TestTheCostOfARequestDoesNotGrowWithContracts counts what is read, which no
// machine's speed changes.
func TestTheCostOfARequestDoesNotGrowWithContracts(t *testing.T) {
	t.Parallel()
	cost := func(others int) int {
		touched := 0
		p := newPay(t, func(c *emulator.Config) { c.Store = meter{emulator.NewMemory(), &touched} })
		for i := range others {
			n := strconv.Itoa(i)
			_, err := p.AddContract(emulator.Contract{
				Plan: 12535, Code: "other" + n, AppID: "wxd678efh567hg6787", OpenID: "o" + n, OutUserCode: n,
				Schedule: &emulator.Schedule{Date: "2026-09-21", Amount: 1},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		touched = 0
		contract := p.reserved()
		p.call("POST", apply, applyBody(contract.ContractID), 200)
		p.call("GET", planContract+code, nil, 200)
		return touched
	}
	if few, many := cost(1), cost(2000); few != many {
		t.Errorf("a deduction reads %d things beside one contract, and %d beside 2000", few, many)
	}
}
