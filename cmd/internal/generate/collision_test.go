package generate

import (
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/describe"
	"github.com/wxpay-go/wxpay/spec"
)

// TestCollisions: a name that two things claim is an error that names both.
func TestCollisions(t *testing.T) {
	t.Parallel()
	get := func(path, name string, fields ...spec.Field) *spec.Operation {
		return &spec.Operation{ID: "p." + name, Method: "GET", Path: path, Product: "p", Summary: "Asks.", Status: 200, Response: &spec.Field{Type: "object", Fields: fields}}
	}
	text := func(name string) spec.Field { return spec.Field{Name: name, Type: "string", Sample: "x"} }
	object := func(name, typ string, fields ...spec.Field) spec.Field {
		return spec.Field{Name: name, Type: "object", Go: typ, Fields: fields}
	}
	for _, tt := range []struct {
		name string
		ops  []*spec.Operation
		want []string // parts of the error
	}{
		{"two URLs, one method", []*spec.Operation{get("/v3/p/a-b/x", "X"), get("/v3/p/a_b/y", "Y")}, []string{"/v3/p/a-b", "/v3/p/a_b", "method AB"}},
		{"two URLs, one type", []*spec.Operation{get("/v3/p/a/bc", "X"), get("/v3/p/a-bc", "Y")}, []string{"/v3/p/a/bc", "/v3/p/a-bc", "type V3PABc"}},
		{"verb and segment", []*spec.Operation{get("/v3/p/a", "X"), get("/v3/p/a/get", "Y")}, []string{"GET /v3/p/a", "/v3/p/a/get", "method Get"}},
		{"two fields, one name", []*spec.Operation{get("/v3/p/a", "X", text("sub_mchid"), text("sub__mchid"))}, []string{"sub_mchid", "sub__mchid", "SubMchID"}},
		{"two objects, one type", []*spec.Operation{get("/v3/p/a", "X", object("a", "Same", text("a"))), get("/v3/p/b", "Y", object("b", "Same", text("b")))}, []string{"Same"}},
		{"type and function", []*spec.Operation{get("/v3/p/a", "X", object("a", "Y", text("a"))), get("/v3/p/b", "Y")}, []string{"GET /v3/p/b", "shared object Y"}},
		{"two operations, one function", []*spec.Operation{get("/v3/p/a", "X"), get("/v3/p/b", "X")}, []string{"GET /v3/p/a", "GET /v3/p/b"}},
		{"no letter", []*spec.Operation{get("/v3/p/a", "X", text("1st"))}, []string{`"1st"`, "no Go name"}},
		{"unknown product", []*spec.Operation{{ID: "p.X", Method: "GET", Path: "/v3/q", Product: "q"}}, []string{"/v3/q", `"q"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := All(&describe.Description{Operations: tt.ops, Products: []spec.Product{{Name: "p", Package: "p"}}})
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not name %s", err, part)
				}
			}
		})
	}
}

// TestLiteralOfItsOwn: a literal that is an address itself does not merge with
// the parameter that follows it elsewhere.
func TestLiteralOfItsOwn(t *testing.T) {
	t.Parallel()
	tree := newTree([]*operation{
		{pkg: newPackage("p", spec.Product{}), name: "X", Operation: &spec.Operation{Method: "POST", Path: "/v3/out-bill-no"}},
		{pkg: newPackage("p", spec.Product{}), name: "Y", Operation: &spec.Operation{Method: "GET", Path: "/v3/out-bill-no/{out_bill_no}"}},
	})
	if len(tree.errs) > 0 {
		t.Fatal(tree.errs)
	}
	var types []string
	tree.root.walk(func(n *node) { types = append(types, n.typ) })
	if got, want := strings.Join(types, " "), "Root V3 V3OutBillNo V3OutBillNoOutBillNo"; got != want {
		t.Errorf("types %s, want %s", got, want)
	}
}
