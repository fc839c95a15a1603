package stage

import (
	"slices"
	"testing"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

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
	body := required(op.Request).(map[string]any)
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

// required is the smallest sample of a field: the required members, and the
// first choice of an either-or rule.
func required(f *spec.Field) any {
	switch f.Type {
	case "object":
		object := map[string]any{}
		for i := range f.Fields {
			m := &f.Fields[i]
			if m.Required || len(f.AnyOf) > 0 && slices.Contains(f.AnyOf[0], m.Name) {
				object[m.Name] = required(m)
			}
		}
		return object
	case "array":
		return []any{required(f.Items)}
	}
	return f.Sample
}
