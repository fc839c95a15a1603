package conformance

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

// run is a sample of a page as a function.
type run func(ctx context.Context, wx *wxpay.Client, w io.Writer) error

// sample is the six samples of one operation.
type sample struct {
	page         string // where they are shown
	method, path string
	name         string // their functions begin with it
	want         string // what they print, "" if that is not known before
	runs         [6]run
}

// spellings are the ends of the functions' names, in the order of the page.
var spellings = [6]string{"Chained", "ChainedAsync", "Declared", "DeclaredAsync", "Indexed", "IndexedAsync"}

// TestSamplesRun runs every sample of the reference pages against an emulator
// in which there is what the sample speaks of.
func TestSamplesRun(t *testing.T) {
	t.Parallel()
	if want := len(slices.Collect(spec.Operations())); len(samples) != want {
		t.Errorf("%d operations have samples, the description has %d", len(samples), want)
	}
	for _, s := range samples {
		for i, run := range s.runs {
			t.Run(s.name+spellings[i], func(t *testing.T) {
				t.Parallel()
				op, ok := spec.Lookup(s.method, s.path)
				if !ok {
					t.Fatalf("%s %s is not described", s.method, s.path)
				}
				e, wx := newServer(t, caller(op))
				prepare(t, e, wx, op)
				var w strings.Builder
				if err := run(t.Context(), wx, &w); err != nil {
					t.Fatal(err)
				}
				got, whole := strings.CutSuffix(w.String(), "\n")
				if op.Response != nil && (!whole || got == "" || got == "0" || s.want != "" && got != s.want) {
					t.Errorf("printed %q, want %q", got, s.want)
				}
			})
		}
	}
}

// caller is the merchant that the samples of op are written for.
func caller(op *spec.Operation) string {
	fields := op.Params
	if op.Request != nil {
		fields = slices.Concat(fields, op.Request.Fields)
	}
	for _, f := range fields {
		if f.Name == "mchid" || f.Name == "sp_mchid" {
			return f.Sample.(string)
		}
	}
	return emulator.DefaultMchID
}

// prepare makes what the samples of op take for granted: a signed contract for
// its query, an order for its query.
func prepare(t *testing.T, e *emulator.Emulator, wx *wxpay.Client, op *spec.Operation) {
	t.Helper()
	switch op.Behavior.Name {
	case "contract.query", "contract.terminate":
		role := map[string]string{"service_id": "normal", "plan_id": "harmony"}[op.Behavior.Args["by"]]
		presign := find(t, func(o *spec.Operation) bool {
			return o.Behavior.Name == "presign" && o.Behavior.Args["role"] == role && o.Behavior.Args["scene"] != "pay-redirect"
		})
		session, _ := post(t, wx, presign, op)["pre_entrustweb_id"].(string)
		if _, err := e.Agree(session, user); err != nil {
			t.Fatal(err)
		}
	case "order.query":
		post(t, wx, find(t, func(o *spec.Operation) bool {
			return o.Behavior.Name == "order.create" && o.Behavior.Args["role"] == op.Behavior.Args["role"]
		}), op)
	}
}

// user is the one of the samples.
const user = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"

// find returns the first operation that fits.
func find(t *testing.T, fits func(*spec.Operation) bool) *spec.Operation {
	t.Helper()
	for op := range spec.Operations() {
		if fits(op) {
			return op
		}
	}
	t.Fatal("no operation can prepare this")
	return nil
}

// post calls op with its own sample, in which the values that other's sample
// names are replaced by other's, and returns the answer.
func post(t *testing.T, wx *wxpay.Client, op, other *spec.Operation) map[string]any {
	t.Helper()
	body := sampleOf(op.Request).(map[string]any)
	for _, p := range other.Params {
		if _, ok := body[p.Name]; ok {
			body[p.Name] = p.Sample
		}
	}
	var out map[string]any
	if err := wx.Chain(op.Path).Post(t.Context(), body, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// sampleOf is the smallest sample of a field: the required members, and the
// first choice of an either-or rule.
func sampleOf(f *spec.Field) any {
	switch f.Type {
	case "object":
		object := map[string]any{}
		for i := range f.Fields {
			m := &f.Fields[i]
			if m.Required || len(f.AnyOf) > 0 && slices.Contains(f.AnyOf[0], m.Name) {
				object[m.Name] = sampleOf(m)
			}
		}
		return object
	case "array":
		return []any{sampleOf(f.Items)}
	}
	return f.Sample
}
