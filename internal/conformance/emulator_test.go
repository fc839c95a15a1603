package conformance

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/internal/conformance/stage"
)

// inTime gives an order or a session that would have run out when the tests
// begin a later end: the documented samples are years old.
func inTime(in any) {
	if in == nil {
		return
	}
	v := reflect.ValueOf(in).Elem()
	for _, name := range []string{"TimeExpire", "ExpiredTime"} {
		if f := v.FieldByName(name); f.IsValid() && f.Kind() == reflect.String {
			f.SetString(stage.Start.Add(time.Hour).Format(time.RFC3339))
		}
	}
	twoPeriods(v)
}

// twoPeriods gives an insurance contract that is signed with a payment a second
// period, which WeChat Pay was seen to want; a sample has one item of a list.
func twoPeriods(v reflect.Value) {
	list := v.FieldByName("PolicyPeriods")
	if !list.IsValid() || !v.FieldByName("Amount").IsValid() {
		return
	}
	second := reflect.New(list.Type().Elem()).Elem()
	second.Set(list.Index(0))
	second.FieldByName("PolicyPeriodID").SetInt(2)
	second.FieldByName("EstimatedDeductDate").SetString("2030-12-22")
	list.Set(reflect.Append(list, second))
}

// TestEmulatorTakesEveryCall: the emulator, which shares neither code nor types
// with the client beyond the signature, takes every typed call with every
// documented value. What needs a history is refused with a documented error.
func TestEmulatorTakesEveryCall(t *testing.T) {
	t.Parallel()
	for _, c := range allCalls {
		op := c.op(t)
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			_, wx := stage.NewServer(t, stage.Caller(op))
			in := c.newRequest()
			fill(t, op, in)
			inTime(in)
			opts := []wxpay.Option(nil)
			if op.Response == nil && op.Verify != "" {
				opts = append(opts, wxpay.Unchecked()) // its digest is not known before
			}
			_, err := c.call(t.Context(), wx, in, opts...)
			if err == nil {
				return
			}
			e, ok := errors.AsType[*wxpay.Error](err)
			if !ok || !e.Signed || op.Behavior.Name == "" || e.Code == wxpay.CodeParamError || !slices.Contains(op.Errors, e.Code) {
				t.Error(err)
			}
		})
	}
}
