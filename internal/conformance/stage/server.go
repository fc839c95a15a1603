package stage

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/sign"
)

// Start is the time at which every emulator of the tests stands still.
var Start = time.Date(2026, 1, 2, 15, 4, 5, 0, time.FixedZone("UTC+8", 8*60*60))

// keys are the keys of every merchant that the samples name. They are made
// once: real keys take a noticeable time to make.
var keys = sync.OnceValues(func() (*emulator.Credentials, error) {
	return emulator.NewCredentials(emulator.DefaultMchID, Start)
})

// Credentials are those of a merchant, with the same keys for each.
func Credentials(mchID string) (*emulator.Credentials, error) {
	c, err := keys()
	if err != nil {
		return nil, err
	}
	own := *c
	own.MchID = mchID
	return &own, nil
}

// Direct is a transport that hands requests to a handler in the same program.
type Direct struct{ Handler http.Handler }

// RoundTrip implements [http.RoundTripper].
func (d Direct) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	in.RequestURI = in.URL.RequestURI()
	in.Host = in.URL.Host
	rec := httptest.NewRecorder()
	d.Handler.ServeHTTP(rec, in)
	res := rec.Result()
	res.Request = r
	return res, nil
}

// NewServer is a WeChat Pay of its own for one test, and a client of it for the
// merchant mchID.
func NewServer(t *testing.T, mchID string) (*emulator.Emulator, *wxpay.Client) {
	t.Helper()
	creds, err := Credentials(mchID)
	if err != nil {
		t.Fatal(err)
	}
	e, err := emulator.New(emulator.Config{Credentials: creds, Clock: emulator.NewClock(Start)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e, NewClient(t, creds, Direct{e})
}

// NewClient is a client with the keys of creds. It does not try twice: what
// fails in a test is to be seen.
func NewClient(t *testing.T, creds *emulator.Credentials, transport http.RoundTripper) *wxpay.Client {
	t.Helper()
	wx, err := wxpay.New(wxpay.Config{
		MchID:       creds.MchID,
		Signer:      creds.MerchantKey,
		Certificate: creds.MerchantCert,
		Trust:       sign.PublicKey(creds.PublicKeyID, creds.PublicKey()),
		Transport:   transport,
		Retry:       wxpay.Retry{Attempts: 1},
		Now:         func() time.Time { return Start },
	})
	if err != nil {
		t.Fatal(err)
	}
	return wx
}
