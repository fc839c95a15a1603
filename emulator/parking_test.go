package emulator_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

const (
	parkings   = "/v3/vehicle/parking/parkings"
	parkingFee = "/v3/vehicle/transactions/parking"
	feeQuery   = "/v3/vehicle/transactions/out-trade-no/fee-1"
	parkingApp = "wxcbda96de0b165486"
	car        = "粤B888888"
)

var entryBody = map[string]any{
	"out_parking_no": "1231243", "plate_number": car, "plate_color": "BLUE", "notify_url": "https://localhost/parking",
	"start_time": "2026-09-18T09:00:00+08:00", "parking_name": "欢乐海岸停车场", "free_duration": 3600,
}

func feeBody(parkingID any, pairs ...any) map[string]any {
	return with(map[string]any{
		"appid": parkingApp, "description": "停车场扣费", "out_trade_no": "fee-1", "trade_scene": "PARKING",
		"notify_url": "https://localhost/fee", "amount": yuan(888), "parking_info": stay(parkingID),
	}, pairs...)
}

func stay(parkingID any) map[string]any {
	return map[string]any{
		"parking_id": parkingID, "plate_number": car, "plate_color": "BLUE", "start_time": "2026-09-18T09:00:00+08:00",
		"end_time": "2026-09-18T10:00:00+08:00", "parking_name": "欢乐海岸停车场", "charging_duration": 3600, "device_id": "12313",
	}
}

// openParking lets the user open the service for the plate.
func (p *pay) openParking() *emulator.Contract {
	p.t.Helper()
	contract, err := p.OpenParking(parkingApp, openID, car, "BLUE")
	if err != nil {
		p.t.Fatal(err)
	}
	return contract
}

// enter lets the vehicle come in, and returns the id of the entry.
func (p *pay) enter(pairs ...any) any {
	p.t.Helper()
	return p.call("POST", parkings, with(entryBody, pairs...), 200)["id"]
}

func TestTheServiceOfAPlate(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	find := func(openID string) (state, since any) {
		got := p.call("GET", "/v3/vehicle/parking/services/find?appid="+parkingApp+"&plate_color=BLUE&openid="+openID+"&plate_number="+url.QueryEscape(car), nil, 200)
		if got["plate_number"] != car || got["plate_color"] != "BLUE" || got["openid"] != openID {
			t.Errorf("got %v", got)
		}
		return got["service_state"], got["service_open_time"]
	}
	if state, since := find(openID); state != "OUT_SERVICE" || since != nil {
		t.Errorf("before: %v since %v", state, since)
	}
	contract := p.openParking()
	if _, err := p.OpenParking(parkingApp, openID, car, "BLUE"); codeOf(err) != "conflict" {
		t.Errorf("opened twice: %v", err)
	}
	if state, since := find(openID); state != "NORMAL" || since != "2026-09-18T10:00:00+08:00" {
		t.Errorf("opened: %v since %v", state, since)
	}
	if state, _ := find("somebody-else"); state != "OUT_SERVICE" {
		t.Errorf("of somebody else: %v", state)
	}
	p.play("paused", contract.ContractID)
	if state, _ := find(openID); state != "PAUSE" {
		t.Errorf("paused: %v", state)
	}
	p.play("user-terminated", contract.ContractID)
	if state, since := find(openID); state != "OUT_SERVICE" || since != nil {
		t.Errorf("closed: %v since %v", state, since)
	}
	opened := p.adminOK("POST", "/parking-services", `{"appid":"`+parkingApp+`","openid":"`+openID+`","plate_number":"`+car+`","plate_color":"BLUE"}`)
	if state, _ := find(openID); state != "NORMAL" || opened["kind"] != "parking" {
		t.Errorf("opened again: %v, %v", state, opened)
	}
	if _, err := p.OpenParking("", openID, car, "BLUE"); codeOf(err) != "invalid" {
		t.Errorf("under no appid: %v", err)
	}
}

func TestAnEntryFollowsTheService(t *testing.T) {
	t.Parallel()
	shop, into := receiving(204)
	p := newPay(t, into)
	first := p.call("POST", parkings, entryBody, 200)
	if first["state"] != "BLOCKED" || first["block_reason"] != "OUT_SERVICE" {
		t.Errorf("without the service: %v", first)
	}
	p.clock.Advance(time.Minute)
	contract := p.openParking()
	p.enter("out_parking_no", "another-car", "plate_number", "粤B888889")
	p.play("paused", contract.ContractID)
	if got := p.call("POST", parkings, with(entryBody, "out_parking_no", "2"), 200); got["state"] != "BLOCKED" || got["block_reason"] != "PAUSE" {
		t.Errorf("while it is paused: %v", got)
	}
	p.play("resumed", contract.ContractID)
	p.call("POST", parkingFee, feeBody(first["id"]), 200) // it leaves
	p.play("user-terminated", contract.ContractID)
	p.deliver()
	var got []string
	event, _ := spec.LookupEvent("VEHICLE.ENTRANCE_STATE_CHANGE")
	for _, n := range shop.all() {
		envelope, told := p.open(n)
		if envelope["event_type"] != event.Type {
			continue
		}
		p.fits(t, event.Resource, decodeValue(t, string(marshal(t, told))), "")
		why, _ := told["blocked_state_description"].(string)
		got = append(got, told["out_parking_no"].(string)+" "+told["parking_state"].(string)+why)
		if n.url != "https://localhost/parking" || told["state_update_time"] != "2026-09-18T10:01:00+08:00" || told["sp_mchid"] != emulator.DefaultMchID {
			t.Errorf("to %s: %v", n.url, told)
		}
	}
	want := "1231243 NORMAL, 1231243 BLOCKEDPAUSE, 1231243 NORMAL, 2 NORMAL, 2 BLOCKEDOUT_SERVICE"
	if strings.Join(got, ", ") != want {
		t.Errorf("told %s, want %s", strings.Join(got, ", "), want)
	}
}

func TestOneEntryANumber(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	id := p.enter()
	p.openParking()
	if again := p.call("POST", parkings, entryBody, 200); again["id"] != id || again["state"] != "NORMAL" {
		t.Errorf("the same again: %v, want %v", again, id)
	}
	p.refused("POST", parkings, with(entryBody, "free_duration", 60), 400, "ALREADY_EXISTS")
	if other := p.enter("sub_mchid", subMch); other == id {
		t.Error("the entry of a sub-merchant is another one's")
	}
	if list, err := p.Parkings(); err != nil || len(list) != 2 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestAParkingFeeIsAccepted(t *testing.T) {
	t.Parallel()
	for how, want := range map[emulator.Outcome]struct{ state, event string }{
		emulator.OutcomePaid:   {"SUCCESS", "TRANSACTION.SUCCESS"},
		emulator.OutcomeShort:  {"PAY_FAIL", "TRANSACTION.FAIL"},
		emulator.OutcomeClosed: {"PAY_FAIL", "TRANSACTION.FAIL"},
		emulator.OutcomeLate:   {"PAY_FAIL", "TRANSACTION.FAIL"},
	} {
		p := newPay(t)
		p.play(string(how), p.openParking().ContractID)
		body := feeBody(p.enter(), "attach", "mine")
		for range 2 { // the same again has no second effect
			got := p.call("POST", parkingFee, body, 200)
			if got["trade_state"] != "ACCEPTED" || got["sp_mchid"] != emulator.DefaultMchID || got["create_time"] != "2026-09-18T10:00:00+08:00" ||
				got["transaction_id"] != nil || got["payer"].(map[string]any)["openid"] != openID || got["parking_info"] == nil {
				t.Errorf("%s: accepted: %v", how, got)
			}
		}
		p.call("POST", parkingFee, with(body, "attach", "another"), 400)
		p.clock.Advance(3 * time.Hour)
		got := p.call("GET", feeQuery, nil, 200)
		if got["trade_state"] != want.state || (got["transaction_id"] != nil) != (want.state == "SUCCESS") || got["attach"] != "mine" {
			t.Errorf("%s: %v", how, got)
		}
		event, _ := spec.LookupEvent(want.event)
		told := p.told(want.event)
		if len(told) != 1 || p.types() != want.event || told[0]["out_trade_no"] != "fee-1" || told[0]["trade_state"] != want.state {
			t.Fatalf("%s: told %s: %v", how, p.types(), told)
		}
		p.fits(t, event.Resource, decodeValue(t, string(marshal(t, told[0]))), "")
	}
	p := newPay(t)
	p.openParking()
	p.call("POST", parkingFee, feeBody(p.enter("sub_mchid", subMch), "sub_mchid", subMch), 200)
	if got := p.state(feeQuery + "?sub_mchid=" + subMch); got != "ACCEPTED" {
		t.Errorf("of a sub-merchant: %v", got)
	}
	p.refused("GET", feeQuery, nil, 404, "ORDER_NOT_EXIST")
	p.refused("GET", etc+"transactions/out-trade-no/fee-1?sub_mchid="+subMch, nil, 404, "ORDER_NOT_EXIST")
}

func TestAParkingFeeWantsItsEntry(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.refused("POST", parkingFee, feeBody("nothing"), 404, "RESOURCE_NOT_EXISTS")
	id := p.enter()
	p.refused("POST", parkingFee, feeBody(id), 400, "INVALID_REQUEST") // BLOCKED
	contract := p.openParking()
	p.refused("POST", parkingFee, feeBody(id, "sub_mchid", subMch), 404, "RESOURCE_NOT_EXISTS")
	p.refused("POST", parkingFee, feeBody(id, "parking_info", with(stay(id), "plate_color", "GREEN")), 400, "INVALID_REQUEST")
	p.play("over-limit", contract.ContractID)
	p.refused("POST", parkingFee, feeBody(id), 403, "RULE_LIMIT")
	p.play("paid", contract.ContractID)
	p.play("paused", contract.ContractID)
	p.refused("POST", parkingFee, feeBody(id), 400, "INVALID_REQUEST")
	p.play("resumed", contract.ContractID)
	p.call("POST", parkingFee, feeBody(id), 200)
	p.refused("POST", parkingFee, feeBody(id, "out_trade_no", "fee-2"), 400, "INVALID_REQUEST")
}

func TestAParkingFeeIsTriedAgain(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.openParking()
	p.play("short-of-funds", contract.ContractID)
	id := p.enter()
	p.call("POST", parkingFee, feeBody(id), 200)
	p.clock.Advance(time.Minute)
	if got := p.state(feeQuery); got != "PAY_FAIL" {
		t.Errorf("at first: %v", got)
	}
	p.play("paid", contract.ContractID)
	p.call("POST", parkingFee, feeBody(id), 200)
	p.clock.Advance(time.Minute)
	if got := p.state(feeQuery); got != "SUCCESS" {
		t.Errorf("tried again: %v", got)
	}
	p.call("POST", parkingFee, feeBody(p.enter("out_parking_no", "2"), "out_trade_no", "fee-2"), 200)
	p.play("paused", contract.ContractID) // before the money is moved
	p.clock.Advance(time.Minute)
	if got := p.state(strings.Replace(feeQuery, "fee-1", "fee-2", 1)); got != "PAY_FAIL" {
		t.Errorf("paused meanwhile: %v", got)
	}
}

// TestVehiclesAreImported: entries are kept as what they are, and follow their
// plate where they are taken in.
func TestVehiclesAreImported(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.openParking()
	p.enter()
	document := exported(t, p.Emulator)
	into := newPay(t)
	if err := into.Import(strings.NewReader(document)); err != nil {
		t.Fatal(err)
	}
	into.play("paused", contract.ContractID)
	list, err := into.Parkings()
	if err != nil || len(list) != 1 || list[0].BlockReason != "PAUSE" {
		t.Errorf("%+v, %v", list, err)
	}
	bad := strings.Replace(document, `"out_parking_no": "1231243"`, `"out_parking_no": 1`, 1)
	if fault, ok := errors.AsType[*emulator.ActionError](into.Import(strings.NewReader(bad))); !ok || !strings.Contains(fault.Message, `bucket "parkings"`) {
		t.Errorf("an entry that is none: %v", fault)
	}
	for _, c := range []emulator.Contract{{Kind: "parking", AppID: "a", OpenID: "o", Plate: car}, {Kind: "etc", Plan: 1, AppID: "a", OpenID: "o"}} {
		if _, err := into.AddContract(c); codeOf(err) != "invalid" || !strings.Contains(err.Error(), "plate") {
			t.Errorf("%s without its vehicle: %v", c.Kind, err)
		}
	}
}
