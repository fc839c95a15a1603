package emulator_test

import (
	"context"
	"errors"
	"fmt"
	"math"
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

func TestAClockRunsFasterStopsAndGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := emulator.NewClock(start)
		if err := c.Go(3600); err != nil {
			t.Fatal(err)
		}
		<-time.After(2 * time.Second) // of the bubble
		if got := c.Now(); !got.Equal(start.Add(2*time.Hour)) || c.Rate() != 3600 {
			t.Errorf("two seconds at an hour a second: %v at rate %v", got, c.Rate())
		}
		c.Freeze()
		<-time.After(time.Second)
		if got := c.Now(); !got.Equal(start.Add(2*time.Hour)) || c.Rate() != 0 {
			t.Errorf("stopped: %v at rate %v", got, c.Rate())
		}
		c.Set(start)
		if err := c.Go(0.5); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Minute)
		if got := c.Now(); !got.Equal(start.Add(30 * time.Second)) {
			t.Errorf("a minute at half the speed: %v", got)
		}
	})
	for _, rate := range []float64{0, -1, emulator.MaxRate + 1, math.NaN(), math.Inf(1)} {
		if err := emulator.NewClock(start).Go(rate); err == nil {
			t.Errorf("a rate of %v is none", rate)
		}
	}
}

// TestAFasterClockDeliversInOrder lets a day of repetitions pass in 24 seconds
// of the machine's time.
func TestAFasterClockDeliversInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop, into := receiving(500)
		clock := emulator.NewClock(start)
		p := newPay(t, into, func(c *emulator.Config) { c.Clock = clock })
		p.signMini(code)
		if err := clock.Go(3600); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), 25*time.Second)
		defer stop()
		if err := p.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if n := len(shop.all()); n != 16 {
			t.Errorf("%d attempts in a day", n)
		}
		events, err := p.Events()
		if err != nil || events[0].State != emulator.EventFailed {
			t.Fatalf("%v, %+v", err, events)
		}
		for i, a := range events[0].Attempts[1:] {
			if !a.At.After(events[0].Attempts[i].At) {
				t.Errorf("attempt %d at %v, after one at %v", i+1, a.At, events[0].Attempts[i].At)
			}
		}
	})
}

func TestTheClockOfAMerchantByTheAdminInterface(t *testing.T) {
	t.Parallel()
	shop, into := receiving(204)
	p := newPay(t, into)
	p.signMini(code)
	if got := p.adminOK("POST", "/clock/set", `{"time":"2026-09-18T11:00:00+08:00"}`); got["due"] != 0.0 || len(shop.all()) != 1 {
		t.Errorf("set forwards: %v, %d notifications", got, len(shop.all()))
	}
	if got := p.adminOK("POST", "/clock/set", `{"time":"2026-09-18T09:00:00+08:00"}`); got["now"] != "2026-09-18T09:00:00+08:00" {
		t.Errorf("set back: %v", got)
	}
	if got := p.adminOK("POST", "/clock/run", `{"rate":60}`); got["clock_rate"] != 60.0 || got["clock_frozen"] != false {
		t.Errorf("run: %v", got)
	}
	if got := p.adminOK("POST", "/clock/freeze", ""); got["clock_rate"] != 0.0 || got["clock_frozen"] != true {
		t.Errorf("freeze: %v", got)
	}
	if a := p.admin("POST", "/clock/run", `{"rate":0}`); a.status != 400 {
		t.Errorf("a rate of 0: %d %s", a.status, a.body)
	}
	if got := p.adminOK("POST", "/clock/run", ""); got["clock_rate"] != 1.0 {
		t.Errorf("run as the machine does: %v", got)
	}
}
