package wxpaytest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
)

// transport hands requests to a handler in the same process, as a server
// would: the handler sees what would have crossed the wire.
type transport struct{ handler http.Handler }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	return handle(t.handler, r, r.URL)
}

func handle(h http.Handler, r *http.Request, at *url.URL) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close() // a RoundTripper must
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	in.URL, in.RequestURI = at, at.RequestURI()
	if in.Host == "" || at != r.URL {
		in.Host = at.Host
	}
	w := httptest.NewRecorder()
	whole := serve(h, w, in)
	if err := r.Context().Err(); err != nil {
		return nil, err // the caller did not wait for what came too late
	}
	if !whole && !w.Flushed {
		return nil, io.ErrUnexpectedEOF
	}
	answer := w.Result()
	answer.Request = r
	if !whole {
		answer.Body = cutOff{answer.Body}
	}
	return answer, nil
}

// serve reports whether the handler answered whole: one that ends the
// connection panics with [http.ErrAbortHandler].
func serve(h http.Handler, w http.ResponseWriter, r *http.Request) (whole bool) {
	defer func() {
		if reason := recover(); reason != nil && reason != http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
			panic(reason)
		}
	}()
	h.ServeHTTP(w, r)
	return true
}

// cutOff is the body of a connection that ended too early.
type cutOff struct{ io.ReadCloser }

func (c cutOff) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// shop is where notifications go: the handlers of the merchant under test.
type shop struct {
	mu       sync.Mutex
	handlers map[string]http.Handler
}

func newShop() *shop { return &shop{handlers: map[string]http.Handler{}} }

// Notify registers the handler of a notify URL, exactly as the merchant gives
// it in its calls. It replaces an earlier one. A notification for a URL
// without a handler counts as not delivered, and is tried again on schedule.
func (s *Server) Notify(notifyURL string, h http.Handler) {
	s.shop.mu.Lock()
	defer s.shop.mu.Unlock()
	s.shop.handlers[notifyURL] = h
}

// RoundTrip finds the handler by the URL that the merchant gave, which the
// emulator tells when it forwards.
func (s *shop) RoundTrip(r *http.Request) (*http.Response, error) {
	at := r.URL
	if given := r.Header.Get("Wxpay-Notify-Url"); given != "" {
		parsed, err := url.Parse(given)
		if err != nil {
			return nil, err
		}
		at = parsed
		r = r.Clone(r.Context())
		r.Header.Del("Wxpay-Notify-Url")
	}
	s.mu.Lock()
	h := s.handlers[at.String()]
	s.mu.Unlock()
	if h == nil {
		return nil, fmt.Errorf("wxpaytest: no handler is registered for %s: call Notify", at)
	}
	return handle(h, r, at)
}
