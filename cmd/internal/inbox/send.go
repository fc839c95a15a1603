package inbox

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// answer is what the program said.
type answer struct {
	Forward
	header  http.Header
	body    []byte
	reached bool // there was a connection, whatever became of it
}

// maxAnswer bounds what is read of it, in bytes.
const maxAnswer = 64 << 10

// NewTransport returns a transport for a program nearby: no proxy, and nothing
// unpacked or added on the way.
func NewTransport() *http.Transport {
	return &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 3 * time.Second}).DialContext,
		TLSHandshakeTimeout: 3 * time.Second,
		MaxIdleConnsPerHost: 64,
		IdleConnTimeout:     30 * time.Second,
		DisableCompression:  true,
	}
}

// send passes a delivery on: the bytes of its body, the values of its headers.
// anew signs it anew where that is possible and needed.
func (in *Inbox) send(ctx context.Context, to *url.URL, d *Delivery, anew bool) *answer {
	u := target(to, d.Target)
	a := &answer{Forward: Forward{To: u.Redacted()}}
	began := in.cfg.Now()
	defer func() { a.Duration = in.cfg.Now().Sub(began) }()
	header, err := in.header(d, anew, a)
	if err == nil {
		err = a.post(ctx, in.cfg.Transport, u, header, d.Body)
	}
	a.reached = !isDial(err)
	if err != nil {
		a.Error = plain(err)
	}
	return a
}

// isDial reports whether there was not even a connection.
func isDial(err error) bool {
	e, ok := errors.AsType[*net.OpError](err)
	return ok && e.Op == "dial"
}

// target is the URL of the program, with the path of the request if it has
// none of its own.
func target(to *url.URL, requested string) *url.URL {
	u := *to
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" {
		return &u
	}
	if from, err := url.ParseRequestURI(requested); err == nil && strings.HasPrefix(requested, "/") {
		u.Path, u.RawPath, u.RawQuery = from.Path, from.RawPath, from.RawQuery
	}
	return &u
}

// header is that of the delivery, without what belongs to its connection.
func (in *Inbox) header(d *Delivery, anew bool, a *answer) (http.Header, error) {
	h := http.Header{}
	copyHeader(h, d.Header)
	if h["User-Agent"] == nil {
		h["User-Agent"] = []string{""} // net/http would put its own name there
	}
	old := sign.ReadHeader(d.Header)
	if !anew || in.cfg.Sign == nil || sign.CheckClock(old.Timestamp, in.cfg.Now(), sign.DefaultWindow-time.Minute) == nil {
		return h, nil
	}
	fresh, err := in.cfg.Sign(old.Serial, d.Body)
	if err != nil {
		return nil, err
	}
	fresh.Write(h)
	a.Signed = true
	return h, nil
}

// hop are the headers of one connection (RFC 9110, 7.6.1).
var hop = map[string]bool{
	"Connection": true, "Keep-Alive": true, "Proxy-Connection": true, "Te": true, "Trailer": true,
	"Transfer-Encoding": true, "Upgrade": true, "Content-Length": true,
}

// copyHeader copies the headers that belong to the message and not to its
// connection.
func copyHeader(to, from http.Header) {
	maps.Copy(to, from)
	for name := range hop {
		delete(to, name)
	}
	for _, list := range from["Connection"] {
		for name := range strings.SplitSeq(list, ",") {
			to.Del(strings.TrimSpace(name))
		}
	}
}

// post sends once; it follows no redirect.
func (a *answer) post(ctx context.Context, transport http.RoundTripper, u *url.URL, header http.Header, body []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body)) //nolint:gosec // sending on is what it is for
	if err != nil {
		return err
	}
	r.GetBody = nil // a lost answer is for the sender to repeat
	r.Header = header
	res, err := transport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if a.body, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer)); err != nil {
		return err
	}
	a.Status, a.header = res.StatusCode, res.Header
	return nil
}

// plain says in few words what is wrong with a connection.
func plain(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer in time"
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Err != nil {
		return e.Op + ": " + e.Err.Error()
	}
	return err.Error()
}
