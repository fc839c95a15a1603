package conformance

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/wxpay-go/wxpay/spec"
)

var sampleEntry = regexp.MustCompile(`Method: "([A-Z]+)", Path: "([^"]+)"`)

// TestEveryOperationHasSamples: the groups below samples, which run by
// themselves, leave no operation out.
func TestEveryOperationHasSamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("samples/*/*_gen_test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	found := map[string]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range sampleEntry.FindAllStringSubmatch(string(text), -1) {
			found[m[1]+" "+m[2]]++
		}
	}
	for op := range spec.Operations() {
		if n := found[op.Method+" "+op.Path]; n != 1 {
			t.Errorf("%s %s has samples in %d places", op.Method, op.Path, n)
		}
	}
}
