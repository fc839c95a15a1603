package inbox_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/inbox"
	"github.com/wxpay-go/wxpay/cmd/internal/loadtest"
	"github.com/wxpay-go/wxpay/seal"
)

// The load: what is sent, by how many at once, where memory is measured, and
// how much more of it there may be at the end.
const (
	load      = 10_000
	senders   = 8
	firstHeap = 2_000
	moreHeap  = 4 << 20
)

// program of the load: it knows by the index of a notification which bytes it
// must get, and is away for a while.
type loaded struct {
	t    *testing.T
	want [load]atomic.Pointer[[sha256.Size]byte]
	got  [load]atomic.Int32
	sum  atomic.Int32
	all  chan struct{} // closed once each has come
	away atomic.Bool
}

func (l *loaded) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || l.away.Load() {
		panic(http.ErrAbortHandler)
	}
	var e struct{ ID string }
	i, err := -1, json.Unmarshal(body, &e)
	if err == nil {
		i, err = strconv.Atoi(strings.TrimPrefix(e.ID, "EV-"))
	}
	if err != nil || i < 0 || i >= load {
		l.t.Errorf("got %q", body)
		return
	}
	if want := l.want[i].Load(); want == nil || *want != sha256.Sum256(body) {
		l.t.Errorf("notification %d came with other bytes: %q", i, body)
	}
	if l.got[i].Add(1) == 1 {
		if l.sum.Add(1) == load {
			close(l.all)
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// TestLoad sends ten thousand notifications, each with other bytes, by eight
// at once, to a program that is away for a fifth of the time. None is lost,
// none comes twice, none is changed, and the memory does not grow with them.
func TestLoad(t *testing.T) { //nolint:paralleltest // it measures memory
	if testing.Short() {
		t.Skip("10,000 notifications")
	}
	program := &loaded{t: t, all: make(chan struct{})}
	shop := httptest.NewServer(program)
	defer shop.Close()
	to, err := url.Parse(shop.URL)
	if err != nil {
		t.Fatal(err)
	}
	w := open(t, in(t), func(c *inbox.Config) {
		c.ForwardTo, c.Transport, c.Report = to, inbox.NewTransport(), nil
	})
	listener := httptest.NewServer(w)
	defer listener.Close()
	stop := w.run(t)
	began := time.Now()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}

	send := func(i int, random *loadtest.Random) error {
		return sendOne(t.Context(), client, listener.URL, program, i, random)
	}
	loadtest.Share(t, senders, 0, firstHeap, send)
	before := loadtest.Measure()
	loadtest.Share(t, senders, firstHeap, load*4/10, send)
	program.away.Store(true)
	loadtest.Share(t, senders, load*4/10, load*6/10, send)
	if n, err := w.store.Pending(); err != nil || n != load*2/10 {
		t.Errorf("%d wait, %v; want %d", n, err, load*2/10)
	}
	program.away.Store(false)
	loadtest.Share(t, senders, load*6/10, load, send)
	select {
	case <-program.all:
	case <-time.After(time.Minute):
		t.Errorf("%d came", program.sum.Load())
	}
	stop() // waits for the last one to be noted
	after := loadtest.Measure()
	t.Logf("%d notifications in %v; after %d %v; at the end %v", load, time.Since(began).Round(time.Millisecond), firstHeap, before, after)
	if after.Heap > before.Heap+moreHeap {
		t.Errorf("the memory grew from %v to %v", before, after)
	}
	checkLoad(t, w, program)
}

func checkLoad(t *testing.T, w *world, program *loaded) {
	t.Helper()
	for i := range program.got {
		if n := program.got[i].Load(); n != 1 {
			t.Errorf("notification %d came %d times", i, n)
		}
	}
	n := 0
	err := w.store.Entries(func(e *inbox.Entry) error {
		if n++; e.State != inbox.Accepted || e.Deliveries != 1 {
			t.Errorf("kept as %+v", e)
		}
		return nil
	})
	if err != nil || n != load {
		t.Errorf("%d are kept, %v", n, err)
	}
}

func sendOne(ctx context.Context, client *http.Client, to string, program *loaded, i int, random *loadtest.Random) error {
	body, err := randomNotification(i, random)
	if err != nil {
		return err
	}
	program.want[i].Store(new(sha256.Sum256(body)))
	h, err := signed(creds().PublicKeySigner, creds().PublicKeyID, body, time.Now())
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return err
	}
	h.Write(r.Header)
	want := http.StatusNoContent
	if program.away.Load() {
		want = http.StatusServiceUnavailable
	}
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != want {
		return fmt.Errorf("answered %d, want %d", res.StatusCode, want)
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// randomNotification is JSON that no library would write so: blanks, line
// breaks and escapes at random, characters of all planes.
func randomNotification(i int, random *loadtest.Random) ([]byte, error) {
	attach, err := json.Marshal(loadtest.Text(random, 200))
	if err != nil {
		return nil, err
	}
	plain := fmt.Appendf(nil, `{"out_trade_no":"order-%d","amount":{"total":%d},"attach":%s}`, i, random.IntN(1e6), attach)
	sealed, err := seal.Close([]byte(creds().APIv3Key), plain, "transaction", fmt.Sprintf("%012d", random.IntN(1e12)))
	if err != nil {
		return nil, err
	}
	resource, err := json.Marshal(sealed)
	if err != nil {
		return nil, err
	}
	blank := func() string {
		return strings.Repeat([]string{"", " ", "\t", "\r\n", "\n "}[random.IntN(5)], random.IntN(3))
	}
	summary, err := json.Marshal(loadtest.Text(random, 200))
	return fmt.Appendf(nil, "{%s\"id\"%s:\"EV-%d\",%s\"create_time\":\"2026-01-02T15:04:05+08:00\",\"event_type\":\"TRANSACTION.SUCCESS\",\"resource_type\":\"encrypt-resource\",\"summary\":%s%s,\"n\":%d.50e%d,\"resource\":%s%s}%s",
		blank(), blank(), i, blank(), blank(), summary, random.IntN(100), random.IntN(9), resource, blank(), blank()), err
}
