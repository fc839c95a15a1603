package house

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestRootRequiresNothing: whoever imports this module gets this module.
func TestRootRequiresNothing(t *testing.T) {
	t.Parallel()
	var mod struct {
		Require []struct{ Path, Version string }
		Replace []json.RawMessage
		Tool    []json.RawMessage
	}
	if err := json.Unmarshal(output(t, command(t, ".", "go", "mod", "edit", "-json")), &mod); err != nil {
		t.Fatal(err)
	}
	for _, r := range mod.Require {
		t.Errorf("the root module requires %s %s", r.Path, r.Version)
	}
	if len(mod.Replace)+len(mod.Tool) > 0 {
		t.Error("the root module replaces modules or names tools")
	}
	if exists("go.sum") {
		t.Error("the root module has a go.sum")
	}
}

// TestDependencies: outside of the workspace, as its users see it, nothing of
// the root module needs another module, tests included.
func TestDependencies(t *testing.T) {
	t.Parallel()
	cmd := command(t, ".", "go", "list", "-deps", "-test", "-f", "{{if not .Standard}}{{with .Module}}{{.Path}}{{else}}{{.ImportPath}}{{end}}{{end}}", "./...")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var count int
	for line := range strings.Lines(string(output(t, cmd))) {
		count++
		if name := strings.TrimSpace(line); name != module {
			t.Errorf("the root module needs %s", name)
		}
	}
	if count == 0 {
		t.Error("go list found nothing")
	}
}

// TestProductNeedsNothing names what a program gets that imports one product.
func TestProductNeedsNothing(t *testing.T) {
	t.Parallel()
	var needs []string
	for _, p := range goList(t, ".", "-deps", "./api/passwordexemptcontract") {
		if !p.Standard {
			needs = append(needs, short(p.ImportPath))
		}
	}
	slices.Sort(needs)
	if want := []string{"api/passwordexemptcontract", "seal", "sign", "wxpay"}; !slices.Equal(needs, want) {
		t.Errorf("api/passwordexemptcontract needs %q, want %q", needs, want)
	}
}

// TestNames: a package is named by what it gives.
func TestNames(t *testing.T) {
	t.Parallel()
	empty := []string{"base", "common", "const", "consts", "core", "helper", "helpers", "lib", "misc", "model", "models", "shared", "types", "util", "utils"}
	for _, dir := range modules(t) {
		for _, p := range goList(t, dir, "./...") {
			last := p.ImportPath[strings.LastIndex(p.ImportPath, "/")+1:]
			if slices.Contains(empty, p.Name) || slices.Contains(empty, last) {
				t.Errorf("%s: the name says nothing; name the package by what it gives", short(p.ImportPath))
			}
			if p.Name != strings.ToLower(p.Name) || strings.Contains(p.Name, "_") {
				t.Errorf("%s: a package's name is one word of small letters", short(p.ImportPath))
			}
		}
	}
}
