package emulator

import "time"

// realNameLife is how long the proof of a check of the real name holds.
// Assumed: as long as other access tokens of WeChat.
const realNameLife = 2 * time.Hour

// payeeKey is where the authorization of an individual payee is looked up by
// the OpenID. Assumed: a payee who signed more than once has the newest one.
func payeeKey(c *Contract) string { return key(kindPayee, c.MchID, c.AppID, c.OpenID) }

func readPayee(_ *Emulator, c *call, contract *Contract) error {
	contract.DisplayAccount, contract.RealName = contract.Code, c.text("cred_id") != ""
	return nil
}

// addPayee: the contract of an individual payee (个人收款方) is an authorization,
// given while it is in force. Its id is that of the contract.
//
// Assumed: before the signing signed_time is the time of the pre-sign, for the
// table has it as always there.
func addPayee(c *Contract, known values) {
	at, operated := c.CreatedAt, c.SignedAt
	if !c.SignedAt.IsZero() {
		at = c.SignedAt
	}
	if c.Termination != nil {
		operated = c.Termination.At
	}
	known["auth_state"] = "UNAUTHORIZED"
	if c.State == Signed {
		known["auth_state"] = "AUTHORIZED"
	}
	if c.State != PreSigned && c.State != SignFailed {
		known["individual_auth_id"] = c.ContractID
	}
	known["signed_time"], known["individual_openid"] = stamp(at), c.OpenID
	if !operated.IsZero() {
		known["operation_time"] = stamp(operated)
	}
	if c.RealName && c.State == Signed {
		known["real_name_auth_result"] = values{
			"scope": "pay_realname", "access_token": pseudonym(kindPayee, c.ContractID),
			"access_token_expire_time": stamp(c.SignedAt.Add(realNameLife)),
		}
	}
}
