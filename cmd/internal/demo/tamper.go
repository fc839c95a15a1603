package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/api/security"
	"github.com/wxpay-go/wxpay/chain"
	"github.com/wxpay-go/wxpay/cmd/internal/diagnose"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/sign"
)

// wire is the way to WeChat Pay. It can change a body on the way, as a proxy
// does that parses JSON and writes it anew, and keeps what arrived.
type wire struct {
	next   *http.Transport
	change func([]byte) []byte

	arrived diagnose.Request // the changed request
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	if w.change == nil {
		return w.next.RoundTrip(req)
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	auth, err := sign.ParseAuthorization(req.Header.Get("Authorization"))
	if err != nil {
		return nil, err
	}
	changed := w.change(body)
	w.arrived = diagnose.Request{Method: req.Method, Host: req.URL.Host, Target: req.URL.RequestURI(), Authorization: auth, Body: changed, At: time.Now()}
	out := req.Clone(req.Context())
	out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(changed)), int64(len(changed))
	out.GetBody = nil
	return w.next.RoundTrip(out)
}

// indent writes JSON anew, with the same meaning and other bytes.
func indent(b []byte) []byte {
	var out bytes.Buffer
	if json.Indent(&out, b, "", "  ") != nil {
		return b
	}
	return out.Bytes()
}

// tamper sends a request whose body is written anew after it was signed, and
// explains the refusal.
func (w *world) tamper(ctx context.Context) error {
	const call = "POST /v3/security/echo"
	w.wire.change = indent
	defer func() { w.wire.change = nil }()
	return w.step(Step{Who: "merchant", What: "sends a body that a proxy wrote anew", Call: call, Spelling: "chained"}, func() (string, error) {
		_, err := chain.New(w.wx).V3().Security().Echo().Post(ctx, &security.EchoRequest{EchoMessage: "hello"})
		e, ok := errors.AsType[*wxpay.Error](err)
		if !ok || e.Code != "SIGN_ERROR" {
			return "", errors.Join(errors.New("want SIGN_ERROR"), err)
		}
		w.report.Refused = Refused{
			Call: call, Status: e.Status, Code: e.Code, Message: e.Message, Explanation: explain(w.wire.arrived, w.pay.Credentials()),
		}
		return "refused: " + strconv.Itoa(e.Status) + " " + e.Code, nil
	})
}

// explain says why the signature of a request does not hold.
func explain(r diagnose.Request, keys *emulator.Credentials) []string {
	f := diagnose.Find(r, diagnose.Merchant{
		MchID: keys.MchID, Key: diagnose.Key{Owner: "merchant", Serial: keys.MerchantSerial(), Public: &keys.MerchantKey.PublicKey},
	})
	text := []string{"we signed " + strconv.Itoa(len(f.Signed)) + " bytes, WeChat Pay received " + strconv.Itoa(len(f.Received))}
	if d, ok := f.Difference(false); ok {
		text = append(text, "first difference in the "+d.Line+", behind "+strconv.Quote(d.Before)+": signed "+strconv.Quote(d.Signed)+", received "+strconv.Quote(d.Received))
	}
	for _, cause := range f.Causes {
		text = append(text, "cause: "+cause.Text().English+". "+cause.Text().EnglishRemedy)
	}
	return text
}
