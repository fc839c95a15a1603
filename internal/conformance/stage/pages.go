package stage

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// root is the repository, seen from a group of samples.
const root = "../../../.."

// ComparePages holds that the Go blocks of each page are, in order and to the
// letter, the bodies of the functions that RunSamples runs.
func ComparePages(t *testing.T, samples []Sample) {
	t.Helper()
	bodies := functionBodies(t)
	pages := map[string][]string{}
	for _, s := range samples {
		for _, r := range s.Runs {
			body, ok := bodies[s.Name+r.Spelling]
			if !ok {
				t.Errorf("there is no function %s%s", s.Name, r.Spelling)
			}
			pages[s.Page] = append(pages[s.Page], body)
		}
	}
	if len(pages) == 0 {
		t.Fatal("no page has samples")
	}
	for page, want := range pages {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(page)))
		if err != nil {
			t.Error(err)
			continue
		}
		compare(t, page, goBlocks(string(text)), want)
	}
}

func compare(t *testing.T, page string, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s has %d Go blocks, want %d", page, len(got), len(want))
		return
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s: block %d is\n%s\nand what runs is\n%s", page, i+1, got[i], want[i])
		}
	}
}

// functionBodies reads the generated tests of the folder that the test runs in:
// the statements of each function, as they stand on a page.
func functionBodies(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*_gen_test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no generated tests: %v", err)
	}
	bodies := map[string]string{}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, src, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				text := src[set.Position(f.Body.Lbrace).Offset+1 : set.Position(f.Body.Rbrace).Offset]
				bodies[f.Name.Name] = statements(string(text))
			}
		}
	}
	return bodies
}

// statements is a function's body as a page has it: one tab less, and without
// the return that a page does not need.
func statements(body string) string {
	body = strings.TrimSuffix(strings.TrimRight(body, "\n"), "return nil")
	var b strings.Builder
	for line := range strings.Lines(strings.TrimSpace(body) + "\n") {
		b.WriteString(strings.TrimPrefix(line, "\t"))
	}
	return b.String()
}

// goBlocks are the fenced Go blocks of a page.
func goBlocks(page string) []string {
	var blocks []string
	for rest := page; ; {
		_, after, ok := strings.Cut(rest, "```go\n")
		if !ok {
			return blocks
		}
		block, tail, _ := strings.Cut(after, "```")
		blocks, rest = append(blocks, block), tail
	}
}
