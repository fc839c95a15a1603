package console

import (
	"net/http"
	"strconv"

	"github.com/wxpay-go/wxpay/cmd/internal/diagnose"
	"github.com/wxpay-go/wxpay/emulator"
	signing "github.com/wxpay-go/wxpay/sign"
)

// requests lists the requests that are kept.
func requests(v *visit) (any, error) {
	return v.pay.Exchanges(), nil
}

// requestPage is one request, and what is wrong with its signature.
type requestPage struct {
	*emulator.Exchange
	Body, Answer string // for reading
	Finding      *finding
}

// finding is what the page says of a signature that does not hold.
type finding struct {
	diagnose.Finding
	Title          string // what was found at all
	Causes         []causeText
	Received, Sent []span // the two texts; Sent is empty where it is not known
}

type causeText struct{ What, Remedy string }

func (c *console) request(v *visit) (any, error) {
	id, err := strconv.ParseInt(v.PathValue("id"), 10, 64)
	if err != nil {
		return nil, &failure{http.StatusNotFound, "there is no such request", "没有这个请求"}
	}
	x, err := v.pay.Exchange(id)
	if err != nil {
		return nil, err
	}
	page := &requestPage{Exchange: x, Body: pretty(x.Body), Answer: pretty(x.Answer)}
	if x.Code == "SIGN_ERROR" && x.Caller != nil {
		page.Finding = c.diagnose(v, x)
	}
	return page, nil
}

// diagnose looks for the text that was signed.
func (c *console) diagnose(v *visit, x *emulator.Exchange) *finding {
	a := x.Caller
	if x.BodySize > len(x.Body) {
		return &finding{Title: v.t("The body is too large to be looked at.", "请求体过大，无法分析。")}
	}
	f := &finding{Finding: diagnose.Find(diagnose.Request{
		Method: x.Method, Host: x.Host, Target: x.Target, Body: []byte(x.Body), At: x.At,
		Authorization: signing.Authorization{Scheme: a.Scheme, MchID: a.MchID, Nonce: a.Nonce, Timestamp: a.Timestamp, Serial: a.Serial, Signature: x.Signature},
	}, c.keys(v.pay))}
	if x.Checks[3].Result != emulator.CheckPassed { // the body was not read, so that no text can be compared
		f.Causes, f.Verified = headerCauses(v, f.Finding.Causes), true
		f.Title = v.t("Refused before the signature was looked at", "在验签之前即被拒绝")
		return f
	}
	f.Causes = causeTexts(v, f.Finding.Causes, f.Owner)
	f.Title = v.t("This is known", "已知情况")
	if f.Verified {
		f.Title = v.t("The cause is found", "原因已找到")
		f.Received, f.Sent = compare(f.Finding.Received, f.Signed)
	} else {
		f.Received = visible(f.Finding.Received)
	}
	return f
}

// headerCauses are those that need no text.
func headerCauses(v *visit, causes []diagnose.Cause) []causeText {
	kept := []diagnose.Cause{}
	for _, cause := range causes {
		switch cause {
		case diagnose.WrongScheme, diagnose.WrongTimestamp, diagnose.MillisecondHeader, diagnose.WrongClock:
			kept = append(kept, cause)
		}
	}
	return causeTexts(v, kept, "")
}

func causeTexts(v *visit, causes []diagnose.Cause, owner string) (list []causeText) {
	for _, cause := range causes {
		text := cause.Text()
		what := v.t(text.English, text.Chinese)
		if owner != "" && (cause == diagnose.OthersKey || cause == diagnose.OthersSerial) {
			what += v.t(": "+owner, "："+owner)
		}
		list = append(list, causeText{what, v.t(text.EnglishRemedy, text.ChineseRemedy)})
	}
	return list
}

// keys are the merchant's, and those that could be mistaken for it.
func (c *console) keys(pay *emulator.Emulator) diagnose.Merchant {
	creds := pay.Credentials()
	m := diagnose.Merchant{
		MchID: creds.MchID,
		Key:   diagnose.Key{Owner: creds.MchID, Serial: creds.MerchantSerial(), Public: &creds.MerchantKey.PublicKey},
		Others: []diagnose.Key{
			{Owner: "platform certificate (微信支付平台证书)", Serial: creds.PlatformSerial(), Public: &creds.PlatformKey.PublicKey},
			{Owner: "WeChat Pay public key (微信支付公钥)", Serial: creds.PublicKeyID, Public: creds.PublicKey()},
		},
	}
	for _, e := range c.everyone() {
		if other := e.Credentials(); other.MchID != creds.MchID {
			m.Others = append(m.Others, diagnose.Key{Owner: "merchant (商户) " + other.MchID, Serial: other.MerchantSerial(), Public: &other.MerchantKey.PublicKey})
		}
	}
	return m
}
