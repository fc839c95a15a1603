package wxpaytest_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/notify"
	"github.com/wxpay-go/wxpay/wxpaytest"
)

const (
	notifyURL = "https://shop.example/notify"
	preSign   = "v3/password-exempt-contract/contracts/normal/pre-entrust-sign/mini-program"
	contract  = "v3/password-exempt-contract/contracts/service-id/{service_id}/out-contract-code/{out_contract_code}"
)

// merchant pre-signs, and keeps what it is notified of.
type merchant struct {
	t   *testing.T
	srv *wxpaytest.Server
	wx  *wxpay.Client
	mu  sync.Mutex
	got []string
}

func newMerchant(t *testing.T, opts ...wxpaytest.Option) *merchant {
	srv := wxpaytest.NewServer(t, opts...)
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

func (m *merchant) preSign(code string) string {
	m.t.Helper()
	var out struct {
		Session string `json:"pre_entrustweb_id"`
	}
	err := m.wx.Chain(preSign).Post(m.t.Context(), map[string]any{
		"appid": "wxd678efh567hg6787", "service_id": 12535, "out_contract_code": code, "notify_url": notifyURL,
		"contract_display_account": "微信代扣用户A", "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
	}, &out)
	if err != nil {
		m.t.Fatal(err)
	}
	return out.Session
}

func (m *merchant) state(code string) string {
	m.t.Helper()
	var out struct {
		State string `json:"contract_state"`
	}
	err := m.wx.Chain(contract).Get(m.t.Context(), &out, wxpay.Path("service_id", 12535), wxpay.Path("out_contract_code", code))
	if e, ok := errors.AsType[*wxpay.Error](err); ok {
		return e.Code
	}
	if err != nil {
		m.t.Fatal(err)
	}
	return out.State
}

func (m *merchant) notified(want ...string) {
	m.t.Helper()
	if strings.Join(m.got, " ") != strings.Join(want, " ") {
		m.t.Errorf("notified of %v, want %v", m.got, want)
	}
}

func TestAContractIsSignedNotifiedAndEnded(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]wxpaytest.Option{"in memory": nil, "with a port": {wxpaytest.WithPort()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMerchant(t, opts...)
			session := m.preSign("a1")
			if got := m.state("a1"); got != "RESOURCE_NOT_EXISTS" {
				t.Errorf("before the signing: %s", got)
			}
			signed := m.srv.Agree(session)
			m.notified("ENTRUST.SIGN")
			if got := m.state("a1"); got != "SIGNED" {
				t.Errorf("after the signing: %s", got)
			}
			m.srv.Terminate(signed.ContractID)
			m.notified("ENTRUST.SIGN", "ENTRUST.TERMINATE")
			if got := m.state("a1"); got != "TERMINATED" {
				t.Errorf("after the end: %s", got)
			}
		})
	}
}

func TestADeclinedSessionIsSilent(t *testing.T) {
	t.Parallel()
	m := newMerchant(t)
	m.srv.Decline(m.preSign("a1"))
	m.srv.Advance(3 * time.Hour)
	m.notified()
}

func TestAnOrderIsPaidAndItsContractSigned(t *testing.T) {
	t.Parallel()
	m := newMerchant(t)
	var order struct {
		PrepayID string `json:"prepay_id"`
	}
	err := m.wx.At("v3/pay/transactions/jsapi").Post(t.Context(), map[string]any{
		"appid": "wxd678efh567hg6787", "mchid": emulator.DefaultMchID, "description": "d", "out_trade_no": "123456", "notify_url": notifyURL,
		"amount": map[string]any{"total": 1}, "payer": map[string]any{"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
	}, &order)
	if err != nil {
		t.Fatal(err)
	}
	err = m.wx.At("v3/password-exempt-contract/contracts/normal/pre-entrust-sign/pay-redirect-sign").Post(t.Context(), map[string]any{
		"appid": "wxd678efh567hg6787", "service_id": 12535, "out_contract_code": "a1", "notify_url": notifyURL, "prepay_id": order.PrepayID,
		"contract_display_account": "微信代扣用户A", "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if paid := m.srv.Pay(order.PrepayID); paid.State != emulator.TradeSuccess {
		t.Errorf("order %+v", paid)
	}
	m.srv.Agree(order.PrepayID)
	m.notified("TRANSACTION.SUCCESS", "ENTRUST.SIGN")
}

func TestANotificationWithoutAHandlerIsTriedAgain(t *testing.T) {
	t.Parallel()
	m := newMerchant(t)
	event := m.srv.Trigger("ENTRUST.SIGN", "https://shop.example/later", nil)
	if event.State != emulator.EventPending || !strings.Contains(event.Attempts[0].Error, "call Notify") {
		t.Errorf("event %+v", event)
	}
	reached := 0
	m.srv.Notify("https://shop.example/later", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if reached++; r.Host != "shop.example" || r.URL.Path != "/later" || r.Header.Get("Wxpay-Notify-Url") != "" {
			t.Errorf("%s %s with %v", r.Host, r.URL, r.Header)
		}
	}))
	m.srv.Advance(15 * time.Second)
	if reached != 1 {
		t.Errorf("reached %d times", reached)
	}
	if attempt := m.srv.Redeliver(event.ID, emulator.FaultDuplicate); attempt.Status != 200 {
		t.Errorf("attempt %+v", attempt)
	}
}

// TestTheReceiverRefusesWhatIsFaulty holds the emulator's faults against the
// receiver of this repository.
func TestTheReceiverRefusesWhatIsFaulty(t *testing.T) {
	t.Parallel()
	m := newMerchant(t)
	event := m.srv.Trigger("ENTRUST.SIGN", notifyURL, nil)
	for fault, want := range map[emulator.Fault]int{
		emulator.FaultDuplicate: 204, emulator.FaultProbe: 401, emulator.FaultSerial: 401, emulator.FaultStale: 401, emulator.FaultCiphertext: 400,
	} {
		if got := m.srv.Redeliver(event.ID, fault); got.Status != want {
			t.Errorf("%s: answered %d, want %d", fault, got.Status, want)
		}
	}
	m.notified("ENTRUST.SIGN", "ENTRUST.SIGN")
}

func TestEveryKeyMode(t *testing.T) {
	t.Parallel()
	for _, mode := range []emulator.KeyMode{emulator.KeyBoth, emulator.KeyPublic, emulator.KeyCertificate} {
		m := newMerchant(t, wxpaytest.Configure(func(c *emulator.Config) { c.Keys = mode }))
		m.srv.Agree(m.preSign("a1"))
		m.notified("ENTRUST.SIGN")
	}
}

func TestAServerOfAnotherMerchant(t *testing.T) {
	t.Parallel()
	srv := wxpaytest.NewServer(t, wxpaytest.Configure(func(c *emulator.Config) { c.MchID = "1900007291" }))
	if got := srv.Config().MchID; got != "1900007291" {
		t.Errorf("merchant %s", got)
	}
	if err := srv.Client().At("v3/certificates").Get(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// failing is a test that notes that it failed instead.
type failing struct {
	testing.TB
	text string
}

func (f *failing) Helper() {}
func (f *failing) Fatalf(format string, args ...any) {
	f.text = format
	panic(f)
}

func TestAnActionThatCannotBeEndsTheTest(t *testing.T) {
	t.Parallel()
	f := &failing{TB: t}
	srv := wxpaytest.NewServer(f)
	defer func() {
		if recover() != f || f.text == "" {
			t.Error("agreeing to nothing did not end the test")
		}
	}()
	srv.Agree("nothing")
}
