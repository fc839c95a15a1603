package gateway_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/gateway"
	"github.com/wxpay-go/wxpay/cmd/internal/loadtest"
	"github.com/wxpay-go/wxpay/sign"
)

// The load: what is asked, by how many at once, where memory is measured, and
// how much more of it there may be at the end.
const (
	load      = 10_000
	askers    = 8
	firstHeap = 2_000
	moreHeap  = 4 << 20
)

// mirror is a WeChat Pay that verifies each request over the bytes that came,
// and answers with these bytes, signed.
type mirror struct{ arrived [load]atomic.Int32 }

func (m *mirror) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = m.verify(r, body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	if i, err := strconv.Atoi(r.Header.Get("X-Number")); err == nil && i >= 0 && i < load {
		m.arrived[i].Add(1)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Request-ID", r.Header.Get("X-Number"))
	stamp(w.Header(), body)
	_, _ = w.Write(body)
}

func (m *mirror) verify(r *http.Request, body []byte) error {
	a, err := sign.ParseAuthorization(r.Header.Get("Authorization"))
	if err != nil {
		return err
	}
	message, err := sign.AppendRequest(nil, r.Method, r.RequestURI, a.Timestamp, a.Nonce, body)
	if err != nil {
		return err
	}
	raw, err := base64.StdEncoding.DecodeString(a.Signature)
	if err != nil {
		return err
	}
	return sign.RSA.Verify(creds().MerchantKey.Public(), message, raw)
}

// TestLoad asks ten thousand times, each time with other bytes and another
// address, by eight at once. Each question arrives once and as it was, each
// asker gets the answer to its own, and the memory does not grow with them.
func TestLoad(t *testing.T) { //nolint:paralleltest // it measures memory
	if testing.Short() {
		t.Skip("10,000 requests")
	}
	m := &mirror{}
	platform := httptest.NewServer(m)
	defer platform.Close()
	trust, err := creds().Trust(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	g, err := gateway.New(gateway.Config{
		MchID: creds().MchID, Serial: creds().MerchantSerial(), Signer: creds().MerchantKey, Trust: trust, Token: token, BaseURL: platform.URL,
	})
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(g)
	defer proxy.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: askers}}
	began := time.Now()
	ask := func(i int, random *loadtest.Random) error { return askOne(t, client, proxy.URL, i, random) }
	loadtest.Share(t, askers, 0, firstHeap, ask)
	before := loadtest.Measure()
	loadtest.Share(t, askers, firstHeap, load, ask)
	after := loadtest.Measure()
	t.Logf("%d requests in %v; after %d %v; at the end %v", load, time.Since(began).Round(time.Millisecond), firstHeap, before, after)
	for i := range m.arrived {
		if n := m.arrived[i].Load(); n != 1 {
			t.Errorf("request %d arrived %d times", i, n)
		}
	}
	if after.Heap > before.Heap+moreHeap {
		t.Errorf("the memory grew from %v to %v", before, after)
	}
}

func askOne(t *testing.T, client *http.Client, to string, i int, random *loadtest.Random) error {
	body := []byte(loadtest.Text(random, 500) + "\x00\xff")
	address := fmt.Sprintf("%s/v3/load/%d%%2F%d?n=%%20%d&m", to, i, random.IntN(9), i)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	number := fmt.Sprint(i)
	r.Header.Set("Wxpay-Token", token)
	r.Header.Set("X-Number", number)
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusOK || res.Header.Get("Request-Id") != number || !bytes.Equal(got, body) {
		return fmt.Errorf("answered %d to %s with %q; want %q", res.StatusCode, res.Header.Get("Request-Id"), got, body)
	}
	return err
}
