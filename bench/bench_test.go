package bench

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// BenchmarkPreSign is one call: request, signature, answer, verification.
//
// memory: the transport is a function. What is measured is the client alone.
// wire: HTTP/1.1 over TLS on loopback, connections kept. Time, processor and
// memory of the mock's server are in the figures of all four.
func BenchmarkPreSign(b *testing.B) {
	answers := &mock{platform: thePlatform()}
	b.Run("memory", func(b *testing.B) {
		b.Run("mock", func(b *testing.B) { measure(b, func() error { return callMock(b.Context(), answers) }) })
		b.Run("signature", func(b *testing.B) { measure(b, signOnce) })
		benchPresign(b, answers)
	})
	b.Run("wire", func(b *testing.B) {
		server := newServer(b, answers)
		benchPresign(b, server.lead(defaultTransport()))
	})
}

func benchPresign(b *testing.B, rt http.RoundTripper) {
	b.Helper()
	for _, c := range contenders() {
		b.Run(c.name, func(b *testing.B) {
			call, err := c.presign(thePlatform(), rt)
			if err != nil {
				b.Fatal(err)
			}
			ctx := b.Context()
			measure(b, func() error { return call(ctx) })
		})
	}
}

// callMock is what the mock takes of each call in memory.
func callMock(ctx context.Context, m *mock) error {
	req := (&http.Request{Body: newReader(nil)}).WithContext(ctx)
	res, err := m.RoundTrip(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// signOnce is the one RSA signature that every call needs.
func signOnce() error {
	digest := sha256.Sum256([]byte(answerBody))
	_, err := rsa.SignPKCS1v15(rand.Reader, thePlatform().merchant, crypto.SHA256, digest[:])
	return err
}

// BenchmarkNotification is one notification: verified, decrypted, decoded.
func BenchmarkNotification(b *testing.B) {
	for _, c := range contenders() {
		b.Run(c.name, func(b *testing.B) {
			receive := receiver(b, c)
			measure(b, receive)
		})
	}
}

// receiver returns a function that takes one notification; it is fresh.
func receiver(tb testing.TB, c contender) func() error {
	tb.Helper()
	n, err := newNotification(thePlatform())
	if err != nil {
		tb.Fatal(err)
	}
	receive, err := c.receive(thePlatform())
	if err != nil {
		tb.Fatal(err)
	}
	ctx := tb.Context()
	return func() error {
		code, err := receive(ctx, n.request())
		if err == nil && code != "wxwtdk20200910100000" {
			tb.Errorf("%s read the contract code %q", c.name, code)
		}
		return err
	}
}

// measure runs f for the benchmark and reports its processor time too.
func measure(b *testing.B, f func() error) {
	b.Helper()
	if err := f(); err != nil { // what is made at the first call is made
		b.Fatal(err)
	}
	b.ReportAllocs()
	before := cpuTime()
	for b.Loop() {
		if err := f(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cpuTime()-before)/float64(b.N), "cpu-ns/op")
}

// server is the mock on the wire, and counts the connections made to it.
type server struct {
	*httptest.Server
	accepted atomic.Int64
}

func newServer(tb testing.TB, handler http.Handler) *server {
	tb.Helper()
	s := new(server)
	s.Server = httptest.NewUnstartedServer(handler)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.accepted.Add(1)
		}
	}
	s.StartTLS()
	tb.Cleanup(s.Close)
	return s
}

// lead makes t lead to the server, whatever host is called, and trust it. All
// else of t stays as its owner made it.
func (s *server) lead(t *http.Transport) *http.Transport {
	t.Proxy = nil
	t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", s.Listener.Addr().String())
	}
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	t.TLSClientConfig = &tls.Config{RootCAs: roots, ServerName: "example.com"}
	return t
}
