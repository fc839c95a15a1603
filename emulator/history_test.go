package emulator_test

import (
	"cmp"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

// history makes what the samples of an endpoint take for granted: a contract
// of the documented contract_id in the state for it, or an order that was paid.
func (p *pay) history(op *spec.Operation) {
	p.t.Helper()
	switch kind := op.Behavior.Args["kind"]; kind {
	case "global", "edu", "credit", "school":
		p.apartHistory(op, kind)
		return
	}
	contract := emulator.Contract{
		Plan: 12535, Code: code, ContractID: "123124412412423431", SubMchID: sampleOf(op, "sub_mchid"),
		AppID: sampleOf(op, "appid", "sp_appid", "combine_appid"), OpenID: openID,
	}
	if contract.AppID == "" {
		contract.AppID = "wxd678efh567hg6787"
	}
	insured := op.Behavior.Args["kind"] == "insurance"
	switch op.Behavior.Name {
	default:
		return
	case "insurance.reserve", "insurance.reserved", "insurance.periods":
		contract.Policy = samplePolicy(emulator.PolicyPeriod{ID: 1, Date: "2026-09-19", Amount: 1})
	case "insurance.modify":
		contract.Policy = samplePolicy(emulator.PolicyPeriod{ID: 1, Date: "2026-09-19", Amount: 2})
	case "insurance.renew": // whose sample begins with number 1
		contract.Policy = samplePolicy(emulator.PolicyPeriod{ID: 0, Date: "2026-09-17", Amount: 1, State: emulator.SchedulePaid})
		contract.State = emulator.ToBeRenewed
	case "deduction.reserve", "deduction.reserved":
		contract.Schedule = &emulator.Schedule{Date: "2026-09-19", Amount: 1}
	case "deduction.apply":
		contract.Role = op.Behavior.Args["contracts"]
		contract.Schedule = &emulator.Schedule{Date: "2026-09-18", Amount: 1, State: emulator.Scheduled, Reserved: 1}
	case "deduction.combine":
		contract.Kind, contract.SubMchID = "combined", ""
	case "deduction.toll":
		contract.Kind, contract.ContractID, contract.Plate = "etc", "wxd678ef4Fwxd678ef4Fwxd678ef4F21", "粤B888888"
	case "deduction.parking":
		p.parked(op)
		return
	case "deduction.tell":
	case "deduction.tellagain":
		contract.Period = &emulator.Period{From: start, Until: start.AddDate(0, 0, 1), Failed: true}
	case "order.contract":
		contract.Kind, contract.ContractID = "service_id", "201710180325670965"
	case "refund.create", "refund.query":
		p.refundable(op)
		return
	}
	switch {
	case contract.Role == "harmony":
		contract.Schedule = nil
	case insured && contract.Schedule != nil:
		contract.Schedule = nil
		contract.Policy = samplePolicy(emulator.PolicyPeriod{ID: 1, Date: "2026-09-18", Amount: 1, State: emulator.Scheduled, ReservedOn: "2026-09-17"})
	}
	if _, err := p.AddContract(contract); err != nil {
		p.t.Fatal(err)
	}
}

// samplePolicy is a monthly policy of one period.
func samplePolicy(period emulator.PolicyPeriod) *emulator.Policy {
	return &emulator.Policy{Start: "2026-09-01", End: "2026-09-30", Periods: []emulator.PolicyPeriod{period}, Renewable: true}
}

// parked makes the entry of the parking samples, with its documented id.
func (p *pay) parked(op *spec.Operation) {
	p.t.Helper()
	if _, err := p.OpenParking("wxcbda96de0b165486", openID, "粤B888888", "BLUE"); err != nil {
		p.t.Fatal(err)
	}
	id := p.call("POST", parkings, with(entryBody, "sub_mchid", orNil(sampleOf(op, "sub_mchid"))), 200)["id"].(string)
	var state strings.Builder
	if err := p.Export(&state); err != nil {
		p.t.Fatal(err)
	}
	if err := p.Import(strings.NewReader(strings.ReplaceAll(state.String(), id, "5K8264ILTKCH16CQ250"))); err != nil {
		p.t.Fatal(err)
	}
}

// orNil is a text, or what [with] takes for none.
func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// apartHistory makes the contract that the samples of a family with orders of
// its own speak of, and for a reversal the order.
func (p *pay) apartHistory(op *spec.Operation, kind string) {
	p.t.Helper()
	contract := emulator.Contract{
		Kind: kind, Plan: 123, Code: "100001256", OutUserCode: sampleOf(op, "user_id"), ContractID: sampleOf(op, "contract_id"), SubMchID: sampleOf(op, "sub_mchid"),
		AppID: cmp.Or(sampleOf(op, "appid", "sp_appid"), "wxd678efh567hg6787"), OpenID: cmp.Or(sampleOf(op, "openid"), openID),
	}
	var err error
	switch op.Behavior.Name {
	case "deduction.apply", "deduction.announce", "repayment.schedule", "repayment.query", "debt.query":
		if op.Behavior.Name == "deduction.apply" {
			contract.AnnouncedAt = start.AddDate(0, 0, -1)
		}
		if kind != "credit" {
			_, err = p.AddContract(contract)
			break
		}
		contract.Repayment = &emulator.Repayment{Limit: 10000, Records: []emulator.RepaymentRecord{{
			ID: cmp.Or(sampleOf(op, "out_record_id"), "another"), SubMchID: "1900000109", Amount: 10000, Least: 2000, Date: start.Format(time.DateOnly),
		}}}
		_, err = p.AddContract(contract)
	case "order.reverse":
		_, err = p.AddOrder(emulator.Order{
			Product: kind, OutTradeNo: sampleOf(op, "out_trade_no"), AppID: contract.AppID, NotifyURL: "https://localhost/paid", SubMchID: contract.SubMchID,
		}, 888)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// refundable makes the order of the refund samples, and for the query its
// refund.
func (p *pay) refundable(op *spec.Operation) {
	p.t.Helper()
	order := emulator.Order{
		OutTradeNo: "1217752501201407033233368018", TransactionID: "1217752501201407033233368018",
		AppID: "wxd678efh567hg6787", NotifyURL: "https://localhost/paid", SubMchID: sampleOf(op, "sub_mchid"),
	}
	if _, err := p.AddOrder(order, 888); err != nil {
		p.t.Fatal(err)
	}
	if op.Behavior.Name == "refund.create" {
		return
	}
	body := map[string]any{"out_trade_no": order.OutTradeNo, "out_refund_no": "sdk12345678920210326144648", "amount": refundAmount(1, 888)}
	if order.SubMchID != "" {
		body["sub_mchid"] = order.SubMchID
	}
	p.call("POST", refunds, body, 200)
}

// sampleOf is the sample of the first of the names that the request has.
func sampleOf(op *spec.Operation, names ...string) string {
	fields := op.Params
	if op.Request != nil {
		fields = append(fields[:len(fields):len(fields)], op.Request.Fields...)
	}
	for _, f := range fields {
		for _, name := range names {
			if text, ok := f.Sample.(string); ok && f.Name == name {
				return text
			}
		}
	}
	return ""
}
