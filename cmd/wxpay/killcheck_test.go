package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
)

// kept is the state that an emulator exports, as far as this test looks.
type kept struct {
	State struct {
		Orders    map[string]emulator.Order
		Contracts map[string]emulator.Contract
		Refunds   map[string]emulator.Refund
		Events    map[string]emulator.Event
		Due       map[string]string
	}
}

// check compares what an emulator has after a restart with what the shop was
// told before. It may have more: what was done and not yet told.
func (s *shop) check(t *testing.T, seed uint64) {
	t.Helper()
	arrived := s.arrived() // before the look: a program that has just started goes on with its chores
	var k kept
	if err := json.Unmarshal([]byte(get(t, s.base+"/_wxpay/export")), &k); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	wrong := func(format string, args ...any) {
		t.Helper()
		t.Errorf("seed %d: "+format, append([]any{seed}, args...)...)
	}
	told := k.notifications()
	want := map[string]int{} // notifications
	s.checkMoney(&k, want, wrong)
	for no, c := range byName(k.State.Contracts, func(c emulator.Contract) string { return c.Code }, wrong) {
		if c.ContractID != "" && !strings.HasPrefix(no, "elsewhere") {
			want["ENTRUST.SIGN "+no] = 1
		}
		if c.State == emulator.Terminated {
			want["ENTRUST.TERMINATE "+no] = 1
		}
		if id, known := s.contracts[no]; known && (id != c.ContractID || c.State != emulator.Signed && c.State != emulator.Terminated) {
			wrong("contract %s is %s %s, and %s was told", no, c.ContractID, c.State, id)
		}
		if s.ended[no] && c.State != emulator.Terminated {
			wrong("contract %s is %s, and its termination was told", no, c.State)
		}
	}
	s.checkKnown(&k, wrong)
	for _, id := range arrived {
		if _, ok := k.State.Events[id]; !ok {
			wrong("notification %s arrived and is lost", id)
		}
	}
	if !maps.Equal(told, want) {
		wrong("the notifications are %v, want %v", differing(told, want), differing(want, told))
	}
	k.checkDue(wrong)
}

// checkMoney looks at orders, deductions and refunds, and counts what must have
// been notified of them.
func (s *shop) checkMoney(k *kept, want map[string]int, wrong func(string, ...any)) {
	for no, r := range byName(k.State.Refunds, func(r emulator.Refund) string { return r.OutRefundNo }, wrong) {
		if r.State == emulator.RefundSuccess {
			want["REFUND.SUCCESS "+no] = 1
		}
		if id, known := s.refunded[no]; known && id != r.RefundID {
			wrong("refund %s has the refund_id %s, and %s was told", no, r.RefundID, id)
		}
	}
	for no, order := range byName(k.State.Orders, func(o emulator.Order) string { return o.OutTradeNo }, wrong) {
		paid := order.State == emulator.TradeSuccess || order.State == emulator.TradeRefund
		if paid {
			want["TRANSACTION.SUCCESS "+no] = 1
		}
		if id, known := s.orders[no]; known && id != order.PrepayID {
			wrong("order %s has the prepay_id %s, and %s was told", no, order.PrepayID, id)
		}
		if s.paid[no] && !paid {
			wrong("order %s is %s, and its payment was told", no, order.State)
		}
	}
}

// checkKnown looks for what was told and is gone.
func (s *shop) checkKnown(k *kept, wrong func(string, ...any)) {
	orders := byName(k.State.Orders, func(o emulator.Order) string { return o.OutTradeNo }, wrong)
	contracts := byName(k.State.Contracts, func(c emulator.Contract) string { return c.Code }, wrong)
	for no := range s.orders {
		if _, ok := orders[no]; !ok {
			wrong("order %s is lost", no)
		}
	}
	for no := range s.deducted {
		if _, ok := orders[no]; !ok {
			wrong("deduction %s is lost", no)
		}
	}
	refunds := byName(k.State.Refunds, func(r emulator.Refund) string { return r.OutRefundNo }, wrong)
	for no := range s.refunded {
		if _, ok := refunds[no]; !ok {
			wrong("refund %s is lost", no)
		}
	}
	for no := range s.contracts {
		if _, ok := contracts[no]; !ok {
			wrong("contract %s is lost", no)
		}
	}
}

// arrived are the notifications that came so far.
func (s *shop) arrived() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Concat(slices.Collect(maps.Keys(s.accepted)), slices.Collect(maps.Keys(s.refused)))
}

// byName names things by what the shop calls them, and finds doubles.
func byName[T any](things map[string]T, name func(T) string, wrong func(string, ...any)) map[string]T {
	named := map[string]T{}
	for _, thing := range things {
		if _, twice := named[name(thing)]; twice {
			wrong("%s is there twice", name(thing))
		}
		named[name(thing)] = thing
	}
	return named
}

// notifications counts them by type and by what they are about.
func (k *kept) notifications() map[string]int {
	count := map[string]int{}
	for _, e := range k.State.Events {
		var about struct {
			OutTradeNo string `json:"out_trade_no"`
			Code       string `json:"out_contract_code"`
		}
		_ = json.Unmarshal(e.Resource, &about) // what is no object is about nothing, and counted so
		count[e.Type+" "+about.OutTradeNo+about.Code]++
	}
	return count
}

// checkDue: what waits is due once, at its time, and nothing else is.
func (k *kept) checkDue(wrong func(string, ...any)) {
	due := map[string]int{}
	for key, id := range k.State.Due {
		due[id]++
		if e, ok := k.State.Events[id]; !ok || !strings.HasPrefix(key, e.Next.UTC().Format("20060102150405.000000000")) {
			wrong("%s is due at %s, and it is %s at %v", id, key, e.State, e.Next)
		}
	}
	for id, e := range k.State.Events {
		if waits := e.State == emulator.EventPending; waits != (due[id] == 1) {
			wrong("%s is %s, and due %d times", id, e.State, due[id])
		}
	}
}

// differing is what of a is not so in b.
func differing(a, b map[string]int) map[string]int {
	only := map[string]int{}
	for name, n := range a {
		if b[name] != n {
			only[name] = n
		}
	}
	return only
}

// receivesAll lets time pass until nothing is due, and then looks whether
// every notification was accepted.
func (s *shop) receivesAll(t *testing.T) {
	t.Helper()
	for due := 1.0; due > 0; {
		summary, err := s.post(t.Context(), "/_wxpay/clock/advance", []byte(`{"duration":"1m"}`), "")
		if err != nil {
			t.Fatal(err)
		}
		due, _ = summary["due"].(float64)
	}
	var k kept
	if err := json.Unmarshal([]byte(get(t, s.base+"/_wxpay/export")), &k); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(k.State.Events) < kills || len(s.refused) == 0 {
		t.Errorf("%d notifications, %d of them refused at first: too few to be a test", len(k.State.Events), len(s.refused))
	}
	for no, o := range k.State.Orders {
		if s.deducted[o.OutTradeNo] && o.State != emulator.TradeSuccess {
			t.Errorf("deduction %s is %s in the end", no, o.State)
		}
	}
	for no, r := range k.State.Refunds {
		if r.State != emulator.RefundSuccess {
			t.Errorf("refund %s is %s in the end", no, r.State)
		}
	}
	for id, e := range k.State.Events {
		if s.accepted[id] == 0 || e.State != emulator.EventDelivered {
			t.Errorf("notification %s is %s, accepted %d times", id, e.State, s.accepted[id])
		}
	}
}
