package intercept

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/authority"
)

// station is a proxy that runs, and what a client needs to go through it.
type station struct {
	address string
	roots   *x509.CertPool
	stop    func() error
}

// echo answers what it was asked, as it came.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s %s %s %s", r.Proto, r.Method, r.Host, r.RequestURI, body)
}

func start(t *testing.T, next http.HandlerFunc) *station {
	t.Helper()
	dir := t.TempDir()
	ca, err := authority.Open(dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- New(next, ca, nil).Serve(ctx, l) }()
	s := &station{address: l.Addr().String(), roots: x509.NewCertPool()}
	s.stop = func() error { cancel(); return <-done }
	t.Cleanup(cancel)
	text, err := os.ReadFile(filepath.Join(dir, authority.CertFile))
	if err != nil {
		t.Fatal(err)
	}
	s.roots.AppendCertsFromPEM(text)
	return s
}

func (s *station) client(t *testing.T, http2 bool) *http.Client {
	t.Helper()
	transport := &http.Transport{
		Proxy:             http.ProxyURL(&url.URL{Scheme: "http", Host: s.address}),
		TLSClientConfig:   &tls.Config{RootCAs: s.roots},
		ForceAttemptHTTP2: http2,
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func do(t *testing.T, c *http.Client, method, url, body string) (int, string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	a, err := c.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	return a.StatusCode, string(text), err
}

func TestHostsOfWeChatPayLeadHere(t *testing.T) {
	t.Parallel()
	s := start(t, echo)
	for proto, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
		c := s.client(t, http2)
		for _, host := range authority.Hosts() {
			_, got, err := do(t, c, "POST", "https://"+host+"/v3/a%2Fb?x=%20&y", "body")
			if want := proto + " POST " + host + " /v3/a%2Fb?x=%20&y body"; err != nil || got != want {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
		}
	}
}

func TestEveryOtherHostIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t, func(http.ResponseWriter, *http.Request) { t.Error("a request got through") })
	for _, host := range []string{"pay.weixin.qq.com", "example.com", "api.mch.weixin.qq.com:8443", "127.0.0.1:443", "xapi.mch.weixin.qq.com", "api.mch.weixin.qq.com.evil.example"} {
		_, _, err := do(t, s.client(t, false), "GET", "https://"+host+"/v3/x", "")
		if err == nil || !strings.Contains(err.Error(), "Forbidden") {
			t.Errorf("%s: %v, want that it is forbidden", host, err)
		}
	}
	status, text, err := do(t, s.client(t, false), "GET", "http://api.mch.weixin.qq.com/v3/x", "")
	if err != nil || status != 403 || !strings.Contains(text, "https alone") {
		t.Errorf("plain http: %d %q %v", status, text, err)
	}
	status, text, err = do(t, new(http.Client), "GET", "http://"+s.address+"/v3/x", "")
	if err != nil || status != 400 || !strings.Contains(text, "HTTPS_PROXY") {
		t.Errorf("as a server: %d %q %v", status, text, err)
	}
}

// raw sends bytes and reads the answer.
func (s *station) raw(t *testing.T, text string) string {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	a, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.Status + " " + string(body)
}

// A client that sends whole URLs instead of CONNECT is served all the same.
func TestWholeURLs(t *testing.T) {
	t.Parallel()
	s := start(t, echo)
	const head = " HTTP/1.1\r\nHost: api.mch.weixin.qq.com\r\nConnection: close\r\n\r\n"
	for url, want := range map[string]string{
		"https://api.mch.weixin.qq.com/v3/a%2fb?x=%20": "200 OK HTTP/1.1 GET api.mch.weixin.qq.com /v3/a%2fb?x=%20 ",
		"https://api.mch.weixin.qq.com:443/v3//x/../y": "200 OK HTTP/1.1 GET api.mch.weixin.qq.com:443 /v3//x/../y ",
		"https://api.mch.weixin.qq.com?x=/":            "200 OK HTTP/1.1 GET api.mch.weixin.qq.com /?x=/ ",
		"https://api.mch.weixin.qq.com":                "200 OK HTTP/1.1 GET api.mch.weixin.qq.com / ",
	} {
		if got := s.raw(t, "GET "+url+head); got != want {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
	}
	if got := s.raw(t, "GET https://example.com/"+head); !strings.Contains(got, "403 Forbidden") || !strings.Contains(got, "NO_PROXY") {
		t.Errorf("another host: %q", got)
	}
	if got := s.raw(t, "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n"); !strings.Contains(got, "403 Forbidden") || !strings.Contains(got, "NO_PROXY") {
		t.Errorf("CONNECT to another host: %q", got)
	}
}

// early is a connection to the proxy that sends CONNECT together with the first
// bytes for the tunnel, before it was granted.
type early struct {
	net.Conn
	host    string // of the CONNECT; "" once it was sent
	granted bool
}

func (e *early) Write(b []byte) (int, error) {
	if e.host == "" {
		return e.Conn.Write(b)
	}
	head := "CONNECT " + e.host + " HTTP/1.1\r\nHost: x\r\n\r\n"
	e.host = ""
	n, err := e.Conn.Write(append([]byte(head), b...))
	return n - len(head), err
}

func (e *early) Read(b []byte) (int, error) {
	for seen := ""; !e.granted; e.granted = strings.HasSuffix(seen, "\r\n\r\n") {
		one := make([]byte, 1)
		if _, err := e.Conn.Read(one); err != nil {
			return 0, err
		}
		seen += string(one)
	}
	return e.Conn.Read(b)
}

// within opens a tunnel, speaks TLS in it as the configuration says, and asks
// the host for something.
func (s *station) within(t *testing.T, cfg *tls.Config, host string) (string, error) {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	inner := tls.Client(&early{Conn: conn, host: "API.mch.weixin.qq.com:443"}, cfg)
	if err := inner.HandshakeContext(t.Context()); err != nil {
		return "", err
	}
	if _, err := io.WriteString(inner, "GET /v3/x HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n"); err != nil {
		return "", err
	}
	a, err := http.ReadResponse(bufio.NewReader(inner), nil)
	if err != nil {
		return "", err
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	return a.Status + " " + string(body), err
}

func TestTunnel(t *testing.T) {
	t.Parallel()
	s := start(t, echo)
	const host = "api.mch.weixin.qq.com"
	got, err := s.within(t, &tls.Config{RootCAs: s.roots, ServerName: host}, host)
	if err != nil || got != "200 OK HTTP/1.1 GET "+host+" /v3/x " {
		t.Errorf("bytes that came early: %q, %v", got, err)
	}
	silent := &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(c tls.ConnectionState) error { // sends no name
		chain := x509.VerifyOptions{Roots: s.roots, DNSName: host}
		_, err := c.PeerCertificates[0].Verify(chain)
		return err
	}}
	if got, err := s.within(t, silent, host); err != nil || !strings.HasPrefix(got, "200 OK") {
		t.Errorf("a client that names no host: %q, %v", got, err)
	}
	if got, err := s.within(t, &tls.Config{RootCAs: s.roots, ServerName: "example.com"}, host); err == nil {
		t.Errorf("a handshake for another host was answered: %q", got)
	}
	if got, err := s.within(t, &tls.Config{RootCAs: s.roots, ServerName: host}, "localhost"); err != nil || !strings.HasPrefix(got, "421 ") {
		t.Errorf("a request for another host: %q, %v", got, err)
	}
}

// Requests under way are answered when the proxy stops.
func TestStopIsGraceful(t *testing.T) {
	t.Parallel()
	begun, release := make(chan struct{}), make(chan struct{})
	s := start(t, func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-release
		echo(w, r)
	})
	type result struct {
		status int
		err    error
	}
	answered := make(chan result, 1)
	c := s.client(t, false)
	go func() {
		status, _, err := do(t, c, "GET", "https://api.mch.weixin.qq.com/v3/x", "")
		answered <- result{status, err}
	}()
	<-begun
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop() }()
	close(release)
	if r := <-answered; r.err != nil || r.status != 200 {
		t.Errorf("answered %d, %v", r.status, r.err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Serve = %v", err)
	}
}
