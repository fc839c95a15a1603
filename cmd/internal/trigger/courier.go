package trigger

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"
)

// anywhere is where the emulator sends an event to: this machine, which is all
// that it reaches. The courier takes it where it is to go.
const anywhere = "http://127.0.0.1/"

// maxAnswer is how much of an answer is kept, in bytes.
const maxAnswer = 64 << 10

// courier carries what the emulator sends, and keeps the answer.
type courier struct {
	next http.RoundTripper
	to   *url.URL

	draft  bool   // nothing is sent
	raw    []byte // of a draft, the request
	answer string
	failed error // why there was none
}

func newCourier(next http.RoundTripper) *courier {
	if next == nil {
		next = &http.Transport{
			DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			TLSHandshakeTimeout: 5 * time.Second,
			DisableCompression:  true,
			DisableKeepAlives:   true,
		}
	}
	return &courier{next: next}
}

// RoundTrip implements [http.RoundTripper].
func (c *courier) RoundTrip(r *http.Request) (*http.Response, error) {
	out := r.Clone(r.Context())
	out.URL, out.Host = c.to, c.to.Host
	c.answer, c.failed = "", nil
	if c.draft {
		var err error
		c.raw, err = httputil.DumpRequestOut(out, true)
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody, Header: http.Header{}, Request: r}, err
	}
	res, err := c.next.RoundTrip(out)
	if err != nil {
		c.failed = plain(err)
		return nil, c.failed
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(res.Body, maxAnswer)) // the status counts, whatever becomes of the body
	c.answer = string(body)
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// plain is what is wrong with a connection, without its addresses.
func plain(err error) error {
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Err != nil {
		return e.Err
	}
	return err
}
