package emulator

import (
	"net"
	"net/http"
)

// readGlobal reads what the pre-sign of 境外委托代扣 has of its own: openid is of
// the user under the appid of the sub-merchant, where there is one.
//
// Assumed: a text that is no IP address is refused.
func readGlobal(_ *Emulator, _ Tx, c *call, contract *Contract) error {
	contract.NotifyURL, contract.DisplayAccount = c.text("success_notify_url"), c.text("user_display_name")
	if contract.SubMchID != "" {
		contract.OpenID, contract.SubOpenID = "", c.text("openid")
	}
	if given := c.text("user_client_ip"); given != "" && net.ParseIP(given) == nil {
		return bodyError("/user_client_ip", "must be an IP address")
	}
	return nil
}

// addGlobal: 境外委托代扣 has words of its own, and names either the merchant or
// institution and sub-merchant.
func addGlobal(c *Contract, known values) {
	if c.SubMchID != "" {
		delete(known, "mchid")
		delete(known, "appid")
		known["openid"] = c.SubOpenID
	}
	known["user_display_name"], known["state"] = c.DisplayAccount, string(c.State)
	known["signed_time"] = stamp(c.SignedAt)
	if end := c.Termination; end != nil {
		known["termination_mode"], known["termination_note"] = end.by("USER", "MERCHANT", "PLATFORM"), end.Remark
		known["terminated_time"] = stamp(end.At)
	}
}

// tellGlobal: the events say when it happened, and who ended the contract.
func tellGlobal(c *Contract, known values) {
	tellPartner(c, known)
	known["operate_time"] = known["signed_time"]
	if c.Termination != nil {
		known["operate_time"], known["contract_termination_mode"] = known["terminated_time"], known["termination_mode"]
	}
}

// by translates the mode of an end into the words that a family has for the
// user, the merchant and WeChat Pay.
func (t *Termination) by(user, merchant, platform string) string {
	switch t.Mode {
	case modeUser, user:
		return user
	case modeMerchant, "API", merchant:
		return merchant
	}
	return platform
}

// refuseUnpaid: a deduction that is not paid is answered with an error.
//
// Assumed: NOT_ENOUGH, and that such an order is none: the query has no form
// for it.
func refuseUnpaid(_ Tx, _ *call, contract *Contract) error {
	why := failures[contract.Outcome]
	if why == "" {
		return nil
	}
	return &refusal{
		status: http.StatusForbidden, code: "NOT_ENOUGH", message: why,
		from: Provenance{Assumed, "that it is an error is documented, its code is not"},
	}
}

// always: every deduction is answered with its result.
func always(*call) bool { return true }

// reverseOrder undoes a deduction (撤销订单). Repeated it changes nothing.
//
// Assumed: what is paid is refunded, at once and without an event; one that is
// not paid is not there.
func reverseOrder(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	o, err := e.orderNamed(tx, c)
	if err != nil {
		return nil, err
	}
	if o.Refunded, err = o.total(); err != nil {
		return nil, err
	}
	o.State = TradeRefund
	return nil, saveOrder(tx, o)
}
