package emulator_test

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/seal"
)

const orderQuery = "/v3/pay/transactions/out-trade-no/1217752501201407033233368018?mchid=" + emulator.DefaultMchID

func TestOrderHasAPrepayIDOfTheDocumentedForm(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	if id := p.order(); !regexp.MustCompile(`^wx20260918100000[0-9a-f]{20}$`).MatchString(id) {
		t.Errorf("prepay_id %q", id)
	}
}

func TestOrderRepeated(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	first := p.order()
	if again := p.order(); again != first {
		t.Errorf("the same parameters gave %s and %s", first, again)
	}
	answer := p.call("POST", jsapi, with(orderBody, "description", "another"), 400)
	if answer["code"] != "INVALID_REQUEST" || answer["message"] != "请求重入时，参数与首次请求不一致" {
		t.Errorf("other parameters: %v", answer)
	}
	p.clock.Advance(2 * time.Hour)
	if later := p.order(); later == first {
		t.Error("an expired prepay_id was given out again")
	}
	if _, err := p.Pay(first, ""); err == nil {
		t.Error("the expired prepay_id can be paid")
	}
	paid := p.order()
	if _, err := p.Pay(paid, ""); err != nil {
		t.Fatal(err)
	}
	answer = p.call("POST", jsapi, orderBody, 403)
	if answer["code"] != "OUT_TRADE_NO_USED" || answer["message"] != "商户订单号重复" {
		t.Errorf("a paid number: %v", answer)
	}
}

func TestOrderQueryBeforeAndAfterPaying(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	id := p.order("attach", "自定义数据说明")
	before := p.call("GET", orderQuery, nil, 200)
	if before["trade_state"] != "NOTPAY" || before["attach"] != "自定义数据说明" || before["transaction_id"] != nil || before["success_time"] != nil {
		t.Errorf("before: %v", before)
	}
	p.clock.Advance(time.Minute)
	order, err := p.Pay(id, "")
	if err != nil {
		t.Fatal(err)
	}
	after := p.call("GET", orderQuery, nil, 200)
	if after["trade_state"] != "SUCCESS" || after["success_time"] != "2026-09-18T10:01:00+08:00" || after["transaction_id"] != order.TransactionID || len(order.TransactionID) != 28 {
		t.Errorf("after: %v", after)
	}
	if amount := after["amount"].(map[string]any); amount["payer_total"] != 100.0 || amount["currency"] != "CNY" {
		t.Errorf("amount: %v", amount)
	}
}

func TestOrderUnknownIs404(t *testing.T) {
	t.Parallel()
	if answer := newPay(t).call("GET", orderQuery, nil, 404); answer["code"] != "ORDER_NOT_EXIST" {
		t.Errorf("got %v", answer)
	}
}

func TestDirectAndPartnerOrdersNeverMeet(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	body := map[string]any{
		"sp_appid": "wxd678efh567hg6787", "sp_mchid": emulator.DefaultMchID, "sub_mchid": "1900000110", "sub_appid": "wxd678efh567hg6788",
		"description": "d", "out_trade_no": orderBody["out_trade_no"], "notify_url": "https://localhost/paid",
		"amount": map[string]any{"total": 1}, "payer": map[string]any{"sub_openid": openID},
	}
	p.call("POST", partnerJSAPI, body, 200)
	p.call("GET", orderQuery, nil, 404)
	partner := "/v3/pay/partner/transactions/out-trade-no/1217752501201407033233368018?sp_mchid=" + emulator.DefaultMchID + "&sub_mchid="
	p.call("GET", partner+"1900000111", nil, 404)
	got := p.call("GET", partner+"1900000110", nil, 200)
	payer := got["payer"].(map[string]any)
	if payer["sub_openid"] != openID || len(payer["sp_openid"].(string)) != 28 || payer["openid"] != nil {
		t.Errorf("payer: %v", payer)
	}
}

func TestOrderForgetsEncryptedFields(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	sealed := func(text string) string {
		s, err := seal.EncryptField(p.creds.PublicKey(), text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	place := func() string {
		body := with(orderBody, "payer", map[string]any{"openid": openID, "identity": map[string]any{
			"type": "IDCARD", "number": sealed("110101199003070000"), "name": sealed("张三"),
		}})
		return p.callWith("POST", jsapi, body, 200, http.Header{"Wechatpay-Serial": {p.creds.PublicKeyID}})["prepay_id"].(string)
	}
	id := place()
	if again := place(); again != id {
		t.Error("the same identity, encrypted again, counts as another request")
	}
	order, err := p.Order(id)
	if err != nil {
		t.Fatal(err)
	}
	if regexp.MustCompile("张三|110101").Match(order.Request) {
		t.Errorf("the state keeps %s", order.Request)
	}
}

func TestTimeExpireEndsAnOrderEarlier(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	id := p.order("time_expire", "2026-09-18T10:10:00+08:00")
	p.clock.Advance(10 * time.Minute)
	if _, err := p.Pay(id, ""); err == nil {
		t.Error("an order was paid at its time_expire")
	}
}

func TestPayRefuses(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	id := p.order()
	for name, try := range map[string]struct{ prepayID, openID, code string }{
		"an unknown prepay_id": {"wx0", "", "not_found"},
		"another payer":        {id, "oAnother", "conflict"},
	} {
		if _, err := p.Pay(try.prepayID, try.openID); codeOf(err) != try.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := p.Pay(id, openID); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Pay(id, ""); codeOf(err) != "conflict" {
		t.Errorf("paying twice: %v", err)
	}
}
