package bench

import (
	"context"
	"net/http"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/notify"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"
)

// The official library has no function for the endpoint: its untyped one
// sends the floor's request, and the answer is decoded as its own services do.
func officialPresign(p *platform, rt http.RoundTripper) (func(context.Context) error, error) {
	client, err := core.NewClient(context.Background(),
		option.WithWechatPayPublicKeyAuthCipher(p.mchID, p.serial, p.merchant, p.keyID, &p.key.PublicKey),
		option.WithHTTPClient(&http.Client{Transport: rt, Timeout: 30 * time.Second}),
	)
	return func(ctx context.Context) error {
		in := samplePresign()
		result, err := client.Post(ctx, host+presignPath, &in)
		if err != nil {
			return err
		}
		return core.UnMarshalResponse(result.Response, new(presignAnswer))
	}, err
}

func officialReceive(p *platform) (func(context.Context, *http.Request) (string, error), error) {
	handler, err := notify.NewRSANotifyHandler(p.apiV3Key, verifiers.NewSHA256WithRSAPubkeyVerifier(p.keyID, p.key.PublicKey))
	return func(ctx context.Context, req *http.Request) (string, error) {
		event := new(contractSigned)
		_, err := handler.ParseNotifyRequest(ctx, req, event)
		return event.OutContractCode, err
	}, err
}
