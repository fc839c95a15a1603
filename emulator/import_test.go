package emulator_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// exported is the whole state as a document.
func exported(t *testing.T, e *emulator.Emulator) string {
	t.Helper()
	var b strings.Builder
	if err := e.Export(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// lived is an emulator with something of everything: an order that was paid, a
// session that is open, a signed contract, and a notification that waits for
// its second attempt.
func lived(t *testing.T) (p *pay, session string) {
	t.Helper()
	_, into := receiving(500)
	p = newPay(t, into)
	if _, err := p.Pay(p.order(), ""); err != nil {
		t.Fatal(err)
	}
	p.signMini(code)
	p.deliver()
	return p, p.call("POST", normalMini, with(miniBody, "out_contract_code", code+"2"), 200)["pre_entrustweb_id"].(string)
}

func TestImportTakesBackWhatWasExported(t *testing.T) {
	t.Parallel()
	p, session := lived(t)
	document := exported(t, p.Emulator)
	other := newPay(t, func(c *emulator.Config) { c.Clock = &emulator.Clock{} })
	other.signMini("other")
	if err := other.Import(strings.NewReader(document)); err != nil {
		t.Fatal(err)
	}
	if got := exported(t, other.Emulator); got != document {
		t.Errorf("exported again it reads\n%s\nwant\n%s", got, document)
	}
	if !other.Clock().Now().Equal(start) || !other.Clock().Frozen() {
		t.Errorf("the clock is at %v, want it frozen at %v", other.Clock().Now(), start)
	}
	if _, err := other.Agree(session, ""); err != nil {
		t.Errorf("the session that was open is not: %v", err)
	}
}

// What waits in an imported state is delivered, sealed with the keys of the
// emulator that delivers it.
func TestImportedNotificationsAreSealedAnew(t *testing.T) {
	t.Parallel()
	p, _ := lived(t)
	strangers, err := emulator.NewCredentials(emulator.DefaultMchID, start)
	if err != nil {
		t.Fatal(err)
	}
	shop, into := receiving(204)
	other := newPay(t, into, func(c *emulator.Config) { c.Credentials = strangers })
	if err := other.Import(strings.NewReader(exported(t, p.Emulator))); err != nil {
		t.Fatal(err)
	}
	if err := other.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	all := shop.all()
	if len(all) != 2 {
		t.Fatalf("%d notifications, want those of the payment and of the contract", len(all))
	}
	for _, n := range all {
		envelope, resource := other.open(n)
		if envelope["event_type"] == "ENTRUST.SIGN" && resource["out_contract_code"] != code {
			t.Errorf("the resource is %v", resource)
		}
	}
}

func TestAnExportHoldsNoKey(t *testing.T) {
	t.Parallel()
	p, _ := lived(t)
	if _, err := p.RotateCertificate(); err != nil {
		t.Fatal(err)
	}
	document := exported(t, p.Emulator)
	for _, secret := range []string{"private_key", p.creds.APIv3Key} {
		if strings.Contains(document, secret) {
			t.Errorf("the export holds %s", secret)
		}
	}
}

// A document that is wrong anywhere changes nothing.
func TestImportIsAllOrNothing(t *testing.T) {
	t.Parallel()
	p, _ := lived(t)
	document := exported(t, p.Emulator)
	change := func(from, to string) string {
		if !strings.Contains(document, from) {
			t.Fatalf("the export has no %s", from)
		}
		return strings.Replace(document, from, to, 1)
	}
	for name, tt := range map[string]struct{ document, want string }{
		"nothing":                 {"", "JSON document"},
		"no JSON":                 {"orders", "JSON document"},
		"half a document":         {document[:len(document)/2], "JSON document"},
		"two documents":           {document + document, "follows"},
		"another document":        {`{"openapi": "3.1.0"}`, "unknown field"},
		"another format":          {change(`"wxpay_emulator_state": 1`, `"wxpay_emulator_state": 2`), "format"},
		"another merchant":        {change(`"mchid": "1900000109"`, `"mchid": "1900000110"`), "merchant"},
		"no time":                 {change(`"time": "2026`, `"time": "0001-01-01T00:00:00Z", "x": "2026`), "unknown field"},
		"a clock that runs back":  {change(`"rate": 0`, `"rate": -1`), "clock.rate"},
		"a value of a wrong kind": {change(`"fingerprint": "`, `"fingerprint": 7, "x": "`), `bucket "orders"`},
		"a number for a thing":    {change(`"state": {`, `"state": {"orders2": {"a": 1}, `), "neither an object nor a string"},
		"a counter that is none":  {change(`"event": "2"`, `"event": "two"`), `bucket "meta"`},
		"a time that is none":     {change(`"due": {`, `"due": {"tomorrow": "EV-1",`), `bucket "due"`},
		"a thing without a name":  {change(`"due": {`, `"due": {"": "EV-1",`), "no name"},
		"keys":                    {change(`"state": {`, `"state": {"keys": {"platform": {}}, `), "no name"},
		"the clock as a thing":    {change(`"meta": {`, `"meta": {"clock": {},`), "no name"},
		"an event without a body": {change(`"body": "{`, `"body": "`), `bucket "events"`},
	} {
		err := p.Import(strings.NewReader(tt.document))
		if bad, ok := errors.AsType[*emulator.ActionError](err); !ok || bad.Code != "invalid" || !strings.Contains(bad.Message, tt.want) {
			t.Errorf("%s: %v, want that it is invalid for %q", name, err, tt.want)
		}
	}
	if got := exported(t, p.Emulator); got != document {
		t.Errorf("the state became\n%s", got)
	}
}

// A store that fails in the middle leaves the state as it was.
func TestAnImportThatFailsLeavesTheState(t *testing.T) {
	t.Parallel()
	from, _ := lived(t)
	store := emulator.NewMemory()
	p := newPay(t, func(c *emulator.Config) { c.Store = store })
	p.signMini("stays")
	before := exported(t, p.Emulator)
	broken := newPay(t, func(c *emulator.Config) { c.Store = brokenStore{store, "events"} })
	if err := broken.Import(strings.NewReader(exported(t, from.Emulator))); err == nil {
		t.Fatal("the broken store imported")
	}
	if got := exported(t, p.Emulator); got != before {
		t.Errorf("the state became\n%s", got)
	}
}

// TestImportForgetsWhatIsInFlight: the outcome of an attempt that was begun
// before the import is not written into the imported state, though the event
// is in both.
func TestImportForgetsWhatIsInFlight(t *testing.T) {
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
	document := exported(t, p.Emulator)
	done := make(chan error, 1)
	go func() { _, err := p.Deliver(context.Background()); done <- err }()
	<-sent
	shop.answer = nil
	shop.status = 204
	if err := p.Import(strings.NewReader(document)); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	p.deliver()
	events, err := p.Events()
	if err != nil || len(events) != 1 || len(events[0].Attempts) != 1 || events[0].State != emulator.EventDelivered {
		t.Errorf("%+v, %v; want one attempt, that which was made after the import", events, err)
	}
}

func TestExportAndImportByTheAdminInterface(t *testing.T) {
	t.Parallel()
	p, _ := lived(t)
	a := p.admin("GET", "/export", "")
	if a.status != 200 || a.body != exported(t, p.Emulator) {
		t.Errorf("GET /export = %d\n%s", a.status, a.body)
	}
	large := strings.Replace(a.body, `"state": {`, `"state": {"spare": {"a": "`+strings.Repeat("x", 1<<20)+`"}, `, 1)
	if got := p.adminOK("POST", "/import", large); got["contracts"] != 2.0 || got["due"] != 2.0 {
		t.Errorf("POST /import = %v", got)
	}
	if a := p.admin("POST", "/import", "{}"); a.status != 400 || !strings.Contains(a.body, "cannot be imported") {
		t.Errorf("POST /import of nothing = %d %s", a.status, a.body)
	}
}

// What WeChat Pay still has to do by itself, and what is asked of the next
// notification, goes along.
func TestImportTakesBackWhatWaits(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.paid()
	p.call("POST", refunds, refundBody("r1", 60), 200)
	if _, err := p.Play(t.Context(), "notification-ciphertext", ""); err != nil {
		t.Fatal(err)
	}
	document := exported(t, p.Emulator)
	shop, into := receiving(204)
	other := newPay(t, into)
	if err := other.Import(strings.NewReader(document)); err != nil {
		t.Fatal(err)
	}
	if got := exported(t, other.Emulator); got != document {
		t.Errorf("exported again it reads\n%s\nwant\n%s", got, document)
	}
	if err := other.Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	refunded := 0
	for _, n := range shop.all() {
		if strings.Contains(n.body, `"event_type":"REFUND.SUCCESS"`) {
			refunded++
		}
	}
	if order, err := other.Orders(); err != nil || order[0].State != "REFUND" || refunded == 0 {
		t.Errorf("%d notifications of the refund, the order is %+v, %v", refunded, order, err)
	}
	for _, broken := range []string{`"tasks": {"tomorrow": "refund",`, `"tasks": {"20260918020000.000000000/dance/1": "dance",`} {
		if err := other.Import(strings.NewReader(strings.Replace(document, `"tasks": {`, broken, 1))); err == nil {
			t.Errorf("%s was imported", broken)
		}
	}
}
