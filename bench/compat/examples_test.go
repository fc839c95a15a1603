package compat

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// examples are the programs in other languages, each with what its runtime is
// called and a line that fails where the runtime lacks something.
var examples = []struct {
	lang, file string
	runtimes   []string // the first one that does is taken
	needs      []string // arguments
}{
	{"python", "examples/python/contract.py", []string{"python3", "/usr/bin/python3"}, []string{"-c", "import requests, cryptography"}},
	{"node", "examples/javascript/contract.mjs", []string{"node"}, []string{"--input-type=module", "-e", "await import('wechatpay-axios-plugin'); if (!globalThis.fetch) throw 0"}},
	{"php", "examples/php/contract.php", []string{"php"}, []string{"-r", "require 'GuzzleHttp/autoload.php'; openssl_get_cipher_methods(); curl_version();"}},
}

// TestExamples lets a program in each language complete a contract with wxpay
// emulator: once as it should be, and once for each way in which the first
// notification is not to be believed.
func TestExamples(t *testing.T) {
	t.Parallel()
	wxpay := buildProgram(t)
	for _, example := range examples {
		t.Run(example.lang, func(t *testing.T) {
			t.Parallel()
			file, err := filepath.Abs(filepath.Join("../..", example.file))
			if err != nil {
				t.Fatal(err)
			}
			runtime := needsRuntime(t, filepath.Dir(file), example.runtimes, example.needs)
			keys := filepath.Join(t.TempDir(), "keys")
			for _, scenario := range []string{"", "notification-probe", "notification-serial", "notification-stale", "notification-ciphertext"} {
				e := &exampleRun{t, wxpay, keys, example.lang, runtime, file}
				e.completes(scenario)
			}
		})
	}
}

// exampleRun is one contract of one program.
type exampleRun struct {
	*testing.T
	wxpay, keys, lang, runtime, file string
}

// completes expects what the program prints. A notification that is not to be
// believed must be refused, and the right one that follows accepted.
func (e *exampleRun) completes(scenario string) {
	e.Helper()
	shop := newForwarder(e.T)
	base := emulates(e.T, e.wxpay, e.keys, shop)
	if scenario != "" {
		administer(e.T, http.MethodPost, base+"/_wxpay/scenarios/"+scenario)
	}
	cmd := exec.CommandContext(e.Context(), e.runtime, e.file)
	cmd.Env = append(os.Environ(), "PORT=0", "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	cmd.Env = append(cmd.Env, told(e.T, e.wxpay, e.keys, e.lang)...)
	merchant := runs(e.T, cmd)
	shop.leadTo(merchant.listening(e.T))
	code, ok := strings.CutPrefix(merchant.until(e.T, "pre-signed "), "pre-signed ")
	if code = strings.TrimSpace(code); !ok || code == "" {
		e.Fatal("the program names no contract")
	}
	if scenario != "" {
		e.refusedOnce(base, shop)
	}
	for _, want := range []string{"notified ENTRUST.SIGN " + code + " SIGNED\n", "queried SIGNED\n", "terminated TERMINATED\n"} {
		if got := merchant.until(e.T, ""); got != want {
			e.Errorf("%s: the program says %q, want %q", scenario, got, want)
		}
	}
	if err := merchant.Wait(); err != nil {
		e.Errorf("%s: %v", scenario, err)
	}
}

// refusedOnce waits until the program has refused a notification, and sends it
// again as it should be.
func (e *exampleRun) refusedOnce(base string, shop *forwarder) {
	e.Helper()
	select {
	case status := <-shop.answers:
		if status != http.StatusUnauthorized {
			e.Errorf("the program answers %d to a notification that is not to be believed, want 401", status)
		}
	case <-e.Context().Done():
		e.Fatal("no notification came")
	}
	var events []struct{ ID string }
	if err := json.Unmarshal(administer(e.T, http.MethodGet, base+"/_wxpay/events"), &events); err != nil || len(events) != 1 {
		e.Fatalf("events %v, %v", events, err)
	}
	administer(e.T, http.MethodPost, base+"/_wxpay/events/"+events[0].ID+"/redeliver")
}

// needsRuntime returns the runtime that has what a program needs. Without one
// the test fails where CI runs it, and is skipped elsewhere.
func needsRuntime(t *testing.T, dir string, runtimes, needs []string) string {
	t.Helper()
	var why []string
	for _, runtime := range runtimes {
		cmd := exec.CommandContext(t.Context(), runtime, needs...)
		cmd.Dir = dir // where its packages may be
		text, err := cmd.CombinedOutput()
		if err == nil {
			return runtime
		}
		why = append(why, runtime+": "+err.Error()+" "+strings.TrimSpace(string(text)))
	}
	missing := "the runtime is missing, or something that it needs: run make deps\n" + strings.Join(why, "\n")
	if os.Getenv("CI") != "" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}
