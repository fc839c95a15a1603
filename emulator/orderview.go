package emulator

import (
	"cmp"
	"net/http"
)

// queryOrder answers what is known of an order, by the caller's own number or
// by that of the payment.
// Direct and partner orders of one number are two orders.
func queryOrder(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	o, err := e.orderNamed(tx, c)
	if err != nil {
		return nil, err
	}
	return o.values()
}

// orderNamed finds the order that a path names, of the endpoint's kind.
func (e *Emulator) orderNamed(tx Tx, c *call) (*Order, error) {
	at := orderKey(e.cfg.MchID, c.query["sub_mchid"], c.path["out_trade_no"])
	if id := c.path["transaction_id"]; id != "" {
		named, err := pointer(tx, bucketTransactions, id)
		if err != nil {
			return nil, err
		}
		at = named
	}
	o, err := load[Order](tx, bucketOrders, at)
	if err != nil {
		return nil, err
	}
	if o == nil || o.SubMchID != c.query["sub_mchid"] || o.Product != c.op.Behavior.Args["kind"] {
		return nil, errOrderNotExist()
	}
	return o, nil
}

func errOrderNotExist() error {
	return &refusal{status: http.StatusNotFound, code: "ORDER_NOT_EXIST", message: "订单不存在"}
}

// tradeTexts are the descriptions of the trade states.
//
// Assumed: the query tells of a deduction under way NOTPAY and of a failed one
// PAYERROR, because its table has neither ACCEPT nor PAY_FAIL.
var tradeTexts = map[string]string{TradeNotPaid: "订单未支付", TradeSuccess: "支付成功", TradeRefund: "转入退款", TradePayError: "支付失败", TradePaidBack: "欠款已归还", TradeRevoked: "已撤销", TradeClosed: "订单已关闭"}

// values are the members of the query's answer and of TRANSACTION.SUCCESS:
// what the request said, and what has happened since.
func (o *Order) values() (values, error) {
	known, err := decodeBody(o.Request)
	if err != nil {
		return nil, err
	}
	known["trade_type"] = o.TradeType
	known["trade_state"] = o.State
	known["trade_state_desc"] = cmp.Or(o.StateText, tradeTexts[o.State])
	o.whose(known)
	known["transaction_id"] = o.TransactionID
	if o.paid() {
		known["bank_type"] = "OTHERS" // Assumed: a bank that the list does not name
		known["success_time"] = stamp(o.PaidAt)
	}
	amount, _ := known["amount"].(map[string]any)
	if amount == nil {
		amount = map[string]any{}
	}
	if amount["currency"] == nil {
		amount["currency"] = "CNY" // documented default
	}
	if o.paid() { // Assumed: paid without a coupon
		amount["payer_total"], amount["payer_currency"] = amount["total"], amount["currency"]
	}
	known["amount"] = amount
	known["payer"] = o.payer()
	if orders := familyOf(o.Product).orders; orders != nil {
		orders(o, known)
	}
	return known, nil
}

// payer names the user: as openid in a direct order, under the partner's and
// the sub-merchant's appid in a partner's.
//
// Assumed: a partner's order that names the user under the sub-merchant's
// appid alone is answered with an id under the partner's too.
func (o *Order) payer() values {
	if o.SubMchID == "" {
		return values{"openid": o.OpenID}
	}
	own := o.OpenID
	if own == "" {
		own = pseudonym(o.AppID, o.SubOpenID)
	}
	return values{"sp_openid": own, "sub_openid": o.SubOpenID}
}

// whose are the members that name the merchants of an order, which the request
// of a deduction does not, and where it is notified.
func (o *Order) whose(known values) {
	known["notify_url"] = o.NotifyURL
	if o.SubMchID == "" {
		known["mchid"] = o.MchID
		return
	}
	known["sp_mchid"], known["sub_mchid"] = o.MchID, o.SubMchID
}
