package compat

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// host is where the official library sends, whatever it is told.
const host = "https://api.mch.weixin.qq.com"

// credentials are made once: they hold three RSA keys.
var credentials = sync.OnceValues(func() (*emulator.Credentials, error) {
	return emulator.NewCredentials(emulator.DefaultMchID, time.Now())
})

// service is an emulator that is reached over a real connection.
type service struct {
	*emulator.Emulator
	creds  *emulator.Credentials
	server *httptest.Server
}

// start starts an emulator over TLS, or over plain HTTP.
func start(t *testing.T, cfg emulator.Config, secure bool) *service {
	t.Helper()
	creds, err := credentials()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Credentials = creds
	e, err := emulator.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s := &service{Emulator: e, creds: creds}
	if secure {
		s.server = httptest.NewTLSServer(e)
	} else {
		s.server = httptest.NewServer(e)
	}
	t.Cleanup(func() {
		s.server.Close()
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// client returns an HTTP client whose every connection leads to the emulator.
// Requests stay exactly as they are made, their host included: only the dialer
// and the trusted root differ from a client that calls WeChat Pay.
func (s *service) client() *http.Client {
	roots := x509.NewCertPool()
	roots.AddCert(s.server.Certificate())
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", s.server.Listener.Addr().String())
		},
		TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "example.com"}, // the name in httptest's certificate
	}}
}

// sample is one request of testdata/samples.json.
type sample struct {
	Name     string          `json:"name"`
	Path     string          `json:"path"`
	Body     json.RawMessage `json:"body"`
	Required []string        `json:"required"`
}

func samples(t *testing.T) []sample {
	t.Helper()
	data, err := os.ReadFile("testdata/samples.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []sample
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 5 {
		t.Fatalf("testdata/samples.json has %d samples, want 5", len(list))
	}
	return list
}

// missing names what a required field lacks in an answer, or returns "".
func (s *sample) missing(answer map[string]any) string {
	for _, name := range s.Required {
		if v, ok := answer[name]; !ok || v == nil || v == "" {
			return name
		}
	}
	return ""
}
