package emulator

import (
	"encoding/json"
	"time"
)

func mayCombine(e *Emulator, tx Tx, _ *call, contract *Contract) error {
	_, err := e.ownPlan(tx, contract)
	return err
}

// addCombined: the contracts of combined deduction know three states, and a
// termination has always a remark.
//
// Assumed: a signing that failed is NOT_SIGNED, and a contract that has run out
// is TERMINATED; and the remark where nobody gave one.
func addCombined(c *Contract, known values) {
	if end, ok := known["contract_terminate_info"].(values); ok && end["contract_termination_remark"] == "" {
		end["contract_termination_remark"] = "解约"
	}
	known["contract_state"] = map[ContractState]string{
		PreSigned: "NOT_SIGNED", SignFailed: "NOT_SIGNED", Signed: "SIGNED", Terminated: "TERMINATED", ToBeRenewed: "TERMINATED",
	}[c.State]
}

// withMilliseconds is how the events of combined deduction write their times.
const withMilliseconds = "2006-01-02T15:04:05.000-07:00"

// tellCombined: the events of combined deduction say when it happened, and give
// back the text of the pre-sign.
func tellCombined(c *Contract, known values) {
	at := c.SignedAt
	if c.Termination != nil {
		at = c.Termination.At
		known["contract_termination_mode"] = c.Termination.Mode
	}
	known["operate_time"] = at.In(beijing).Format(withMilliseconds)
	known["contract_expired_time"] = c.ExpiresAt.In(beijing).Format(withMilliseconds)
	known["attach"] = c.Attach
}

// deductCombined deducts a combined order, and answers what became of it. The
// same request again is answered with what has become of it since.
//
// Assumed: the codes; no error table beyond the common codes is published.
func deductCombined(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	o, err := e.newCombined(c)
	if err != nil {
		return nil, err
	}
	known, err := load[CombinedOrder](tx, bucketCombined, o.key())
	switch {
	case err != nil:
		return nil, err
	case known != nil && known.Fingerprint == o.Fingerprint:
		return known.values(tx)
	case known != nil:
		return nil, errReentry()
	}
	contract, err := e.contractNamed(tx, c, o.ContractID)
	if err == nil {
		err = contract.mayDeductAtOnce()
	}
	if err != nil {
		return nil, err
	}
	o.OpenID = contract.OpenID
	list, _ := c.body["sub_orders"].([]any)
	for i, item := range list {
		member, _ := item.(map[string]any)
		order, err := e.newSuborder(tx, o, member, i)
		if err != nil {
			return nil, err
		}
		if err := e.deductSuborder(tx, contract, order, c.now); err != nil {
			return nil, err
		}
		o.Orders = append(o.Orders, order.key())
	}
	if err := save(tx, bucketCombined, o.key(), o); err != nil {
		return nil, err
	}
	return o.values(tx)
}

func (e *Emulator) newCombined(c *call) (*CombinedOrder, error) {
	if given := c.text("combine_mchid"); given != e.cfg.MchID {
		return nil, paramError(fault{Field: "/combine_mchid", Value: given, Issue: "must be the merchant id of the caller", Location: "body"})
	}
	if list, _ := c.body["sub_orders"].([]any); len(list) == 0 {
		return nil, bodyError("/sub_orders", "must have at least one item")
	}
	_, mark, err := c.kept()
	return &CombinedOrder{
		OutTradeNo: c.text("combine_out_trade_no"), MchID: e.cfg.MchID, AppID: c.text("combine_appid"),
		ContractID: c.text("contract_id"), CreatedAt: c.now, Fingerprint: mark,
	}, err
}

// newSuborder reads a sub-order, and writes it as the order of a partner is
// written, so that it can be queried and refunded as one.
func (e *Emulator) newSuborder(tx Tx, o *CombinedOrder, member map[string]any, i int) (*Order, error) {
	at := indexPointer("/sub_orders", i)
	if given := text(member, "mchid"); given != e.cfg.MchID {
		return nil, paramError(fault{Field: at + "/mchid", Value: given, Issue: "must be the merchant id of the caller", Location: "body"})
	}
	if err := checkCurrency(member["amount"], at+"/amount"); err != nil {
		return nil, err
	}
	request, err := json.Marshal(values{
		"sp_appid": o.AppID, "sub_appid": text(member, "sub_appid"), "out_trade_no": text(member, "out_trade_no"),
		"description": text(member, "description"), "attach": text(member, "attach"), "amount": cny(amountOf(member["amount"], "total_amount")),
	})
	if err != nil {
		return nil, err
	}
	id, err := e.transactionID(tx, o.CreatedAt)
	return &Order{
		MchID: e.cfg.MchID, SubMchID: text(member, "sub_mchid"), OutTradeNo: text(member, "out_trade_no"),
		AppID: o.AppID, OpenID: o.OpenID, TradeType: "PAP", ContractID: o.ContractID, TransactionID: id,
		State: TradeNotPaid, CreatedAt: o.CreatedAt, Request: request, Fingerprint: o.Fingerprint,
	}, err
}

func (e *Emulator) deductSuborder(tx Tx, contract *Contract, order *Order, now time.Time) error {
	known, err := load[Order](tx, bucketOrders, order.key())
	if err != nil {
		return err
	}
	if known != nil {
		return errUsed()
	}
	return e.deductAtOnce(tx, contract, order, now)
}

// reverseCombined reverses a combined order: what was paid is given back, what
// was not is closed. An order that is reversed stays so.
//
// Assumed: the states, of which the page says nothing; that what was refunded
// cannot be reversed; and INVALID_REQUEST for each rule.
func reverseCombined(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	o, err := e.combinedAt(tx, c)
	if err != nil {
		return nil, err
	}
	if c.text("combine_appid") != o.AppID {
		return nil, stateError("combine_appid与合单订单不一致")
	}
	if !o.namedBy(c) {
		return nil, documentedError("须撤销合单订单的全部子单")
	}
	orders, err := o.suborders(tx)
	if err != nil {
		return nil, err
	}
	for _, order := range orders {
		switch {
		case order.Refunds > 0:
			return nil, stateError("子单已退款，不能撤销")
		case order.State == TradeSuccess:
			order.State, order.StateText = TradeRevoked, ""
		case order.State != TradeRevoked:
			order.State, order.StateText = TradeClosed, ""
		}
		if err := saveOrder(tx, order); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// namedBy reports whether a request names all sub-orders, each once.
func (o *CombinedOrder) namedBy(c *call) bool {
	left := map[string]bool{}
	for _, at := range o.Orders {
		left[at] = true
	}
	list, _ := c.body["sub_orders"].([]any)
	for _, item := range list {
		member, _ := item.(map[string]any)
		at := orderKey(text(member, "mchid"), text(member, "sub_mchid"), text(member, "out_trade_no"))
		if !left[at] {
			return false
		}
		delete(left, at)
	}
	return len(left) == 0
}
