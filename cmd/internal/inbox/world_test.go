package inbox_test

import (
	"bytes"
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/diagnose"
	"github.com/wxpay-go/wxpay/cmd/internal/inbox"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/notify"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// creds are those of both sides, for all tests: keys take their time.
var creds = sync.OnceValue(func() *emulator.Credentials {
	c, err := emulator.NewCredentials(emulator.DefaultMchID, time.Now())
	if err != nil {
		panic(err)
	}
	return c
})

func signed(key *rsa.PrivateKey, serial string, body []byte, at time.Time) (sign.Header, error) {
	h := sign.Header{Timestamp: strconv.FormatInt(at.Unix(), 10), Nonce: sign.Nonce(), Serial: serial, Type: sign.SchemeRSA}
	raw, err := sign.RSA.Sign(key, sign.AppendAnswer(nil, h.Timestamp, h.Nonce, body))
	h.Signature = encode(raw)
	return h, err
}

// notification is one as WeChat Pay sends it, with whitespace and members that
// no two JSON libraries would write alike.
func notification(t testing.TB, id, typ string, at time.Time) (http.Header, []byte) {
	t.Helper()
	r, err := seal.Close([]byte(creds().APIv3Key), []byte(contract), "", sign.Nonce()[:seal.NonceSize])
	if err != nil {
		t.Fatal(err)
	}
	resource, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{ "id":` + strconv.Quote(id) + `,"create_time" : "2026-01-02T15:04:05+08:00","event_type":` + strconv.Quote(typ) +
		",\r\n\t\"resource_type\":\"encrypt-resource\", \"summary\":\"签约\\u6210功 <ok>\",\"resource\":" + string(resource) + " }\n")
	h, err := signed(creds().PublicKeySigner, creds().PublicKeyID, body, at)
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{"Content-Type": {"application/json"}, "Request-Id": {"08F7" + id}}
	h.Write(header)
	return header, body
}

// program is the one that is being worked on.
type program struct {
	mu     sync.Mutex
	got    map[string][][]byte // bodies, by event id
	header http.Header         // of the last one
	path   string
	status int
	answer string
}

func (p *program) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var e struct{ ID string }
	_ = json.Unmarshal(body, &e)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.got == nil {
		p.got = map[string][][]byte{}
	}
	p.got[e.ID] = append(p.got[e.ID], body)
	p.header, p.path = r.Header, r.URL.RequestURI()
	if p.status != 0 {
		w.Header().Set("X-Program", "yes")
		w.WriteHeader(p.status)
	}
	_, _ = io.WriteString(w, p.answer)
}

func (p *program) says(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = status
}

func (p *program) times(id string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.got[id])
}

// wire carries requests to a handler without a network, while it is plugged
// in.
type wire struct {
	mu   sync.Mutex
	to   http.Handler // nil: nobody is there
	sent int
}

func (w *wire) plug(to http.Handler) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.to = to
}

func (w *wire) tries() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sent
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.sent++
	to := w.to
	w.mu.Unlock()
	if to == nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("nobody is there")}
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	in := httptest.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), bytes.NewReader(body))
	in.Header = r.Header
	rec := httptest.NewRecorder()
	to.ServeHTTP(rec, in)
	return rec.Result(), nil
}

// world is an inbox between WeChat Pay and a program.
type world struct {
	*inbox.Inbox
	store   *inbox.Store
	wire    *wire
	program *program
	reports []inbox.Report
	mu      sync.Mutex
	news    chan inbox.Report // if there is one, it gets the reports too
}

// open makes an inbox that keeps its notifications in a file. change may
// change what it is made of.
func open(t testing.TB, path string, change func(*inbox.Config)) *world {
	t.Helper()
	trust, err := creds().Trust(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	receiver, err := notify.New(notify.Config{Trust: trust, APIv3Key: creds().APIv3Key})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{wire: &wire{}, program: &program{status: 204}}
	if w.store, err = inbox.OpenStore(path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.store.Close() })
	w.wire.plug(w.program)
	cfg := inbox.Config{
		Platform: func(context.Context, string) diagnose.Platform {
			return diagnose.Platform{
				Keys:   []diagnose.Key{{Owner: "public key", Serial: creds().PublicKeyID, Public: &creds().PublicKeySigner.PublicKey}, {Owner: "certificate", Serial: creds().PlatformSerial(), Public: &creds().PlatformKey.PublicKey}},
				Others: []diagnose.Key{{Owner: "merchant", Serial: creds().MerchantSerial(), Public: &creds().MerchantKey.PublicKey}},
			}
		},
		APIv3Key: creds().APIv3Key,
		Store:    w.store, Receiver: receiver, ForwardTo: &url.URL{Scheme: "http", Host: "127.0.0.1:1"}, Transport: w.wire,
		Report: func(r inbox.Report) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.reports = append(w.reports, r)
			if w.news != nil {
				w.news <- r
			}
		},
	}
	if change != nil {
		change(&cfg)
	}
	w.Inbox = inbox.New(cfg)
	return w
}

func in(t testing.TB) string { return filepath.Join(t.TempDir(), "inbox") }

// deliver sends a notification as WeChat Pay does, and returns the answer.
func (w *world) deliver(t testing.TB, header http.Header, body []byte) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/notify/here?a=%20b", bytes.NewReader(body))
	r.Header = header.Clone()
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, r)
	return rec
}

func (w *world) state(t testing.TB, id string) *inbox.Entry {
	t.Helper()
	e, err := w.store.Entry(id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (w *world) last() inbox.Report {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reports[len(w.reports)-1]
}

// next is the next report.
func (w *world) next(t testing.TB) inbox.Report {
	t.Helper()
	select {
	case r := <-w.news:
		return r
	case <-time.After(30 * time.Second):
		t.Fatal("nothing happened")
		return inbox.Report{}
	}
}

// run lets the inbox send what is pending until stop is called.
func (w *world) run(t testing.TB) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}
