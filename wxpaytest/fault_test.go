package wxpaytest_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/wxpaytest"
)

// TestTheClientAndEveryFault: what the client makes of each, with a port and
// without one, if it does not try again.
func TestTheClientAndEveryFault(t *testing.T) {
	t.Parallel()
	refused := func(err error) bool { _, ok := errors.AsType[*wxpay.Error](err); return ok }
	unusable := func(err error) bool { _, ok := errors.AsType[*wxpay.AnswerError](err); return ok }
	broken := func(err error) bool {
		return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || unusable(err)
	}
	for _, tt := range []struct {
		name string
		is   func(error) bool
	}{
		{"SYSTEM_ERROR", refused}, {"FREQUENCY_LIMITED", refused}, {"SIGN_ERROR", refused}, {"gateway", refused},
		{"unsigned", unusable}, {"signature", unusable}, {"serial", unusable}, {"stale", unusable}, {"probe", unusable},
		{"shortened", unusable}, {"oversized", unusable}, {"cut", broken}, {"lost", broken}, {"truncated", broken},
	} {
		for kind, opts := range map[string][]wxpaytest.Option{"in memory": nil, "with a port": {wxpaytest.WithPort()}} {
			t.Run(tt.name+" "+kind, func(t *testing.T) {
				t.Parallel()
				srv := wxpaytest.NewServer(t, opts...)
				cfg := srv.Config()
				cfg.Retry.Attempts = 1
				wx, err := wxpay.New(cfg)
				if err != nil {
					t.Fatal(err)
				}
				end := srv.Fault(emulator.Disruption{Case: tt.name})
				if err := wx.At("v3/certificates").Get(t.Context(), nil); !tt.is(err) {
					t.Errorf("got %v", err)
				}
				end()
				if err := wx.At("v3/certificates").Get(t.Context(), nil); err != nil {
					t.Errorf("afterwards: %v", err)
				}
			})
		}
	}
}

func TestTheClientDoesNotWaitForASlowAnswer(t *testing.T) {
	t.Parallel()
	srv := wxpaytest.NewServer(t)
	srv.Fault(emulator.Disruption{Case: "slow", Delay: time.Minute})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := srv.Client().At("v3/certificates").Get(ctx, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
