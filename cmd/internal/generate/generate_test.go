package generate

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/describe"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// invented reads the description in testdata/spec, which has every feature.
func invented(t *testing.T) *describe.Description {
	t.Helper()
	d, err := describe.Load(os.DirFS("testdata/spec"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestGolden holds every file made from the invented description against
// testdata/golden. Run with -update after a change that is meant, and read the
// difference.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := All(invented(t))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		writeGolden(t, files)
	}
	seen := 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		want, err := os.ReadFile(filepath.Join("testdata", "golden", name+".golden"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		seen++
		if string(want) != string(files[name]) {
			t.Errorf("%s differs from its golden file; run with -update and read the difference", name)
		}
	}
	if seen < 10 {
		t.Errorf("only %d golden files were compared", seen)
	}
}

func writeGolden(t *testing.T, files map[string][]byte) {
	t.Helper()
	if err := os.RemoveAll("testdata/golden"); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join("testdata", "golden", name+".golden")
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDeterminism: maps have no order, generated files must have one.
func TestDeterminism(t *testing.T) {
	t.Parallel()
	d := invented(t)
	first, err := All(d)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := All(d)
		if err != nil {
			t.Fatal(err)
		}
		if !maps.EqualFunc(first, again, func(a, b []byte) bool { return string(a) == string(b) }) {
			t.Fatal("the same description gave different files")
		}
	}
}
