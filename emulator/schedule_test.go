package emulator_test

import (
	"context"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/spec"
)

// TestAnEventIsSentAgainByItsOwnSchedule: where the page of an event prints a
// schedule, the attempts are made by that one.
func TestAnEventIsSentAgainByItsOwnSchedule(t *testing.T) {
	t.Parallel()
	shop, into := receiving(500)
	p := newPay(t, into)
	if _, err := p.Trigger("ECOMMERCE_ENTRUST.SIGN", "https://localhost/notify", nil); err != nil {
		t.Fatal(err)
	}
	if err := p.Advance(context.Background(), 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	event, ok := spec.LookupEvent("ECOMMERCE_ENTRUST.SIGN")
	if !ok || len(event.Again) != 29 || len(shop.all()) != 30 {
		t.Fatalf("%d attempts by %v", len(shop.all()), event.Again)
	}
	events, err := p.Events()
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range events[0].Attempts[1:] {
		if waited := a.At.Sub(events[0].Attempts[i].At); waited != time.Duration(event.Again[i])*time.Second {
			t.Errorf("attempt %d after %s, want %d s", i+2, waited, event.Again[i])
		}
	}
	if events[0].State != "failed" {
		t.Errorf("it is %s", events[0].State)
	}
}
