package wxpay

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// Retry bounds the attempts of one call. A request is repeated only where that
// is safe: it certainly did not arrive, WeChat Pay refused it for its rate, or
// the endpoint is idempotent. Each attempt is signed anew.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012081717
type Retry struct {
	// Attempts in all, the first included. Defaults to 3; 1 is no retry.
	Attempts int

	// Wait before the second attempt, doubled for each further one, at random
	// between half and the whole of it. Defaults to 200 ms.
	Wait time.Duration

	// MaxWait bounds the wait, and the Retry-After that is heeded. Defaults to
	// 5 s.
	MaxWait time.Duration
}

func (r *Retry) defaults(fault func(field, rule, remedy string)) {
	if r.Attempts < 0 || r.Wait < 0 || r.MaxWait < 0 {
		fault("Retry", "must not be negative", "leave it out for the defaults, or set Attempts to 1 for no retry")
	}
	if r.Attempts == 0 {
		r.Attempts = 3
	}
	if r.Wait == 0 {
		r.Wait = 200 * time.Millisecond
	}
	if r.MaxWait == 0 {
		r.MaxWait = 5 * time.Second
	}
}

// wait returns how long to wait after the attempt with the given number.
func (r Retry) wait(attempt int, after time.Duration) time.Duration {
	d := r.MaxWait
	if shift := attempt - 1; shift < 20 && r.Wait<<shift < d {
		d = r.Wait << shift
	}
	d = d/2 + rand.N(d/2+1)
	return min(max(d, after), r.MaxWait)
}

// repeatable reports whether a call that ended in err may be sent again.
func repeatable(err error, idempotent bool) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status == 429 || idempotent && (e.Status >= 500 || e.Status == 202)
	}
	if e, ok := errors.AsType[*AnswerError](err); ok {
		return idempotent && (e.Reason == ReasonTruncated || isProbe(e.Err))
	}
	if _, ok := errors.AsType[*NetworkError](err); ok {
		return idempotent || neverSent(err)
	}
	return false
}

// isProbe: WeChat Pay signs a few answers wrongly on purpose, and not again
// when they are asked for again.
func isProbe(err error) bool {
	e, ok := errors.AsType[*sign.Error](err)
	return ok && e.Code == sign.CodeProbe
}

// neverSent reports whether no connection was made, so that nothing of the
// request can have arrived.
func neverSent(err error) bool {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return true
	}
	e, ok := errors.AsType[*net.OpError](err)
	return ok && e.Op == "dial"
}

// retryAfter reads the header of that name in its form of seconds.
func retryAfter(text string) time.Duration {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 3600 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// sleep waits for d or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
