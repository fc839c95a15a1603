package house

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// linesAnOperation is how long the code that users compile may be on average,
// types and chain together. More is paid by everybody who builds.
const linesAnOperation = 110

// TestGeneratedCodeIsShort holds the budget.
func TestGeneratedCodeIsShort(t *testing.T) {
	t.Parallel()
	lines := 0
	for _, pattern := range []string{"../../api/*/*_gen.go", "../../chain/*_gen.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			lines += bytes.Count(text, []byte("\n"))
		}
	}
	bundle, err := os.ReadFile("../../spec/bundle.txt")
	if err != nil {
		t.Fatal(err)
	}
	operations := bytes.Count(bundle, []byte("\noperation "))
	if operations == 0 || lines > linesAnOperation*operations {
		t.Errorf("%d lines for %d operations, want at most %d each", lines, operations, linesAnOperation)
	}
}
