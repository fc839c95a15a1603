package platformcert_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/platformcert"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/sign"
)

func config(t *testing.T) (wxpay.Config, *emulator.Credentials) {
	t.Helper()
	keys, err := emulator.NewCredentials(emulator.DefaultMchID, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	e, err := emulator.New(emulator.Config{Credentials: keys})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return wxpay.Config{MchID: keys.MchID, Certificate: keys.MerchantCert, Signer: keys.MerchantKey, BaseURL: server.URL}, keys
}

func changes(infos []platformcert.Info) string {
	var list []string
	for _, i := range infos {
		list = append(list, i.Change)
	}
	return strings.Join(list, " ")
}

// TestWatch watches an emulator whose certificate is another one the third
// time, and whose network fails the second time.
func TestWatch(t *testing.T) {
	t.Parallel()
	cfg, keys := config(t)
	other, err := emulator.NewCredentials(emulator.DefaultMchID, time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	down := errors.New("down")
	end := errors.New("end")
	dir := filepath.Join(t.TempDir(), "certs")
	round := 0
	var told []string
	w := &platformcert.Watch{
		Dir: dir, Now: time.Now,
		Fetch: func(ctx context.Context) ([]*x509.Certificate, error) {
			switch round++; round {
			case 1, 3:
				return platformcert.Fetch(ctx, cfg, keys.APIv3Key)
			case 2:
				return nil, down
			}
			return []*x509.Certificate{other.PlatformCert}, nil
		},
		Sleep: func(context.Context) error {
			if round == 4 {
				return end
			}
			return nil
		},
		Tell: func(infos []platformcert.Info, err error) error {
			told = append(told, fmt.Sprint(changes(infos), " ", err))
			return nil
		},
	}
	if err := w.Run(t.Context()); !errors.Is(err, end) {
		t.Fatal(err)
	}
	if got, want := strings.Join(told, "; "), "new <nil>;  down; kept <nil>; new gone <nil>"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	list, err := platformcert.Load(dir)
	if err != nil || len(list) != 2 || !list[0].Equal(other.PlatformCert) || !list[1].Equal(keys.PlatformCert) {
		t.Errorf("the folder holds %d, %v", len(list), err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "wechatpay_"+sign.Serial(keys.PlatformCert)+".pem"))
	if err != nil || string(text) != string(platformcert.PEM(keys.PlatformCert)) {
		t.Errorf("%q, %v", text, err)
	}
}

func TestWatchEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	w := &platformcert.Watch{Fetch: func(ctx context.Context) ([]*x509.Certificate, error) { cancel(); return nil, ctx.Err() }}
	if err := w.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestFetchRefuses(t *testing.T) {
	t.Parallel()
	cfg, keys := config(t)
	if _, err := platformcert.Fetch(t.Context(), cfg, "short"); err == nil || !strings.Contains(err.Error(), "APIv3Key") {
		t.Errorf("a key of another length: %v", err)
	}
	if _, err := platformcert.Fetch(t.Context(), cfg, strings.Repeat("x", 32)); err == nil || !strings.Contains(err.Error(), "APIv3 key") || strings.Contains(err.Error(), keys.APIv3Key) {
		t.Errorf("another key: %v", err)
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	_, keys := config(t)
	c := keys.PlatformCert
	for after, want := range map[time.Duration]string{
		-2 * time.Hour: "future", time.Hour: "valid", c.NotAfter.Sub(c.NotBefore) - 20*24*time.Hour: "expiring", c.NotAfter.Sub(c.NotBefore) + time.Hour: "expired",
	} {
		if got := platformcert.Describe(c, c.NotBefore.Add(after)); got.State != want {
			t.Errorf("after %v: %+v, want %s", after, got, want)
		}
	}
}

func TestABrokenFileIsNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "wechatpay_1.pem"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := platformcert.Load(dir); err == nil || !strings.Contains(err.Error(), "wechatpay_1.pem") {
		t.Errorf("got %v", err)
	}
}
