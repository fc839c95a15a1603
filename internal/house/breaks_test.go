package house

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// breaks has, for each row of the policy, imports that it forbids.
var breaks = []struct{ from, to, want string }{
	{"spec", "sign", "spec must not import sign"},
	{"spec", "go.yaml.in/yaml/v4", "spec must not import go.yaml.in/yaml/v4"},
	{"sign", "seal", "sign must not import seal"},
	{"sign", "github.com/emmansun/gmsm/sm2", "sign must not import github.com/emmansun/gmsm/sm2"},
	{"seal", "sign", "seal must not import sign"},
	{"wxpay", "spec", "wxpay must not import spec"},
	{"wxpay", "api/pay", "wxpay must not import api/pay"},
	{"wxpay", "golang.org/x/sync/singleflight", "wxpay must not import golang.org/x/sync/singleflight"},
	{"api/papay", "api/pay", "api/papay must not import api/pay"},
	{"api/papay", "sign", "api/papay must not import sign"},
	{"wxpay", "internal/loopback", "wxpay must not import internal/loopback"},
	{"chain", "notify", "chain must not import notify"},
	{"notify", "wxpay", "notify must not import wxpay"},
	{"emulator", "wxpay", "emulator must not import wxpay"},
	{"emulator", "api/pay", "emulator must not import api/pay"},
	{"emulator", "notify", "emulator must not import notify"},
	{"wxpaytest", "api/pay", "wxpaytest must not import api/pay"},
	{"ledger", "sign", "ledger must not import sign"},
	{"examples/firstcall", "emulator", "examples/firstcall must not import emulator"},
	{"cmd/wxgen", "bench", "cmd/wxgen must not import bench"},
	{"cmd/wxgen", "internal/conformance", "cmd/wxgen must not import internal/conformance"},
	{"bench", "cmd/wxgen", "bench must not import cmd/wxgen"},
	{"emulator", "cmd/wxgen", "emulator must not import cmd/wxgen"},
	{"internal/house", "wxpay", "internal/house must not import wxpay"},
	{"internal/conformance", "notify", "internal/conformance must not import notify"},
	{"internal/loopback", "sign", "internal/loopback must not import sign"},
	{"internal/txtar", "spec", "internal/txtar must not import spec"},
}

// later are rows of rooms that are not there yet.
var later = []string{"ledger"}

// TestEveryRowFailsWhenBroken breaks each row for real: a file that imports
// what is forbidden is laid over a package, and what go list then says of the
// package is held against the policy. Nothing is written into the repository.
func TestEveryRowFailsWhenBroken(t *testing.T) {
	t.Parallel()
	rows := maps.Clone(policy)
	for _, b := range breaks {
		delete(rows, room(full(b.from)))
		t.Run(b.want, func(t *testing.T) {
			t.Parallel()
			broken := []pkg{{ImportPath: full(b.from), Imports: []string{full(b.to)}}}
			if !slices.Contains(later, b.from) {
				broken = overlaid(t, b.from, b.to)
			}
			if got := violations(broken); !slices.Equal(got, []string{b.want}) {
				t.Errorf("violations = %q, want %q", got, b.want)
			}
		})
	}
	for name := range rows {
		t.Errorf("no import breaks the row %s: add one", name)
	}
	for _, name := range later {
		if exists(name) {
			t.Errorf("%s is there now: break its row for real", name)
		}
	}
}

// TestViolations has what no package of the repository can show.
func TestViolations(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		from, to string
		want     []string
	}{
		{"the standard library is for all", "sign", "crypto/rsa", nil},
		{"a room without a rule", "utils", "fmt", []string{"room utils has no import rule; add one on purpose"}},
		{"an internal room without a rule", "internal/new", "fmt", []string{"room internal/new has no import rule; add one on purpose"}},
		{"C is not the standard library", "seal", "C", []string{"seal must not import C"}},
		{"packages of one room", "emulator/store", module + "/emulator", nil},
		{"packages of api", "api/a", module + "/api/b", []string{"api/a must not import api/b"}},
		{"another module whose path begins like ours", "chain", module + "x/api", []string{"chain must not import " + module + "x/api"}},
		{"programs import other modules", "cmd/wxgen", "github.com/spf13/cobra", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := violations([]pkg{{ImportPath: full(tt.from), Imports: []string{tt.to}}})
			if !slices.Equal(got, tt.want) {
				t.Errorf("violations = %q, want %q", got, tt.want)
			}
		})
	}
}

// full is the import path of a package of the repository.
func full(short string) string {
	if short == "wxpay" {
		return module
	}
	return module + "/" + short
}

// overlaid is what go list says of a package with one more import.
func overlaid(t *testing.T, from, to string) []pkg {
	t.Helper()
	before := goList(t, moduleOf(from), full(from))[0]
	if _, ok := policy[room(full(to))]; ok {
		to = full(to)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "broken.go")
	source := "package " + before.Name + "\n\nimport _ \"" + to + "\"\n"
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(before.Dir, "broken.go"): file}})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		t.Fatal(err)
	}
	// -e: the broken package may be part of a cycle, or import what is not
	// there; what it imports is listed all the same.
	return goList(t, moduleOf(from), "-e", "-overlay", overlay, full(from))
}

// moduleOf is the folder of the module that a package is in.
func moduleOf(from string) string {
	if name := room(full(from)); name == "cmd" || name == "bench" {
		return name
	}
	return "."
}
