package conformance

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

// start is the time at which every test's emulator stands still.
var start = time.Date(2026, 1, 2, 15, 4, 5, 0, time.FixedZone("UTC+8", 8*60*60))

// wallets holds the credentials of each merchant that the samples name. They
// are made once: real keys take a noticeable time to make.
var wallets sync.Map // merchant id -> func() (*emulator.Credentials, error)

func credentials(mchID string) (*emulator.Credentials, error) {
	once := sync.OnceValues(func() (*emulator.Credentials, error) { return emulator.NewCredentials(mchID, start) })
	made, _ := wallets.LoadOrStore(mchID, once)
	return made.(func() (*emulator.Credentials, error))()
}

// direct is a transport that hands requests to a handler in the same program.
type direct struct{ handler http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	in.RequestURI = in.URL.RequestURI()
	in.Host = in.URL.Host
	rec := httptest.NewRecorder()
	d.handler.ServeHTTP(rec, in)
	res := rec.Result()
	res.Request = r
	return res, nil
}

// newServer is a WeChat Pay of its own for one test, and a client of it for the
// merchant mchID.
func newServer(t *testing.T, mchID string) (*emulator.Emulator, *wxpay.Client) {
	t.Helper()
	creds, err := credentials(mchID)
	if err != nil {
		t.Fatal(err)
	}
	e, err := emulator.New(emulator.Config{Credentials: creds, Clock: emulator.NewClock(start)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	wx, err := wxpay.New(wxpay.Config{
		MchID:       creds.MchID,
		Signer:      creds.MerchantKey,
		Certificate: creds.MerchantCert,
		Trust:       sign.PublicKey(creds.PublicKeyID, creds.PublicKey()),
		Transport:   direct{e},
		Now:         e.Clock().Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return e, wx
}
