package emulator

import (
	"encoding/json"
	"maps"
	"strconv"
)

// Repayment is what a contract of 信贷还款 was signed for. Amounts are in fen.
type Repayment struct {
	Day   int64 `json:"repayment_day,omitempty"` // of the month
	Limit int64 `json:"repayment_amount_limit"`  // of one repayment

	// Trade is the order that is deducted once the contract is signed.
	Trade json.RawMessage `json:"trade_info,omitempty"`

	Records []RepaymentRecord `json:"schedule_records,omitempty"`
}

// readRepayment reads what the pre-sign of 信贷还款 has of its own.
func readRepayment(_ *Emulator, _ Tx, c *call, contract *Contract) error {
	limit, err := fen(c.body, "repayment_amount_limit", "")
	if err != nil {
		return err
	}
	contract.DisplayAccount = c.text("display_name")
	contract.Repayment = &Repayment{Day: c.integer("repayment_day"), Limit: limit}
	trade, _ := c.body["trade_info"].(map[string]any)
	if trade == nil {
		return nil
	}
	if amountOf(trade, "deduct_amount") > limit {
		return errOverLimit()
	}
	contract.Repayment.Trade, err = json.Marshal(trade)
	return err
}

// fen reads an amount that is written as a text.
func fen(object map[string]any, name, at string) (int64, error) {
	written := text(object, name)
	n, err := strconv.ParseInt(written, 10, 64)
	if err != nil || n < 1 {
		return 0, paramError(fault{Field: at + "/" + name, Value: written, Issue: "must be an amount of fen, at least 1", Location: "body"})
	}
	return n, nil
}

func errOverLimit() error {
	return ruleLimit("还款金额超过协议的还款金额上限", "the limit is documented, its code is not")
}

// The words of 信贷还款.
const (
	creditInForce = "CONTRACT_STATE_EFFECTIVE"
	creditEnded   = "CONTRACT_STATE_TERMINATED"
	creditEndedBy = "TERMINATION_MODE_"
)

// addRepayment: 信贷还款 has words of its own. The answer of the termination holds
// the contract as a member.
func addRepayment(c *Contract, known values) {
	known["sp_mchid"], known["display_name"] = c.MchID, c.DisplayAccount
	known["contract_state"] = creditInForce
	known["repayment_amount_limit"] = c.Repayment.Limit
	if c.Repayment.Day > 0 {
		known["repayment_day"] = c.Repayment.Day
	}
	if end := c.Termination; end != nil {
		known["contract_state"], known["contract_terminated_time"] = creditEnded, stamp(end.At)
		known["contract_terminated_mode"] = creditEndedBy + end.by("BY_USER", "BY_MERCHANT", "BY_CUSTOMER_SERVICE")
		known["contract_termination_remark"] = end.Remark
	}
	known["contract_info"] = maps.Clone(known)
}

// tellRepayment: the events have the empty mode while the contract is in force.
func tellRepayment(c *Contract, known values) {
	if c.Termination == nil {
		known["contract_terminated_mode"] = creditEndedBy + "INVALID"
	}
}

// payWithSigning deducts the order that the pre-sign named.
//
// Assumed: as soon as the contract is signed. Its out_record_id, which the
// query requires, is its out_trade_no, and a description that the pre-sign
// leaves out is the documented sample.
func payWithSigning(e *Emulator, tx Tx, contract *Contract) error {
	if contract.Repayment.Trade == nil {
		return nil
	}
	trade, err := decodeBody(contract.Repayment.Trade)
	if err != nil {
		return err
	}
	order := &Order{
		MchID: contract.MchID, OutTradeNo: text(trade, "out_trade_no"), NotifyURL: text(trade, "notify_url"),
		State: TradeNotPaid, CreatedAt: contract.SignedAt,
	}
	if known, err := load[Order](tx, bucketOrders, order.key()); err != nil || known != nil {
		return err // the number is used by now, and names another order
	}
	if trade["description"] == nil {
		trade["description"] = "信贷还款"
	}
	trade["out_record_id"] = order.OutTradeNo
	if err := order.repay(contract, trade, &RepaymentRecord{SubMchID: contract.SubMchID, SubAppID: contract.SubAppID}); err != nil {
		return err
	}
	if err := saveOrder(tx, order); err != nil {
		return err
	}
	return e.later(tx, contract.SignedAt.Add(deductAfter), "deduct", order.key())
}

// repay completes an order by what its request does not say.
func (o *Order) repay(contract *Contract, request map[string]any, record *RepaymentRecord) (err error) {
	o.Product, o.ContractID, o.TradeType = contract.Kind, contract.ContractID, "PAP"
	o.AppID, o.OpenID = contract.AppID, contract.OpenID
	request["contract_id"], request["appid"], request["openid"] = contract.ContractID, contract.AppID, contract.OpenID
	request["sub_mchid"], request["sub_appid"] = record.SubMchID, record.SubAppID
	o.Request, err = json.Marshal(request)
	return err
}

// orderStates are the words of 信贷还款 for the states of an order.
var orderStates = map[string]string{
	TradeNotPaid: "DEDUCT_ORDER_STATE_PENDING", TradeSuccess: "DEDUCT_ORDER_STATE_PAY_SUCCESS",
	TradeRefund: "DEDUCT_ORDER_STATE_PAY_SUCCESS", TradePayError: "DEDUCT_ORDER_STATE_PAY_FAIL",
}

// orderRepayment: the orders of 信贷还款 have words of their own.
//
// Assumed: what is paid is paid whole.
func orderRepayment(o *Order, known values) {
	known["sp_mchid"], known["order_state"] = o.MchID, orderStates[o.State]
	if o.paid() {
		known["pay_success_amount"] = known["deduct_amount"]
	}
}
