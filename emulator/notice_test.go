package emulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
	"github.com/wxpay-go/wxpay/spec"
)

// receiver is the merchant's end: it keeps what comes and answers what it is
// told to.
type receiver struct {
	mu     sync.Mutex
	got    []received
	status int
	answer func(*http.Request) (*http.Response, error) // instead of status
}

type received struct {
	url    string
	header http.Header
	body   string
}

func (r *receiver) RoundTrip(q *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.got = append(r.got, received{q.URL.String(), q.Header, string(body)})
	status, answer := r.status, r.answer
	r.mu.Unlock()
	if answer != nil {
		return answer(q)
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(`{"code":"FAIL"}`)), Header: http.Header{}, Request: q}, nil
}

func (r *receiver) all() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func receiving(status int) (*receiver, func(*emulator.Config)) {
	r := &receiver{status: status}
	return r, func(c *emulator.Config) { c.Client = &http.Client{Transport: r} }
}

func (p *pay) deliver() int {
	p.t.Helper()
	n, err := p.Deliver(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

// open verifies a notification as a merchant does, and decrypts it.
func (p *pay) open(n received) (envelope, resource map[string]any) {
	p.t.Helper()
	if err := p.signed(answer{header: n.header, body: n.body}); err != nil {
		p.t.Fatalf("the notification's signature: %v", err)
	}
	envelope = decode(p.t, n.body)
	var sealed struct{ Resource seal.Resource }
	if err := json.Unmarshal([]byte(n.body), &sealed); err != nil {
		p.t.Fatal(err)
	}
	plain, err := seal.Open([]byte(p.creds.APIv3Key), sealed.Resource)
	if err != nil {
		p.t.Fatal(err)
	}
	return envelope, decode(p.t, string(plain))
}

func TestSigningIsNotified(t *testing.T) {
	t.Parallel()
	shop, into := receiving(204)
	p := newPay(t, into)
	contract := p.signMini(code)
	if n := p.deliver(); n != 1 {
		t.Fatalf("%d attempts", n)
	}
	n := shop.all()[0]
	envelope, resource := p.open(n)
	if n.url != "https://localhost/notify" || n.header.Get("Content-Type") != "application/json" || n.header.Get("Wechatpay-Serial") != p.creds.PublicKeyID {
		t.Errorf("sent to %s with %v", n.url, n.header)
	}
	if id := envelope["id"].(string); len(id) > 36 || !strings.HasPrefix(id, "EV-20260918100000") {
		t.Errorf("id %q", id)
	}
	for name, want := range map[string]any{
		"create_time": "2026-09-18T10:00:00+08:00", "resource_type": "encrypt-resource", "event_type": "ENTRUST.SIGN", "summary": "委托代扣签约成功通知",
	} {
		if envelope[name] != want {
			t.Errorf("%s = %v, want %v", name, envelope[name], want)
		}
	}
	if sealed := envelope["resource"].(map[string]any); sealed["original_type"] != "entrust" || sealed["algorithm"] != "AEAD_AES_256_GCM" || len(sealed["nonce"].(string)) != 12 {
		t.Errorf("resource: %v", sealed)
	}
	if resource["contract_id"] != contract.ContractID || resource["service_id"] != 12535.0 || resource["plan_id"] != nil ||
		resource["contract_state"] != "SIGNED" || resource["out_contract_code"] != code || resource["mchid"] != emulator.DefaultMchID {
		t.Errorf("plaintext: %v", resource)
	}
	if n := p.deliver(); n != 0 {
		t.Errorf("delivered again: %d", n)
	}
}

// TestEventsHoldTheirDocumentedMembers looks at the papay and partner events.
func TestEventsHoldTheirDocumentedMembers(t *testing.T) {
	t.Parallel()
	shop, into := receiving(200)
	p := newPay(t, into, func(c *emulator.Config) { c.TerminateURLs = map[int64]string{12535: "https://localhost/ended"} })
	session := p.call("POST", harmony, harmonyBody, 200)["pre_entrustweb_id"].(string)
	contract, err := p.Agree(session, "")
	if err != nil {
		t.Fatal(err)
	}
	p.clock.Advance(time.Second)
	if _, err := p.Terminate(contract.ContractID, "", "不想用了"); err != nil {
		t.Fatal(err)
	}
	prepayID := p.order()
	if _, err := p.Pay(prepayID, ""); err != nil {
		t.Fatal(err)
	}
	p.deliver()
	want := []struct{ typ, url string }{{"ENTRUST.TERMINATE_INQUIRY", "https://localhost/ended"}, {"ENTRUST.SIGN", "https://localhost/notify"}, {"ENTRUST.TERMINATE", "https://localhost/ended"}, {"TRANSACTION.SUCCESS", "https://localhost/paid"}}
	got := shop.all()
	if len(got) != len(want) {
		t.Fatalf("%d notifications, want %d", len(got), len(want))
	}
	for i, w := range want {
		envelope, resource := p.open(got[i])
		if envelope["event_type"] != w.typ || got[i].url != w.url {
			t.Errorf("%v to %s, want %s to %s", envelope["event_type"], got[i].url, w.typ, w.url)
		}
		event, _ := spec.LookupEvent(w.typ)
		p.fits(t, event.Resource, decodeValue(t, string(marshal(t, resource))), w.typ)
	}
	_, ended := p.open(got[2])
	if info := ended["contract_terminate_info"].(map[string]any); info["contract_termination_mode"] != "USER_TERMINATE" || info["contract_termination_remark"] != "不想用了" {
		t.Errorf("termination: %v", info)
	}
}

func TestPartnerEventsNameBothMerchants(t *testing.T) {
	t.Parallel()
	shop, into := receiving(200)
	p := newPay(t, into)
	session := p.call("POST", providerMini, providerBody, 200)["pre_entrustweb_id"].(string)
	if _, err := p.Agree(session, ""); err != nil {
		t.Fatal(err)
	}
	p.deliver()
	_, got := p.open(shop.all()[0])
	if got["sp_mchid"] != emulator.DefaultMchID || got["sub_mchid"] != "1900000110" || got["sub_openid"] != openID || got["mchid"] != nil || got["openid"] != nil {
		t.Errorf("got %v", got)
	}
}

// TestTrap21OnlySuccessIsNotified: who declines, fails or lets the time pass
// is not talked about.
func TestTrap21OnlySuccessIsNotified(t *testing.T) {
	t.Parallel()
	shop, into := receiving(200)
	p := newPay(t, into)
	session := p.call("POST", normalMini, miniBody, 200)["pre_entrustweb_id"].(string)
	if err := p.Decline(session); err != nil {
		t.Fatal(err)
	}
	session = p.call("POST", normalMini, miniBody, 200)["pre_entrustweb_id"].(string)
	if _, err := p.Fail(session, ""); err != nil {
		t.Fatal(err)
	}
	p.call("POST", normalMini, with(miniBody, "out_contract_code", "b"), 200)
	if err := p.Advance(t.Context(), 3*time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := shop.all(); len(got) != 0 {
		t.Errorf("notified %d times", len(got))
	}
}

func TestEchoIsNotifiedWhenItHasAURL(t *testing.T) {
	t.Parallel()
	shop, into := receiving(200)
	p := newPay(t, into)
	p.call("POST", echoPath, map[string]any{"echo_message": "hello"}, 200)
	p.call("POST", echoPath, map[string]any{"echo_message": "hello", "notify_url": "https://localhost/echo"}, 200)
	p.deliver()
	if got := shop.all(); len(got) != 1 {
		t.Fatalf("%d notifications", len(got))
	}
	if _, got := p.open(shop.all()[0]); got["echo_message"] != "hello" || len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

// TestScheduleOfAReceiverThatNeverAccepts makes every attempt at its own time.
func TestScheduleOfAReceiverThatNeverAccepts(t *testing.T) {
	t.Parallel()
	shop, into := receiving(500)
	p := newPay(t, into)
	p.signMini(code)
	if err := p.Advance(t.Context(), 48*time.Hour); err != nil {
		t.Fatal(err)
	}
	events, err := p.Events()
	if err != nil || len(events) != 1 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	want := []string{
		"0s", "15s", "30s", "1m0s", "4m0s", "14m0s", "34m0s", "1h4m0s", "1h34m0s", "2h4m0s", "3h4m0s",
		"6h4m0s", "9h4m0s", "12h4m0s", "18h4m0s", "24h4m0s",
	}
	var at []string
	for _, a := range events[0].Attempts {
		at = append(at, a.At.Sub(start).String())
	}
	if !slices.Equal(at, want) || events[0].State != emulator.EventFailed {
		t.Errorf("attempts at %v, state %s\nwant %v", at, events[0].State, want)
	}
	if now := p.clock.Now(); !now.Equal(start.Add(48 * time.Hour)) {
		t.Errorf("the clock stands at %v", now)
	}
	got := shop.all()
	for i, n := range got {
		if n.body != got[0].body {
			t.Errorf("attempt %d has another body", i)
		}
		if i > 0 && n.header.Get("Wechatpay-Nonce") == got[i-1].header.Get("Wechatpay-Nonce") {
			t.Errorf("attempt %d repeats the nonce", i)
		}
	}
}

func TestDeliveryEndsWithTheFirstAcceptance(t *testing.T) {
	t.Parallel()
	shop, into := receiving(500)
	p := newPay(t, into)
	p.signMini(code)
	p.deliver()
	shop.mu.Lock()
	shop.status = 200 // with the body {"code":"FAIL"}: the status alone counts
	shop.mu.Unlock()
	if err := p.Advance(t.Context(), 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	events, err := p.Events()
	if err != nil || len(events[0].Attempts) != 2 || events[0].State != emulator.EventDelivered {
		t.Errorf("%+v, %v", events, err)
	}
}

// TestTrap24TheStatusAloneAccepts: 200 and 204, whatever the body says; a
// redirect is not followed.
func TestTrap24TheStatusAloneAccepts(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]emulator.EventState{
		200: emulator.EventDelivered, 204: emulator.EventDelivered, 201: emulator.EventPending, 202: emulator.EventPending,
		302: emulator.EventPending, 401: emulator.EventPending, 500: emulator.EventPending,
	} {
		shop, into := receiving(status)
		shop.answer = func(q *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(`{"code":"FAIL"}`)), Header: http.Header{"Location": {"https://localhost/other"}}, Request: q}, nil
		}
		p := newPay(t, into)
		p.signMini(code)
		p.deliver()
		events, err := p.Events()
		if err != nil || events[0].State != want || len(shop.all()) != 1 {
			t.Errorf("%d: %s after %d requests, %v", status, events[0].State, len(shop.all()), err)
		}
	}
}

func TestNotificationsStayOnTheMachine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		url, forward string
		want         string // where it went; "" for nowhere
	}{
		{"https://127.0.0.1:8443/n", "", "https://127.0.0.1:8443/n"},
		{"https://[::1]/n", "", "https://[::1]/n"},
		{"https://LOCALHOST/n", "", "https://LOCALHOST/n"},
		{"https://shop.example/n", "", ""},
		{"https://10.0.0.1/n", "", ""},
		{"https://localhost.shop.example/n", "", ""},
		{"https://shop.example/a/n", "http://127.0.0.1:8080", "http://127.0.0.1:8080/a/n"},
		{"https://shop.example/a/n", "http://127.0.0.1:8080/all", "http://127.0.0.1:8080/all"},
		{"https://localhost/n", "http://127.0.0.1:8080", "https://localhost/n"},
	} {
		shop, into := receiving(200)
		p := newPay(t, into, func(c *emulator.Config) { c.ForwardTo = tt.forward })
		p.call("POST", echoPath, map[string]any{"echo_message": "a", "notify_url": tt.url}, 200)
		p.deliver()
		events, err := p.Events()
		if err != nil {
			t.Fatal(err)
		}
		got := shop.all()
		if tt.want == "" {
			if len(got) != 0 || events[0].State != emulator.EventKept || !strings.HasPrefix(events[0].Note, "not delivered: ") {
				t.Errorf("%s: %d requests, %+v", tt.url, len(got), events[0])
			}
			continue
		}
		if len(got) != 1 || got[0].url != tt.want {
			t.Errorf("%s forwarded to %q: went %v, want %s", tt.url, tt.forward, got, tt.want)
			continue
		}
		forwarded := got[0].header.Get("Wxpay-Notify-Url")
		if (tt.want == tt.url) != (forwarded == "") || forwarded != "" && forwarded != tt.url {
			t.Errorf("%s: Wxpay-Notify-Url %q", tt.url, forwarded)
		}
	}
}

func TestTheDefaultClientDeliversToARealServer(t *testing.T) {
	t.Parallel()
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header.Get("Wxpay-Notify-Url"))
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	p := newPay(t, func(c *emulator.Config) { c.ForwardTo = server.URL })
	p.call("POST", echoPath, map[string]any{"echo_message": "a", "notify_url": "https://shop.example/n"}, 200)
	if n := p.deliver(); n != 1 || len(got) != 1 || got[0] != "https://shop.example/n" {
		t.Errorf("%d attempts, received %v", n, got)
	}
}

func TestFaultsOfARedelivery(t *testing.T) {
	t.Parallel()
	shop, into := receiving(204)
	p := newPay(t, into)
	p.signMini(code)
	p.deliver()
	events, err := p.Events()
	if err != nil {
		t.Fatal(err)
	}
	verify := func(n received) sign.Code {
		if e, ok := errors.AsType[*sign.Error](p.signed(answer{header: n.header, body: n.body})); ok {
			return e.Code
		}
		return ""
	}
	for fault, want := range map[emulator.Fault]sign.Code{
		emulator.FaultNone: "", emulator.FaultDuplicate: "", emulator.FaultCiphertext: "",
		emulator.FaultProbe: sign.CodeProbe, emulator.FaultSerial: sign.CodeSerial, emulator.FaultStale: sign.CodeClock,
	} {
		if _, err := p.Redeliver(t.Context(), events[0].ID, fault); err != nil {
			t.Fatal(err)
		}
		all := shop.all()
		n := all[len(all)-1]
		if got := verify(n); got != want {
			t.Errorf("%q: refused as %q, want %q", fault, got, want)
		}
		if same := n.body == all[0].body; same == (fault == emulator.FaultCiphertext) {
			t.Errorf("%q: same body %v", fault, same)
		}
	}
	var broken struct{ Resource seal.Resource }
	if _, err := p.Redeliver(t.Context(), events[0].ID, emulator.FaultCiphertext); err != nil {
		t.Fatal(err)
	}
	all := shop.all()
	if err := json.Unmarshal([]byte(all[len(all)-1].body), &broken); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Open([]byte(p.creds.APIv3Key), broken.Resource); err == nil {
		t.Error("the broken ciphertext opens")
	}
	for name, err := range map[string]error{
		"not_found": second(p.Redeliver(t.Context(), "EV-1", "")),
		"invalid":   second(p.Redeliver(t.Context(), events[0].ID, "fire")),
	} {
		if codeOf(err) != name {
			t.Errorf("%v, want %s", err, name)
		}
	}
}

// TestTheReceiverMayCallBack: no lock is held while a notification is sent.
func TestTheReceiverMayCallBack(t *testing.T) {
	t.Parallel()
	shop, into := receiving(200)
	p := newPay(t, into)
	shop.answer = func(q *http.Request) (*http.Response, error) {
		got := p.call("GET", contractPath(code), nil, 200)
		if got["contract_state"] == "SIGNED" {
			p.call("POST", contractPath(code)+"/terminate", map[string]any{"contract_termination_remark": "x"}, 200)
		}
		return &http.Response{StatusCode: 204, Body: http.NoBody, Request: q}, nil
	}
	p.signMini(code)
	if n := p.deliver(); n != 2 {
		t.Errorf("%d attempts, want those of the signing and of the termination", n)
	}
}

func TestAnswerTimeIsFiveSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop, into := receiving(0)
		shop.answer = func(q *http.Request) (*http.Response, error) {
			<-q.Context().Done()
			return nil, q.Context().Err()
		}
		p := newPay(t, into, func(c *emulator.Config) { c.Clock = &emulator.Clock{} })
		p.clock.Set(start)
		p.signMini(code)
		p.deliver()
		events, err := p.Events()
		if err != nil {
			t.Fatal(err)
		}
		got := events[0].Attempts[0]
		if got.Duration != 5*time.Second || got.Status != 0 || !strings.Contains(got.Error, "deadline") {
			t.Errorf("attempt %+v", got)
		}
	})
}

// TestRunDeliversByTheClock lets a running clock run, in a bubble where time
// costs nothing.
func TestRunDeliversByTheClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop, into := receiving(500)
		p := newPay(t, into, func(c *emulator.Config) { c.Clock = &emulator.Clock{} })
		p.clock.Set(start)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- p.Run(ctx) }()
		p.signMini(code)
		<-time.After(time.Minute + time.Second) // the time of the bubble
		synctest.Wait()
		if n := len(shop.all()); n != 4 {
			t.Errorf("%d attempts in a minute, want 4", n)
		}
		p.clock.Advance(24 * time.Hour) // whoever moves the clock wakes Run
		synctest.Wait()
		if n := len(shop.all()); n != 5 {
			t.Errorf("%d attempts after the clock moved, want 5", n)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestResetForgetsWhatIsInFlight(t *testing.T) {
	t.Parallel()
	shop, into := receiving(0)
	p := newPay(t, into)
	sent := make(chan struct{})
	shop.answer = func(q *http.Request) (*http.Response, error) {
		close(sent)
		<-q.Context().Done()
		return nil, q.Context().Err()
	}
	p.signMini(code)
	done := make(chan error, 1)
	go func() { _, err := p.Deliver(context.Background()); done <- err }()
	<-sent
	if err := p.Reset(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	s, err := p.Summary()
	if err != nil || s.Events+s.Due+s.Contracts+s.Sessions+s.Orders != 0 {
		t.Errorf("left over: %+v, %v", s, err)
	}
}

func TestAnInterruptedAttemptStaysDue(t *testing.T) {
	t.Parallel()
	shop, into := receiving(0)
	p := newPay(t, into)
	ctx, cancel := context.WithCancel(t.Context())
	shop.answer = func(q *http.Request) (*http.Response, error) {
		cancel()
		return nil, context.Canceled
	}
	p.signMini(code)
	if _, err := p.Deliver(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	events, err := p.Events()
	if err != nil || len(events[0].Attempts) != 0 || events[0].State != emulator.EventPending {
		t.Errorf("%+v, %v", events, err)
	}
}
