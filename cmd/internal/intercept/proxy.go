// Package intercept is an HTTPS proxy that leads to an emulated WeChat Pay:
// for programs with the hosts of WeChat Pay built in, which can be told no
// other address, but do ask the environment for a proxy.
//
// It answers for the hosts of WeChat Pay, under certificates made on the spot,
// and refuses every other one: nothing that goes through it leaves the machine.
package intercept

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/authority"
)

// Proxy is an HTTPS proxy. It takes the CONNECT of most clients, and whole
// URLs in requests without one, as axios sends them.
type Proxy struct {
	next    http.Handler
	ca      *authority.Authority
	log     *slog.Logger
	tunnels *tunnels
}

// New makes a proxy that hands the requests for WeChat Pay's hosts to next,
// which may look at them as if they had come directly, host and all. logger is
// told of what is refused; nil tells nobody.
func New(next http.Handler, ca *authority.Authority, logger *slog.Logger) *Proxy {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Proxy{next: next, ca: ca, log: logger, tunnels: newTunnels()}
}

// Serve takes connections until ctx ends, then lets requests under way finish.
// It closes l. The error is that of accepting connections, and nil if ctx
// ended.
func (p *Proxy) Serve(ctx context.Context, l net.Listener) error {
	outer := p.server(p)
	inner := p.server(p.within())
	inner.TLSConfig = &tls.Config{GetCertificate: p.certificate, MinVersion: tls.VersionTLS12}
	served := make(chan error, 2)
	p.tunnels.address = l.Addr()
	go func() { served <- outer.Serve(l) }()
	go func() { served <- inner.ServeTLS(p.tunnels, "", "") }()
	var err error
	ended := 0
	select {
	case err = <-served:
		ended++
	case <-ctx.Done():
	}
	shutDown(outer)
	shutDown(inner)
	for ; ended < 2; ended++ {
		<-served
	}
	return err
}

func (p *Proxy) server(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelDebug),
	}
}

// shutDown gives requests under way a few seconds.
func shutDown(s *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if s.Shutdown(ctx) != nil {
		_ = s.Close()
	}
}

// ServeHTTP is what a client says to the proxy itself.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodConnect:
		p.connect(w, r)
	case !r.URL.IsAbs():
		p.refuse(w, r, http.StatusBadRequest, "this is a proxy, and no server: set HTTPS_PROXY to its address; wxpay env prints the lines")
	case r.URL.Scheme != "https":
		p.refuse(w, r, http.StatusForbidden, "WeChat Pay is reached by https alone; set HTTPS_PROXY, and not HTTP_PROXY")
	case !isWeChatPay(r.URL.Host):
		p.refuse(w, r, http.StatusForbidden, otherHost(r.URL.Host))
	default:
		p.next.ServeHTTP(w, direct(r))
	}
}

func (p *Proxy) refuse(w http.ResponseWriter, r *http.Request, status int, why string) {
	p.log.InfoContext(r.Context(), "proxy refused", "method", r.Method, "host", r.Host, "reason", why)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "wxpay emulator: "+why+"\n") // the caller went away; there is nobody to tell
}

func otherHost(host string) string {
	return fmt.Sprintf("this proxy leads to WeChat Pay alone (%s, port 443), not to %q; name other hosts in NO_PROXY",
		strings.Join(authority.Hosts(), ", "), host)
}

// isWeChatPay takes a host with or without its port, which is 443.
func isWeChatPay(hostport string) bool {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		host, port = hostport, "443"
	}
	return port == "443" && isHost(host)
}

func isHost(host string) bool {
	return slices.Contains(authority.Hosts(), strings.TrimSuffix(strings.ToLower(host), "."))
}

// direct is a request as it would have come without a proxy: its target is
// path and query byte for byte, for they are signed.
func direct(r *http.Request) *http.Request {
	d := r.WithContext(r.Context())
	_, rest, _ := strings.Cut(r.RequestURI, "://")
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		d.RequestURI = rest[i:]
	} else {
		d.RequestURI = "/"
	}
	if d.RequestURI[0] == '?' {
		d.RequestURI = "/" + d.RequestURI
	}
	return d
}

// connect opens a tunnel, at whose other end the emulator answers.
func (p *Proxy) connect(w http.ResponseWriter, r *http.Request) {
	if !isWeChatPay(r.Host) {
		p.refuse(w, r, http.StatusForbidden, otherHost(r.Host))
		return
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		p.refuse(w, r, http.StatusHTTPVersionNotSupported, "CONNECT is taken over HTTP/1.1 alone")
		return
	}
	if _, err := io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		_ = conn.Close()
		return
	}
	host, _, _ := net.SplitHostPort(r.Host)
	p.tunnels.add(&tunnel{Conn: conn, first: buffered.Reader, host: host})
}

// within hands on what comes through a tunnel, if it is for a host that the
// tunnel may lead to.
func (p *Proxy) within() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isWeChatPay(r.Host) {
			p.refuse(w, r, http.StatusMisdirectedRequest, otherHost(r.Host))
			return
		}
		p.next.ServeHTTP(w, r)
	})
}

// certificate is for the host that the client means, or, from a client that
// does not say, the one that it asked the proxy for.
func (p *Proxy) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := hello.ServerName
	if t, ok := hello.Conn.(*tunnel); ok && name == "" {
		name = t.host
	}
	if !isHost(name) {
		return nil, errors.New("intercept: the TLS handshake names another host than WeChat Pay's")
	}
	return p.ca.Leaf(strings.TrimSuffix(strings.ToLower(name), "."))
}
