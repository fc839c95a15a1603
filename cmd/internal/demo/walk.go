package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/wxpay-go/wxpay/api/papay"
	"github.com/wxpay-go/wxpay/api/passwordexemptcontract"
	"github.com/wxpay-go/wxpay/api/pay"
	"github.com/wxpay-go/wxpay/chain"
	"github.com/wxpay-go/wxpay/notify"
)

// The values of the official samples.
const (
	appID     = "wxd678efh567hg6787"
	subMchID  = "1900000110"
	openID    = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
	subOpenID = "oYobu0MVnQfWpSMOYJz2AHPG_gQw"
	serviceID = 12535
	planID    = 12535
	account   = "微信代扣用户A"

	contracts = "v3/password-exempt-contract/contracts/"
)

// step does one thing and notes it.
func (w *world) step(s Step, do func() (result string, err error)) error {
	start := time.Now()
	result, err := do()
	if err != nil {
		return fmt.Errorf("%s: %s: %w", s.Who, s.What, err)
	}
	s.Result, s.TookMS = result, ms(time.Since(start))
	w.report.Steps = append(w.report.Steps, s)
	return nil
}

// presign is one of the five seed endpoints on its way to a signed contract.
type presign struct {
	name, path, spelling, code string

	order func(ctx context.Context, no string) (prepayID string, err error)  // nil where the scene has none
	call  func(ctx context.Context, prepayID string) (ref string, err error) // ref is what the user signs
}

// sign walks a pre-sign to the verified notification of its contract.
func (w *world) sign(ctx context.Context, p presign) error {
	var prepayID, ref string
	if p.order != nil {
		if err := w.pays(ctx, p, &prepayID, &ref); err != nil {
			return err
		}
	} else if err := w.presigns(ctx, p, "", &ref); err != nil {
		return err
	}
	err := w.step(Step{Who: "user", What: "agrees to sign " + p.code}, func() (string, error) {
		c, err := w.pay.Agree(ref, "")
		if err != nil {
			return "", err
		}
		return "contract " + c.ContractID, nil
	})
	if err != nil {
		return err
	}
	return w.step(Step{Who: "merchant", What: "is notified"}, func() (string, error) {
		ev, c, err := w.shop.contract(ctx, p.code, "SIGNED")
		if err != nil {
			return "", err
		}
		w.report.Contracts = append(w.report.Contracts, Contract{
			Endpoint: "/" + p.path, OutContractCode: p.code, ContractID: c.ContractID, State: c.ContractState,
			EventID: ev.ID, EventType: ev.Type,
		})
		return ev.Type + " " + c.ContractState + ", verified and decrypted", nil
	})
}

// pays orders, pre-signs, and lets the user pay: the order of things in the
// scene after payment (支付后场景).
func (w *world) pays(ctx context.Context, p presign, prepayID, ref *string) error {
	no := "order-" + p.code
	err := w.step(Step{Who: "merchant", What: "orders " + no, Call: "POST /v3/pay/…/jsapi", Spelling: "chained"}, func() (result string, err error) {
		*prepayID, err = p.order(ctx, no)
		return *prepayID, err
	})
	if err != nil {
		return err
	}
	if err := w.presigns(ctx, p, *prepayID, ref); err != nil {
		return err
	}
	*ref = *prepayID
	return w.step(Step{Who: "user", What: "pays " + no}, func() (string, error) {
		if _, err := w.pay.Pay(*prepayID, ""); err != nil {
			return "", err
		}
		_, err := w.shop.wait(ctx, "the payment of "+no, func(ev *notify.Event) bool {
			t, ok := ev.Resource.(*notify.TransactionSuccess)
			return ok && t.OutTradeNo == no
		})
		return "TRANSACTION.SUCCESS verified; the contract is offered", err
	})
}

func (w *world) presigns(ctx context.Context, p presign, prepayID string, ref *string) error {
	return w.step(Step{Who: "merchant", What: "pre-signs, " + p.name, Call: "POST /" + p.path, Spelling: p.spelling}, func() (result string, err error) {
		*ref, err = p.call(ctx, prepayID)
		return *ref, err
	})
}

// afterPayment signs through the three endpoints whose offer follows a payment.
func (w *world) afterPayment(ctx context.Context) error {
	for _, p := range []presign{w.normal(), w.institution(), w.provider()} {
		if err := w.sign(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) normal() presign {
	return presign{
		name: "direct merchant, after payment", path: contracts + "normal/pre-entrust-sign/pay-redirect-sign",
		spelling: "chained", code: "demo1normal", order: w.directOrder,
		call: func(ctx context.Context, prepayID string) (string, error) {
			out, err := chain.New(w.wx).V3().PasswordExemptContract().Contracts().Normal().PreEntrustSign().PayRedirectSign().
				Post(ctx, &passwordexemptcontract.NormalPreEntrustSignPayRedirectSignRequest{
					AppID: appID, ServiceID: serviceID, OutContractCode: "demo1normal", NotifyURL: notifyURL,
					ContractDisplayAccount: account, PrepayID: prepayID, OpenID: openID,
				})
			if err != nil {
				return "", err
			}
			return "offer for " + out.OutContractCode, nil
		},
	}
}

func (w *world) institution() presign {
	const path = contracts + "qs/pre-entrust-sign/pay-redirect-sign"
	return presign{
		name: "clearing institution, after payment", path: path, spelling: "declared", code: "demo2institution", order: w.partnerOrder,
		call: func(ctx context.Context, prepayID string) (string, error) {
			var out passwordexemptcontract.QSPreEntrustSignPayRedirectSignResponse
			err := w.wx.Chain(path).Post(ctx, map[string]any{
				"appid": appID, "sub_appid": appID, "sub_mchid": subMchID, "service_id": serviceID,
				"out_contract_code": "demo2institution", "notify_url": notifyURL,
				"contract_display_account": account, "prepay_id": prepayID, "openid": openID,
			}, &out)
			return "offer for " + out.OutContractCode, err
		},
	}
}

func (w *world) provider() presign {
	const path = contracts + "service-provider/pre-entrust-sign/pay-redirect-sign"
	return presign{
		name: "service provider, after payment", path: path, spelling: "indexed async", code: "demo3provider", order: w.partnerOrder,
		call: func(ctx context.Context, prepayID string) (string, error) {
			var out passwordexemptcontract.ServiceProviderPreEntrustSignPayRedirectSignResponse
			_, err := w.wx.At(path).PostAsync(ctx, &passwordexemptcontract.ServiceProviderPreEntrustSignPayRedirectSignRequest{
				SpAppID: appID, SpOpenID: openID, SubMchID: subMchID, SubAppID: appID, ServiceID: serviceID,
				OutContractCode: "demo3provider", NotifyURL: notifyURL, ContractDisplayAccount: account, PrepayID: prepayID,
			}, &out).Wait(ctx)
			return "offer for " + out.OutContractCode + " of " + out.SubMchID, err
		},
	}
}

func (w *world) directOrder(ctx context.Context, no string) (string, error) {
	out, err := chain.New(w.wx).V3().Pay().Transactions().JSAPI().Post(ctx, &pay.TransactionsJSAPIRequest{
		AppID: appID, MchID: w.pay.Credentials().MchID, Description: "Image形象店-深圳腾大-QQ公仔", OutTradeNo: no, NotifyURL: notifyURL,
		Amount: pay.OrderAmount{Total: 100}, Payer: pay.TransactionsJSAPIPayer{OpenID: openID},
	})
	if err != nil {
		return "", err
	}
	return out.PrepayID, nil
}

func (w *world) partnerOrder(ctx context.Context, no string) (string, error) {
	out, err := chain.New(w.wx).V3().Pay().Partner().Transactions().JSAPI().Post(ctx, &pay.PartnerTransactionsJSAPIRequest{
		SpAppID: appID, SpMchID: w.pay.Credentials().MchID, SubMchID: subMchID, SubAppID: appID,
		Description: "Image形象店-深圳腾大-QQ公仔", OutTradeNo: no, NotifyURL: notifyURL,
		Amount: pay.OrderAmount{Total: 100}, Payer: pay.PartnerTransactionsJSAPIPayer{SpOpenID: openID},
	})
	if err != nil {
		return "", err
	}
	return out.PrepayID, nil
}

// fromSessions signs through the two endpoints that open a session of their
// own.
func (w *world) fromSessions(ctx context.Context) error {
	for _, p := range []presign{w.miniProgram(), w.harmony()} {
		if err := w.sign(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) miniProgram() presign {
	return presign{
		name: "service provider, mini program", path: contracts + "service-provider/pre-entrust-sign/mini-program",
		spelling: "chained async", code: "demo4miniprogram",
		call: func(ctx context.Context, _ string) (string, error) {
			future := chain.New(w.wx).V3().PasswordExemptContract().Contracts().ServiceProvider().PreEntrustSign().MiniProgram().
				PostAsync(ctx, &passwordexemptcontract.ServiceProviderPreEntrustSignMiniProgramRequest{
					SpAppID: appID, SubMchID: subMchID, SubAppID: appID, SubOpenID: subOpenID, ServiceID: serviceID,
					OutContractCode: "demo4miniprogram", NotifyURL: notifyURL, ContractDisplayAccount: account,
				})
			out, err := future.Wait(ctx)
			if err != nil {
				return "", err
			}
			return out.PreEntrustwebID, nil
		},
	}
}

func (w *world) harmony() presign {
	return presign{
		name: "HarmonyOS, QR code", path: "v3/papay/sign/contracts/pre-entrust-sign", spelling: "declared async", code: "demo5harmony",
		call: func(ctx context.Context, _ string) (string, error) {
			var out papay.PreEntrustSignResponse
			future := w.wx.Chain("v3/papay/sign/contracts/pre-entrust-sign").PostAsync(ctx, &papay.PreEntrustSignRequest{
				SignScene: papay.SignSceneQRCode, AppID: appID, OpenID: openID, PlanID: planID, OutContractCode: "demo5harmony",
				ContractDisplayAccount: account, ContractNotifyURL: notifyURL, OutUserCode: "用户A",
				DeviceInfo: papay.PreEntrustSignDeviceInfo{
					DeviceType: papay.DeviceTypePhone, DeviceOS: "HarmonyOS 5", DeviceID: "demo", DeviceIP: "127.0.0.1",
					WeixinInstalled: true, WeixinVersion: "8.0", DaysSinceFirstLogin: papay.DaysSinceFirstLoginWithin7Days,
				},
			}, &out)
			_, err := future.Wait(ctx)
			return out.PreEntrustwebID, err
		},
	}
}

// lookAndEnd queries one contract and terminates another.
func (w *world) lookAndEnd(ctx context.Context) error {
	at := chain.New(w.wx).V3().PasswordExemptContract().Contracts().ServiceID(serviceID)
	err := w.step(Step{Who: "merchant", What: "queries demo1normal", Call: "GET /" + contracts + "service-id/{service_id}/out-contract-code/{out_contract_code}", Spelling: "chained"}, func() (string, error) {
		out, err := at.OutContractCode("demo1normal").Get(ctx)
		if err != nil {
			return "", err
		}
		if out.ContractState != "SIGNED" {
			return "", errors.New("the contract is " + string(out.ContractState))
		}
		return string(out.ContractState) + " since " + out.ContractSignedTime, nil
	})
	if err != nil {
		return err
	}
	err = w.step(Step{Who: "merchant", What: "terminates demo2institution", Call: "POST /" + contracts + "service-id/{service_id}/out-contract-code/{out_contract_code}/terminate", Spelling: "chained"}, func() (string, error) {
		out, err := at.OutContractCode("demo2institution").Terminate().
			Post(ctx, &passwordexemptcontract.TerminateContractRequest{ContractTerminationRemark: "end of the demo"})
		if err != nil {
			return "", err
		}
		return out.OutContractCode + " terminated", nil
	})
	if err != nil {
		return err
	}
	return w.step(Step{Who: "merchant", What: "is notified"}, func() (string, error) {
		ev, c, err := w.shop.contract(ctx, "demo2institution", "TERMINATED")
		if err != nil {
			return "", err
		}
		for i := range w.report.Contracts {
			if w.report.Contracts[i].OutContractCode == c.OutContractCode {
				w.report.Contracts[i].State = c.ContractState
			}
		}
		return ev.Type + " " + c.TerminateInfo.Mode + ", verified and decrypted", nil
	})
}
