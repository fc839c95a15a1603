package openapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// witnesses is where the programs of others are that read the document; make
// deps installs them.
const witnesses = "testdata/npm"

// node runs a script of Node.js, and returns what it prints.
func node(t *testing.T, dir string, env []string, args ...string) (string, error) {
	t.Helper()
	needsWitnesses(t)
	cmd := exec.CommandContext(t.Context(), "node", args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1", "FORCE_COLOR=0")
	cmd.Env = append(cmd.Env, env...)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		return string(out), fmt.Errorf("node %s: %w\n%s%s", strings.Join(args, " "), err, out, &problems)
	}
	return string(out), nil
}

// needsWitnesses fails, and does not skip, where Node or a package is missing:
// a proof that is left out proves nothing.
func needsWitnesses(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Fatal("Node.js is missing: run make deps")
	}
	var wanted struct{ Dependencies map[string]string }
	readJSON(t, filepath.Join(witnesses, "package.json"), &wanted)
	for name, version := range wanted.Dependencies {
		var installed struct{ Version string }
		readJSON(t, filepath.Join(witnesses, "node_modules", name, "package.json"), &installed)
		if installed.Version != version {
			t.Fatalf("%s is %s, and not %s: run make deps", name, installed.Version, version)
		}
	}
}

func readJSON(t *testing.T, file string, v any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: run make deps", err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// lint returns what the linter of Redocly finds in each file.
func lint(t *testing.T, files ...string) (problems [][]string) {
	t.Helper()
	out, err := node(t, witnesses, nil, append([]string{"lint.mjs"}, files...)...)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out) {
		var list []string
		if err := json.Unmarshal([]byte(line), &list); err != nil {
			t.Fatalf("lint.mjs printed %q: %v", line, err)
		}
		problems = append(problems, list)
	}
	if len(problems) != len(files) {
		t.Fatalf("%d documents were linted, and not %d", len(problems), len(files))
	}
	return problems
}

// TestRedocly asks a second, independent validator, which also holds each
// sample against its schema.
func TestRedocly(t *testing.T) {
	t.Parallel()
	good := []string{save(t, "whole.yaml", everything(t)), save(t, "invented.yaml", written(t, invented()))}
	for i, problems := range lint(t, good...) {
		if len(problems) > 0 {
			t.Errorf("%s: %d problems, the first of them %q", filepath.Base(good[i]), len(problems), problems[:min(5, len(problems))])
		}
	}
}

// TestRedoclyNotices breaks a document, each time in one place, to show that
// the linter sees it.
func TestRedoclyNotices(t *testing.T) {
	t.Parallel()
	text := written(t, invented())
	changes := [][3]string{
		{"struct", "operationId: things.List", "operationID: things.List"},
		{"struct", "in: path", "in: nowhere"},
		{"no-unresolved-refs", "#/components/schemas/things.Amount", "#/components/schemas/things.Nothing"},
		{"operation-operationId-unique", "operationId: files.Get", "operationId: things.List"},
		{"path-parameters-defined", "name: code", "name: other"},
		{"operation-tag-defined", "tags: [things/files]", "tags: [none]"},
		{"no-invalid-schema-examples", "examples: [CNY]", "examples: [EUR]"},
		{"no-invalid-schema-examples", "examples: [20]", "examples: [21]"},
	}
	var files []string
	for _, c := range changes {
		files = append(files, save(t, "broken.yaml", changed(t, text, c[1], c[2])))
	}
	for i, problems := range lint(t, files...) {
		if !strings.Contains(strings.Join(problems, "\n"), changes[i][0]+": ") {
			t.Errorf("%q: want %s, got %q", changes[i][2], changes[i][0], problems)
		}
	}
}
