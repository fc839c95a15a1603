package bench

import (
	"context"
	"net/http"

	"github.com/wxpay-go/wxpay"
)

// host is where every client believes that it sends: the official library
// cannot be told another. The transports lead to the mock.
const host = "https://api.mch.weixin.qq.com"

// contender is one way to call WeChat Pay.
type contender struct {
	name string

	// presign returns the call, over a transport that is the same for all.
	presign func(*platform, http.RoundTripper) (func(context.Context) error, error)

	// receive returns what takes a notification and reads the contract code.
	receive func(*platform) (func(context.Context, *http.Request) (string, error), error)

	// transport returns what the client sends over when it is told nothing.
	transport func() *http.Transport
}

func contenders() []contender {
	return []contender{
		{"floor", floorPresign, floorReceive, defaultTransport},
		{"wxpay", wxpayPresign, wxpayReceive, wxpay.NewTransport},
		{"wechatpay-go", officialPresign, officialReceive, defaultTransport},
		{"gopay", gopayPresign, gopayReceive, gopayTransport},
	}
}

// defaultTransport is a copy of the standard library's, which a client uses
// that names none.
func defaultTransport() *http.Transport {
	return http.DefaultTransport.(*http.Transport).Clone() //nolint:forbidigo // it is what is measured
}

func floorPresign(p *platform, rt http.RoundTripper) (func(context.Context) error, error) {
	f, err := newFloor(p, host, rt)
	return func(ctx context.Context) error {
		in := samplePresign()
		_, err := f.presign(ctx, &in)
		return err
	}, err
}

func floorReceive(p *platform) (func(context.Context, *http.Request) (string, error), error) {
	f, err := newFloor(p, host, nil)
	return f.receive, err
}

// samplePresign is the request of the documented sample.
func samplePresign() presignRequest {
	return presignRequest{
		AppID:                  "wxd678efh567hg6787",
		SubAppID:               "wxd678efh567hg6787",
		SubMchID:               "1900000109",
		ServiceID:              12535,
		OutContractCode:        "wxwtdk20200910100000",
		NotifyURL:              "https://yourapp.com/notify",
		ContractDisplayAccount: "微信代扣用户A",
		PrepayID:               "wx201410272009395522657a690389285100",
		OpenID:                 "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
		SubOpenID:              "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
	}
}
