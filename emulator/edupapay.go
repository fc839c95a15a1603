package emulator

import "time"

// The days of a notice of a deduction (扣款预通知), before that of the deduction.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012524814 (2023-07-21)
const (
	announcedFirst = 1
	announcedLast  = 3
)

// readEdu reads what the pre-sign of 教育续费通 has of its own.
func readEdu(_ *Emulator, _ Tx, c *call, contract *Contract) error {
	contract.FirstDay, contract.OutUserCode, contract.DisplayAccount = c.text("period_start_date"), c.text("user_id"), c.text("user_id")
	return nil
}

// addEdu: the caller is sp_mchid, even one that is connected directly.
func addEdu(c *Contract, known values) {
	known["sp_mchid"] = c.MchID
	known["contract_information"] = values{
		"contract_id": c.ContractID, "contract_status": c.addOrDelete(), "create_time": stamp(c.SignedAt),
	}
}

// addOrDelete is the state of a contract in the words of education.
func (c *Contract) addOrDelete() string {
	if c.State == Terminated {
		return "DELETE"
	}
	return "ADD"
}

// announce tells a user that a fee will be deducted (发送扣款预通知).
//
// Assumed: of the two answers that the page has for a repetition, the refusal,
// as long as a deduction can still come of the notice.
func announce(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	contract, err := e.contractNamed(tx, c, c.path["contract_id"])
	if err != nil {
		return nil, err
	}
	if contract.State != Signed {
		return nil, stateError("签约协议未生效，不能发送扣款预通知")
	}
	if !contract.AnnouncedAt.IsZero() && contract.daysSinceNotice(c.now) <= announcedLast {
		return nil, errExists("扣款预通知已发送")
	}
	contract.AnnouncedAt = c.now
	return nil, save(tx, bucketContracts, contract.key(), contract)
}

// daysSinceNotice counts the days in Beijing since that of the notice.
func (c *Contract) daysSinceNotice(now time.Time) int {
	return int(midnight(now).Sub(midnight(c.AnnouncedAt)) / (24 * time.Hour))
}

// refuseRenewal holds the rules of a deduction of 教育续费通.
//
// Assumed: a deduction before the first day that was agreed upon is refused.
func refuseRenewal(_ Tx, c *call, contract *Contract) error {
	if contract.AnnouncedAt.IsZero() {
		return documentedError("未发送扣款预通知，不能扣款")
	}
	switch days := contract.daysSinceNotice(c.now); {
	case days < announcedFirst || days > announcedLast:
		return documentedError("仅可在扣款预通知发送后的第1日至第3日扣款")
	case midnight(c.now).Format(time.DateOnly) < contract.FirstDay:
		return stateError("未到首次扣款日期，不能扣款")
	}
	return nil
}

// useNotice: a deduction that succeeded used its notice up; the next one needs
// another.
func useNotice(_ *Emulator, tx Tx, contract *Contract, _ *Order, _ time.Time) error {
	contract.AnnouncedAt = time.Time{}
	return save(tx, bucketContracts, contract.key(), contract)
}

// orderEdu: the orders of education have words of their own.
//
// Assumed: the states, which the query does not list, are those of the events.
func orderEdu(o *Order, known values) {
	known["sp_mchid"] = o.MchID
	known["trade_state"] = o.ofEducation()
	known["trade_state_description"] = known["trade_state_desc"]
	known["payer"] = values{"openid": o.OpenID, "sub_openid": o.SubOpenID}
}

// ofEducation is the state of an order in the words of education.
func (o *Order) ofEducation() string {
	switch o.State {
	case TradeNotPaid:
		return "ACCEPTED"
	case TradePayError:
		return "PAY_FAIL"
	}
	return o.State
}
