package checkup

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/wxpay-go/wxpay/internal/loopback"
)

// reach looks up the host, connects, and shakes hands, each step with its own
// verdict. Through a proxy only the proxy can do that.
func (v *visit) reach(ctx context.Context) bool {
	u, err := url.Parse(v.base())
	if err != nil {
		return false // address has said it
	}
	if proxy := v.proxy(ctx, u); proxy != "" {
		v.note(Connection, "proxy", "Requests go through the proxy "+proxy+", which the environment names.", "Set NO_PROXY to go there directly.")
		return true
	}
	if v.client.Transport != nil {
		return true // there is no network to look at
	}
	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	if !v.lookUp(ctx, u.Hostname()) {
		return false
	}
	conn, ok := v.dial(ctx, u)
	if !ok {
		return false
	}
	defer func() { _ = conn.Close() }() // nothing was written
	return u.Scheme != "https" || v.handshake(ctx, conn, u.Hostname())
}

func (v *visit) proxy(ctx context.Context, u *url.URL) string {
	if v.client.Transport != nil {
		return ""
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return ""
	}
	proxy, err := http.ProxyFromEnvironment(req)
	if err != nil || proxy == nil {
		return ""
	}
	return proxy.Host
}

func (v *visit) lookUp(ctx context.Context, host string) bool {
	if _, err := netip.ParseAddr(host); err == nil || loopback.Host(host) {
		return true
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil || len(found) == 0 {
		v.fault(DNS, "not-found", "The name "+host+" cannot be looked up.", "", "Check its spelling, the network, and the name server of this machine.")
		return false
	}
	if address := found[0].Unmap(); address.IsPrivate() || address.IsLoopback() {
		v.warn(DNS, "private-address", "The name "+host+" leads to "+address.String()+", an address of a private network.", "Something on this machine or network leads it elsewhere.", "Look into the hosts file and the name server, unless this is meant.")
		return true
	}
	v.good(DNS, "The name %s is found.", host)
	return true
}

func (v *visit) dial(ctx context.Context, u *url.URL) (net.Conn, bool) {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	address := net.JoinHostPort(u.Hostname(), port)
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	switch {
	case err == nil:
		v.good(Connection, "%s takes connections.", address)
		return conn, true
	case errors.Is(err, syscall.ECONNREFUSED):
		remedy := "Check the port."
		if loopback.Host(u.Hostname()) {
			remedy = "Start it with wxpay emulator, or give the address that it prints."
		}
		v.fault(Connection, "refused", "Nobody listens at "+address+".", "", remedy)
	case timedOut(err):
		v.fault(Connection, "timeout", address+" does not answer.", "", "Look for a firewall: the machine must be allowed to connect to port "+port+" of the host.")
	default:
		v.fault(Connection, "unreachable", address+" cannot be reached.", "", "Check the network of this machine.")
	}
	return nil, false
}

func timedOut(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout() || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)
}

func (v *visit) handshake(ctx context.Context, conn net.Conn, host string) bool {
	secure := tls.Client(conn, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})
	err := secure.HandshakeContext(ctx)
	if err != nil {
		code, what, remedy := handshakeFault(err, host)
		v.fault(TLS, code, what, "", remedy)
		return false
	}
	state := secure.ConnectionState()
	left := state.PeerCertificates[0].NotAfter.Sub(v.clock())
	if left < soon {
		v.warn(TLS, "expires-soon", host+"'s server certificate ends in "+days(left)+".", "", "Its owner has to renew it.")
		return true
	}
	v.good(TLS, "%s with %s; the server certificate is good.", tls.VersionName(state.Version), host)
	return true
}

// handshakeFault says why a handshake failed.
func handshakeFault(err error, host string) (code, what, remedy string) {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "unknown-authority", "Nobody that this machine trusts vouches for the certificate of " + host + ".",
			"Behind a proxy that reads along, trust its authority; for an emulator with --tls, set SSL_CERT_FILE to its ca_cert.pem."
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "other-name", "The server certificate is for another name than " + host + ".", "Call it by its name, never by its address."
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return "out-of-date", "The server certificate of " + host + " is out of its dates, by this machine's clock.", "Check the clock of this machine first, then the certificate."
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "plain-http", host + " does not speak TLS at this port.", "Begin the base URL with http if it is an emulator, or give its TLS port."
	}
	return "failed", "The TLS handshake with " + host + " fails.", "Look for a proxy or a firewall on the way."
}

// farClock is from where on WeChat Pay refuses, and awayClock from where on a
// clock is worth a word.
const (
	farClock  = 5 * time.Minute
	awayClock = 30 * time.Second
)

// compareClocks asks for the time without signing anything.
func (v *visit) compareClocks(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, v.base()+"/v3/certificates", nil)
	if err != nil {
		return false
	}
	req.Header.Set("Accept", "application/json")
	began := v.clock()
	res, err := v.client.Do(req)
	if err != nil {
		v.unanswered(err)
		return false
	}
	_ = res.Body.Close()
	theirs, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		v.skip(Clock, "The other side does not tell its time.", "Compare this machine's clock with another.")
		return true
	}
	ended := v.clock()
	ours := began.Add(ended.Sub(began) / 2)
	away := theirs.Sub(ours)
	far, direction := away.Abs().Round(time.Second), "behind"
	if away < 0 {
		direction = "ahead of"
	}
	switch {
	case away.Abs() >= farClock-time.Second: // the header has whole seconds
		v.shift = away
		v.fault(Clock, "clock", fmt.Sprintf("This machine's clock is %s %s the other side's.", spell(far), direction), "WeChat Pay refuses requests from 5 minutes on (401 SIGN_ERROR), and its answers look too old or too new. The rest was checked by its clock.",
			v.setClock())
	case away.Abs() >= awayClock:
		v.warn(Clock, "clock-drifts", fmt.Sprintf("This machine's clock is %s %s the other side's.", spell(far), direction), "From 5 minutes on requests are refused.", v.setClock())
	default:
		v.good(Clock, "The clock agrees with the other side's.")
	}
	return true
}

func (v *visit) setClock() string {
	if u, err := url.Parse(v.base()); err == nil && loopback.Host(u.Hostname()) {
		return "Set this machine's clock by NTP; if it is the emulator's that was moved, set it back: POST /_wxpay/clock/set."
	}
	return "Set the clock by NTP."
}

// spell writes a span in its largest unit.
func spell(d time.Duration) string {
	for _, unit := range []struct {
		name string
		d    time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second}} {
		if n := int(d / unit.d); n == 1 {
			return "1 " + unit.name
		} else if n > 1 {
			return fmt.Sprintf("%d %ss", n, unit.name)
		}
	}
	return "less than a second"
}

// unanswered says why there was no HTTP answer.
func (v *visit) unanswered(err error) {
	text := err.Error()
	switch {
	case timedOut(err):
		v.fault(Connection, "timeout", "The other side took the connection and did not answer.", "", "Look for a firewall or a proxy on the way.")
	case strings.Contains(text, "malformed HTTP"):
		v.fault(Connection, "no-http", "What answers there does not speak HTTP.", "", "Check the port; a server with TLS wants a base URL that begins with https.")
	default:
		v.fault(Connection, "broken", "The connection broke before an answer came.", "", "Check the address, and any proxy on the way.")
	}
}
