package inbox_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.etcd.io/bbolt"

	"github.com/wxpay-go/wxpay/cmd/internal/diagnose"
	"github.com/wxpay-go/wxpay/cmd/internal/inbox"
	"github.com/wxpay-go/wxpay/cmd/internal/store"
	"github.com/wxpay-go/wxpay/sign"
)

func encode(raw []byte) string { return base64.StdEncoding.EncodeToString(raw) }

const contract = `{"mchid":"1900000109","openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o","contract_id":"20200910100000","out_contract_code":"c-1","contract_state":"SIGNED","contract_display_account":"张三"}`

// What the program answers is what WeChat Pay is answered, and the bytes on
// the way are not touched.
func TestTheProgramAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		answer string
		state  inbox.State
	}{
		{200, `{"code":"SUCCESS"}`, inbox.Accepted},
		{204, "", inbox.Accepted},
		{500, "\x00 not JSON", inbox.Left},
		{302, "", inbox.Left},
		{201, "created", inbox.Left}, // WeChat Pay takes 200 and 204
	} {
		w := open(t, in(t), nil)
		w.program.status, w.program.answer = tt.status, tt.answer
		header, body := notification(t, "EV-1", "ENTRUST.SIGN", time.Now())
		res := w.deliver(t, header, body)
		if got := res.Body.String(); res.Code != tt.status || got != tt.answer || res.Header().Get("X-Program") != "yes" {
			t.Errorf("answered %d %q; want %d %q", res.Code, got, tt.status, tt.answer)
		}
		if e := w.state(t, "EV-1"); e.State != tt.state || e.Attempts != 1 || e.Owed {
			t.Errorf("kept as %+v; want %s", e, tt.state)
		}
		if sent := w.program.got["EV-1"]; len(sent) != 1 || !bytes.Equal(sent[0], body) {
			t.Errorf("the program got %q, want %q", sent, body)
		}
		for name := range header {
			if w.program.header.Get(name) != header.Get(name) {
				t.Errorf("%s = %q, want %q", name, w.program.header.Get(name), header.Get(name))
			}
		}
		if w.program.path != "/notify/here?a=%20b" {
			t.Errorf("the program was called at %s", w.program.path)
		}
	}
}

// A program that is not there: WeChat Pay is told so, the notification is sent
// from here, and when WeChat Pay sends it again the program is not asked twice.
func TestADownProgramGetsItLater(t *testing.T) {
	t.Parallel()
	header, body := notification(t, "EV-1", "ENTRUST.SIGN", time.Now())
	w := open(t, in(t), nil)
	w.wire.plug(nil)
	if res := w.deliver(t, header, body); res.Code != http.StatusServiceUnavailable {
		t.Fatalf("answered %d", res.Code)
	}
	if e := w.state(t, "EV-1"); e.State != inbox.Pending {
		t.Fatalf("kept as %+v", e)
	}
	w.wire.plug(w.program)
	w.news = make(chan inbox.Report, 1)
	stop := w.run(t)
	if r := w.next(t); r.What != inbox.Resent || r.State != inbox.Accepted {
		t.Errorf("told %+v", r)
	}
	stop()
	w.news = nil
	for _, want := range []int{1, 2} { // it was owed one answer; the next one is a true repetition
		if res := w.deliver(t, header, body); res.Code != http.StatusNoContent {
			t.Errorf("answered %d", res.Code)
		}
		if got := w.program.times("EV-1"); got != want {
			t.Errorf("the program got it %d times, want %d", got, want)
		}
	}
	if e := w.state(t, "EV-1"); e.Deliveries != 3 || e.Owed {
		t.Errorf("kept as %+v", e)
	}
}

// WeChat Pay that hangs up while the program works does not stop the program,
// and is told what came of it when it sends again.
func TestWeChatPayHangsUp(t *testing.T) {
	t.Parallel()
	w := open(t, in(t), nil)
	header, body := notification(t, "EV-1", "ENTRUST.SIGN", time.Now())
	ctx, hangUp := context.WithCancel(t.Context())
	w.wire.plug(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		hangUp()
		if r.Context().Err() != nil {
			t.Error("the program is stopped too")
		}
		w.program.ServeHTTP(rw, r)
	}))
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", bytes.NewReader(body))
	r.Header = header
	w.ServeHTTP(httptest.NewRecorder(), r)
	if e := w.state(t, "EV-1"); e.State != inbox.Accepted || !e.Owed {
		t.Errorf("kept as %+v", e)
	}
	if res := w.deliver(t, header, body); res.Code != http.StatusNoContent || w.program.times("EV-1") != 1 {
		t.Errorf("answered %d; the program got it %d times", res.Code, w.program.times("EV-1"))
	}
}

// pass lets time pass, in a bubble.
func pass(d time.Duration) { <-time.After(d) }

// With Take all depends on what is kept: the program that comes back hours
// later gets everything, in order, even one that refuses at first; and a
// restart in between changes nothing.
func TestTakenMeansKept(t *testing.T) {
	t.Parallel()
	path := in(t)
	creds()
	synctest.Test(t, func(t *testing.T) {
		header, body := notification(t, "EV-1", "ENTRUST.SIGN", time.Now())
		second, other := notification(t, "EV-2", "ENTRUST.SIGN", time.Now())
		var fresh atomic.Int32
		take := func(c *inbox.Config) {
			c.Take = true
			c.Sign = func(serial string, body []byte) (sign.Header, error) {
				fresh.Add(1)
				return signed(creds().PublicKeySigner, serial, body, time.Now())
			}
		}
		w := open(t, path, take)
		w.wire.plug(nil)
		stop := w.run(t)
		for _, res := range []*httptest.ResponseRecorder{w.deliver(t, header, body), w.deliver(t, second, other)} {
			if res.Code != http.StatusNoContent {
				t.Fatalf("answered %d", res.Code)
			}
		}
		pass(3 * time.Hour)
		if tries := w.wire.tries(); tries < 170 || tries > 200 { // once a minute, and not once a minute and event
			t.Errorf("%d tries in three hours", tries)
		}
		stop()
		_ = w.store.Close()

		w = open(t, path, take) // a restart
		w.program.says(500)
		stop = w.run(t)
		pass(10 * time.Minute)
		if e := w.state(t, "EV-1"); e.State != inbox.Pending || e.Forward.Status != 500 || fresh.Load() == 0 {
			t.Errorf("kept as %+v, %d signed anew", e, fresh.Load())
		}
		w.program.says(204)
		pass(2 * time.Minute)
		if a, b := w.state(t, "EV-1"), w.state(t, "EV-2"); a.State != inbox.Accepted || b.State != inbox.Accepted || a.Owed {
			t.Errorf("kept as %+v, %+v", a, b)
		}
		stop()
		if got := w.program.got["EV-1"]; !bytes.Equal(got[len(got)-1], body) {
			t.Errorf("sent %q, want %q", got[len(got)-1], body)
		}
		pass(time.Minute) // the store closes its file by itself
	})
}

// A notification that breaks the program each time does not keep the others
// from it.
func TestOneThatBreaksTheProgram(t *testing.T) {
	t.Parallel()
	creds()
	path := in(t)
	synctest.Test(t, func(t *testing.T) {
		w := open(t, path, func(c *inbox.Config) {
			c.Take = true
			next := c.Transport
			c.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
				if r.Header.Get("Request-Id") == "08F7EV-1" {
					return nil, io.EOF // it was read, and not answered
				}
				return next.RoundTrip(r)
			})
		})
		w.wire.plug(nil)
		for _, id := range []string{"EV-1", "EV-2"} {
			header, body := notification(t, id, "ENTRUST.SIGN", time.Now())
			w.deliver(t, header, body)
		}
		w.wire.plug(w.program)
		stop := w.run(t)
		pass(10 * time.Second)
		if a, b := w.state(t, "EV-1"), w.state(t, "EV-2"); a.State != inbox.Pending || a.Attempts < 3 || b.State != inbox.Accepted || w.program.times("EV-2") != 1 {
			t.Errorf("kept as %+v, %+v", a, b)
		}
		stop()
		pass(time.Minute)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Another program that has the file for long delays what is sent, and ends
// nothing.
func TestTheStoreIsInUse(t *testing.T) {
	t.Parallel()
	creds()
	path := in(t)
	synctest.Test(t, func(t *testing.T) {
		w := open(t, path, nil)
		w.wire.plug(nil)
		header, body := notification(t, "EV-1", "ENTRUST.SIGN", time.Now())
		w.deliver(t, header, body)
		w.wire.plug(w.program)
		pass(time.Second) // the store closes its file by itself
		other, err := bbolt.Open(path, 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		stop := w.run(t)
		pass(10 * time.Second)
		_ = other.Close()
		pass(5 * time.Second)
		if e := w.state(t, "EV-1"); e.State != inbox.Accepted {
			t.Errorf("kept as %+v", e)
		}
		stop()
		pass(time.Minute)
	})
}

// A program that is away for seconds gets what came within seconds, after
// however long a time in which nothing came.
func TestAShortAbsence(t *testing.T) {
	t.Parallel()
	creds()
	path := in(t)
	synctest.Test(t, func(t *testing.T) {
		w := open(t, path, nil)
		stop := w.run(t)
		for _, id := range []string{"EV-1", "EV-2"} {
			pass(time.Hour + 100*time.Millisecond)
			w.wire.plug(nil)
			header, body := notification(t, id, "ENTRUST.SIGN", time.Now())
			w.deliver(t, header, body)
			pass(3 * time.Second)
			w.wire.plug(w.program)
			pass(5 * time.Second)
			if e := w.state(t, id); e.State != inbox.Accepted {
				t.Errorf("kept as %+v", e)
			}
		}
		stop()
		pass(time.Minute)
	})
}

// What the program refuses for a day is parked, as WeChat Pay gives up too.
func TestRefusedForADay(t *testing.T) {
	t.Parallel()
	creds()
	path := in(t)
	synctest.Test(t, func(t *testing.T) {
		w := open(t, path, func(c *inbox.Config) { c.Take = true })
		w.wire.plug(nil)
		header, body := notification(t, "EV-1", "ENTRUST.SIGN", time.Now())
		w.deliver(t, header, body)
		w.program.says(400)
		w.wire.plug(w.program)
		stop := w.run(t)
		pass(25 * time.Hour)
		tries := w.wire.tries()
		if e := w.state(t, "EV-1"); e.State != inbox.Parked {
			t.Errorf("kept as %+v", e)
		}
		pass(5 * time.Hour)
		if more := w.wire.tries(); more != tries {
			t.Errorf("%d more tries", more-tries)
		}
		stop()
		pass(time.Minute)
	})
}

// An answer with business data must come from the program, while WeChat Pay
// waits for it.
func TestAnAnswerWithDataIsNotPromised(t *testing.T) {
	t.Parallel()
	w := open(t, in(t), func(c *inbox.Config) { c.Take = true })
	w.wire.plug(nil)
	header, body := notification(t, "EV-1", "ENTRUST.TERMINATE_RETENTION", time.Now())
	if res := w.deliver(t, header, body); res.Code != http.StatusServiceUnavailable {
		t.Errorf("answered %d", res.Code)
	}
	if e := w.state(t, "EV-1"); e.State != inbox.Left {
		t.Errorf("kept as %+v", e)
	}
	w.wire.plug(w.program)
	ctx, hangUp := context.WithCancel(t.Context())
	hangUp()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", bytes.NewReader(body))
	r.Header = header
	w.ServeHTTP(httptest.NewRecorder(), r)
	if w.deliver(t, header, body); w.program.times("EV-1") != 2 { // an answer that nobody heard is given again
		t.Errorf("the program was asked %d times", w.program.times("EV-1"))
	}
}

// What cannot be trusted is answered, told with its reason, and goes no
// further.
func TestRefusals(t *testing.T) {
	t.Parallel()
	w := open(t, in(t), nil)
	header, body := notification(t, "EV-1", "ENTRUST.SIGN", time.Now())
	stale, staleBody := notification(t, "EV-2", "ENTRUST.SIGN", time.Now().Add(-10*time.Minute))
	with := func(name, value string) http.Header {
		h := header.Clone()
		h.Set(name, value)
		return h
	}
	without := header.Clone()
	without.Del("Wechatpay-Signature")
	broken := bytes.Replace(body, []byte(`"ciphertext":"`), []byte(`"ciphertext":"AAAA`), 1)
	rightly, err := signed(creds().PlatformKey, creds().PlatformSerial(), broken, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	resealed := header.Clone()
	rightly.Write(resealed)
	for _, tt := range []struct {
		name, code string
		status     int
		header     http.Header
		body       []byte
		cause      diagnose.Cause // "" for none
	}{
		{"a body with a line break more", "signature", 401, header, append(body[:len(body):len(body)], '\n'), diagnose.NoLastBreak},
		{"a body without its line break", "signature", 401, header, bytes.TrimSuffix(body, []byte("\n")), diagnose.BodyNewline},
		{"a body written anew", "signature", 401, header, bytes.ReplaceAll(body, []byte(" "), nil), diagnose.OtherText},
		{"another key than is named", "signature", 401, with("Wechatpay-Serial", creds().PlatformSerial()), body, diagnose.OthersKey},
		{"a stale one", "clock", 401, stale, staleBody, diagnose.WrongClock},
		{"an unknown key", "serial", 401, with("Wechatpay-Serial", "7777"), body, diagnose.UnknownSerial},
		{"the merchant's own key", "serial", 401, with("Wechatpay-Serial", creds().MerchantSerial()), body, diagnose.OthersSerial},
		{"a probe", "probe", 401, with("Wechatpay-Signature", sign.ProbePrefix+header.Get("Wechatpay-Signature")), body, diagnose.Probe},
		{"no signature", "missing", 401, without, body, diagnose.MissingHeader},
		{"a damaged resource", "resource", 400, resealed, broken, diagnose.WrongKey},
		{"a long one", "envelope", 400, header, make([]byte, 2<<20), ""},
	} {
		res := w.deliver(t, tt.header, tt.body)
		r := w.last()
		if res.Code != tt.status || r.What != inbox.Refused || r.Refusal == nil || r.Refusal.Code != tt.code || r.Refusal.Remedy == "" || r.Refusal.Reason == "" {
			t.Errorf("%s: answered %d, told %+v %+v; want %d %s", tt.name, res.Code, r, r.Refusal, tt.status, tt.code)
		} else if tt.cause != "" && !slices.Contains(r.Refusal.Causes, tt.cause) || tt.cause == "" && r.Refusal.Causes != nil {
			t.Errorf("%s: blamed on %q, want %q", tt.name, r.Refusal.Causes, tt.cause)
		}
	}
	if _, err := w.store.Entry("EV"); err == nil || w.wire.tries() != 0 {
		t.Errorf("kept, or sent %d times: %v", w.wire.tries(), err)
	}
}

func TestWithoutAProgram(t *testing.T) {
	t.Parallel()
	w := open(t, in(t), func(c *inbox.Config) { c.ForwardTo = nil })
	header, body := notification(t, "EV-1", "ENTRUST.SIGN", time.Now())
	for i := range 2 {
		if res := w.deliver(t, header, body); res.Code != http.StatusNoContent || w.last().Again != (i == 1) {
			t.Errorf("answered %d, told %+v", res.Code, w.last())
		}
	}
	e := w.state(t, "EV-1")
	if e.State != inbox.Kept || e.Deliveries != 2 || e.First == e.Last {
		t.Errorf("kept as %+v", e)
	}
	d, err := w.store.Delivery(e.First)
	if err != nil || !bytes.Equal(d.Body, body) || d.Target != "/notify/here?a=%20b" || d.Header.Get("Request-Id") != "08F7EV-1" {
		t.Errorf("delivery = %+v, %v", d, err)
	}
}

// Two programs have the file at once: a listener, and somebody who looks.
func TestTheStoreIsShared(t *testing.T) {
	t.Parallel()
	path := in(t)
	w := open(t, path, nil)
	for _, id := range []string{"EV-1", "EV-12", "EV-2"} {
		header, body := notification(t, id, "ENTRUST.SIGN", time.Now())
		w.deliver(t, header, body)
	}
	other, err := inbox.ReadStore(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	var ids []string
	if err := other.Entries(func(e *inbox.Entry) error { ids = append(ids, e.ID); return nil }); err != nil || strings.Join(ids, " ") != "EV-1 EV-12 EV-2" {
		t.Errorf("ids = %q, %v", ids, err)
	}
	for id, want := range map[string]string{"EV-1": "", "EV-2": "", "EV-12": "", "EV-": "more than one", "EV-3": "no notification", "": "no notification"} {
		_, err := other.Entry(id)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("Entry(%q): %v, want %q", id, err, want)
		}
	}
	if _, err := inbox.ReadStore(path + "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if err := os.WriteFile(path+"y", []byte(strings.Repeat("text", 4000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := inbox.OpenStore(path + "y"); !isOpenError(err, "holds no notifications") {
		t.Errorf("a file of text: %v", err)
	}
}

func isOpenError(err error, rule string) bool {
	e, ok := errors.AsType[*store.OpenError](err)
	return ok && strings.Contains(e.Rule, rule)
}

func TestHide(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ typ, plain, want string }{
		{"ENTRUST.SIGN", contract, `{"mchid":"1900000109","openid":"***","contract_id":"20200910100000","out_contract_code":"c-1","contract_state":"SIGNED","contract_display_account":"***"}`},
		{"NONE.SUCH", `{"a":[{"phone_number":"1"},2.50], "b" : {}}`, `{"a":[{"phone_number":"***"},2.50],"b":{}}`},
		{"NONE.SUCH", `no JSON`, `"***"`},
		{"NONE.SUCH", ` [ ] `, ` [ ] `},
	} {
		if got := string(inbox.Hide(tt.typ, []byte(tt.plain))); got != tt.want {
			t.Errorf("Hide(%s) = %s, want %s", tt.plain, got, tt.want)
		}
	}
}
