package openapi_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	faults "github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/paths"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/emulator"
)

// needed posts a body once without each member that the document asks for,
// which is refused both here and there, and then as it is.
func (w *walk) needed(path, body string) {
	w.Helper()
	names := w.needs["POST "+path]
	if len(names) == 0 {
		w.Errorf("POST %s needs nothing", path)
	}
	for _, name := range names {
		w.refused(http.StatusBadRequest, "POST", path, without(w.T, body, name), true)
	}
	w.ok("POST", path, body)
}

// without returns a JSON object without one member: "order.appid" is one of a
// member.
func without(t *testing.T, body, name string) string {
	t.Helper()
	var whole map[string]any
	if err := json.Unmarshal([]byte(body), &whole); err != nil {
		t.Fatal(err)
	}
	part, names := whole, strings.Split(name, ".")
	for _, outer := range names[:len(names)-1] {
		part = part[outer].(map[string]any)
	}
	delete(part, names[len(names)-1])
	text, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// walk is a test in any language: all that it knows of the admin interface is
// the document.
type walk struct {
	*testing.T
	wx         *wxpay.Client // of the first merchant, for what is no administration
	base       string
	document   *v3.Document
	validator  validator.Validator
	operations map[string]bool
	needs      map[string][]string // members of the body, by method and path
	answered   map[string]int      // good answers, by operation
}

// coupon is what the merchant of the walk answers to every notification: that
// of a user who wants to leave takes it for an offer.
const coupon = `{"retention_type": "COUPON", "coupon_info": {"state": "SEND_COUPON", "coupon_id": "c1"}}`

func newWalk(t *testing.T) *walk {
	t.Helper()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, coupon) }))
	t.Cleanup(receiver.Close)
	p, err := emulator.NewPlatform(emulator.PlatformConfig{Config: emulator.Config{
		Clock: emulator.NewClock(time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC)), ForwardTo: receiver.URL, Exchanges: 50,
	}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p)
	t.Cleanup(func() {
		server.Close()
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &walk{T: t, wx: merchant(t, p.First(), server.URL), base: server.URL + "/_wxpay", operations: map[string]bool{}, needs: map[string][]string{}, answered: map[string]int{}}
	w.learn()
	return w
}

// merchant is a client of a merchant, by the clock of the emulator.
func merchant(t *testing.T, pay *emulator.Emulator, baseURL string) *wxpay.Client {
	t.Helper()
	keys := pay.Credentials()
	trust, err := keys.Trust(pay.Clock().Now)
	if err != nil {
		t.Fatal(err)
	}
	wx, err := wxpay.New(wxpay.Config{
		MchID: keys.MchID, Certificate: keys.MerchantCert, Signer: keys.MerchantKey, Trust: trust, BaseURL: baseURL, Now: pay.Clock().Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return wx
}

// learn reads the document from the emulator.
func (w *walk) learn() {
	w.Helper()
	served := w.send(http.MethodGet, "/openapi.json", "")
	if served.status != http.StatusOK || !bytes.Equal(served.text, emulator.AdminOpenAPI()) {
		w.Fatalf("GET /openapi.json = %d, %d bytes", served.status, len(served.text))
	}
	doc, err := libopenapi.NewDocument(served.text)
	if err != nil {
		w.Fatal(err)
	}
	v, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		w.Fatal(errs)
	}
	model, err := doc.BuildV3Model()
	if err != nil {
		w.Fatal(err)
	}
	w.document, w.validator = &model.Model, v
	var known struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(served.text, &known); err != nil {
		w.Fatal(err)
	}
	for _, methods := range known.Paths {
		for _, op := range methods {
			w.operations[op.OperationID] = true
		}
	}
	var index struct {
		Routes []struct {
			Method, Path string
			Needs        []string
		}
	}
	if err := json.Unmarshal(w.send(http.MethodGet, "/", "").text, &index); err != nil {
		w.Fatal(err)
	}
	for _, r := range index.Routes {
		w.needs[r.Method+" "+r.Path] = r.Needs
	}
}

// reply is an answer that was read.
type reply struct {
	status int
	header http.Header
	text   []byte
}

func (w *walk) send(method, path, body string) reply {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), method, w.base+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	a, err := new(http.Client).Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		w.Fatal(err)
	}
	return reply{a.StatusCode, a.Header, text}
}

// ok sends what the document allows, expects 200, and returns the answer.
func (w *walk) ok(method, path, body string) map[string]any {
	w.Helper()
	a := w.send(method, path, body)
	if a.status != http.StatusOK {
		w.Fatalf("%s %s = %d %s", method, path, a.status, a.text)
	}
	w.answered[w.operation(method, path)]++
	w.check(method, path, body, a, true)
	var answer map[string]any
	_ = json.Unmarshal(a.text, &answer) // an array is of no further use here
	return answer
}

// refused expects a fault. Whether the document forbids the request, too, is
// for the caller to say.
func (w *walk) refused(status int, method, path, body string, forbidden bool) {
	w.Helper()
	a := w.send(method, path, body)
	if a.status != status {
		w.Errorf("%s %s = %d %s, want %d", method, path, a.status, a.text, status)
	}
	w.check(method, path, body, a, !forbidden)
}

// check holds request and answer against the document.
func (w *walk) check(method, path, body string, a reply, allowed bool) {
	w.Helper()
	r := w.request(method, path, body)
	if ok, found := w.validator.ValidateHttpRequest(r); ok != allowed {
		w.Errorf("%s %s %s: the document allows it: %v, want %v: %v", method, path, body, ok, allowed, found)
	}
	if found := w.differs(r, a); len(found) > 0 {
		w.Errorf("%s %s: %d %.300s\nis not as described: %v", method, path, a.status, a.text, found)
	}
}

// differs says in what an answer is not as the document describes it.
func (w *walk) differs(r *http.Request, a reply) []*faults.ValidationError {
	_, found := w.validator.ValidateHttpResponse(r, &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(bytes.NewReader(a.text))})
	return found
}

// request is one as the validator wants to see it: it reads the body, too.
func (w *walk) request(method, path, body string) *http.Request {
	r := httptest.NewRequest(method, "/_wxpay"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// operation is what the document calls a request.
func (w *walk) operation(method, path string) string {
	w.Helper()
	item, missing, _ := paths.FindPath(w.request(method, path, ""), w.document, config.NewValidationOptions())
	if len(missing) > 0 {
		w.Fatalf("%s %s is not in the document: %v", method, path, missing)
	}
	return item.GetOperations().GetOrZero(strings.ToLower(method)).OperationId
}
