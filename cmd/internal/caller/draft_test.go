package caller_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/caller"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/sign"
)

// noNetwork fails a test that sends something.
type noNetwork struct{ t *testing.T }

func (n noNetwork) RoundTrip(r *http.Request) (*http.Response, error) {
	n.t.Errorf("sent: %s %s", r.Method, r.URL)
	return nil, errors.New("no network")
}

// unsent is a merchant whose requests must not be sent.
func unsent(t *testing.T) (wxpay.Config, *emulator.Credentials) {
	t.Helper()
	keys, err := emulator.NewCredentials(emulator.DefaultMchID, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	cfg := wxpay.Config{MchID: keys.MchID, Certificate: keys.MerchantCert, Signer: keys.MerchantKey, Serial: keys.MerchantSerial(), Transport: noNetwork{t}}
	if cfg.Trust, err = wxpay.NewCertificates(cfg, keys.APIv3Key); err != nil {
		t.Fatal(err)
	}
	return cfg, keys
}

// TestDraftIsSignedAndNotSent: what is shown is what the signature covers.
func TestDraftIsSignedAndNotSent(t *testing.T) {
	t.Parallel()
	cfg, keys := unsent(t)
	photo := filepath.Join(t.TempDir(), `a "photo".png`)
	if err := os.WriteFile(photo, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, method, path string
		fields             []string
		message, curl      string
	}{
		{"a query", "GET", "/v3/pay/transactions/out-trade-no/a b", []string{"mchid=1900000109"}, "GET\n/v3/pay/transactions/out-trade-no/a%20b?mchid=1900000109\n", "'https://api.mch.weixin.qq.com/v3/pay/transactions/out-trade-no/a%20b?mchid=1900000109'"},
		{"a body", "POST", "/v3/security/echo", []string{"echo_message=it's"}, "\n{\"echo_message\":\"it's\"}\n", `--data-raw '{"echo_message":"it'\''s"}'`},
		{"an upload", "POST", "/v3/merchant/media/upload", []string{"file=@" + photo}, `{"sha256":"ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73","filename":"a \"photo\".png"}` + "\n", `a \"photo\".png"'`},
	} {
		c, err := caller.Prepare(caller.Request{Method: tt.method, Path: tt.path, Fields: tt.fields, Unchecked: true})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		d, err := c.Draft(t.Context(), cfg)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		auth, err := sign.ParseAuthorization(d.Header.Get("Authorization"))
		if err != nil {
			t.Fatal(err)
		}
		signature, err := base64.StdEncoding.DecodeString(auth.Signature)
		if err != nil {
			t.Fatal(err)
		}
		if err := sign.RSA.Verify(&keys.MerchantKey.PublicKey, []byte(d.Message), signature); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if !strings.Contains(d.Message, tt.message) || !strings.Contains(d.Curl, tt.curl) {
			t.Errorf("%s: message %q, curl %s", tt.name, d.Message, d.Curl)
		}
	}
}

// What must be encrypted needs a key that is there.
func TestDraftCannotEncryptWithoutAKey(t *testing.T) {
	t.Parallel()
	cfg, _ := unsent(t)
	c, err := caller.Prepare(caller.Request{Method: "POST", Path: "/v3/security/echo", Fields: []string{"echo_message=a", "encrypted_echo_message=b"}})
	if err != nil {
		t.Fatal(err)
	}
	if d, err := c.Draft(t.Context(), cfg); err == nil {
		t.Errorf("draft = %+v", d)
	} else if got := err.Error(); !strings.Contains(got, "key") {
		t.Errorf("error = %s", got)
	}
}
