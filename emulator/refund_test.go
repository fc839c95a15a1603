package emulator_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

const refunds = "/v3/refund/domestic/refunds"

func refundAmount(refund, total int) map[string]any {
	return map[string]any{"refund": refund, "total": total, "currency": "CNY"}
}

func refundBody(number string, refund int, pairs ...any) map[string]any {
	return with(map[string]any{
		"out_trade_no": orderBody["out_trade_no"], "out_refund_no": number,
		"notify_url": "https://localhost/refunded", "amount": refundAmount(refund, 100),
	}, pairs...)
}

// paid is an order of 1 yuan that was paid.
func (p *pay) paid() *emulator.Order {
	p.t.Helper()
	order, err := p.Pay(p.order(), "")
	if err != nil {
		p.t.Fatal(err)
	}
	return order
}

func TestRefundsAreAtMostWhatWasPaid(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.order()
	p.refused("POST", refunds, refundBody("r0", 1), 400, "INVALID_REQUEST") // not paid yet
	p = newPay(t)
	p.paid()
	p.refused("POST", refunds, refundBody("r1", 101), 400, "INVALID_REQUEST")
	p.refused("POST", refunds, refundBody("r1", 0), 400, "INVALID_REQUEST")
	p.refused("POST", refunds, refundBody("r1", 1, "amount", refundAmount(1, 99)), 400, "INVALID_REQUEST")
	p.refused("POST", refunds, refundBody("r1", 1, "amount", map[string]any{"refund": 1, "total": 100, "currency": "USD"}), 400, "PARAM_ERROR")
	p.call("POST", refunds, refundBody("r1", 60), 200)
	p.refused("POST", refunds, refundBody("r2", 41), 400, "INVALID_REQUEST")
	p.call("POST", refunds, refundBody("r2", 40), 200)
	p.refused("POST", refunds, refundBody("r3", 1), 400, "INVALID_REQUEST")
	p.refused("POST", refunds, refundBody("r4", 1, "out_trade_no", "another-order"), 404, "RESOURCE_NOT_EXISTS")
	p.refused("POST", refunds, refundBody("r5", 1, "sub_mchid", "1900000110"), 404, "RESOURCE_NOT_EXISTS")
}

func TestAnOrderToRefundIsNamedByEitherNumber(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	order := p.paid()
	p.refused("POST", refunds, refundBody("r1", 1, "out_trade_no", nil), 400, "PARAM_ERROR")
	p.call("POST", refunds, refundBody("r1", 1, "out_trade_no", nil, "transaction_id", order.TransactionID), 200)
	p.call("POST", refunds, refundBody("r2", 1, "transaction_id", order.TransactionID), 200)
	p.refused("POST", refunds, refundBody("r3", 1, "transaction_id", order.TransactionID, "out_trade_no", "another-order"), 404, "RESOURCE_NOT_EXISTS")
	p.refused("POST", refunds, refundBody("r3", 1, "transaction_id", "4200"), 404, "RESOURCE_NOT_EXISTS")
}

func TestAtMost50RefundsAnOrder(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.paid()
	for i := range 50 {
		p.call("POST", refunds, refundBody("r"+strconv.Itoa(i), 1), 200)
	}
	p.refused("POST", refunds, refundBody("r50", 1), 400, "INVALID_REQUEST")
}

func TestRefundedWithinAYear(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.paid()
	p.set("2027-09-18 10:00:00")
	p.call("POST", refunds, refundBody("r1", 1), 200)
	p.set("2027-09-18 10:00:01")
	p.refused("POST", refunds, refundBody("r2", 1), 400, "INVALID_REQUEST")
}

func TestARefundMakesTheOrderREFUND(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	order := p.paid()
	accepted := p.call("POST", refunds, refundBody("r1", 30), 200)
	if accepted["status"] != "PROCESSING" || accepted["transaction_id"] != order.TransactionID || accepted["success_time"] != nil || p.state(orderQuery) != "SUCCESS" {
		t.Errorf("accepted: %v", accepted)
	}
	p.clock.Advance(5 * time.Second)
	got := p.call("GET", refunds+"/r1", nil, 200)
	amount := got["amount"].(map[string]any)
	if got["status"] != "SUCCESS" || got["success_time"] != "2026-09-18T10:00:05+08:00" || got["refund_id"] != accepted["refund_id"] || amount["refund"] != 30.0 || amount["payer_total"] != 100.0 {
		t.Errorf("then: %v", got)
	}
	after := p.call("GET", orderQuery, nil, 200)
	if after["trade_state"] != "REFUND" || after["trade_state_desc"] != "转入退款" || after["transaction_id"] != order.TransactionID {
		t.Errorf("the order: %v", after)
	}
	event := p.told("REFUND.SUCCESS")[0]
	if event["refund_status"] != "SUCCESS" || event["out_refund_no"] != "r1" || event["mchid"] != p.creds.MchID || event["amount"].(map[string]any)["payer_refund"] != 30.0 {
		t.Errorf("told %v", event)
	}
	p.refused("POST", jsapi, orderBody, 403, "OUT_TRADE_NO_USED")
	p.refused("GET", refunds+"/r2", nil, 404, "RESOURCE_NOT_EXISTS")
	if list, err := p.Refunds(); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestTheSameRefundHasNoSecondEffect(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.paid()
	first := p.call("POST", refunds, refundBody("r1", 60), 200)
	again := p.call("POST", refunds, refundBody("r1", 60), 200)
	if first["refund_id"] != again["refund_id"] {
		t.Errorf("%v, %v", first, again)
	}
	p.refused("POST", refunds, refundBody("r1", 40), 400, "INVALID_REQUEST")
	p.clock.Advance(time.Minute)
	if got := p.call("POST", refunds, refundBody("r1", 60), 200); got["status"] != "SUCCESS" || len(p.told("REFUND.SUCCESS")) != 1 {
		t.Errorf("later: %v", got)
	}
}

func TestADeductionIsRefunded(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.reserved()
	p.call("POST", apply, applyBody(contract.ContractID), 200)
	p.refused("POST", refunds, refundBody("r1", 1, "out_trade_no", "deduct-1"), 400, "INVALID_REQUEST") // not made yet
	p.clock.Advance(5 * time.Second)
	p.call("POST", refunds, refundBody("r1", 1, "out_trade_no", "deduct-1"), 200)
	p.clock.Advance(5 * time.Second)
	if order := p.call("GET", deductQuery, nil, 200); order["trade_state"] != "REFUND" || order["trade_type"] != "PAP" {
		t.Errorf("%v", order)
	}
}

func TestASubMerchantsOrderIsRefunded(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	order, err := p.AddOrder(emulator.Order{OutTradeNo: "elsewhere-1", AppID: "wx1", NotifyURL: "https://localhost/paid", SubMchID: "1900000110"}, 100)
	if err != nil {
		t.Fatal(err)
	}
	p.refused("POST", refunds, refundBody("r1", 100, "out_trade_no", "elsewhere-1"), 404, "RESOURCE_NOT_EXISTS")
	p.call("POST", refunds, refundBody("r1", 100, "out_trade_no", "elsewhere-1", "sub_mchid", "1900000110"), 200)
	p.clock.Advance(time.Minute)
	event := p.told("REFUND.SUCCESS")[0]
	if event["sub_mchid"] != "1900000110" || event["sp_mchid"] != p.creds.MchID || event["transaction_id"] != order.TransactionID {
		t.Errorf("told %v", event)
	}
	p.call("GET", refunds+"/r1?sub_mchid=1900000110", nil, 200)
	p.refused("GET", refunds+"/r1", nil, 404, "RESOURCE_NOT_EXISTS")
}
