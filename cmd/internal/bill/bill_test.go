package bill_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/bill"
	"github.com/wxpay-go/wxpay/emulator"
)

var credentials = sync.OnceValues(func() (*emulator.Credentials, error) {
	return emulator.NewCredentials(emulator.DefaultMchID, time.Now())
})

func config(t *testing.T, h http.Handler) wxpay.Config {
	t.Helper()
	keys, err := credentials()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	trust, err := keys.Trust(nil)
	if err != nil {
		t.Fatal(err)
	}
	return wxpay.Config{MchID: keys.MchID, Certificate: keys.MerchantCert, Signer: keys.MerchantKey, Trust: trust, BaseURL: server.URL}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	var names []string
	for _, k := range bill.Kinds() {
		names = append(names, k.Name)
	}
	const want = "ecommerce-fundflow fundflow funds-to-oversea global-profit-sharing global-profit-sharing-refunds merchant-fund-withdraw payscore-merchant profitsharing sub-merchant-fundflow trade"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if _, err := bill.Find("trades"); err == nil || !strings.Contains(err.Error(), "nearest: trade") {
		t.Errorf("got %v", err)
	}
}

// TestEveryKind asks the emulator for each bill, and downloads it.
func TestEveryKind(t *testing.T) {
	t.Parallel()
	keys, err := credentials()
	if err != nil {
		t.Fatal(err)
	}
	e, err := emulator.New(emulator.Config{Credentials: keys})
	if err != nil {
		t.Fatal(err)
	}
	cfg := config(t, e)
	wx, err := wxpay.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	more := map[string]string{
		"sub-merchant-fundflow": "sub_mchid=1900000201 algorithm=AEAD_AES_256_GCM account_type=BASIC", "ecommerce-fundflow": "account_type=ALL algorithm=AEAD_AES_256_GCM",
		"payscore-merchant": "encryption_algorithm=AEAD_AES_256_GCM service_id=500001", "merchant-fund-withdraw": "bill_type=NO_SUCC",
	}
	for _, k := range bill.Kinds() {
		list, err := k.Ask(t.Context(), wx, keys.MerchantKey, "2026-01-02", false, strings.Fields(more[k.Name]))
		if err != nil {
			t.Errorf("%s: %v", k.Name, err)
			continue
		}
		f := &bill.Fetcher{Config: cfg}
		r, err := f.Fetch(t.Context(), list[0], filepath.Join(t.TempDir(), "b.csv"))
		switch {
		case list[0].Sealed != "":
			if !errors.Is(err, bill.ErrSealed) {
				t.Errorf("%s: an encrypted bill: %v", k.Name, err)
			}
		case err != nil || r.Bytes == 0 || r.Checked != (list[0].HashValue != ""):
			t.Errorf("%s: %+v, %v", k.Name, r, err)
		}
	}
}

// store serves one file, and can break off.
type store struct {
	mu      sync.Mutex
	content []byte
	ranges  bool
	cut     int // bytes after which the connection breaks; 0 for never
	asked   []string
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	content, cut := s.content, s.cut
	s.asked = append(s.asked, r.Header.Get("Range"))
	s.mu.Unlock()
	var from int
	if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); err == nil && s.ranges {
		if from >= len(content) {
			w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
			return
		}
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
		w.Header().Set("Content-Length", fmt.Sprint(len(content)-from))
		w.WriteHeader(http.StatusPartialContent)
		content = content[from:]
	} else {
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	}
	if cut > 0 {
		_, _ = w.Write(content[:cut])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(content)
}

func address(cfg wxpay.Config, content []byte) bill.Address {
	sum := sha1.Sum(content)
	return bill.Address{URL: cfg.BaseURL + "/v3/billdownload/file?token=t", HashType: "SHA1", HashValue: hex.EncodeToString(sum[:])}
}

// TestInterrupted breaks a download off, and goes on with it: with a server
// that serves ranges, and with one that does not.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	content := bytes.Repeat([]byte("`2026-01-02,`100,微信支付\n"), 5000)
	for _, ranges := range []bool{true, false} {
		s := &store{content: content, ranges: ranges, cut: 50_000}
		cfg := config(t, s)
		name := filepath.Join(t.TempDir(), "trade.csv")
		f := &bill.Fetcher{Config: cfg}
		_, err := f.Fetch(t.Context(), address(cfg, content), name)
		broken, ok := errors.AsType[*bill.BrokenError](err)
		if !ok || broken.Have != 50_000 || broken.Part != name+".part" {
			t.Fatalf("ranges %t: %v", ranges, err)
		}
		if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("half a file has the final name: %v", err)
		}
		s.mu.Lock()
		s.cut = 0
		s.mu.Unlock()
		r, err := f.Fetch(t.Context(), address(cfg, content), name)
		if err != nil || r.Resumed != map[bool]int64{true: 50_000}[ranges] {
			t.Fatalf("ranges %t: %+v, %v", ranges, r, err)
		}
		holds(t, name, content)
		if s.asked[1] != "bytes=50000-" {
			t.Errorf("asked for %q", s.asked)
		}
		if r, err := f.Fetch(t.Context(), address(cfg, content), name); err != nil || !r.There || len(s.asked) != 2 {
			t.Errorf("a file that is there is not asked for again: %+v, %v, %q", r, err, s.asked)
		}
	}
}

func holds(t *testing.T, name string, content []byte) {
	t.Helper()
	got, err := os.ReadFile(name)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("%s has %d bytes, %v; want %d", name, len(got), err, len(content))
	}
	if _, err := os.Stat(name + ".part"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the part is left: %v", err)
	}
}

// TestLeftovers begins with parts of something else.
func TestLeftovers(t *testing.T) {
	t.Parallel()
	content := []byte(strings.Repeat("right", 100))
	for name, left := range map[string]string{"of another file": "wrong", "longer than the file": strings.Repeat("x", 1000), "all of it": string(content)} {
		s := &store{content: content, ranges: true}
		cfg := config(t, s)
		file := filepath.Join(t.TempDir(), "b.csv")
		if err := os.WriteFile(file+".part", []byte(left), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := (&bill.Fetcher{Config: cfg}).Fetch(t.Context(), address(cfg, content), file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		holds(t, file, content)
	}
}

func TestWrongDigestLeavesNothing(t *testing.T) {
	t.Parallel()
	s := &store{content: []byte("something else")}
	cfg := config(t, s)
	dir := t.TempDir()
	_, err := (&bill.Fetcher{Config: cfg}).Fetch(t.Context(), address(cfg, []byte("a bill")), filepath.Join(dir, "b.csv"))
	left, _ := os.ReadDir(dir)
	if !errors.Is(err, wxpay.ErrDigest) || len(left) != 0 {
		t.Errorf("got %v, and %v is left", err, left)
	}
	for _, a := range []bill.Address{{HashType: "MD5", HashValue: "00"}, {HashType: "SHA1", HashValue: "x"}} {
		a.URL = cfg.BaseURL + "/v3/billdownload/file"
		if _, err := (&bill.Fetcher{Config: cfg}).Fetch(t.Context(), a, filepath.Join(dir, "b.csv")); err == nil || !strings.Contains(err.Error(), "digest") {
			t.Errorf("%+v: %v", a, err)
		}
	}
}

// What is there and no file stays what it is.
func TestNoRegularFile(t *testing.T) {
	t.Parallel()
	s := &store{content: []byte("a bill")}
	cfg := config(t, s)
	dir := t.TempDir()
	_, err := (&bill.Fetcher{Config: cfg}).Fetch(t.Context(), address(cfg, s.content), dir)
	if err == nil || !strings.Contains(err.Error(), "no regular file") || len(s.asked) > 0 {
		t.Errorf("got %v, after %d requests", err, len(s.asked))
	}
}

func TestPacked(t *testing.T) {
	t.Parallel()
	plain := []byte(strings.Repeat("a line\n", 1000))
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(plain)
	_ = z.Close()
	packed := b.Bytes()
	s := &store{content: packed}
	cfg := config(t, s)
	dir := t.TempDir()
	for unpack, want := range map[bool][]byte{false: packed, true: plain} {
		var told int64
		f := &bill.Fetcher{Config: cfg, Unpack: unpack, Progress: func(done, total int64) {
			if told = done; total != int64(len(packed)) {
				t.Errorf("%d of %d", done, total)
			}
		}}
		name := filepath.Join(dir, fmt.Sprint("b", unpack))
		if _, err := f.Fetch(t.Context(), address(cfg, plain), name); err != nil || told != int64(len(packed)) {
			t.Errorf("unpack %t: %v, told %d", unpack, err, told)
		}
		holds(t, name, want)
	}
}

// TestStopped ends a download by its context, as Ctrl-C does.
func TestStopped(t *testing.T) {
	t.Parallel()
	stop := errors.New("Ctrl-C")
	ctx, cancel := context.WithCancelCause(t.Context())
	begun := make(chan struct{})
	cfg := config(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "begun")
		_ = http.NewResponseController(w).Flush()
		<-begun
		cancel(stop)
		<-r.Context().Done()
	}))
	name := filepath.Join(t.TempDir(), "b.csv")
	once := sync.OnceFunc(func() { close(begun) })
	f := &bill.Fetcher{Config: cfg, Progress: func(int64, int64) { once() }}
	_, err := f.Fetch(ctx, address(cfg, []byte("begun and ended")), name)
	if broken, ok := errors.AsType[*bill.BrokenError](err); !ok || broken.Have != 5 || !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

func TestARefusalLeavesNothing(t *testing.T) {
	t.Parallel()
	cfg := config(t, http.NotFoundHandler())
	dir := t.TempDir()
	_, err := (&bill.Fetcher{Config: cfg}).Fetch(t.Context(), address(cfg, nil), filepath.Join(dir, "b.csv"))
	left, _ := os.ReadDir(dir)
	if e, ok := errors.AsType[*wxpay.Error](err); !ok || e.Status != http.StatusNotFound || len(left) != 0 {
		t.Errorf("got %v, and %v is left", err, left)
	}
}
