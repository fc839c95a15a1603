package inbox

import (
	"errors"

	"github.com/wxpay-go/wxpay/notify"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// Refusal says why a notification was not taken, and what to do.
type Refusal struct {
	Code   string `json:"code"` // of package sign; "resource", "envelope", "method", "store"
	Reason string `json:"reason"`
	Remedy string `json:"remedy"`
}

// remedies are by the code of a refused signature.
var remedies = map[sign.Code]string{
	sign.CodeMissing:   "something that is not WeChat Pay calls this address, or a tunnel drops the Wechatpay-* headers",
	sign.CodeClock:     "set the clock of this machine, or look for a tunnel that holds requests back; an emulator whose clock was moved signs with its own time",
	sign.CodeSerial:    "add the key of this serial to the profile: during a migration WeChat Pay signs with the public key and with the platform certificate",
	sign.CodeProbe:     "nothing: WeChat Pay sends wrong signatures on purpose to see that they are refused, and sends the notification again",
	sign.CodeSignature: "look for a tunnel or a proxy that changes the body (it must arrive byte for byte), and check that the key file belongs to this serial",
	sign.CodeKey:       "check the key file of the profile",
}

func explain(err error) *Refusal {
	if e, ok := errors.AsType[*sign.Error](err); ok {
		return &Refusal{Code: string(e.Code), Reason: e.Error(), Remedy: remedies[e.Code]}
	}
	r := &Refusal{Code: "envelope", Reason: err.Error(), Remedy: "compare the body with the documented form of a notification"}
	if _, ok := errors.AsType[*seal.Error](err); ok {
		r.Code, r.Remedy = "resource", "the signature holds, so the APIv3 key is another one than in the merchant platform: check it, and that the notification is for this merchant"
	}
	if e, ok := errors.AsType[*notify.Error](err); ok && e.Status == 405 {
		r.Code, r.Remedy = "method", e.Remedy
	}
	return r
}
