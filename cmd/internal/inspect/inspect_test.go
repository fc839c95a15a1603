package inspect_test

import (
	"crypto/rsa"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/capture"
	"github.com/wxpay-go/wxpay/cmd/internal/diagnose"
	"github.com/wxpay-go/wxpay/cmd/internal/inspect"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/seal"
)

var credentials = sync.OnceValues(func() (*emulator.Credentials, error) {
	return emulator.NewCredentials(emulator.DefaultMchID, time.Now())
})

func merchant(t *testing.T) (*emulator.Credentials, inspect.Secrets) {
	t.Helper()
	keys, err := credentials()
	if err != nil {
		t.Fatal(err)
	}
	return keys, inspect.Secrets{
		APIv3Key:   func() (string, error) { return keys.APIv3Key, nil },
		PrivateKey: func() (*rsa.PrivateKey, error) { return keys.MerchantKey, nil },
	}
}

// TestOpenFindsWhatIsEncrypted has a resource, fields at two places, and what
// only looks like one.
func TestOpenFindsWhatIsEncrypted(t *testing.T) {
	t.Parallel()
	keys, secrets := merchant(t)
	name, err := seal.EncryptField(&keys.MerchantKey.PublicKey, "张三")
	if err != nil {
		t.Fatal(err)
	}
	others, err := seal.EncryptField(keys.PublicKey(), "x")
	if err != nil {
		t.Fatal(err)
	}
	resource, err := seal.Close([]byte(keys.APIv3Key), []byte("{}"), "", "61f9c719728a")
	if err != nil {
		t.Fatal(err)
	}
	text := func(v any) []byte {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	list, err := inspect.Open(text(map[string]any{"a/b": []any{map[string]any{"name": name}, others}, "resource": resource, "n": 1}), secrets)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range list {
		got = append(got, o.Kind+" "+o.Where+" "+o.Text)
	}
	if want := "field /a~1b/0/name 张三|resource /resource {}"; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", got, want)
	}
	_, err = inspect.Open(text(map[string]any{"name": others}), secrets)
	if e, ok := errors.AsType[*inspect.SealedError](err); !ok || e.Where != "/name" || e.Reason.Cause != string(diagnose.OthersCertificate) {
		t.Errorf("a field of somebody else: %v", err)
	}
	for _, body := range []string{"", "no JSON", `{"a":["b"]}`} {
		if _, err := inspect.Open([]byte(body), secrets); !errors.Is(err, inspect.ErrNothing) {
			t.Errorf("%q: %v", body, err)
		}
	}
	locked := inspect.Secrets{APIv3Key: func() (string, error) { return "", errors.New("no key") }}
	if _, err := inspect.Open(text(map[string]any{"resource": resource}), locked); err == nil || err.Error() != "no key" {
		t.Errorf("without a key: %v", err)
	}
}

// TestJudgeByTheKindOfTheMessage: what is missing is said of each.
func TestJudgeByTheKindOfTheMessage(t *testing.T) {
	t.Parallel()
	keys, _ := merchant(t)
	known := inspect.Keys{MchID: keys.MchID, Merchant: diagnose.Key{Serial: keys.MerchantSerial(), Public: &keys.MerchantKey.PublicKey}}
	for text, want := range map[string]string{
		"GET /v3/certificates HTTP/1.1\n\n":                          "request authorization",
		"GET / HTTP/1.1\nAuthorization: Bearer x\n\n":                "request authorization",
		"HTTP/1.1 401 Unauthorized\n\n{}":                            "answer missing-header",
		"POST /n HTTP/1.1\nWechatpay-Signature: x\n\n{}":             "notification missing-header",
		"HTTP/1.1 200 OK\nWechatpay-Signature: WECHATPAY/SIGNTEST/x": "answer missing-header",
	} {
		list, err := capture.Parse([]byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		v := inspect.Judge(t.Context(), list[0], known, inspect.Clock{})
		if v.Valid || len(v.Causes) != 1 || v.Kind+" "+v.Causes[0].Cause != want || v.Causes[0].Remedy == "" {
			t.Errorf("%q: %+v, want %s", text, v, want)
		}
	}
}
