package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

const closePath = "/v3/pay/transactions/out-trade-no/1217752501201407033233368018/close"

var closeBody = map[string]any{"mchid": emulator.DefaultMchID}

func TestAClosedOrderCannotBePaid(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	prepayID := p.order()
	session := p.call("POST", normalAfterPay, with(presignBody, "prepay_id", prepayID), 200)
	p.call("POST", closePath, closeBody, 204)
	p.call("POST", closePath, closeBody, 204)
	got := p.call("GET", orderQuery, nil, 200)
	if got["trade_state"] != "CLOSED" || got["trade_state_desc"] != "订单已关闭" || got["transaction_id"] != nil {
		t.Errorf("%v, after %v", got, session)
	}
	if _, err := p.Pay(prepayID, ""); codeOf(err) != "conflict" {
		t.Errorf("paid: %v", err)
	}
	p.refused("POST", jsapi, orderBody, 400, "INVALID_REQUEST")
	p.refused("POST", normalAfterPay, with(presignBody, "prepay_id", prepayID), 400, "INVALID_REQUEST")
	p.refused("POST", refunds, refundBody("r1", 1), 400, "INVALID_REQUEST")
	p.clock.Advance(3 * time.Hour)
	if got := p.state(orderQuery); got != "CLOSED" {
		t.Errorf("later: %v", got)
	}
	p.refused("POST", jsapi, orderBody, 400, "INVALID_REQUEST")
}

func TestAPaidOrderIsNotClosed(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.refused("POST", closePath, closeBody, 404, "ORDER_NOT_EXIST")
	p.paid()
	p.refused("POST", closePath, closeBody, 400, "INVALID_REQUEST")
	contract := p.reserved()
	p.call("POST", apply, applyBody(contract.ContractID), 200)
	p.refused("POST", strings.Replace(closePath, "1217752501201407033233368018", "deduct-1", 1), closeBody, 400, "INVALID_REQUEST")
	p.refused("POST", strings.Replace(closePath, "/pay/", "/pay/partner/", 1), map[string]any{"sp_mchid": emulator.DefaultMchID, "sub_mchid": "1900000110"}, 404, "ORDER_NOT_EXIST")
}
