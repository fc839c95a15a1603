package emulator

import "time"

// readSchool holds the rules of the pre-sign of 校园轻松付.
func readSchool(_ *Emulator, _ Tx, c *call, contract *Contract) error {
	contract.OutUserCode, contract.DisplayAccount = c.text("user_id"), c.text("user_id")
	mode := c.text("contract_mode")
	if mode == "" || mode == "DEFAULT" {
		return nil
	}
	for _, member := range []string{"identity", "bank_card"} {
		if c.body[member] == nil {
			return bodyError("/"+member, "is required with contract_mode "+mode)
		}
	}
	return nil
}

func addSchool(c *Contract, known values) {
	known["contract_status"], known["create_time"] = c.addOrDelete(), stamp(c.SignedAt)
}

// refuseBuyer holds the rules of a deduction of 校园轻松付.
//
// Assumed: RULE_LIMIT for a user who is barred because of debts.
func refuseBuyer(tx Tx, c *call, contract *Contract) error {
	if c.text("user_id") != contract.OutUserCode {
		return documentedError("user_id与签约时不一致")
	}
	debt, err := debtOf(tx, contract)
	if err == nil && len(debt.Orders) > 0 {
		err = errBarred()
	}
	return err
}

// orderSchool: the orders of a campus have the words of education.
func orderSchool(o *Order, known values) {
	known["trade_state"] = o.ofEducation()
	known["mchid"] = o.MchID // even of a sub-merchant's order
	known["payer"] = values{"openid": o.OpenID, "sub_openid": o.SubOpenID}
}

// inSync reports whether a deduction is to be answered with its result.
//
// Assumed: from the name of the mode; the others are not known.
func inSync(c *call) bool { return c.text("payment_mode") == "SYNC" }

// leaveDebt: a deduction that found no money leaves a debt.
func leaveDebt(e *Emulator, tx Tx, contract *Contract, order *Order, at time.Time) error {
	if contract.Outcome != OutcomeShort {
		return nil
	}
	debt, err := debtOf(tx, contract)
	if err != nil {
		return err
	}
	debt.Orders = append(debt.Orders, order.key())
	return e.changeDebt(tx, contract, debt, at)
}
