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
		{"two URLs, one method", []*spec.Operation{get("/v3/p/a-b/x", "X"), get("/v3/p/aB/y", "Y")}, []string{"/v3/p/a-b", "/v3/p/aB", "method AB"}},
		{"two fields, one name", []*spec.Operation{get("/v3/p/a", "X", text("sub_mchid"), text("sub__mchid"), text("sub-mchid"))}, []string{"sub__mchid", "sub-mchid", "SubMchIDUnderscored"}},
		{"two objects, one type", []*spec.Operation{get("/v3/p/a", "X", object("a", "Same", text("a"))), get("/v3/p/b", "Y", object("b", "Same", text("b")))}, []string{"Same"}},
		{"type and function", []*spec.Operation{get("/v3/p/a", "X", object("a", "Y", text("a"))), get("/v3/p/b", "Y")}, []string{"GET /v3/p/b", "shared object Y"}},
		{"two operations, one function", []*spec.Operation{get("/v3/p/a", "X"), get("/v3/p/b", "X")}, []string{"GET /v3/p/a", "GET /v3/p/b"}},
		{"no group of samples", []*spec.Operation{{ID: "é.X", Method: "GET", Path: "/v3/e", Product: "é", Summary: "Asks."}}, []string{"é"}},
		{"no letter", []*spec.Operation{get("/v3/p/a", "X", text("1st"))}, []string{`"1st"`, "no Go name"}},
		{"unknown product", []*spec.Operation{{ID: "p.X", Method: "GET", Path: "/v3/q", Product: "q"}}, []string{"/v3/q", `"q"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := All(&describe.Description{Operations: tt.ops, Products: []spec.Product{{Name: "p", Package: "p"}, {Name: "é", Package: "é"}}})
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

// TestStepsOfOneName: the rules that keep two steps of a chain apart.
func TestStepsOfOneName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, want string // types in order, and the methods that lead to them
		paths      []string
	}{
		{"two spellings", "V3P V3PAB V3PABUnderscored", []string{"GET /v3/p/a-b", "GET /v3/p/a_b"}},
		{"a literal and a parameter", "V3P V3PID V3PByID", []string{"GET /v3/p/id", "GET /v3/p/{id}"}},
		{"a verb and a literal", "V3P V3PA V3PAGet:GetStep", []string{"GET /v3/p/a", "POST /v3/p/a/get"}},
		{"a type that is there", "V3P V3PA V3PAStepBc:Bc V3PABc", []string{"GET /v3/p/a-bc", "GET /v3/p/a/bc"}},
		{"a slash at the end", "V3P V3PA V3PAIndex", []string{"GET /v3/p/a", "POST /v3/p/a/"}},
		{"another host", "HK HKV3 HKV3A", []string{"GET /hk/v3/a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var ops []*operation
			for _, p := range tt.paths {
				method, path, _ := strings.Cut(p, " ")
				ops = append(ops, &operation{pkg: newPackage("p", spec.Product{}), name: "X", Operation: &spec.Operation{Method: method, Path: path}})
			}
			tree := newTree(ops)
			if len(tree.errs) > 0 {
				t.Fatal(tree.errs)
			}
			var got []string
			tree.root.walk(func(n *node) {
				if n.parent == nil || n.typ == "V3" {
					return
				}
				name := n.typ
				if !strings.HasSuffix(n.typ, n.method) || strings.Contains(n.typ, "Step") {
					name += ":" + n.method
				}
				got = append(got, name)
			})
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %s, want %s", strings.Join(got, " "), tt.want)
			}
		})
	}
}

// TestMembersOfOneName: the rules that keep two members of a struct apart.
func TestMembersOfOneName(t *testing.T) {
	t.Parallel()
	o := &operation{pkg: newPackage("p", spec.Product{}), Operation: &spec.Operation{}}
	st := &structType{name: "X"}
	for _, f := range []spec.Field{{Name: "id", In: "path"}, {Name: "id"}, {Name: "mch_id"}, {Name: "mchid"}, {Name: "check"}} {
		f.Type = "string"
		st.members = append(st.members, o.member("X", &f, false))
	}
	o.unique(st)
	var got []string
	for _, m := range st.members {
		got = append(got, m.name)
	}
	if want := "ID IDInBody MchIDUnderscored MchID CheckValue"; strings.Join(got, " ") != want || len(o.pkg.errs) > 0 {
		t.Errorf("got %q, want %s; errors %v", got, want, o.pkg.errs)
	}
}
