package compat

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// buildProgram builds wxpay, as it is installed.
func buildProgram(t *testing.T) string {
	t.Helper()
	wxpay := filepath.Join(t.TempDir(), "wxpay.exe") // a name that every system runs
	build := exec.CommandContext(t.Context(), "go", "build", "-o", wxpay, "github.com/wxpay-go/wxpay/cmd/wxpay")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, text)
	}
	return wxpay
}

// anAddress is one on this machine.
var anAddress = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// emulates starts wxpay emulator, whose notifications go to shop, and returns
// its address.
func emulates(t *testing.T, wxpay, keys string, shop *forwarder, args ...string) (base string) {
	t.Helper()
	args = append([]string{"emulator", "--listen", "127.0.0.1:0", "--dir", keys, "--forward-to", shop.URL + "/notify"}, args...)
	pay := runs(t, exec.CommandContext(t.Context(), wxpay, args...))
	return anAddress.FindString(pay.until(t, "stop with"))
}

// forwarder stands where the emulator sends notifications, which it must know
// before there is a merchant's program, and hands them to that.
type forwarder struct {
	*httptest.Server
	answers chan int      // statuses of what the program answered
	known   chan struct{} // closed once there is a program
	shop    *url.URL
}

func newForwarder(t *testing.T) *forwarder {
	t.Helper()
	f := &forwarder{answers: make(chan int, 100), known: make(chan struct{})}
	forward := &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(f.waits(r.In.Context())) },
		ModifyResponse: func(a *http.Response) error { f.answers <- a.StatusCode; return nil },
		ErrorLog:       log.New(io.Discard, "", 0), // a program that has ended gets no more
	}
	f.Server = httptest.NewServer(forward)
	t.Cleanup(f.Close)
	return f
}

// waits returns the program's address, once there is one.
func (f *forwarder) waits(ctx context.Context) *url.URL {
	select {
	case <-f.known:
		return f.shop
	case <-ctx.Done():
		return &url.URL{} // which leads nowhere
	}
}

// leadTo names the program, once.
func (f *forwarder) leadTo(shop *url.URL) {
	f.shop = shop
	close(f.known)
}

// running is a program whose output is read line by line.
type running struct {
	*exec.Cmd
	out *bufio.Reader
}

func runs(t *testing.T, cmd *exec.Cmd) *running {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return &running{cmd, bufio.NewReader(out)}
}

// until reads up to the line that begins with prefix.
func (r *running) until(t *testing.T, prefix string) string {
	t.Helper()
	for text := ""; ; {
		line, err := r.out.ReadString('\n')
		if text += line; err != nil {
			t.Fatalf("after %q: %v", text, err)
		}
		if strings.HasPrefix(line, prefix) {
			return text
		}
	}
}

// listening reads the line that says where the program takes notifications.
func (r *running) listening(t *testing.T) *url.URL {
	t.Helper()
	line := r.until(t, "listening on ")
	shop, err := url.Parse(anAddress.FindString(line))
	if err != nil || shop.Host == "" {
		t.Fatalf("the program says %q", line)
	}
	return shop
}

// administer asks the admin interface, and returns the answer.
func administer(t *testing.T, method, url string) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	a, err := new(http.Client).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s = %d %s, %v", method, url, a.StatusCode, text, err)
	}
	return text
}

// told reads what wxpay env tells a program, as NAME=value.
func told(t *testing.T, wxpay, keys, lang string) (env []string) {
	t.Helper()
	text, err := exec.CommandContext(t.Context(), wxpay, "env", "--dir", keys, "--lang", lang, "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var printed struct{ Env map[string]string }
	if err := json.Unmarshal(text, &printed); err != nil {
		t.Fatal(err)
	}
	for name, value := range printed.Env {
		env = append(env, name+"="+value)
	}
	return env
}
