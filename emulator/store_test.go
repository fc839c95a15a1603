package emulator_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/emulator/storetest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) emulator.Store { return emulator.NewMemory() })
}

// brokenStore fails every write of one bucket.
type brokenStore struct {
	emulator.Store
	bucket string
}

type brokenTx struct {
	emulator.Tx
	bucket string
}

func (s brokenStore) Update(f func(emulator.Tx) error) error {
	return s.Store.Update(func(tx emulator.Tx) error { return f(brokenTx{tx, s.bucket}) })
}

func (t brokenTx) Put(bucket, key string, value []byte) error {
	if bucket == t.bucket {
		return errors.New("the disk is full")
	}
	return t.Tx.Put(bucket, key, value)
}

// TestAFailedActionLeavesNothingBehind: every action is one transaction.
func TestAFailedActionLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	store := emulator.NewMemory()
	p := newPay(t, func(c *emulator.Config) { c.Store = store })
	session := p.call("POST", normalMini, miniBody, 200)["pre_entrustweb_id"].(string)
	broken := newPay(t, func(c *emulator.Config) { c.Store = brokenStore{store, "events"} })
	if _, err := broken.Agree(session, ""); err == nil {
		t.Fatal("the broken store signed")
	}
	answer := broken.call("POST", echoPath, map[string]any{"echo_message": "a", "notify_url": "https://localhost/n"}, 500)
	if answer["code"] != "SYSTEM_ERROR" || answer["message"] != "系统异常，请稍后重试" || len(answer) != 2 {
		t.Errorf("the answer tells what went wrong inside: %v", answer)
	}
	s, err := p.Summary()
	if err != nil || s.Events != 0 || s.Due != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := p.Agree(session, ""); err != nil {
		t.Errorf("the session is over, though nobody signed: %v", err)
	}
}

// BenchmarkServePreSign shows that a request costs the same whatever the
// number of contracts. The floor is the two RSA operations that the protocol
// asks of the server, one signature and one verification of 2048 bits, which
// are more than nine tenths of the time; the merchant's own signature is made
// outside.
func BenchmarkServePreSign(b *testing.B) {
	for _, contracts := range []int{0, 10000} {
		b.Run(fmt.Sprintf("contracts=%d", contracts), func(b *testing.B) {
			p := newPay(b, func(c *emulator.Config) { c.Store = fullStore(b, contracts) })
			requests := make([]string, 16)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				body := fmt.Appendf(nil, `{"appid":"wx1","service_id":12535,"out_contract_code":"c%d","notify_url":"https://localhost/n","contract_display_account":"a","openid":"o"}`, i%len(requests))
				r := p.request("POST", normalMini, body)
				b.StartTimer()
				if a := p.send(r); a.status != 200 {
					b.Fatal(a.status, a.body)
				}
			}
		})
	}
}

// fullStore holds n contracts of other plans.
func fullStore(b *testing.B, n int) emulator.Store {
	store := emulator.NewMemory()
	err := store.Update(func(tx emulator.Tx) error {
		for i := range n {
			if err := tx.Put("contracts", fmt.Sprintf("service_id/1900000109/1/%d", i), []byte("{}")); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return store
}
