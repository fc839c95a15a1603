package house

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"testing"
)

func isGo(path string) bool { return strings.HasSuffix(path, ".go") }

func TestFormatting(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, isGo) {
		text := read(t, path)
		formatted, err := format.Source([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", path, err)
		} else if string(formatted) != text {
			t.Errorf("%s is not formatted; run gofmt -w on it", path)
		}
	}
}

// foreign are paths that mean something on one machine only.
var foreign = regexp.MustCompile(`(^|[\s"'` + "`" + `=(:])(/(work|root|home|Users|mnt|var/folders|tmp/[a-z])|[A-Z]:\\)[/\\a-zA-Z]`)

func TestNoMachinePaths(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, func(string) bool { return true }) {
		for i, line := range strings.Split(read(t, path), "\n") {
			if m := foreign.FindString(line); m != "" {
				t.Errorf("%s:%d names a path of one machine: %s…", path, i+1, strings.TrimSpace(m))
			}
		}
	}
}

func TestForeignPaths(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"see " + "/ro" + "ot/x":     true,
		`"` + "/wo" + `rk/main"`:    true,
		"C" + `:\Users`:             true,
		"https://a.b/work/x":        false,
		"docs/work/x":               false,
		"/v3/pay/transactions":      false,
		"a temporary file in /tmp ": false,
	} {
		if got := foreign.MatchString(text); got != want {
			t.Errorf("%q is foreign: %t, want %t", text, got, want)
		}
	}
}

// TestGeneratedFunctionsAreThin: what a call does is written once, in the
// runtime; a generated function only names it. Checks are tables, one line a
// field.
func TestGeneratedFunctionsAreThin(t *testing.T) {
	t.Parallel()
	const lines = 5
	fset := token.NewFileSet()
	var count int
	for _, path := range files(t, func(path string) bool { return isGo(path) && strings.HasPrefix(path, "api/") }) {
		text := read(t, path)
		if !generated(text) {
			t.Errorf("%s is not generated; api has nothing by hand", path)
		}
		file, err := parser.ParseFile(fset, path, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil {
				continue
			}
			count++
			if n := fset.Position(f.End()).Line - fset.Position(f.Pos()).Line + 1; n > lines {
				t.Errorf("%s: %s has %d lines, more than %d", path, f.Name.Name, n, lines)
			}
		}
	}
	if count == 0 {
		t.Error("no generated function found")
	}
}

// TestGeneratedFilesFresh: what is made from the description is what the
// description makes now.
func TestGeneratedFilesFresh(t *testing.T) {
	t.Parallel()
	if out, err := command(t, ".", "go", "run", "./cmd/wxgen", "check").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
