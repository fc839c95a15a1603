package emulator_test

import (
	"bufio"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
)

func TestCredentialsLookLikeRealOnes(t *testing.T) {
	t.Parallel()
	c := credentials()
	serial := regexp.MustCompile(`^[0-9A-F]{40}$`)
	if !serial.MatchString(c.MerchantSerial()) || !serial.MatchString(c.PlatformSerial()) || c.MerchantSerial() == c.PlatformSerial() {
		t.Errorf("serials %s and %s", c.MerchantSerial(), c.PlatformSerial())
	}
	if !regexp.MustCompile(`^PUB_KEY_ID_[0-9]{31,}$`).MatchString(c.PublicKeyID) {
		t.Errorf("public key id %s", c.PublicKeyID)
	}
	if len(c.APIv3Key) != 32 || c.PublicKey().N.BitLen() != 2048 {
		t.Errorf("APIv3 key of %d bytes, public key of %d bits", len(c.APIv3Key), c.PublicKey().N.BitLen())
	}
	for _, cert := range []string{c.MerchantCert.Issuer.String(), c.PlatformCert.Issuer.String()} {
		if !strings.Contains(cert, "wxpay emulator CA") {
			t.Errorf("issuer %s does not say what it is", cert)
		}
	}
}

func TestFolderIsReadBack(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "it's a folder", ".wxpay")
	c := credentials()
	if err := c.WriteFolder(dir, "http://127.0.0.1:8080"); err != nil {
		t.Fatal(err)
	}
	back, err := emulator.ReadFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !back.MerchantKey.Equal(c.MerchantKey) || !back.PlatformKey.Equal(c.PlatformKey) || !back.PublicKeySigner.Equal(c.PublicKeySigner) ||
		!back.MerchantCert.Equal(c.MerchantCert) || !back.PlatformCert.Equal(c.PlatformCert) ||
		back.APIv3Key != c.APIv3Key || back.PublicKeyID != c.PublicKeyID || back.MchID != c.MchID {
		t.Error("the folder gives other credentials back")
	}
	if err := back.WriteFolder(dir, "http://127.0.0.1:8081"); err != nil {
		t.Errorf("writing it again: %v", err)
	}
}

func TestFolderHoldsTheAgreedFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), ".wxpay")
	if err := credentials().WriteFolder(dir, "http://127.0.0.1:8080"); err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]fs.FileMode{
		".": 0o700 | fs.ModeDir, "apiclient_key.pem": 0o600, "apiclient_cert.pem": 0o644, "pub_key.pem": 0o644,
		"platform_cert.pem": 0o644, "wxpay.env": 0o600, "emulator": 0o700 | fs.ModeDir, "emulator/platform_key.pem": 0o600, "emulator/pub_key_private.pem": 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode() != mode {
			t.Errorf("%s: %v, %v, want %v", name, info, err, mode)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 6 {
		t.Errorf("%d entries, %v: something was left behind", len(entries), err)
	}
	env, err := os.ReadFile(filepath.Join(dir, "wxpay.env"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for lines := bufio.NewScanner(bytes.NewReader(env)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), "=")
		names = append(names, name)
		if strings.HasSuffix(name, "_FILE") && !filepath.IsAbs(strings.Trim(value, "'")) {
			t.Errorf("%s=%s is not absolute", name, value)
		}
	}
	want := "WECHATPAY_BASE_URL WECHATPAY_MCHID WECHATPAY_MCH_SERIAL WECHATPAY_MCH_PRIVATE_KEY_FILE WECHATPAY_APIV3_KEY " +
		"WECHATPAY_PUBLIC_KEY_ID WECHATPAY_PUBLIC_KEY_FILE WECHATPAY_PLATFORM_SERIAL WECHATPAY_PLATFORM_CERT_FILE"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("wxpay.env has\n%s, want\n%s", got, want)
	}
}

func TestFolderRefuses(t *testing.T) {
	t.Parallel()
	if _, err := emulator.ReadFolder(filepath.Join(t.TempDir(), "nothing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	dir := t.TempDir()
	if err := credentials().WriteFolder(dir, ""); err != nil {
		t.Fatal(err)
	}
	swap := func(a, b string) {
		data, err := os.ReadFile(filepath.Join(dir, a))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, b), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	swap("emulator/platform_key.pem", "apiclient_key.pem")
	if _, err := emulator.ReadFolder(dir); err == nil || !strings.Contains(err.Error(), "Credentials.MerchantCert") {
		t.Errorf("a key that does not fit its certificate: %v", err)
	}
	swap("pub_key.pem", "apiclient_key.pem")
	if _, err := emulator.ReadFolder(dir); err == nil || !strings.Contains(err.Error(), "apiclient_key.pem") {
		t.Errorf("a public key for a private one: %v", err)
	}
}

func TestConfigRefuses(t *testing.T) {
	t.Parallel()
	broken := *credentials()
	broken.APIv3Key = "short"
	for field, cfg := range map[string]emulator.Config{
		"MchID":                {MchID: "1", Credentials: credentials()},
		"Keys":                 {Keys: "none", Credentials: credentials()},
		"NotifyKeys":           {NotifyKeys: emulator.KeyBoth, Credentials: credentials()},
		"ForwardTo":            {ForwardTo: "http://shop.example", Credentials: credentials()},
		"Credentials.APIv3Key": {Credentials: &broken},
	} {
		_, err := emulator.New(cfg)
		if e, ok := errors.AsType[*emulator.ConfigError](err); !ok || e.Field != field || e.Remedy == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// TestAFolderAppearsWhole: whoever sees the folder while it is made can read it,
// so that a program that ends in the middle of its first start leaves none.
func TestAFolderAppearsWhole(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "shop", ".wxpay")
	written := make(chan error, 1)
	go func() { written <- credentials().WriteFolder(dir, "http://127.0.0.1:8089") }()
	for looking := true; looking; {
		select {
		case err := <-written:
			if err != nil {
				t.Fatal(err)
			}
			looking = false
		default:
		}
		if _, err := os.Stat(dir); err != nil {
			continue
		}
		if _, err := emulator.ReadFolder(dir); err != nil {
			t.Fatal(err)
		}
	}
	left, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(left) != 1 {
		t.Errorf("beside the folder there is %v, %v", left, err)
	}
}
