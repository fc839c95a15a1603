package emulator_test

import (
	"crypto/sha1"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/spec"
)

// stateful are the behaviours that need an earlier call, with the status of the
// documented error that a request out of nothing is answered with.
var stateful = map[string]int{
	"contract.query": http.StatusNotFound, "contract.terminate": http.StatusNotFound, "order.query": http.StatusNotFound, "order.close": http.StatusNotFound,
	"deduction.combined": http.StatusNotFound, "deduction.reverse": http.StatusNotFound,
}

// TestEveryOperationAnswersItsSamples sends the documented request of every
// endpoint, once with all that is optional and once without, and holds the
// answers against the description. It also fails when the description names a behaviour that the
// emulator does not have.
func TestEveryOperationAnswersItsSamples(t *testing.T) {
	t.Parallel()
	tried := 0
	for op := range spec.Operations() {
		tried++
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			p := newPay(t)
			p.history(op)
			p.answersSamples(t, op, p.sampleRequest(op))
			p = newPay(t) // the first request may have left something behind
			short := withoutOptional(op)
			p.history(short)
			p.answersSamples(t, op, p.sampleRequest(short))
		})
	}
	if tried < 18 {
		t.Errorf("the description has %d operations; the first release had 18", tried)
	}
}

func (p *pay) answersSamples(t *testing.T, op *spec.Operation, r *http.Request) {
	t.Helper()
	a := p.send(r)
	if want, ok := stateful[op.Behavior.Name]; ok {
		if a.status != want || p.signed(a) != nil || !slices.Contains(op.Errors, decode(t, a.body)["code"].(string)) {
			t.Errorf("%d %s, want a documented error with %d, signed", a.status, a.body, want)
		}
		return
	}
	if a.status != op.Status {
		t.Fatalf("%d %s, want %d", a.status, a.body, op.Status)
	}
	if op.Verify != "" {
		if !strings.Contains(r.RequestURI, "tartype=") { // that is another file
			p.isFile(t, op, a)
		}
		return
	}
	if err := p.signed(a); err != nil {
		t.Error(err)
	}
	if op.Response == nil {
		if a.body != "" {
			t.Errorf("got %s, want an empty body", a.body)
		}
		return
	}
	p.fits(t, op.Response, decodeValue(t, a.body), "")
}

// isFile holds an answer against what vouches for a file.
func (p *pay) isFile(t *testing.T, op *spec.Operation, a answer) {
	t.Helper()
	if a.header.Get("Content-Type") != "application/octet-stream" || a.body == "" {
		t.Errorf("%s %q", a.header.Get("Content-Type"), a.body)
	}
	digest := a.header.Get("Wechatpay-Statement-Sha1")
	if op.Verify != spec.VerifyStatement {
		if a.header.Get("Wechatpay-Signature") != "" || digest != "" {
			t.Errorf("a file that nothing vouches for is signed: %v", a.header)
		}
		return
	}
	sum := sha1.Sum([]byte(a.body))
	if digest != hex.EncodeToString(sum[:]) {
		t.Errorf("the digest %s is not that of the file", digest)
	}
	a.body = `{"sha1":"` + digest + `"}`
	if err := p.signed(a); err != nil {
		t.Error(err)
	}
}
