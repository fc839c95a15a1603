package chain_test

import (
	"context"
	"errors"
	"testing"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/chain"
)

// TestNilRequest: a nil request is an error that says so; where the URL has given
// something, the error names what is missing. An Async call gets the same.
func TestNilRequest(t *testing.T) {
	t.Parallel()
	_, wx := connect()
	sign := chain.New(wx).V3().PasswordExemptContract().Contracts().Normal().PreEntrustSign().MiniProgram()
	terminate := chain.New(wx).V3().PasswordExemptContract().Contracts().ServiceID(12535).OutContractCode("a").Terminate()
	for _, tt := range []struct {
		name string
		call func(context.Context) error
		want int // faults
	}{
		{"body", func(ctx context.Context) error { _, err := sign.Post(ctx, nil); return err }, 1},
		{"body, asynchronous", func(ctx context.Context) error { _, err := sign.PostAsync(ctx, nil).Wait(ctx); return err }, 1},
		{"body and path", func(ctx context.Context) error { _, err := terminate.Post(ctx, nil); return err }, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, ok := errors.AsType[*wxpay.InputError](tt.call(t.Context()))
			if !ok || len(e.Faults) != tt.want {
				t.Errorf("error %v, want an InputError with %d faults", e, tt.want)
			}
		})
	}
}

// TestValuesAreEscaped: whatever a value holds, it stays one segment of the
// path; and its letters keep their case.
func TestValuesAreEscaped(t *testing.T) {
	t.Parallel()
	_, wx := connect()
	_, err := chain.New(wx).V3().Pay().Transactions().OutTradeNo("a/../B?c#d").Get(t.Context(), nil, wxpay.Unchecked())
	if e, ok := errors.AsType[*wxpay.Error](err); !ok || e.Status == 404 && e.Code == "" {
		t.Errorf("error %v, want an answer of the endpoint", err)
	}
}
