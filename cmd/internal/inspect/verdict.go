// Package inspect judges captured messages: whether a signature holds and why
// not, and what is in what is encrypted.
package inspect

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"net/http"
	"slices"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/capture"
	"github.com/wxpay-go/wxpay/cmd/internal/diagnose"
	"github.com/wxpay-go/wxpay/sign"
)

// Keys are those that a merchant has.
type Keys struct {
	MchID    string
	Merchant diagnose.Key   // public half of the key that signs requests; may be without Public
	Platform []diagnose.Key // WeChat Pay's: the public key, certificates
}

// Clock says by which time messages are judged.
type Clock struct {
	At     time.Time // zero: the message's own Date
	Ignore bool
}

// What a clock can say.
const (
	ClockGood      = "good"
	ClockStale     = "stale"
	ClockNotJudged = "not judged"
)

// Verdict is what was found of one message. Its JSON is a contract with
// programs: members may be added, none is renamed or removed.
type Verdict struct {
	Kind   string `json:"kind"` // request, answer, notification
	Form   string `json:"form"`
	Entry  int    `json:"entry,omitempty"`
	Method string `json:"method,omitempty"`
	Target string `json:"target,omitempty"`
	Status int    `json:"status,omitempty"`

	Valid  bool     `json:"valid"`
	Serial string   `json:"serial,omitempty"`
	Clock  string   `json:"clock"`
	Causes []Reason `json:"causes,omitempty"`
	Proven bool     `json:"proven"` // the causes are the whole difference

	Received   string      `json:"received,omitempty"` // the text to verify with
	Signed     string      `json:"signed,omitempty"`   // the text that was signed
	Difference *Difference `json:"difference,omitempty"`
	Notes      []string    `json:"notes,omitempty"`
}

// Reason is one cause, for people.
type Reason struct {
	Cause  string `json:"cause"`
	Text   string `json:"text"`
	Remedy string `json:"remedy"`
}

// Difference is where the two texts part.
type Difference struct {
	Line     string `json:"line"`
	At       int    `json:"at"`
	Before   string `json:"before"`
	Received string `json:"received"`
	Signed   string `json:"signed"`
}

// Judge verifies a message, as WeChat Pay does a request and as the merchant
// does everything else.
func Judge(ctx context.Context, m *capture.Message, keys Keys, clock Clock) *Verdict {
	v := &Verdict{Kind: m.Kind(), Form: m.Form, Entry: m.Entry, Method: m.Method, Target: m.Target, Status: m.Status, Notes: m.Notes, Clock: ClockNotJudged}
	at := time.Time{}
	if !clock.Ignore {
		at = timeOf(m, clock.At)
	}
	if v.Kind == capture.Request {
		v.request(m, keys, at)
	} else {
		v.received(ctx, m, keys, at)
	}
	return v
}

// timeOf is when a message was received, as far as it says so.
func timeOf(m *capture.Message, given time.Time) time.Time {
	if !given.IsZero() {
		return given
	}
	date, err := http.ParseTime(m.Header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date
}

func (v *Verdict) request(m *capture.Message, keys Keys, at time.Time) {
	auth, err := sign.ParseAuthorization(m.Header.Get("Authorization"))
	if err != nil {
		v.Causes = []Reason{{"authorization", "The Authorization header cannot be read: " + err.Error(), `Write WECHATPAY2-SHA256-RSA2048 mchid="…",nonce_str="…",timestamp="…",serial_no="…",signature="…", in one line; wxpay sign makes it.`}}
		return
	}
	v.Serial = auth.Serial
	r := diagnose.Request{Method: m.Method, Host: m.Host, Target: m.Target, Authorization: auth, Body: m.Signed(), At: at}
	f := diagnose.Find(r, diagnose.Merchant{MchID: keys.MchID, Key: keys.Merchant, Others: keys.Platform})
	v.take(&f, false, at, diagnose.Cause.Text)
	v.Valid = len(f.Causes) == 0 && holds(keys.Merchant.Public, f.Received, auth.Signature)
}

func holds(key *rsa.PublicKey, message, signature string) bool {
	raw, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && sign.RSA.Verify(key, []byte(message), raw) == nil
}

func (v *Verdict) received(ctx context.Context, m *capture.Message, keys Keys, at time.Time) {
	h := sign.ReadHeader(m.Header)
	v.Serial = h.Serial
	var others []diagnose.Key
	if keys.Merchant.Public != nil {
		others = append(others, keys.Merchant)
	}
	f := diagnose.FindReceived(diagnose.Message{Header: h, Body: m.Body, At: at}, diagnose.Platform{Keys: keys.Platform, Others: others})
	v.take(&f, true, at, diagnose.Cause.Received)
	v.Valid = len(f.Causes) == 0 && verified(ctx, h, m.Body, keys.Platform, at) == nil
}

// verified asks what the SDK would say of the same message.
func verified(ctx context.Context, h sign.Header, body []byte, keys []diagnose.Key, at time.Time) error {
	var trusts []sign.Trust
	for _, k := range keys {
		trusts = append(trusts, sign.PublicKey(k.Serial, k.Public))
	}
	verifier := sign.Verifier{Trust: sign.AnyOf(trusts...), Now: func() time.Time { return at }}
	if at.IsZero() {
		verifier.Window = 1<<63 - 1
		verifier.Now = time.Now
	}
	return verifier.Verify(ctx, h, body)
}

// take copies what was found.
func (v *Verdict) take(f *diagnose.Finding, answer bool, at time.Time, text func(diagnose.Cause) diagnose.Text) {
	v.Proven, v.Received, v.Signed = f.Verified, f.Received, f.Signed
	if !at.IsZero() {
		v.Clock = ClockGood
	}
	if slices.Contains(f.Causes, diagnose.WrongClock) {
		v.Clock = ClockStale
	}
	for _, cause := range f.Causes {
		t := text(cause)
		if f.Owner != "" && (cause == diagnose.OthersKey || cause == diagnose.OthersSerial) {
			t.English += " (" + f.Owner + ")"
		}
		v.Causes = append(v.Causes, Reason{string(cause), t.English, t.EnglishRemedy})
	}
	if d, ok := f.Difference(answer); ok {
		v.Difference = new(Difference(d))
	}
}
