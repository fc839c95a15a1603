package emulator

import (
	"encoding/json"
	"io/fs"
	"strings"
	"time"
)

const fromRefund = "a refund under way (PROCESSING)"

// refundEnds are the ways in which a refund fails.
var refundEnds = []Scenario{
	{Name: "refund-abnormal", Does: "the refund becomes ABNORMAL: the user's account cannot take it", From: fromRefund, subject: ofRefund, run: refunding(RefundAbnormal)},
	{Name: "refund-closed", Does: "the refund is CLOSED, and what it was for can be refunded again", From: fromRefund, subject: ofRefund, run: refunding(RefundClosed)},
}

func refunding(end string) act {
	return func(e *Emulator, tx Tx, ref string, now time.Time) (*Played, error) {
		r, err := refundOf(tx, ref)
		if r, err = found(r, err, "refund", ref); err != nil {
			return nil, err
		}
		if r.State != RefundProcessing {
			return nil, conflict("the refund is " + r.State)
		}
		return &Played{Refund: r}, e.endRefund(tx, r, end, now)
	}
}

// refundOf finds a refund by WeChat Pay's number of it or by the merchant's,
// or returns nil. It looks through all: only tests ask for one so.
func refundOf(tx Tx, ref string) (r *Refund, err error) {
	err = tx.Each(bucketRefunds, "", func(_ string, data []byte) error {
		var known Refund
		if err := json.Unmarshal(data, &known); err != nil {
			return err
		}
		if known.RefundID != ref && known.OutRefundNo != ref {
			return nil
		}
		r = &known
		return fs.SkipAll
	})
	return r, err
}

// endRefund ends a refund, and tells the merchant. One that succeeds makes the
// order REFUND, in whole or in part.
//
// Assumed: one that is abnormal does so too, because its money has left, and
// stays counted; one that is closed leaves no trace in the order but that it
// was one of its 50.
func (e *Emulator) endRefund(tx Tx, r *Refund, end string, at time.Time) error {
	order, err := load[Order](tx, bucketOrders, r.Order)
	if err != nil || order == nil {
		return err
	}
	r.State = end
	switch end {
	case RefundClosed:
		order.Refunded -= r.Amount
	case RefundSuccess:
		r.SucceededAt = at
		fallthrough
	default:
		order.State, order.StateText = TradeRefund, ""
	}
	if err := save(tx, bucketRefunds, r.key(), r); err != nil {
		return err
	}
	if err := saveOrder(tx, order); err != nil {
		return err
	}
	known, err := r.values(order)
	if err != nil {
		return err
	}
	_, err = e.notify(tx, at, "REFUND."+end, r.NotifyURL, r.told(known))
	return err
}

// askForRefund looks in the reason of a refund for a text that asks for a
// scenario, which happens in the place of the success.
func (e *Emulator) askForRefund(tx Tx, c *call, r *Refund) error {
	name, ok := strings.CutPrefix(c.text("reason"), magic)
	if !ok {
		return nil
	}
	if s := scenarioOf(name); s == nil || s.subject != ofRefund {
		return paramError(fault{Field: "/reason", Value: magic + name, Issue: "asks for a scenario of a refund that there is not; GET " + adminPath + "/ lists them", Location: "body"})
	}
	return e.later(tx, c.now, "scenario", name+"/"+r.RefundID)
}
