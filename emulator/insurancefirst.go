package emulator

import "encoding/json"

// tradeTypes are the ways of a first payment, by the scene of the signing.
// Assumed: those of other payments.
var tradeTypes = map[string]string{"app": "APP", "h5": "MWEB", "jsapi": "JSAPI", "mini-program": "JSAPI"}

// prepareFirst reads the payment that belongs to a signing (签约中支付).
func (e *Emulator) prepareFirst(tx Tx, c *call, contract *Contract) error {
	if !c.withPayment() {
		return nil
	}
	kept := values{}
	for _, name := range []string{"appid", "out_trade_no", "description", "amount", "attach", "goods_tag"} {
		if c.body[name] != nil {
			kept[name] = c.body[name]
		}
	}
	request, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	order := &Order{
		MchID: e.cfg.MchID, OutTradeNo: c.text("out_trade_no"), AppID: contract.AppID,
		NotifyURL: c.text("transaction_notify_url"), TradeType: tradeTypes[c.op.Behavior.Args["scene"]],
		PolicyPeriod: contract.Policy.Periods[0].ID, State: TradeNotPaid, CreatedAt: c.now, Request: request,
	}
	known, err := load[Order](tx, bucketOrders, order.key())
	if err == nil && known != nil {
		err = errUsed()
	}
	contract.Policy.First = order
	return err
}

// payFirst makes the first payment of a signing, if there is one, and says how
// the signing ends. One that is not made leaves the contract SIGN_FAILED; its
// number is used up, and nobody is notified.
//
// Assumed: its order is then PAYERROR.
func payFirst(e *Emulator, tx Tx, contract *Contract, end ContractState) (ContractState, error) {
	order := contract.Policy.First
	if order == nil {
		return end, nil
	}
	contract.Policy.First = nil
	known, err := load[Order](tx, bucketOrders, order.key())
	if err != nil || known != nil { // used meanwhile
		return SignFailed, err
	}
	now := contract.SignedAt
	order.OpenID, order.ContractID = contract.OpenID, contract.ContractID
	if end != Signed {
		order.State = TradePayError
		return end, saveOrder(tx, order)
	}
	contract.Policy.Periods[0].pay(now)
	return end, e.paid(tx, order, now)
}
