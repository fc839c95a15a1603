package emulator

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"github.com/wxpay-go/wxpay/internal/loopback"
)

// headerNotifyURL holds, in a forwarded notification, the URL it was meant for.
const headerNotifyURL = "Wxpay-Notify-Url"

// destination is where a notification for a notify URL is really sent, or why
// it is not.
func (e *Emulator) destination(notifyURL string) (to, why string) {
	u, err := url.Parse(notifyURL)
	if err != nil {
		return "", "the notify URL is not a URL"
	}
	if loopback.Host(u.Hostname()) {
		return notifyURL, ""
	}
	if e.cfg.ForwardTo == "" {
		return "", "its host is not this machine, and no address to forward to is set"
	}
	forward, err := url.Parse(e.cfg.ForwardTo)
	if err != nil {
		return "", "the address to forward to is not a URL"
	}
	if forward.Path == "" || forward.Path == "/" {
		forward.Path, forward.RawPath = u.Path, u.RawPath
	}
	return forward.String(), ""
}

// notifyClient is the client that sends: it follows no redirect, and its
// time-out is that of each attempt. The default one can reach nothing but
// loopback, whatever a name resolves to, and uses no proxy.
func notifyClient(given *http.Client) *http.Client {
	client := &http.Client{}
	if given != nil {
		*client = *given
	} else {
		dialer := &net.Dialer{Timeout: answerTime, Control: loopbackOnly}
		client.Transport = &http.Transport{
			DialContext:         dialer.DialContext,
			TLSHandshakeTimeout: answerTime,
			IdleConnTimeout:     30 * time.Second,
		}
	}
	client.Timeout = 0
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client
}

// loopbackOnly refuses a connection to any other address, after resolution.
func loopbackOnly(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !loopback.Addr(to.Addr()) {
		return fmt.Errorf("emulator: %s is not a loopback address", address)
	}
	return nil
}
