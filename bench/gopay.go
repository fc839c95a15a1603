package bench

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"

	"github.com/go-pay/gopay"
	"github.com/go-pay/gopay/pkg/xhttp"
	"github.com/go-pay/gopay/wechat/v3"
)

// gopay has neither the endpoint nor an untyped call: its pre-sign of another
// product, of the same shape, sends the request. The mock answers any path.
func gopayPresign(p *platform, rt http.RoundTripper) (func(context.Context) error, error) {
	client, err := newGopay(p)
	if err != nil {
		return nil, err
	}
	client.GetHttpClient().SetTransport(rt)
	return func(ctx context.Context) error {
		in := gopay.BodyMap{
			"appid":                    "wxd678efh567hg6787",
			"sub_appid":                "wxd678efh567hg6787",
			"sub_mchid":                "1900000109",
			"service_id":               12535,
			"out_contract_code":        "wxwtdk20200910100000",
			"notify_url":               "https://yourapp.com/notify",
			"contract_display_account": "微信代扣用户A",
			"prepay_id":                "wx201410272009395522657a690389285100",
			"openid":                   "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
			"sub_openid":               "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
		}
		answer, err := client.V3ScheduledDeductPreSignMiniProgram(ctx, in)
		if err == nil && answer.Code != wechat.Success {
			err = fmt.Errorf("gopay: code %d", answer.Code)
		}
		return err
	}, nil
}

func newGopay(p *platform) (*wechat.ClientV3, error) {
	private, err := x509.MarshalPKCS8PrivateKey(p.merchant)
	if err != nil {
		return nil, err
	}
	public, err := x509.MarshalPKIXPublicKey(&p.key.PublicKey)
	if err != nil {
		return nil, err
	}
	client, err := wechat.NewClientV3(p.mchID, p.serial, p.apiV3Key, string(encodePEM("PRIVATE KEY", private)))
	if err != nil {
		return nil, err
	}
	return client, client.AutoVerifySignByPublicKey(encodePEM("PUBLIC KEY", public), p.keyID)
}

func encodePEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func gopayReceive(p *platform) (func(context.Context, *http.Request) (string, error), error) {
	return func(_ context.Context, req *http.Request) (string, error) {
		parsed, err := wechat.V3ParseNotify(req)
		if err != nil {
			return "", err
		}
		if err := parsed.VerifySignByPK(&p.key.PublicKey); err != nil {
			return "", err
		}
		event := new(contractSigned)
		err = parsed.DecryptCipherTextToStruct(p.apiV3Key, event)
		return event.OutContractCode, err
	}, nil
}

func gopayTransport() *http.Transport {
	return xhttp.NewClient().HttpClient.Transport.(*http.Transport)
}
