package wxpay

import (
	"context"
	"sync"
)

// Op is one endpoint as the client needs it: where a request goes and how its
// answer is treated. Generated packages hold one for each function. An Op must
// not be copied or changed once it is in use.
type Op struct {
	// Method is the HTTP method, upper case.
	Method string

	// Path is the template of the URL path, "/v3/…/{out_contract_code}".
	Path string

	// Host replaces the host of the client where an endpoint has its own.
	Host string

	// Verify says what vouches for an answer that is a file, see
	// [Client.Download]; "" for JSON, which is signed.
	Verify string

	// Page says how the answer's list is read on, see [List].
	Page Page

	// Idempotent: WeChat Pay takes the same request a second time without a
	// second effect, so that it may be repeated when its fate is unknown.
	Idempotent bool

	once  sync.Once
	parts []pathPart
	err   error
}

// Call runs [Client.Do] with a new T for the answer. The generated functions
// are made of it.
func Call[T any](ctx context.Context, wx *Client, op *Op, in any, opts []Option) (*T, error) {
	out := new(T)
	if err := wx.Do(ctx, op, in, out, opts...); err != nil {
		return nil, err
	}
	return out, nil
}
