package emulator_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// TestEveryWayOfANotification: when it arrives, with what wrong, and that it
// comes again, rightly, if it was refused.
func TestEveryWayOfANotification(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		after   []time.Duration // of each arrival
		refused sign.Code       // of the first
	}{
		"notification-lost":       {nil, ""},
		"notification-late":       {[]time.Duration{time.Hour}, ""},
		"notification-reordered":  {[]time.Duration{time.Minute}, ""},
		"notification-twice":      {[]time.Duration{0, 0}, ""},
		"notification-ciphertext": {[]time.Duration{0, 15 * time.Second}, ""},
		"notification-serial":     {[]time.Duration{0, 15 * time.Second}, sign.CodeSerial},
		"notification-stale":      {[]time.Duration{0, 15 * time.Second}, sign.CodeClock},
		"notification-probe":      {[]time.Duration{0, 15 * time.Second}, sign.CodeProbe},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, armed := range []bool{true, false} {
				shop := &strict{}
				p := newPay(t, func(c *emulator.Config) { c.Client = &http.Client{Transport: shop} })
				shop.p = p
				if armed {
					p.play(name, "")
				}
				p.signMini(code)
				if !armed {
					events, err := p.Events()
					if err != nil {
						t.Fatal(err)
					}
					p.play(name, events[0].ID)
				}
				if err := p.Advance(t.Context(), 26*time.Hour); err != nil {
					t.Fatal(err)
				}
				shop.check(t, want.after, want.refused)
				events, err := p.Events()
				if err != nil {
					t.Fatal(err)
				}
				state := emulator.EventDelivered
				if want.after == nil {
					state = emulator.EventFailed
				}
				if events[0].State != state || len(events[0].Attempts) != len(want.after) || len(events[0].Faults) != 0 {
					t.Errorf("event %+v", events[0])
				}
			}
		})
	}
}

// strict is a merchant that refuses what does not verify or decrypt.
type strict struct {
	p    *pay
	mu   sync.Mutex
	at   []time.Time
	errs []error
}

func (s *strict) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	bad := s.p.signed(answer{header: r.Header, body: string(body)})
	var sealed struct{ Resource seal.Resource }
	if bad == nil {
		bad = json.Unmarshal(body, &sealed)
	}
	if bad == nil {
		_, bad = seal.Open([]byte(s.p.creds.APIv3Key), sealed.Resource)
	}
	status := 204
	if bad != nil {
		status = 401
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at, s.errs = append(s.at, s.p.clock.Now()), append(s.errs, bad)
	return &http.Response{StatusCode: status, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
}

func (s *strict) check(t *testing.T, after []time.Duration, refused sign.Code) {
	t.Helper()
	if len(s.at) != len(after) {
		t.Fatalf("%d arrivals at %v, want %d", len(s.at), s.at, len(after))
	}
	for i, d := range after {
		if !s.at[i].Equal(start.Add(d)) {
			t.Errorf("arrival %d at %v, want after %v", i, s.at[i], d)
		}
	}
	if refused != "" {
		if e, ok := errors.AsType[*sign.Error](s.errs[0]); !ok || e.Code != refused {
			t.Errorf("the first: %v, want %s", s.errs[0], refused)
		}
	}
	if n := len(s.errs); n > 0 && s.errs[n-1] != nil {
		t.Errorf("the last: %v", s.errs[n-1])
	}
}

// TestReorderedNotificationsChangePlaces: the termination comes before the
// signing that it follows.
func TestReorderedNotificationsChangePlaces(t *testing.T) {
	t.Parallel()
	shop, into := receiving(204)
	p := newPay(t, into)
	p.play("notification-reordered", "")
	p.play("user-terminated", p.signMini(code).ContractID)
	if err := p.Advance(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, n := range shop.all() {
		envelope, _ := p.open(n)
		types = append(types, envelope["event_type"].(string))
	}
	if strings.Join(types, " ") != "ENTRUST.TERMINATE ENTRUST.SIGN" {
		t.Errorf("arrived: %v", types)
	}
}

func TestAnEventThatArrivedIsNotLost(t *testing.T) {
	t.Parallel()
	shop, into := receiving(204)
	p := newPay(t, into)
	p.signMini(code)
	p.deliver()
	events, err := p.Events()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"notification-lost", "notification-late", "notification-reordered"} {
		if _, err := p.Play(t.Context(), name, events[0].ID); codeOf(err) != "conflict" {
			t.Errorf("%s: %v", name, err)
		}
	}
	p.play("notification-twice", events[0].ID)
	p.deliver()
	if n := len(shop.all()); n != 3 {
		t.Errorf("%d arrivals", n)
	}
}
