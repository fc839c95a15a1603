package describe_test

import (
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/describe"
)

// specDir is the folder spec of this repository, seen from this package.
const specDir = "../../../spec"

// realSpec reads the real description once for all tests, which only look at it.
var realSpec = sync.OnceValues(func() (*describe.Description, error) { return describe.Load(os.DirFS(specDir)) })

func load(t testing.TB) *describe.Description {
	t.Helper()
	d, err := realSpec()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestRealDescription(t *testing.T) {
	t.Parallel()
	d := load(t)
	if len(d.Operations) < 1018 || len(d.Events) < 102 || len(d.Errors) < 15 || len(d.Products) < 90 {
		t.Errorf("%d operations, %d events, %d errors, %d products: something is missing",
			len(d.Operations), len(d.Events), len(d.Errors), len(d.Products))
	}
	for _, op := range d.Operations {
		if _, name, _ := strings.Cut(op.ID, "."); len(name) > 60 {
			t.Errorf("%s is longer than 60 characters: give it a shorter name, and the reason in x-name-reason", name)
		}
	}
	for _, p := range d.Products {
		n := 0
		for _, op := range d.Operations {
			if op.Product == p.Name {
				n++
			}
		}
		if n == 0 || n > 60 {
			t.Errorf("the product %s has %d operations: split it where its URLs split, or drop it", p.Name, n)
		}
	}
}

// BenchmarkLoad reads everything. It must stay under 3 s.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := describe.Load(os.DirFS(specDir)); err != nil {
			b.Fatal(err)
		}
	}
}
