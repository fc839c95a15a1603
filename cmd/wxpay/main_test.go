package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/wxpay-go/wxpay/cmd/internal/demo"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"wxpay": main})
}

// TestDemoReport holds what a program can rely on in `wxpay demo --json`.
func TestDemoReport(t *testing.T) {
	t.Parallel()
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"demo", "--json"}, &out, &errs); code != 0 {
		t.Fatalf("exit %d: %s", code, &errs)
	}
	var r demo.Report
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		t.Fatal(err)
	}
	states := map[string]string{}
	for _, c := range r.Contracts {
		states[c.Endpoint] = c.State
		if c.EventID == "" || c.ContractID == "" || c.EventType != "ENTRUST.SIGN" {
			t.Errorf("contract = %+v", c)
		}
	}
	want := map[string]string{
		"/v3/password-exempt-contract/contracts/normal/pre-entrust-sign/pay-redirect-sign":           "SIGNED",
		"/v3/password-exempt-contract/contracts/qs/pre-entrust-sign/pay-redirect-sign":               "TERMINATED",
		"/v3/password-exempt-contract/contracts/service-provider/pre-entrust-sign/pay-redirect-sign": "SIGNED",
		"/v3/password-exempt-contract/contracts/service-provider/pre-entrust-sign/mini-program":      "SIGNED",
		"/v3/papay/sign/contracts/pre-entrust-sign":                                                  "SIGNED",
	}
	for path, state := range want {
		if states[path] != state {
			t.Errorf("%s is %q, want %s", path, states[path], state)
		}
	}
	if r.Refused.Status != 401 || r.Refused.Code != "SIGN_ERROR" || !strings.Contains(strings.Join(r.Refused.Explanation, "\n"), "first difference in the body") {
		t.Errorf("refused = %+v", r.Refused)
	}
}

// process is a wxpay of its own, as a user starts it.
type process struct {
	*exec.Cmd
	out *bufio.Reader
}

func start(t *testing.T, args ...string) *process {
	t.Helper()
	return startProgram(t, "wxpay", args...)
}

func startProgram(t *testing.T, program string, args ...string) *process {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir = t.TempDir()
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return &process{cmd, bufio.NewReader(pipe)}
}

// greeting reads until the program says that it is ready.
func (p *process) greeting(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for {
		line, err := p.out.ReadString('\n')
		if err != nil {
			t.Fatalf("after %q: %v", b.String(), err)
		}
		if b.WriteString(line); strings.HasPrefix(line, "stop with") {
			return b.String()
		}
	}
}

func TestEmulatorStartsAndStops(t *testing.T) {
	t.Parallel()
	p := start(t, "emulator", "--listen", "127.0.0.1:0", "--clock", "2026-01-02T15:04:05+08:00")
	text := p.greeting(t)
	base := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(text)
	env, err := os.ReadFile(filepath.Join(p.Dir, ".wxpay", "wxpay.env"))
	if err != nil {
		t.Fatal(err)
	}
	if base == "" || !strings.Contains(string(env), base) {
		t.Errorf("printed %q, wrote %q", text, env)
	}
	if got := get(t, base+"/_wxpay/state"); !strings.Contains(got, "2026-01-02T15:04:05+08:00") {
		t.Errorf("state = %s", got)
	}
	if err := p.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(p.out)
	if err != nil || string(rest) != "stopped\n" {
		t.Errorf("printed %q, %v", rest, err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("exit: %v", err)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := new(http.Client).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestCallOverTheWire runs the emulator as a program, and calls it as a user
// does: with the variables that it wrote.
func TestCallOverTheWire(t *testing.T) {
	p := start(t, "emulator", "--listen", "127.0.0.1:0")
	p.greeting(t)
	env, err := os.ReadFile(filepath.Join(p.Dir, ".wxpay", "wxpay.env"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^(WECHATPAY_\w+)='?([^'\n]*)'?$`).FindAllStringSubmatch(string(env), -1) {
		t.Setenv(m[1], m[2])
	}
	body := filepath.Join(t.TempDir(), "echo.json")
	if err := os.WriteFile(body, []byte(`{"echo_message":"from a file"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"a call", []string{"POST", "/v3/security/echo", "echo_message=hello"}, 0, `"echo_message": "hello"`},
		{"a body from a file", []string{"POST", "/v3/security/echo", "--data", body}, 0, `"echo_message": "from a file"`},
		{"refused by WeChat Pay", []string{"GET", "/v3/pay/transactions/out-trade-no/none-such", "mchid=1900000109"}, 1, "404 ORDER_NOT_EXIST"},
		{"wrong use", []string{"POST", "/v3/security/ecko"}, 2, "described nowhere"},
		{"a missing file", []string{"POST", "/v3/security/echo", "--data", body + "x"}, 2, "--data"},
		{"no path", []string{"POST"}, 2, "name method and path"},
	} {
		var out, errs strings.Builder
		code := run(t.Context(), append([]string{"call"}, tt.args...), &out, &errs)
		if code != tt.code || !strings.Contains(out.String()+errs.String(), tt.want) {
			t.Errorf("%s: exit %d, %s%s; want %d, %q", tt.name, code, &out, &errs, tt.code, tt.want)
		}
	}
	t.Setenv("WECHATPAY_BASE_URL", "http://127.0.0.1:1")
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"call", "POST", "/v3/security/echo", "echo_message=x"}, &out, &errs); code != 3 {
		t.Errorf("nobody there: exit %d, %s", code, &errs)
	}
}

// A second start keeps the keys of the first: a merchant's program does not
// have to load them anew.
func TestEmulatorKeepsItsCredentials(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	var serial [2]string
	for i := range serial {
		p := start(t, "emulator", "--listen", "127.0.0.1:0", "--dir", dir)
		p.greeting(t)
		env, err := os.ReadFile(filepath.Join(dir, "wxpay.env"))
		if err != nil {
			t.Fatal(err)
		}
		serial[i] = regexp.MustCompile(`WECHATPAY_MCH_SERIAL=\S+`).FindString(string(env))
		_ = p.Process.Signal(os.Interrupt)
		if err := p.Wait(); err != nil {
			t.Error(err)
		}
	}
	if serial[0] == "" || serial[0] != serial[1] {
		t.Errorf("serials = %q", serial)
	}
}

// TestEmulatorOfSeveralMerchants: those of the file are there after each start,
// each with the keys of the first one; what worked for one merchant still does.
func TestEmulatorOfSeveralMerchants(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	list := filepath.Join(t.TempDir(), "merchants.json")
	if err := os.WriteFile(list, []byte(`[{"mchid":"1900000201","role":"service-provider","sub_merchants":["1900000211"],"keys":"public-key"}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	var serial [2]string
	for i := range serial {
		p := start(t, "emulator", "--listen", "127.0.0.1:0", "--dir", dir, "--merchants", list)
		text := p.greeting(t)
		base := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(text)
		if !strings.Contains(text, filepath.Join(dir, "merchants", "1900000201", "wxpay.env")) {
			t.Errorf("printed %s", text)
		}
		if got := get(t, base+"/_wxpay/merchants/1900000201/state"); !strings.Contains(got, `"keys":"public-key"`) {
			t.Errorf("its state = %s", got)
		}
		if got := get(t, base+"/_wxpay/state"); !strings.Contains(got, `"mchid":"1900000109"`) {
			t.Errorf("the first one's state = %s", got)
		}
		env, err := os.ReadFile(filepath.Join(dir, "merchants", "1900000201", "wxpay.env"))
		if err != nil {
			t.Fatal(err)
		}
		serial[i] = regexp.MustCompile(`WECHATPAY_MCH_SERIAL=\S+`).FindString(string(env))
		_ = p.Process.Signal(os.Interrupt)
		if err := p.Wait(); err != nil {
			t.Error(err)
		}
	}
	if serial[0] == "" || serial[0] != serial[1] {
		t.Errorf("serials = %q", serial)
	}
}

func TestEmulatorRefuses(t *testing.T) {
	t.Parallel()
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "wxpay.env"), []byte("WECHATPAY_MCHID=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(broken, "wxpay.env")
	again := filepath.Join(t.TempDir(), "merchants.json")
	if err := os.WriteFile(again, []byte(`[{"mchid":"1900000109"}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	keys := t.TempDir()
	if err := os.WriteFile(filepath.Join(keys, "apiclient_key.pem"), []byte("the merchant's own"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"port in use", []string{"--listen", taken.Addr().String()}, 3, "choose another port"},
		{"public address", []string{"--listen", "0.0.0.0:0"}, 2, "--allow-remote"},
		{"every address", []string{"--listen", ":0"}, 2, "--allow-remote"},
		{"no address", []string{"--listen", "8089"}, 2, "host:port"},
		{"bad clock", []string{"--clock", "noon"}, 2, "--clock"},
		{"a clock that stands still", []string{"--clock-rate", "0"}, 2, "--clock-rate"},
		{"no file of merchants", []string{"--merchants", filepath.Join(broken, "none.json")}, 2, "--merchants"},
		{"a file of something else", []string{"--merchants", file}, 2, "--merchants"},
		{"the first merchant again", []string{"--merchants", again}, 2, "is the first one"},
		{"bad keys", []string{"--keys", "none"}, 2, "Keys"},
		{"forwarding to elsewhere", []string{"--forward-to", "https://shop.example/notify"}, 2, "ForwardTo"},
		{"half a folder", []string{"--dir", broken}, 2, "name another folder"},
		{"a folder of real keys", []string{"--dir", keys}, 2, "name another folder"},
		{"a file for a folder", []string{"--dir", file}, 2, "--dir"},
		{"merchant number that is none", []string{"--mchid", "abc"}, 2, "--mchid"},
		{"unknown flag", []string{"--nope"}, 2, "--nope"},
		{"an argument", []string{"now"}, 2, `unknown command "now"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"emulator", "--listen", "127.0.0.1:0", "--dir", filepath.Join(t.TempDir(), "w")}, tt.args...)
			ctx, cancel := context.WithCancel(t.Context())
			cancel() // what starts in spite of all stops at once
			var out, errs strings.Builder
			code := run(ctx, args, &out, &errs)
			if code != tt.code || !strings.Contains(errs.String(), tt.want) || strings.Count(errs.String(), "\n") != 1 {
				t.Errorf("exit %d, %q; want %d, %q in one line", code, errs.String(), tt.code, tt.want)
			}
		})
	}
}
