package describe_test

import (
	"os"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/describe"
)

// specDir is the folder spec of this repository, seen from this package.
const specDir = "../../../spec"

// load reads the real description.
func load(t testing.TB) *describe.Description {
	t.Helper()
	d, err := describe.Load(os.DirFS(specDir))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestRealDescription(t *testing.T) {
	t.Parallel()
	d := load(t)
	if len(d.Operations) < 20 || len(d.Events) < 4 || len(d.Errors) < 15 || len(d.Products) < 5 {
		t.Errorf("%d operations, %d events, %d errors, %d products: something is missing",
			len(d.Operations), len(d.Events), len(d.Errors), len(d.Products))
	}
}
