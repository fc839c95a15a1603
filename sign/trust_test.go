package sign_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// certificate is a self-signed one, valid from start for a day.
func certificate(t testing.TB, key crypto.Signer, serial int64, start time.Time) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotBefore: start, NotAfter: start.Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func TestCertificatesFollowTheClock(t *testing.T) {
	t.Parallel()
	key := privateKey(t, "wechatpay-go.key.pem")
	old := certificate(t, key, 0x0a01, at)
	next := certificate(t, key, 0x0a02, at.Add(12*time.Hour))
	var now time.Time
	trust, err := sign.CertificatesAt(func() time.Time { return now }, old, next, old)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name      string
		after     time.Duration
		old, next bool
		current   string
	}{
		{"before both", -time.Second, false, false, ""},
		{"the first alone", time.Hour, true, false, "0A01"},
		{"both: the newest is current", 13 * time.Hour, true, true, "0A02"},
		{"the last second of the first", 24 * time.Hour, true, true, "0A02"},
		{"the first expired", 24*time.Hour + time.Second, false, true, "0A02"},
		{"both expired", 48 * time.Hour, false, false, ""},
	}
	for _, tt := range tests { // in order: they share the clock
		now = at.Add(tt.after)
		_, errOld := trust.Key(t.Context(), "a01")
		_, errNext := trust.Key(t.Context(), "00A02")
		serial, current, err := trust.Current(t.Context())
		if (errOld == nil) != tt.old || (errNext == nil) != tt.next || serial != tt.current || (err == nil) != (current != nil) {
			t.Errorf("%s: old %v, next %v, current %q %v", tt.name, errOld, errNext, serial, err)
		}
		for _, err := range []error{errOld, errNext, err} {
			if err != nil {
				wantUntrusted(t, err, sign.CodeSerial)
			}
		}
	}
}

func TestCertificatesRefuses(t *testing.T) {
	t.Parallel()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, other := privateKey(t, "wechatpay-go.key.pem"), privateKey(t, "apache-httpclient.key.pem")
	tests := []struct {
		name  string
		certs []*x509.Certificate
		says  string
	}{
		{"none", nil, "missing"},
		{"a nil one", []*x509.Certificate{nil}, "nil"},
		{"an EC key", []*x509.Certificate{certificate(t, ec, 1, at)}, "ecdsa"},
		{"two of one serial", []*x509.Certificate{certificate(t, key, 1, at), certificate(t, other, 1, at)}, "serial"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			trust, err := sign.Certificates(tt.certs...)
			if e, ok := errors.AsType[*sign.KeyError](err); !ok || trust != nil || !strings.Contains(e.Rule, tt.says) || e.Remedy == "" {
				t.Errorf("Certificates = %v, %v", trust, err)
			}
		})
	}
}

// failing is a Trust whose source is down.
type failing struct{ err error }

func (f failing) Key(context.Context, string) (crypto.PublicKey, error) { return nil, f.err }

func (f failing) Current(context.Context) (string, crypto.PublicKey, error) { return "", nil, f.err }

func TestTrap11AnyOfHoldsBothKeys(t *testing.T) {
	t.Parallel()
	key := privateKey(t, "apache-httpclient.key.pem")
	cert := certificate(t, privateKey(t, "wechatpay-go.key.pem"), 0x5157, at)
	certs, err := sign.CertificatesAt(func() time.Time { return at }, cert)
	if err != nil {
		t.Fatal(err)
	}
	down := errors.New("the download failed")
	trust := sign.AnyOf(nil, failing{down}, sign.PublicKey("PUB_KEY_ID_1", &key.PublicKey), certs)
	for serial, want := range map[string]*rsa.PublicKey{"PUB_KEY_ID_1": &key.PublicKey, "5157": cert.PublicKey.(*rsa.PublicKey)} {
		if got, err := trust.Key(t.Context(), serial); err != nil || !want.Equal(got) {
			t.Errorf("Key(%s) = %v", serial, err)
		}
	}
	if serial, got, err := trust.Current(t.Context()); serial != "PUB_KEY_ID_1" || !key.PublicKey.Equal(got) || err != nil {
		t.Errorf("Current = %s, %v", serial, err)
	}
	_, err = trust.Key(t.Context(), "unknown")
	wantUntrusted(t, err, sign.CodeSerial)
	if !errors.Is(err, down) {
		t.Errorf("%v does not join the causes", err)
	}
	_, _, err = sign.AnyOf().Current(t.Context())
	wantUntrusted(t, err, sign.CodeSerial)
}

func TestVerifyWrapsTheErrorOfATrust(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	h := p.answer(t, "1722850421", "n", nil)
	v := p.verifier()
	v.Trust = failing{context.DeadlineExceeded}
	err := v.Verify(t.Context(), h, nil)
	wantUntrusted(t, err, sign.CodeSerial)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v hides its cause", err)
	}
	v.Trust = nil
	wantUntrusted(t, v.Verify(t.Context(), h, nil), sign.CodeSerial)
}
