package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// The rules of refunds.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791862 (2024-07-11)
const (
	mostRefunds = 50 // of one order
	refundYears = 1  // after the payment
)

// refundAfter is how long a refund takes. Assumed: a few seconds. To the
// balance it is said to be at once, to a bank card within days.
const refundAfter = 5 * time.Second

// The states of a refund (退款状态) that the emulator knows.
const (
	RefundProcessing = "PROCESSING"
	RefundSuccess    = "SUCCESS"
	RefundAbnormal   = "ABNORMAL" // the user's account cannot take it
	RefundClosed     = "CLOSED"   // it will not be made
)

// Refund is a refund (退款) of an order. Amounts are in fen.
type Refund struct {
	RefundID    string          `json:"refund_id"`
	OutRefundNo string          `json:"out_refund_no"`
	MchID       string          `json:"mchid"`
	SubMchID    string          `json:"sub_mchid,omitempty"`
	Order       string          `json:"order"` // key of the order
	Amount      int64           `json:"refund"`
	NotifyURL   string          `json:"notify_url,omitempty"`
	State       string          `json:"status"`
	CreatedAt   time.Time       `json:"created_at"`
	SucceededAt time.Time       `json:"succeeded_at,omitzero"`
	Request     json.RawMessage `json:"request"`
	Fingerprint string          `json:"fingerprint"`
}

func (r *Refund) key() string { return refundKey(r.MchID, r.SubMchID, r.OutRefundNo) }

func refundKey(mchID, subMchID, outRefundNo string) string {
	return key("refund", mchID, subMchID, outRefundNo)
}

// Refunds lists the refunds, at most 1000.
func (e *Emulator) Refunds() ([]Refund, error) { return listAll[Refund](e, bucketRefunds) }

// createRefund accepts a refund of what was paid here. The same request again
// is answered alike, and has no second effect.
//
// Assumed: the codes but for RESOURCE_NOT_EXISTS; the emulator refunds from
// whatever account the request names, and never runs out of money.
func createRefund(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	order, err := e.orderToRefund(tx, c)
	if err != nil {
		return nil, err
	}
	r, err := e.readRefund(c, order)
	if err != nil {
		return nil, err
	}
	known, err := load[Refund](tx, bucketRefunds, r.key())
	switch {
	case err != nil:
		return nil, err
	case known != nil && known.Fingerprint == r.Fingerprint:
		return known.values(order)
	case known != nil:
		return nil, errReentry()
	}
	if err := checkCurrency(c.body["amount"], "/amount"); err != nil {
		return nil, err
	}
	if err := order.mayRefund(r.Amount, amountOf(c.body["amount"], "total"), c.now); err != nil {
		return nil, err
	}
	if r.RefundID, err = e.refundID(tx, c.now); err != nil {
		return nil, err
	}
	order.Refunds++
	order.Refunded += r.Amount
	if err := saveOrder(tx, order); err != nil {
		return nil, err
	}
	if err := e.later(tx, c.now.Add(refundAfter), "refund", r.key()); err != nil {
		return nil, err
	}
	if err := e.askForRefund(tx, c, r); err != nil {
		return nil, err
	}
	if err := save(tx, bucketRefunds, r.key(), r); err != nil {
		return nil, err
	}
	return r.values(order)
}

// orderToRefund finds the order by one of its two numbers, or by both, which
// must then be of one order.
func (e *Emulator) orderToRefund(tx Tx, c *call) (*Order, error) {
	at := orderKey(e.cfg.MchID, c.text("sub_mchid"), c.text("out_trade_no"))
	id := c.text("transaction_id")
	if id != "" {
		named, err := pointer(tx, bucketTransactions, id)
		if err != nil {
			return nil, err
		}
		if c.text("out_trade_no") != "" && named != at {
			return nil, errNoOrder()
		}
		at = named
	}
	order, err := load[Order](tx, bucketOrders, at)
	if err == nil && (order == nil || order.SubMchID != c.text("sub_mchid")) {
		err = errNoOrder()
	}
	return order, err
}

func errNoOrder() error {
	return &refusal{status: http.StatusNotFound, code: "RESOURCE_NOT_EXISTS", message: "订单不存在"}
}

func (e *Emulator) readRefund(c *call, order *Order) (*Refund, error) {
	kept, mark, err := c.kept()
	if err != nil {
		return nil, err
	}
	return &Refund{
		OutRefundNo: c.text("out_refund_no"), MchID: e.cfg.MchID, SubMchID: order.SubMchID, Order: order.key(),
		Amount: amountOf(c.body["amount"], "refund"), NotifyURL: c.text("notify_url"),
		State: RefundProcessing, CreatedAt: c.now, Request: kept, Fingerprint: mark,
	}, nil
}

// refundID makes the number of a refund, 29 digits. The counter keeps it
// unique.
func (e *Emulator) refundID(tx Tx, now time.Time) (string, error) {
	n, err := next(tx, "refund")
	if err != nil {
		return "", err
	}
	tail, err := e.random.text(digits, 7)
	return "503000" + now.In(beijing).Format("20060102") + fmt.Sprintf("%08d", n) + tail, err
}

// mayRefund refuses a refund that is against the rules.
func (o *Order) mayRefund(amount, total int64, now time.Time) error {
	whole, err := o.total()
	switch {
	case err != nil:
		return err
	case !o.paid():
		return stateError("订单未支付，不能退款")
	case now.After(o.PaidAt.AddDate(refundYears, 0, 0)):
		return documentedError("订单已超过可退款的最大期限")
	case total != whole:
		return stateError("订单金额与退款请求中的订单金额不一致")
	case o.Refunds >= mostRefunds:
		return documentedError("订单的退款次数超过50次")
	case amount < 1 || o.Refunded+amount > whole:
		return documentedError("退款金额须大于0且不超过订单可退金额")
	}
	return nil
}

// total is what the order costs, in fen.
func (o *Order) total() (int64, error) {
	request, err := decodeBody(o.Request)
	return amountOf(request["amount"], "total"), err
}

func queryRefund(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	r, err := load[Refund](tx, bucketRefunds, refundKey(e.cfg.MchID, c.query["sub_mchid"], c.path["out_refund_no"]))
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, &refusal{status: http.StatusNotFound, code: "RESOURCE_NOT_EXISTS", message: "退款单不存在"}
	}
	order, err := load[Order](tx, bucketOrders, r.Order)
	if err != nil {
		return nil, err
	}
	return r.values(order)
}

// payRefund lets a refund succeed that nothing has happened to.
func payRefund(e *Emulator, tx Tx, ref string, at time.Time) error {
	r, err := load[Refund](tx, bucketRefunds, ref)
	if err != nil || r == nil || r.State != RefundProcessing {
		return err
	}
	return e.endRefund(tx, r, RefundSuccess, at)
}

// told are the members of the event. Assumed: a partner's has mchid too, which
// the printed table requires of every one.
func (r *Refund) told(known values) values {
	known["mchid"], known["refund_status"] = r.MchID, known["status"]
	if r.SubMchID != "" {
		known["sp_mchid"], known["sub_mchid"] = r.MchID, r.SubMchID
	}
	return known
}

// values are the members of the answers about a refund. Assumed: it was paid
// from the balance, without a coupon, and goes back there.
func (r *Refund) values(order *Order) (values, error) {
	total, err := order.total()
	if err != nil {
		return nil, err
	}
	known := values{
		"refund_id": r.RefundID, "out_refund_no": r.OutRefundNo, "transaction_id": order.TransactionID, "out_trade_no": order.OutTradeNo,
		"channel": "ORIGINAL", "user_received_account": "支付用户零钱", "create_time": stamp(r.CreatedAt), "status": r.State,
		"funds_account": "AVAILABLE",
		"amount": values{
			"total": total, "refund": r.Amount, "payer_total": total, "payer_refund": r.Amount, "settlement_refund": r.Amount,
			"settlement_total": total, "discount_refund": int64(0), "currency": "CNY", "payer_currency": "CNY",
		},
	}
	if !r.SucceededAt.IsZero() {
		known["success_time"] = stamp(r.SucceededAt)
	}
	return known, nil
}
