package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestAddingAnEndpointIsAddingOneFile adds an invented one to the description,
// generates, and uses it in every way there is. Nothing but the generated
// files differs from this repository: the build lays them over it.
func TestAddingAnEndpointIsAddingOneFile(t *testing.T) {
	t.Parallel()
	root := copySpec(t)
	thing, err := os.ReadFile("testdata/added/thing.yaml")
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(root, "spec/v3/papay/invented-things/{thing_id}.yaml"), string(thing))
	overlay, replaced := overlayOf(t, root)
	for _, want := range []string{
		"api/papay/get_invented_thing_gen.go",
		"chain/papay_gen.go",
		"docs/reference/v3/papay/invented-things/{thing_id}.md",
		"docs/reference/papay.md",
		"spec/bundle.txt",
	} {
		if !slices.Contains(replaced, want) {
			t.Errorf("%s is not among what was made anew: %q", want, replaced)
		}
	}
	for _, path := range replaced {
		if strings.HasPrefix(path, "api/") && !strings.HasPrefix(path, "api/papay/") {
			t.Errorf("%s changed, which is of another product", path)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "run", "-overlay", overlay, "./wxgen/testdata/added")
	cmd.Dir = filepath.Join(repository, "cmd")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, &errs)
	}
	want, err := os.ReadFile("testdata/added/want.txt")
	if err != nil || string(out) != string(want) {
		t.Errorf("the endpoint is found in\n%s, and not in\n%s(%v)", out, want, err)
	}
}

// overlayOf generates from another root, writes what tells the go command to
// take those files that differ from this repository's, and names them.
func overlayOf(t *testing.T, root string) (file string, replaced []string) {
	t.Helper()
	generated, err := makeTree(root)
	if err != nil {
		t.Fatal(err)
	}
	here, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	for path, text := range generated.files {
		have, err := os.ReadFile(filepath.Join(here, path))
		if err == nil && bytes.Equal(have, text) {
			continue
		}
		replaced = append(replaced, path)
		if strings.HasSuffix(path, ".go") || path == "spec/bundle.txt" {
			put(t, generated.on(path), string(text))
			replace[filepath.Join(here, path)] = generated.on(path)
		}
	}
	slices.Sort(replaced)
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "overlay.json")
	put(t, file, string(text))
	return file, replaced
}
