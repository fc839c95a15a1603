package trigger_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/caller"
	"github.com/wxpay-go/wxpay/cmd/internal/trigger"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/notify"
	"github.com/wxpay-go/wxpay/spec"
)

// creds are those of both sides, for all tests: keys take their time.
var creds = sync.OnceValue(func() *emulator.Credentials {
	c, err := emulator.NewCredentials(emulator.DefaultMchID, time.Now())
	if err != nil {
		panic(err)
	}
	return c
})

// receiver is a merchant's program.
type receiver struct {
	handler http.Handler
	events  []*notify.Event
}

func receive(t testing.TB) *receiver {
	t.Helper()
	trust, err := creds().Trust(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	n, err := notify.New(notify.Config{Trust: trust, APIv3Key: creds().APIv3Key})
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{}
	r.handler = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		ev, err := n.Read(req)
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		r.events = append(r.events, ev)
		w.WriteHeader(http.StatusNoContent)
	})
	return r
}

// RoundTrip carries a request to the receiver without a network.
func (r *receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	r.handler.ServeHTTP(rec, req)
	return rec.Result(), nil
}

var shop = &url.URL{Scheme: "https", Host: "shop.example", Path: "/notify"}

func mustMake(t testing.TB, r *receiver, req trigger.Request) *trigger.Trigger {
	t.Helper()
	made, err := trigger.Make(trigger.Config{Credentials: creds(), Transport: r}, req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = made.Close() })
	return made
}

// Every documented event can be made, sent, read by the typed client, kept as
// a fixture, and made of that again.
func TestEveryEvent(t *testing.T) {
	t.Parallel()
	n := 0
	for e := range spec.Events() {
		n++
		r := receive(t)
		made := mustMake(t, r, trigger.Request{Type: e.Type})
		sent, err := made.Send(t.Context(), shop, "")
		if err != nil || len(sent) != 1 || !sent[0].Taken || len(r.events) != 1 {
			t.Errorf("%s: %+v, %v", e.Type, sent, err)
			continue
		}
		if ev := r.events[0]; ev.Type != e.Type || ev.ID != made.ID || !sealed(e.Resource) && string(ev.Plaintext) != string(made.Fixture.Resource) {
			t.Errorf("%s came as %s %s", e.Type, ev.Type, ev.Plaintext)
		}
		if _, untyped := r.events[0].Resource.(json.RawMessage); untyped {
			t.Errorf("%s is not of its type: %s", e.Type, r.events[0].Plaintext)
		}
		text, err := made.Fixture.Text()
		if err != nil {
			t.Fatal(err)
		}
		fixture, err := trigger.ReadFixture(bytes.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v in %s", e.Type, err, text)
		}
		again := mustMake(t, r, trigger.Request{Fixture: fixture})
		if string(again.Fixture.Resource) != string(made.Fixture.Resource) {
			t.Errorf("%s: made of its fixture it is %s, not %s", e.Type, again.Fixture.Resource, made.Fixture.Resource)
		}
	}
	if n < 102 {
		t.Errorf("%d events", n)
	}
}

// sealed: a member is encrypted anew each time.
func sealed(f *spec.Field) bool {
	for i := range f.Fields {
		if f.Fields[i].Encrypted || sealed(&f.Fields[i]) {
			return true
		}
	}
	return f.Items != nil && sealed(f.Items)
}

func TestFields(t *testing.T) {
	t.Parallel()
	fixture := &trigger.Fixture{Type: "TRANSACTION.SUCCESS", Resource: json.RawMessage(`{"mchid":"1","appid":"wx1","out_trade_no":"from-fixture","transaction_id":"2","trade_type":"JSAPI","trade_state":"SUCCESS","trade_state_desc":"x","bank_type":"CMC","success_time":"2026-01-02T15:04:05+08:00","payer":{"openid":"o"},"amount":{"total":1,"payer_total":1,"currency":"CNY","payer_currency":"CNY"}}`)}
	for _, tt := range []struct {
		name    string
		request trigger.Request
		want    []string
		without string
	}{
		{"a text and a number inside an object", trigger.Request{Type: "transaction.success", Fields: []string{"out_trade_no=1234567", "amount.total=4200"}}, []string{`"out_trade_no":"1234567"`, `"total":4200`, `"currency"`}, ""},
		{"an item of a list", trigger.Request{Type: "TRANSACTION.SUCCESS", Fields: []string{"promotion_detail.0.coupon_id=c-7"}}, []string{`"coupon_id":"c-7"`}, ""},
		{"left out", trigger.Request{Type: "TRANSACTION.SUCCESS", Fields: []string{"attach:=null"}}, nil, `"attach"`},
		{"a fixture, changed", trigger.Request{Fixture: fixture, Fields: []string{"amount.total=7"}}, []string{`"from-fixture"`, `"total":7`, `"mchid":"1"`, `"payer_total":1`}, `"attach"`},
	} {
		made := mustMake(t, receive(t), tt.request)
		got := string(made.Fixture.Resource)
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s lacks %s", tt.name, got, want)
			}
		}
		if tt.without != "" && strings.Contains(got, tt.without) {
			t.Errorf("%s: %s has %s", tt.name, got, tt.without)
		}
	}
	for _, tt := range []struct {
		name, rule string
		request    trigger.Request
	}{
		{"an unknown event", "TRANSACTION.SUCCESS", trigger.Request{Type: "TRANSACTION.SUCCES"}},
		{"no event", "no documented event", trigger.Request{}},
		{"an unknown field", "out_trade_no", trigger.Request{Type: "TRANSACTION.SUCCESS", Fields: []string{"out_trad_no=1"}}},
		{"a number that is none", "must be an integer", trigger.Request{Type: "TRANSACTION.SUCCESS", Fields: []string{"amount.total=much"}}},
		{"no field", "is no field", trigger.Request{Type: "TRANSACTION.SUCCESS", Fields: []string{"amount"}}},
		{"a required one left out", "required", trigger.Request{Type: "TRANSACTION.SUCCESS", Fields: []string{"out_trade_no:=null"}}},
		{"a fixture of another event", "is of TRANSACTION.SUCCESS", trigger.Request{Type: "REFUND.SUCCESS", Fixture: fixture}},
		{"an unknown member of a fixture", "amount.totl", trigger.Request{Fixture: &trigger.Fixture{Type: "TRANSACTION.SUCCESS", Resource: json.RawMessage(`{"amount":{"totl":1}}`)}}},
		{"a fixture of ciphertext", "must be an object", trigger.Request{Fixture: &trigger.Fixture{Type: "TRANSACTION.SUCCESS", Resource: json.RawMessage(`"x"`)}}},
	} {
		_, err := trigger.Make(trigger.Config{Credentials: creds()}, tt.request)
		if _, ok := errors.AsType[*caller.Error](err); !ok || !strings.Contains(err.Error(), tt.rule) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.rule)
		}
	}
}

func TestFixturesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"empty", " \n", "is empty"},
		{"binary", "\x00\x01\x02", "is no fixture"},
		{"a list", "[]", "is no fixture"},
		{"two of them", `{"event_type":"A"} {}`, "is no fixture"},
		{"a notification as it is sent", `{"id":"EV-1","event_type":"A","resource":{}}`, "is no fixture"},
		{"no type", `{"resource":{}}`, "has no event_type"},
		{"long", strings.Repeat(" ", 1<<20+1), "is longer"},
	} {
		if _, err := trigger.ReadFixture(strings.NewReader(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// A right receiver refuses what is wrong on purpose; one that checks nothing
// is found out.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, name := range trigger.Faults() {
		for _, careless := range []bool{false, true} {
			r := receive(t)
			if careless {
				r.handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
			}
			sent, err := mustMake(t, r, trigger.Request{Type: "ENTRUST.SIGN"}).Send(t.Context(), shop, emulator.Fault(name))
			if err != nil {
				t.Fatal(err)
			}
			duplicate := name == "duplicate"
			if want := !careless || duplicate; sent[0].Right != want || len(sent) == 2 != duplicate {
				t.Errorf("%s, careless %t: %+v", name, careless, sent)
			}
			if duplicate && !careless && (len(r.events) != 2 || r.events[0].ID != r.events[1].ID) {
				t.Errorf("a duplicate came as %d events", len(r.events))
			}
		}
	}
}

// A draft is the text of the request that would be sent.
func TestRaw(t *testing.T) {
	t.Parallel()
	r := receive(t)
	made := mustMake(t, r, trigger.Request{Type: "ENTRUST.SIGN"})
	raw, err := made.Raw(t.Context(), shop, "")
	if err != nil || len(r.events) != 0 {
		t.Fatalf("%v, %d sent", err, len(r.events))
	}
	req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(req.Body)
	if err != nil || req.Host != "shop.example" || req.RequestURI != "/notify" {
		t.Fatalf("%s %s, %v", req.Host, req.RequestURI, err)
	}
	in := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/notify", bytes.NewReader(body))
	in.Header = req.Header
	rec := httptest.NewRecorder()
	if r.handler.ServeHTTP(rec, in); rec.Code != http.StatusNoContent {
		t.Errorf("the draft is refused: %d", rec.Code)
	}
}
