package wxpay_test

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/sign"
)

// environment sets a good environment and returns the folder of its files.
func environment(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, kind string, der []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	private, err := x509.MarshalPKCS8PrivateKey(merchantKey())
	t.Setenv(wxpay.EnvMchPrivateKey, write("apiclient_key.pem", "PRIVATE KEY", private, err))
	public, err := x509.MarshalPKIXPublicKey(platformKey().Public())
	t.Setenv(wxpay.EnvPublicKeyFile, write("pub_key.pem", "PUBLIC KEY", public, err))
	cert := certificate(t, strangerKey(), platformSerial, time.Hour)
	t.Setenv(wxpay.EnvPlatformCert, write("platform_cert.pem", "CERTIFICATE", cert.Raw, nil))
	t.Setenv(wxpay.EnvPlatformSerial, strings.ToLower(platformSerial))
	t.Setenv(wxpay.EnvPublicKeyID, publicKeyID)
	t.Setenv(wxpay.EnvMchID, "1900007291")
	t.Setenv(wxpay.EnvMchSerial, merchantSerial)
	t.Setenv(wxpay.EnvAPIv3Key, apiV3Key)
	t.Setenv(wxpay.EnvBaseURL, "http://127.0.0.1:8089")
	return dir
}

func TestConfigFromEnv(t *testing.T) {
	environment(t)
	cfg, err := wxpay.ConfigFromEnv()
	if err != nil {
		t.Fatal(err)
	}
	if cfg.MchID != "1900007291" || cfg.Serial != merchantSerial || cfg.BaseURL != "http://127.0.0.1:8089" {
		t.Errorf("config = %+v", cfg)
	}
	if serial, _, err := cfg.Trust.Current(t.Context()); err != nil || serial != publicKeyID {
		t.Errorf("current key = %q, %v", serial, err)
	}
	newClient(t, cfg)
}

func TestConfigFromEnvDownloadsCertificatesIfItHasNoKey(t *testing.T) {
	environment(t)
	t.Setenv(wxpay.EnvPublicKeyFile, "")
	t.Setenv(wxpay.EnvPlatformCert, "")
	cfg, err := wxpay.ConfigFromEnv()
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := cfg.Trust.(*wxpay.Certificates); !ok {
		t.Errorf("trust = %T", cfg.Trust)
	}
}

func TestConfigFromEnvRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(t *testing.T, dir string)
		want   []string
		text   string
	}{
		{"nothing set", func(t *testing.T, _ string) {
			for _, name := range []string{wxpay.EnvMchID, wxpay.EnvMchSerial, wxpay.EnvMchPrivateKey, wxpay.EnvPublicKeyFile, wxpay.EnvPlatformCert, wxpay.EnvAPIv3Key} {
				t.Setenv(name, "")
			}
		}, []string{wxpay.EnvMchID, wxpay.EnvMchSerial, wxpay.EnvMchPrivateKey}, "is required"},
		{"file missing", func(t *testing.T, dir string) { t.Setenv(wxpay.EnvMchPrivateKey, filepath.Join(dir, "none.pem")) }, []string{wxpay.EnvMchPrivateKey}, "can be read"},
		{"certificate for the private key", swap(wxpay.EnvMchPrivateKey, "platform_cert.pem"), []string{wxpay.EnvMchPrivateKey}, "certificate"},
		{"public key for the private key", swap(wxpay.EnvMchPrivateKey, "pub_key.pem"), []string{wxpay.EnvMchPrivateKey}, "public key"},
		{"private key for the public key", swap(wxpay.EnvPublicKeyFile, "apiclient_key.pem"), []string{wxpay.EnvPublicKeyFile}, "private key"},
		{"public key for the certificate", swap(wxpay.EnvPlatformCert, "pub_key.pem"), []string{wxpay.EnvPlatformCert}, "public key"},
		{"public key without its id", func(t *testing.T, _ string) { t.Setenv(wxpay.EnvPublicKeyID, "") }, []string{wxpay.EnvPublicKeyID}, "is required"},
		{"serial of another certificate", func(t *testing.T, _ string) { t.Setenv(wxpay.EnvPlatformSerial, "AB") }, []string{wxpay.EnvPlatformSerial}, "serial"},
		{"no key of WeChat Pay and no APIv3 key", func(t *testing.T, _ string) {
			for _, name := range []string{wxpay.EnvPublicKeyFile, wxpay.EnvPlatformCert, wxpay.EnvAPIv3Key} {
				t.Setenv(name, "")
			}
		}, []string{"APIv3Key"}, "32 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.change(t, environment(t))
			_, err := wxpay.ConfigFromEnv()
			if got := faults(t, err); !slices.Equal(got, tt.want) {
				t.Errorf("faults of %v, want %v (%v)", got, tt.want, err)
			}
			if err != nil && !strings.Contains(err.Error(), tt.text) {
				t.Errorf("error = %v, want %q in it", err, tt.text)
			}
		})
	}
}

func swap(variable, file string) func(*testing.T, string) {
	return func(t *testing.T, dir string) { t.Setenv(variable, filepath.Join(dir, file)) }
}

// The merchant's own public key where that of WeChat Pay belongs is found when
// the client is made.
func TestKeysSwappedInTheEnvironment(t *testing.T) {
	environment(t)
	cfg, err := wxpay.ConfigFromEnv()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Trust = sign.PublicKey(publicKeyID, merchantKey().Public())
	if _, err := wxpay.New(cfg); !slices.Equal(faults(t, err), []string{"Trust"}) {
		t.Errorf("error = %v", err)
	}
}
