package compat

import (
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/notify"

	"github.com/wxpay-go/wxpay/emulator"
)

// inbox is a merchant's server that opens notifications with the official
// handler: 204 for what it accepts, 401 for the rest.
type inbox struct {
	*httptest.Server

	mu      sync.Mutex
	handler http.HandlerFunc
	got     map[string]map[string]any // event type -> resource
	refused []error
}

func newInbox(t *testing.T) *inbox {
	t.Helper()
	in := &inbox{got: map[string]map[string]any{}}
	in.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in.mu.Lock()
		defer in.mu.Unlock()
		in.handler(w, r)
	}))
	t.Cleanup(in.Close)
	return in
}

// accept opens what comes with the official handler and this verifier.
func (in *inbox) accept(t *testing.T, apiV3Key string, verifier auth.Verifier) {
	t.Helper()
	handler, err := notify.NewRSANotifyHandler(apiV3Key, verifier)
	if err != nil {
		t.Fatal(err)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.handler = func(w http.ResponseWriter, r *http.Request) {
		resource := map[string]any{}
		event, err := handler.ParseNotifyRequest(r.Context(), r, &resource)
		if err != nil {
			in.refused = append(in.refused, err)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		in.got[event.EventType] = resource
		w.WriteHeader(http.StatusNoContent)
	}
}

// notifies pays the order and agrees to the contract, and expects that both
// are notified and accepted at the first attempt.
func notifies(t *testing.T, s *service, in *inbox, prepayID, session string) {
	t.Helper()
	if _, err := s.Pay(prepayID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Agree(session, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, err := range in.refused {
		t.Errorf("the official handler refused a notification: %v", err)
	}
	if got := in.got["TRANSACTION.SUCCESS"]; got["trade_state"] != "SUCCESS" || got["out_trade_no"] != "compat-20261120-0001" {
		t.Errorf("TRANSACTION.SUCCESS = %v", got)
	}
	if got := in.got["ENTRUST.SIGN"]; got["contract_state"] != "SIGNED" || got["out_contract_code"] != "wxwtdk20200910100000" {
		t.Errorf("ENTRUST.SIGN = %v", got)
	}
	events, err := s.Events()
	if err != nil {
		t.Fatal(err)
	}
	if len(events) != 2 || slices.ContainsFunc(events, func(e emulator.Event) bool { return e.State != emulator.EventDelivered }) {
		t.Errorf("events = %+v, want two that are delivered", events)
	}
}

// TestOfficialHandlerRefuses shows that the handler does verify here: the
// notifications of a merchant who has the public key do not pass under the
// platform certificate, and stay due.
func TestOfficialHandlerRefuses(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	s := start(t, emulator.Config{Keys: emulator.KeyBoth, NotifyKeys: emulator.KeyPublic, ForwardTo: in.URL}, true)
	lib := withDownloader(t, s)
	in.accept(t, s.creds.APIv3Key, certificatesOnly(s))
	if _, err := s.Pay(orderAndQuery(t, s, lib.client), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	events, err := s.Events()
	if err != nil {
		t.Fatal(err)
	}
	if len(events) != 1 || events[0].State != emulator.EventPending || len(events[0].Attempts) != 1 {
		t.Errorf("events = %+v, want one that is refused once and due again", events)
	}
}

func certificatesOnly(s *service) auth.Verifier {
	return verifiers.NewSHA256WithRSAVerifier(core.NewCertificateMapWithList([]*x509.Certificate{s.creds.PlatformCert}))
}
