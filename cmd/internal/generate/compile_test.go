package generate

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestGeneratedCodeWorks puts the files made from the invented description into
// a module of their own, beside the real runtime, and lets vet and the tests of
// testdata/use judge them. The samples are vetted here, and run by the tests of
// the repository, where the emulator knows what they ask.
func TestGeneratedCodeWorks(t *testing.T) {
	t.Parallel()
	files, err := All(invented(t))
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for path, text := range files {
		if room, _, _ := strings.Cut(path, "/"); strings.HasSuffix(path, ".go") && room != path {
			write(t, dir, path, moved(string(text)))
		}
	}
	for _, name := range []string{"check_test.go", "internal/conformance/run_test.go"} {
		text, err := os.ReadFile("testdata/use/" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, name, string(text))
	}
	text, err := os.ReadFile(filepath.Join(root, "notify/jsontext.go"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "notify/jsontext.go", string(text))
	write(t, dir, "go.mod", "module github.com/wxpay-go/wxpay/invented\n\ngo 1.26.0\n\nrequire "+modulePath+" v0.0.0\n\nreplace "+modulePath+" => "+root+"\n")
	for _, args := range [][]string{{"vet", "./..."}, {"test", ".", "./internal/conformance"}} {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "GOPROXY=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
	}
}

// moved is text with the generated packages imported from the test's module.
func moved(text string) string {
	return strings.NewReplacer(modulePath+"/api/", "github.com/wxpay-go/wxpay/invented/api/", modulePath+"/chain", "github.com/wxpay-go/wxpay/invented/chain").Replace(text)
}

func write(t *testing.T, dir, path, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
