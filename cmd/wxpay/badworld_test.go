package main

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/profile"
	"github.com/wxpay-go/wxpay/emulator"
)

// badWorld is where commands are used wrongly: a folder with files of every
// wrong kind, an emulator, and the profiles shop (its merchant, the default),
// down (nobody listens), page (a web page answers) and stranger (keys of
// somebody else).
type badWorld struct {
	url     string // of the emulator
	page    string // of the web page
	taken   string // an address that is in use
	secrets []string
	folders atomic.Int64 // so many were given out
}

func newBadWorld(t *testing.T) *badWorld {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "AppData"} {
		t.Setenv(name, home)
	}
	for _, name := range []string{profile.EnvProfile, wxpay.EnvMchID, wxpay.EnvMchSerial, wxpay.EnvMchPrivateKey, "HTTP_PROXY", "http_proxy"} {
		t.Setenv(name, "")
	}
	t.Chdir(t.TempDir())
	keys, err := scriptKeys()
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := emulator.NewCredentials(emulator.DefaultMchID, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	w := &badWorld{url: servePlatform(t, keys), taken: takenAddress(t)}
	page := httptest.NewServer(http.HandlerFunc(func(a http.ResponseWriter, _ *http.Request) {
		a.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(a, "<html><body>Welcome to the gateway</body></html>")
	}))
	t.Cleanup(page.Close)
	w.page = page.URL
	w.addProfile(t, keys, "shop", w.url)
	w.addProfile(t, keys, "down", "http://127.0.0.1:1")
	w.addProfile(t, keys, "page", page.URL)
	w.addProfile(t, stranger, "stranger", w.url)
	w.writeFiles(t)
	return w
}

func servePlatform(t *testing.T, keys *emulator.Credentials) string {
	t.Helper()
	p, err := emulator.NewPlatform(emulator.PlatformConfig{Config: emulator.Config{Credentials: keys, Seed: "bad input"}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p)
	t.Cleanup(func() {
		server.Close()
		_ = p.Close()
	})
	return server.URL
}

func takenAddress(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}

// addProfile keeps a merchant in the user's folder, and notes what no output
// may hold: its APIv3 key, and the lines of every private key.
func (w *badWorld) addProfile(t *testing.T, keys *emulator.Credentials, name, baseURL string) {
	t.Helper()
	dir, err := filepath.Abs("of-" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.WriteFolder(dir, baseURL); err != nil {
		t.Fatal(err)
	}
	p, err := profile.FromFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := profile.UserFolder()
	if err != nil {
		t.Fatal(err)
	}
	p.Name = name
	if err := folder.Write(p); err != nil {
		t.Fatal(err)
	}
	w.secrets = append(w.secrets, keys.APIv3Key)
	err = filepath.WalkDir(dir, func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(file)
		for block := range strings.SplitSeq(string(text), "-----BEGIN PRIVATE KEY-----\n") {
			if secret, _, ok := strings.Cut(block, "-----END PRIVATE KEY-----"); ok {
				w.secrets = append(w.secrets, strings.Split(strings.TrimSpace(secret), "\n")...)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// badFiles are the kinds of files that are in the place of another.
var badFiles = map[string]string{
	"empty": "", "binary": "\x00\x01\xfe\xff\x80binary", "text": "hello\n", "image.png": "\x89PNG\r\n\x1a\n\x00\x00",
	"array.json": "[1,2]", "two.json": `{"a":1}{"b":2}`, "half.json": `{"a":`, "object.json": `{"a":1}`,
	"noentries.har": `{"log":{"entries":[]}}`,
	"request.http":  "POST /v3/security/echo HTTP/1.1\r\nHost: api.mch.weixin.qq.com\r\n\r\n{}",
}

func (w *badWorld) writeFiles(t *testing.T) {
	t.Helper()
	files := maps.Clone(badFiles)
	for to, from := range map[string]string{"key.pem": "apiclient_key.pem", "cert.pem": "apiclient_cert.pem", "pub.pem": "pub_key.pem"} {
		text, err := os.ReadFile(filepath.Join("of-shop", from))
		if err != nil {
			t.Fatal(err)
		}
		files[to] = string(text)
	}
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	// Nobody can read this one whole: it is bounded, or the test ends here.
	if err := errors.Join(os.WriteFile("huge", nil, 0o600), os.Truncate("huge", 64<<30)); err != nil {
		t.Fatal(err)
	}
}

// fill puts the addresses of the world into the words of a command line, and a
// folder of its own for the keys of an emulator.
func (w *badWorld) fill(line string) []string {
	own := "w" + strconv.FormatInt(w.folders.Add(1), 10)
	return strings.Fields(strings.NewReplacer("$URL", w.url, "$PAGE", w.page, "$TAKEN", w.taken, "$NEW", own).Replace(line))
}

// goText is what no user shall read: names of Go, and what a program says that
// did not expect what came.
var goText = regexp.MustCompile(`panic|goroutine |\*main\.|(?:^|[ (:])json: |strconv\.|unmarshal|\.go:\d|%!|runtime error|nil pointer|RSA2048 mchid="\w`)

// check holds what is true of every failure.
func (w *badWorld) check(t *testing.T, line string, code, want int, out, errs string) {
	t.Helper()
	if code != want {
		t.Errorf("wxpay %s: status %d, want %d; %s%s", line, code, want, errs, out)
	}
	if !strings.HasPrefix(errs, "wxpay: ") || strings.Count(errs, "\n") != 1 {
		t.Errorf("wxpay %s: is no one line that begins with wxpay: %q", line, errs)
	}
	all := out + errs
	if odd := goText.FindString(all); odd != "" {
		t.Errorf("wxpay %s: says %q: %s", line, odd, all)
	}
	if strings.Contains(all, "\x1b") {
		t.Errorf("wxpay %s: paints what is no terminal: %q", line, all)
	}
	for _, secret := range w.secrets {
		if strings.Contains(all, secret) {
			t.Errorf("wxpay %s: tells a secret: %s", line, all)
		}
	}
}

// checkJSON holds the same of --json: one document, which is the error or, of a
// check, the report.
func checkJSON(t *testing.T, line string, code int, out string) {
	t.Helper()
	var document struct {
		Error *failure `json:"error"`
	}
	d, count := json.NewDecoder(strings.NewReader(out)), 0
	for ; d.More(); count++ {
		document.Error = nil
		if streams.MatchString(line) && count == 0 && strings.HasPrefix(out, `{"at":`) {
			if err := d.Decode(new(watchedJSON)); err != nil {
				t.Errorf("wxpay %s: %v", line, err)
			}
			continue
		}
		if err := d.Decode(&document); err != nil {
			t.Errorf("wxpay %s: prints no JSON (%v): %q", line, err, out)
			return
		}
	}
	if count != 1 && !streams.MatchString(line) {
		t.Errorf("wxpay %s: prints %d documents: %s", line, count, out)
	}
	if document.Error == nil {
		if !reports.MatchString(line) {
			t.Errorf("wxpay %s: the document tells no error: %s", line, out)
		}
		return
	}
	if document.Error.Exit != code || document.Error.Message == "" {
		t.Errorf("wxpay %s: status %d, and the document says %+v", line, code, document.Error)
	}
}

// reports are the commands that print what they found before they end with
// another status than 0.
var reports = regexp.MustCompile(`^(?:--json )?(doctor|init|verify|trigger|coverage)\b`)

// streams are the commands that print an object a line; the error is the last.
var streams = regexp.MustCompile(`^--json certs watch\b`)
