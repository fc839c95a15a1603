package wxpay_test

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

const platformSerial = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"

// office is the part of WeChat Pay that lists platform certificates.
type office struct {
	t     testing.TB
	certs []*x509.Certificate
	key   *rsa.PrivateKey // signs the list
	serial,
	apiKey string
	now  func() time.Time
	fail error
	hold chan struct{} // if set, an answer waits for it

	mu    sync.Mutex
	asked int
}

func newOffice(t testing.TB, life time.Duration) *office {
	return &office{
		t: t, certs: []*x509.Certificate{certificate(t, platformKey(), platformSerial, life)},
		key: platformKey(), serial: platformSerial, apiKey: apiV3Key, now: func() time.Time { return now },
	}
}

func (o *office) do(req *http.Request) (*http.Response, error) {
	if req.URL.Path != "/v3/certificates" {
		return reply{body: `{"echo_message":"hello"}`, key: o.key, serial: o.serial, time: o.now()}.response(o.t), nil
	}
	o.mu.Lock()
	o.asked++
	fail, hold := o.fail, o.hold
	o.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	if fail != nil {
		return nil, fail
	}
	return reply{body: o.list(), key: o.key, serial: o.serial, time: o.now()}.response(o.t), nil
}

func (o *office) list() string {
	type entry map[string]any
	var data []entry
	for _, cert := range o.certs {
		text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
		sealed, err := seal.Close([]byte(o.apiKey), text, "certificate", "61f9c719728a")
		if err != nil {
			o.t.Error(err)
		}
		data = append(data, entry{"serial_no": sign.Serial(cert), "effective_time ": "x", "encrypt_certificate": sealed})
	}
	b, err := json.Marshal(entry{"data": data})
	if err != nil {
		o.t.Error(err)
	}
	return string(b)
}

func (o *office) client(t testing.TB, cfg wxpay.Config) (*wxpay.Client, *wxpay.Certificates) {
	t.Helper()
	cfg.Now = o.now
	certs, err := wxpay.NewCertificates(cfg, apiV3Key)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Trust = certs
	return newClient(t, cfg), certs
}

func TestCertificatesAreDownloadedOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, time.Hour)
	wx, _ := o.client(t, config(o.do))
	if o.asked != 0 {
		t.Fatal("New did I/O")
	}
	for range 3 {
		if _, err := callEcho(wx); err != nil {
			t.Fatal(err)
		}
	}
	if o.asked != 1 {
		t.Errorf("asked %d times", o.asked)
	}
}

func TestCertificatesSingleFlight(t *testing.T) {
	t.Parallel()
	merchantKey()
	o := newOffice(t, time.Hour)
	synctest.Test(t, func(t *testing.T) {
		o.hold = make(chan struct{})
		wx, _ := o.client(t, config(o.do))
		var calls []*wxpay.Future[*echoResponse]
		for range 20 {
			calls = append(calls, wxpay.Go(t.Context(), func(context.Context) (*echoResponse, error) { return callEcho(wx) }))
		}
		synctest.Wait()
		close(o.hold)
		if _, err := wxpay.All(calls...).Wait(t.Context()); err != nil {
			t.Error(err)
		}
		if o.asked != 1 {
			t.Errorf("asked %d times", o.asked)
		}
	})
}

func TestCertificatesWaiterGivesUpAlone(t *testing.T) {
	t.Parallel()
	merchantKey()
	o := newOffice(t, time.Hour)
	synctest.Test(t, func(t *testing.T) {
		o.hold = make(chan struct{})
		_, certs := o.client(t, config(o.do))
		ask := func(ctx context.Context) *wxpay.Future[string] {
			return wxpay.Go(ctx, func(ctx context.Context) (string, error) {
				serial, _, err := certs.Current(ctx)
				return serial, err
			})
		}
		first, cancel := context.WithCancel(t.Context())
		a := ask(first)
		synctest.Wait() // a is the one that downloads
		b := ask(t.Context())
		synctest.Wait()
		cancel()
		if _, err := a.Wait(t.Context()); !errors.Is(err, context.Canceled) {
			t.Errorf("first: %v", err)
		}
		close(o.hold)
		if serial, err := b.Wait(t.Context()); err != nil || serial != platformSerial {
			t.Errorf("second: %q, %v: a call given up by one must not fail the others", serial, err)
		}
	})
}

func TestCertificatesAreRefreshed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 48*time.Hour)
	clock := now
	o.now = func() time.Time { return clock }
	var log bytes.Buffer
	cfg := config(o.do)
	cfg.Retry.Attempts = 1
	cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
	wx, _ := o.client(t, cfg)
	step := func(name string, d time.Duration, asked int, good bool) {
		t.Helper()
		clock = clock.Add(d)
		if _, err := callEcho(wx); (err == nil) != good {
			t.Errorf("%s: %v", name, err)
		}
		if o.asked != asked {
			t.Errorf("%s: asked %d times, want %d", name, o.asked, asked)
		}
	}
	step("first call", 0, 1, true)
	step("ten hours later", 10*time.Hour, 1, true)
	step("eleven hours later", time.Hour, 2, true)
	o.fail = errors.New("down")
	step("while the service is down the old one serves", 12*time.Hour, 3, true)
	step("and it is not asked again at once", 59*time.Second, 3, true)
	step("but a minute later", time.Second, 4, true)
	if !strings.Contains(log.String(), "platform certificates not refreshed") {
		t.Error("the failure was not reported")
	}
	step("until the certificate expires", 30*time.Hour, 5, false)
	o.fail = nil
	o.certs = []*x509.Certificate{certificate(t, platformKey(), platformSerial, 90*24*time.Hour)}
	step("and then anew", time.Minute, 6, true)
}

func TestCertificatesRotate(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 48*time.Hour)
	clock := now
	o.now = func() time.Time { return clock }
	wx, _ := o.client(t, config(o.do))
	if _, err := callEcho(wx); err != nil {
		t.Fatal(err)
	}
	clock = clock.Add(2 * time.Minute)
	next := certificate(t, strangerKey(), "0AB1", 90*24*time.Hour)
	o.certs = append(o.certs, next)
	o.key, o.serial = strangerKey(), "ab1" // lower case, without the leading zero
	if _, err := callEcho(wx); err != nil {
		t.Fatal(err)
	}
	if o.asked != 2 {
		t.Errorf("asked %d times", o.asked)
	}
}

func TestCertificatesUnknownSerialsAreBounded(t *testing.T) {
	t.Parallel()
	o := newOffice(t, time.Hour)
	_, certs := o.client(t, config(o.do))
	for range 50 {
		_, err := certs.Key(t.Context(), "ABCDEF")
		if e, ok := errors.AsType[*sign.Error](err); !ok || e.Code != sign.CodeSerial {
			t.Fatalf("error = %v", err)
		}
	}
	if o.asked != 1 {
		t.Errorf("asked %d times", o.asked)
	}
}

func TestCertificatesRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*office)
		want   string
	}{
		{"wrong APIv3 key", func(o *office) { o.apiKey = strings.Repeat("x", 32) }, "APIv3 key"},
		{"list signed by a stranger", func(o *office) { o.key = strangerKey() }, "untrusted"},
		{"list signed under a serial that is not in it", func(o *office) { o.serial = "ABCD" }, "untrusted"},
		{"empty list", func(o *office) { o.certs = nil }, "0 entries"},
		{"endless list", func(o *office) {
			for range 20 {
				o.certs = append(o.certs, o.certs[0])
			}
		}, "21 entries"},
		{"no answer", func(o *office) { o.fail = errors.New("down") }, "down"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, time.Hour)
			tt.change(o)
			cfg := config(o.do)
			cfg.Retry.Attempts = 1
			wx, certs := o.client(t, cfg)
			_, err := callEcho(wx)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), apiV3Key) {
				t.Errorf("error = %v, want %q", err, tt.want)
			}
			_, _, again := certs.Current(t.Context())
			if again == nil || o.asked != 1 {
				t.Errorf("asked %d times, then %v: a failure must hold off the next download", o.asked, again)
			}
			if certs.Refresh(t.Context()) == nil || o.asked != 2 {
				t.Error("Refresh must ask whenever it is called")
			}
		})
	}
}

func TestMixedMode(t *testing.T) {
	t.Parallel()
	o := newOffice(t, time.Hour)
	cfg := config(o.do)
	certs, err := wxpay.NewCertificates(cfg, apiV3Key)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Trust = sign.AnyOf(sign.PublicKey(publicKeyID, strangerKey().Public()), certs)
	wx := newClient(t, cfg)
	if _, err := callEcho(wx); err != nil { // signed by the certificate, though the public key was named
		t.Fatal(err)
	}
	o.key, o.serial = strangerKey(), publicKeyID
	if _, err := callEcho(wx); err != nil {
		t.Fatal(err)
	}
	if o.asked != 1 {
		t.Errorf("asked %d times", o.asked)
	}
}
