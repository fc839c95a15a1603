package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/authority"
)

var address = regexp.MustCompile(`https?://127\.0\.0\.1:\d+`)

// stopped interrupts a program and waits for its end.
func (p *process) stopped(t *testing.T) {
	t.Helper()
	if err := p.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Error(err)
	}
}

// ask sends a request without a signature, and returns status and body.
func ask(t *testing.T, c *http.Client, method, url, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	a, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, string(text)
}

// TestDataKeepsTheState: what was there, and what time it was, is there again.
func TestDataKeepsTheState(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	args := []string{"emulator", "--listen", "127.0.0.1:0", "--dir", filepath.Join(dir, "keys"), "--data", filepath.Join(dir, "state")}
	p := start(t, append(args, "--clock", "2026-01-02T15:04:05+08:00")...)
	base := address.FindString(p.greeting(t))
	// Nobody listens on port 1, so that the event stays due.
	body := `{"event_type": "ENTRUST.SIGN", "notify_url": "http://127.0.0.1:1/n"}`
	if status, text := ask(t, new(http.Client), "POST", base+"/_wxpay/events", body); status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	p.stopped(t)
	p = start(t, args...)
	text := p.greeting(t)
	base = address.FindString(text)
	if !strings.Contains(text, filepath.Join(dir, "state")) {
		t.Errorf("the greeting does not name the file:\n%s", text)
	}
	state := get(t, base+"/_wxpay/state")
	for _, want := range []string{`"events":1`, `"due":1`, `"clock_frozen":true`, `2026-01-02T15:04:05+08:00`} {
		if !strings.Contains(state, want) {
			t.Errorf("the state lacks %s: %s", want, state)
		}
	}
	var out, errs strings.Builder
	if code := run(t.Context(), args, &out, &errs); code != 2 || !strings.Contains(errs.String(), "is in use") {
		t.Errorf("a second program on the file: exit %d, %s", code, &errs)
	}
	p.stopped(t)
}

// TestASeedWithData: a restart with the seed goes on, and gives no identifier
// again that the file has.
func TestASeedWithData(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pay := func(number string) string {
		p := start(t, "emulator", "--listen", "127.0.0.1:0", "--dir", filepath.Join(dir, "keys"), "--data", filepath.Join(dir, "state"), "--seed", "7", "--clock", "2026-01-02T15:04:05+08:00")
		defer p.stopped(t)
		base := address.FindString(p.greeting(t))
		status, text := ask(t, new(http.Client), "POST", base+"/_wxpay/orders", `{"order": {"out_trade_no": "`+number+`", "appid": "wxd678efh567hg6787", "notify_url": "https://shop.example/n"}, "total": 100}`)
		if status != 200 {
			t.Fatalf("%d %s", status, text)
		}
		return transaction.FindString(text)
	}
	if one, two := pay("1"), pay("2"); one == "" || one == two {
		t.Errorf("transactions %q and %q", one, two)
	}
}

var transaction = regexp.MustCompile(`"transaction_id":"\d+"`)

func TestHealth(t *testing.T) {
	t.Parallel()
	p := start(t, "emulator", "--listen", "127.0.0.1:0")
	base := address.FindString(p.greeting(t))
	for _, tt := range []struct {
		method, path string
		status       int
		text         string
	}{
		{"GET", "/healthz", 200, "ok\n"},
		{"HEAD", "/healthz", 200, ""},
		{"POST", "/healthz", 405, ""},
		{"GET", "/healthz/more", 404, ""},
	} {
		if status, text := ask(t, new(http.Client), tt.method, base+tt.path, ""); status != tt.status || text != tt.text {
			t.Errorf("%s %s = %d %q, want %d %q", tt.method, tt.path, status, text, tt.status, tt.text)
		}
	}
	p.stopped(t)
}

// trusting is a client that trusts the certificate in a file alone.
func trusting(t *testing.T, file string) *http.Client {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func TestTLSWithAnOwnCertificate(t *testing.T) {
	t.Parallel()
	p := start(t, "emulator", "--listen", "127.0.0.1:0", "--tls")
	text := p.greeting(t)
	base := address.FindString(text)
	ca := filepath.Join(p.Dir, ".wxpay", authority.CertFile)
	if !strings.HasPrefix(base, "https://") || !strings.Contains(text, authority.CertFile) {
		t.Errorf("the greeting is\n%s", text)
	}
	client := trusting(t, ca)
	for _, host := range []string{"127.0.0.1", "localhost"} {
		url := strings.Replace(base, "127.0.0.1", host, 1)
		if status, text := ask(t, client, "GET", url+"/_wxpay/state", ""); status != 200 {
			t.Errorf("%s: %d %s", url, status, text)
		}
	}
	env, err := os.ReadFile(filepath.Join(p.Dir, ".wxpay", "wxpay.env"))
	if err != nil || !strings.Contains(string(env), "WECHATPAY_BASE_URL="+base+"\n") {
		t.Errorf("wxpay.env is %s, %v", env, err)
	}
	p.stopped(t)
}

func TestTLSWithAGivenCertificate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ca, err := authority.Open(dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ca.Leaf("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	writePair(t, leaf, cert, key)
	p := start(t, "emulator", "--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key)
	base := address.FindString(p.greeting(t))
	if status, text := ask(t, trusting(t, filepath.Join(dir, authority.CertFile)), "GET", base+"/healthz", ""); status != 200 {
		t.Errorf("%d %s", status, text)
	}
	p.stopped(t)
}

// writePair writes a certificate and its key as PEM files.
func writePair(t *testing.T, pair *tls.Certificate, cert, key string) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{
		cert: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, key: {Type: "PRIVATE KEY", Bytes: der},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKeepingRefuses(t *testing.T) {
	t.Parallel()
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("no database, and no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"data that is none":           {[]string{"--data", text}, "holds no state"},
		"data in no folder":           {[]string{"--data", filepath.Join(text, "state")}, "cannot be opened"},
		"a certificate without a key": {[]string{"--tls-cert", text}, "belong together"},
		"a certificate that is none":  {[]string{"--tls-cert", text, "--tls-key", text}, "--tls-cert"},
		"a public proxy":              {[]string{"--proxy", "0.0.0.0:0"}, "--proxy: \"0.0.0.0:0\" is not a loopback address"},
		"a proxy without a port":      {[]string{"--proxy", "8090"}, "--proxy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"emulator", "--listen", "127.0.0.1:0", "--dir", filepath.Join(t.TempDir(), "w")}, tt.args...)
			var out, errs strings.Builder
			if code := run(t.Context(), args, &out, &errs); code != 2 || !strings.Contains(errs.String(), tt.want) || strings.Count(errs.String(), "\n") != 1 {
				t.Errorf("exit %d, %q; want 2, %q in one line", code, errs.String(), tt.want)
			}
		})
	}
}
