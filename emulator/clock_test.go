package emulator_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

func TestAFrozenClockMovesOnlyWhenItIsMoved(t *testing.T) {
	t.Parallel()
	c := emulator.NewClock(start)
	c.Advance(time.Hour)
	if got := c.Now(); !got.Equal(start.Add(time.Hour)) || !c.Frozen() {
		t.Errorf("at %v", got)
	}
	c.Set(start)
	if got := c.Now(); !got.Equal(start) {
		t.Errorf("set back, at %v", got)
	}
}

func TestARunningClockRunsOnFromWhereItIsSet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &emulator.Clock{}
		if got := c.Now(); !got.Equal(time.Now()) || c.Frozen() {
			t.Errorf("the zero value says %v", got)
		}
		c.Set(start)
		<-time.After(time.Minute) // the time of the bubble
		if got := c.Now(); !got.Equal(start.Add(time.Minute)) {
			t.Errorf("a minute after start it says %v", got)
		}
		c.Advance(time.Hour)
		if got := c.Now(); !got.Equal(start.Add(time.Hour + time.Minute)) {
			t.Errorf("an hour on it says %v", got)
		}
	})
}

// TestNoAnswerTellsTheMachinesTime looks at the one header that net/http would
// write by itself.
func TestNoAnswerTellsTheMachinesTime(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	server := httptest.NewServer(p)
	defer server.Close()
	for path, status := range map[string]int{"/nothing": 404, certificates: 401, "/_wxpay/state": 200} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", "*/*")
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if got := answer.Header.Get("Date"); answer.StatusCode != status || got != "Fri, 18 Sep 2026 02:00:00 GMT" {
			t.Errorf("%s = %d, Date %q", path, answer.StatusCode, got)
		}
	}
}

func TestAdvanceBackwardsIsRefused(t *testing.T) {
	t.Parallel()
	if err := newPay(t).Advance(t.Context(), -1); codeOf(err) != "invalid" {
		t.Errorf("got %v", err)
	}
}

// TestRunEndsWithAStoreThatFails: an attempt that cannot be written down must
// not be made again and again.
func TestRunEndsWithAStoreThatFails(t *testing.T) {
	t.Parallel()
	shop, into := receiving(204)
	store := emulator.NewMemory()
	newPay(t, func(c *emulator.Config) { c.Store = store }).signMini(code)
	p := newPay(t, into, func(c *emulator.Config) { c.Store = brokenStore{store, "events"} })
	if err := p.Run(t.Context()); err == nil || err.Error() != "the disk is full" {
		t.Errorf("Run = %v", err)
	}
	if n := len(shop.all()); n != 1 {
		t.Errorf("%d attempts", n)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	if err := newPay(t).Run(ctx); err != nil {
		t.Errorf("Run = %v", err)
	}
}

func Example() {
	pay, err := emulator.New(emulator.Config{Clock: emulator.NewClock(start)})
	if err != nil {
		panic(err)
	}
	defer pay.Close()
	server := httptest.NewServer(pay)
	defer server.Close()

	// A merchant's program now reaches WeChat Pay at server.URL, with the keys
	// of pay.Credentials(). This request has no Authorization.
	r, err := http.NewRequestWithContext(context.Background(), "GET", server.URL+"/v3/certificates", nil)
	if err != nil {
		panic(err)
	}
	r.Header.Set("Accept", "application/json")
	answer, err := server.Client().Do(r)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	fmt.Println(answer.Status)
	// Output: 401 Unauthorized
}
