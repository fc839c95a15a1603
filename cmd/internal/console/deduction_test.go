package console_test

import (
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// A deduction has no prepay_id, and a page all the same, which its contract
// leads to.
func TestADeductionHasAPage(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	contract, err := s.pay.AddContract(emulator.Contract{Plan: 12537, Code: "signed1", AppID: "wxd678efh567hg6787", OpenID: openID})
	if err != nil {
		t.Fatal(err)
	}
	answer := s.call("POST", "/v3/papay/pay/transactions/apply", map[string]any{
		"appid": "wxd678efh567hg6787", "out_trade_no": "deduct-1", "description": "九月会员", "contract_id": contract.ContractID,
		"transaction_notify_url": "https://shop.example/paid", "amount": map[string]any{"total": 2500},
	})
	if answer["out_trade_no"] != "deduct-1" {
		t.Fatal(answer)
	}
	page := s.base + "/contracts/plan_id/12537/signed1"
	for _, at := range []string{page, s.base + "/orders"} {
		_, text := s.get(at)
		has(t, text, `href="/_wxpay/console/1900000109/orders/deduct-1"`, "¥25.00", "九月会员")
	}
	_, text := s.get(s.base + "/orders/deduct-1")
	has(t, text, "out_trade_no", contract.ContractID, "placed")
	if strings.Contains(text, "prepay_id") || strings.Contains(text, "Payment page") {
		t.Errorf("there is nothing to pay:\n%s", text)
	}
	s.submit(page, "/clock", "duration", "1m")
	_, text = s.get(s.base + "/orders/deduct-1")
	has(t, text, "TRANSACTION.SUCCESS")
}

func TestAParkedVehicleIsOnItsTimeline(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	contract, err := s.pay.OpenParking("wxd678efh567hg6787", openID, "粤B888888", "BLUE")
	if err != nil {
		t.Fatal(err)
	}
	answer := s.call("POST", "/v3/vehicle/parking/parkings", map[string]any{
		"out_parking_no": "parking1", "plate_number": "粤B888888", "plate_color": "BLUE", "notify_url": "https://shop.example/parking",
		"start_time": "2026-09-18T09:30:00+08:00", "parking_name": "欢乐海岸停车场", "free_duration": 3600,
	})
	if answer["state"] != "NORMAL" {
		t.Fatal(answer)
	}
	_, text := s.get(s.base + "/contracts/parking/0/" + contract.Code)
	has(t, text, "into the car park 欢乐海岸停车场")
}

// The way back to the merchant, and until when an app has to come.
func TestTheSigningPageLeadsBack(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	session := s.harmonyQR("wxwtdk20260918000001")
	session = session[len(session)-len("5778aadY9nltAsZzXixCkFIGYnV2V"):]
	text := s.submit(s.base+"/phone/sign/"+session, "/sessions/"+session+"/agree")
	has(t, text, `href="https://shop.example/back"`, "Back to the merchant")
	app := s.must(s.scheduled("app", "wxwtdk20260918000002"), "pre_entrustweb_id")
	_, text = s.get(s.base + "/phone/sign/" + app)
	has(t, text, "The app opens this by", start.Add(2*time.Minute).Format("15:04:05"))
}
