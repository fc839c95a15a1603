package bench

import (
	"context"
	"fmt"
	"net/http"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/api/passwordexemptcontract"
	"github.com/wxpay-go/wxpay/notify"
	"github.com/wxpay-go/wxpay/sign"
)

func wxpayPresign(p *platform, rt http.RoundTripper) (func(context.Context) error, error) {
	wx, err := wxpay.New(wxpay.Config{
		MchID: p.mchID, Serial: p.serial, Signer: p.merchant,
		Trust: sign.PublicKey(p.keyID, &p.key.PublicKey), Transport: rt,
	})
	return func(ctx context.Context) error {
		_, err := passwordexemptcontract.QSPreEntrustSignPayRedirectSign(ctx, wx, &passwordexemptcontract.QSPreEntrustSignPayRedirectSignRequest{
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
		})
		return err
	}, err
}

func wxpayReceive(p *platform) (func(context.Context, *http.Request) (string, error), error) {
	receiver, err := notify.New(notify.Config{
		Trust: sign.PublicKey(p.keyID, &p.key.PublicKey), APIv3Key: p.apiV3Key,
	})
	return func(_ context.Context, req *http.Request) (string, error) {
		event, err := receiver.Read(req)
		if err != nil {
			return "", err
		}
		signed, ok := event.Resource.(*notify.EntrustSign)
		if !ok {
			return "", fmt.Errorf("wxpay: the resource is a %T", event.Resource)
		}
		return signed.OutContractCode, nil
	}, err
}
