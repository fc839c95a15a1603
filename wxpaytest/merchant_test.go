package wxpaytest_test

import (
	"context"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/notify"
	"github.com/wxpay-go/wxpay/wxpaytest"
)

// as is the merchant of a server that is there already.
func as(t *testing.T, srv *wxpaytest.Server) *merchant {
	t.Helper()
	m := &merchant{t: t, srv: srv, wx: srv.Client()}
	receiver, err := notify.New(srv.NotifyConfig())
	if err != nil {
		t.Fatal(err)
	}
	srv.Notify(notifyURL, receiver.Handler(func(_ context.Context, e *notify.Event) error {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.got = append(m.got, e.Type)
		return nil
	}))
	return m
}

// TestParallelTestsShareOneServer: the same contract code, the same notify URL,
// and clocks that go apart.
func TestParallelTestsShareOneServer(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]wxpaytest.Option{"in memory": nil, "with a port": {wxpaytest.WithPort()}} {
		srv := wxpaytest.NewServer(t, opts...)
		for _, ahead := range []time.Duration{time.Minute, time.Hour, 24 * time.Hour} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				m := as(t, srv.Merchant(t, emulator.Merchant{Role: emulator.RoleDirect}))
				m.srv.Scenario("user-terminated", m.srv.Scenario("signed", m.preSign("b1")).Contract.ContractID)
				m.srv.Advance(ahead)
				if got := m.srv.Emulator().Clock().Now(); !got.Equal(wxpaytest.Start.Add(ahead)) {
					t.Errorf("its clock shows %v", got)
				}
				if got := m.state("b1"); got != "TERMINATED" {
					t.Errorf("its contract is %s", got)
				}
				m.notified("ENTRUST.SIGN", "ENTRUST.TERMINATE")
			})
		}
	}
}

// ending is a test that ends when it is told to.
type ending struct {
	testing.TB
	ends []func()
}

func (e *ending) Cleanup(f func()) { e.ends = append(e.ends, f) }

func TestAMerchantEndsWithItsTest(t *testing.T) {
	t.Parallel()
	srv := wxpaytest.NewServer(t)
	one := &ending{TB: t}
	wx := srv.Merchant(one, emulator.Merchant{MchID: "1900000299"}).Client()
	if err := wx.At("v3/certificates").Get(t.Context(), nil); err != nil {
		t.Error(err)
	}
	for _, end := range one.ends {
		end()
	}
	if err := wx.At("v3/certificates").Get(t.Context(), nil); err == nil {
		t.Error("a merchant that is gone was answered")
	}
}

// TestTheReceiverAndEveryNotificationScenario: whatever happens on the way, the
// merchant handles an event once, or never if it is lost.
func TestTheReceiverAndEveryNotificationScenario(t *testing.T) {
	t.Parallel()
	for _, s := range emulator.Scenarios() {
		if s.Name[:min(12, len(s.Name))] != "notification" {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			m := newMerchant(t)
			m.srv.Scenario(s.Name, "")
			m.srv.Scenario("signed", m.preSign("a1"))
			m.srv.Advance(25 * time.Hour)
			switch s.Name {
			case "notification-lost":
				m.notified()
			case "notification-twice":
				m.notified("ENTRUST.SIGN", "ENTRUST.SIGN") // to tell them apart by id is the handler's
			default:
				m.notified("ENTRUST.SIGN")
			}
		})
	}
}
