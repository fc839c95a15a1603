package stage

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

// prepare makes what the samples of op take for granted: a signed contract for
// its query, an order for its query, something paid for its refund.
func prepare(t *testing.T, e *emulator.Emulator, wx *wxpay.Client, op *spec.Operation) {
	t.Helper()
	if op.Behavior.Name == "presign" {
		return
	}
	switch op.Behavior.Args["kind"] {
	case kindETC:
		prepareETC(t, e, wx, op)
		return
	case kindParking:
		prepareParking(t, e, wx, op)
		return
	case kindGlobal, kindEdu, kindCredit, kindSchool:
		prepareApart(t, e, wx, op)
		return
	}
	switch op.Behavior.Name {
	case "contract.query", "contract.terminate":
		signContract(t, e, wx, op)
	case "order.query", "order.close":
		post(t, wx, find(t, func(o *spec.Operation) bool {
			return o.Behavior.Name == "order.create" && o.Behavior.Args["role"] == op.Behavior.Args["role"]
		}), op)
		if strings.Contains(op.Path, "{transaction_id}") {
			addOrder(t, e, op)
		}
	case "refund.create", "refund.query":
		addOrder(t, e, op)
		if op.Behavior.Name == "refund.query" {
			post(t, wx, find(t, func(o *spec.Operation) bool { return o.Behavior.Name == "refund.create" }), op)
		}
	case "deduction.combined", "deduction.reverse":
		deduct := find(t, func(o *spec.Operation) bool { return o.Behavior.Name == "deduction.combine" })
		addContract(t, e, deduct)
		post(t, wx, deduct, op)
	default:
		if strings.HasPrefix(op.Behavior.Name, "deduction.") || strings.HasPrefix(op.Behavior.Name, "insurance.") {
			addContract(t, e, op)
		}
	}
}

// signContract signs the contract that op names.
func signContract(t *testing.T, e *emulator.Emulator, wx *wxpay.Client, op *spec.Operation) {
	t.Helper()
	role, kind := op.Behavior.Args["role"], op.Behavior.Args["kind"]
	switch {
	case kind != "":
	case op.Behavior.Args["by"] == "service_id":
		role = "normal"
	case role != "partner":
		role = "harmony"
	}
	presign := find(t, func(o *spec.Operation) bool {
		args := o.Behavior.Args
		return o.Behavior.Name == "presign" && args["role"] == role && args["kind"] == kind && args["scene"] != "pay-redirect" &&
			!slices.ContainsFunc(o.Request.Fields, func(f spec.Field) bool { return f.Encrypted })
	})
	session, _ := post(t, wx, presign, op)["pre_entrustweb_id"].(string)
	if _, err := e.Agree(session, user); err != nil {
		t.Fatal(err)
	}
}

// addContract takes in the contract of a deduction's sample, in the state for
// it.
func addContract(t *testing.T, e *emulator.Emulator, op *spec.Operation) {
	t.Helper()
	c := emulator.Contract{
		Plan: 12535, Code: "wxwtdk20200910100000", ContractID: "123124412412423431", AppID: "wxd678efh567hg6787", OpenID: user,
		SubMchID: sampleOf(op, "sub_mchid"), Role: op.Behavior.Args["contracts"], Kind: op.Behavior.Args["kind"],
	}
	switch today, tomorrow := Start.Format(time.DateOnly), Start.AddDate(0, 0, 1).Format(time.DateOnly); {
	case op.Behavior.Args["kind"] == "insurance":
		c.Policy = policy(op)
		if op.Behavior.Name == "insurance.renew" {
			c.State = emulator.ToBeRenewed
		}
	case op.Behavior.Name == "deduction.tellagain":
		c.Period = &emulator.Period{From: Start, Until: Start.Add(time.Hour), Failed: true}
	case op.Behavior.Name == "deduction.tell", c.Role != "", c.Kind != "":
	case op.Behavior.Name == "deduction.apply":
		c.Schedule = &emulator.Schedule{Date: today, Amount: 1, State: emulator.Scheduled, Reserved: 1}
	default:
		c.Schedule = &emulator.Schedule{Date: tomorrow, Amount: 1}
	}
	if _, err := e.AddContract(c); err != nil {
		t.Fatal(err)
	}
}

// policy is that of a contract of insurance, with one period in the state for
// the sample of op.
func policy(op *spec.Operation) *emulator.Policy {
	yesterday, today, tomorrow := Start.AddDate(0, 0, -1).Format(time.DateOnly), Start.Format(time.DateOnly), Start.AddDate(0, 0, 1).Format(time.DateOnly)
	period := emulator.PolicyPeriod{ID: 1, Date: tomorrow, Amount: 1}
	switch op.Behavior.Name {
	case "deduction.apply":
		period.Date, period.State, period.ReservedOn = today, emulator.Scheduled, yesterday
	case "insurance.modify":
		period.Date, period.Amount = "2030-11-22", 2 // the day of the sample, and more than it asks for
	case "insurance.renew":
		period.ID, period.Date, period.State = 0, yesterday, emulator.SchedulePaid // the sample begins with number 1
	}
	return &emulator.Policy{Start: yesterday, End: tomorrow, Periods: []emulator.PolicyPeriod{period}, Renewable: true}
}

// addOrder takes in the order that the samples of refunds and of queries name.
// It has the number 1217752501201407033233368018 at WeChat Pay.
func addOrder(t *testing.T, e *emulator.Emulator, op *spec.Operation) {
	t.Helper()
	o := emulator.Order{
		OutTradeNo: "paid-elsewhere", TransactionID: "1217752501201407033233368018", AppID: "wxd678efh567hg6787",
		NotifyURL: "https://yourapp.com/notify", SubMchID: requiredSample(op, "sub_mchid"),
	}
	if _, err := e.AddOrder(o, 888); err != nil {
		t.Fatal(err)
	}
}

// requiredSample is the sample of a parameter, if it is required.
func requiredSample(op *spec.Operation, name string) string {
	for _, f := range op.Params {
		if text, ok := f.Sample.(string); ok && f.Name == name && f.Required {
			return text
		}
	}
	return ""
}

// sampleOf is the sample of a member or a parameter, "" if there is none.
func sampleOf(op *spec.Operation, name string) string {
	fields := op.Params
	if op.Request != nil {
		fields = slices.Concat(fields, op.Request.Fields)
	}
	for _, f := range fields {
		if text, ok := f.Sample.(string); ok && f.Name == name {
			return text
		}
	}
	return ""
}

// user is the one of the samples.
const user = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"

// find returns the first operation that fits.
func find(t *testing.T, fits func(*spec.Operation) bool) *spec.Operation {
	t.Helper()
	for op := range spec.Operations() {
		if fits(op) {
			return op
		}
	}
	t.Fatal("no operation can prepare this")
	return nil
}

// post calls op with its own sample, in which the values that other's sample
// names are replaced by other's, and returns the answer.
func post(t *testing.T, wx *wxpay.Client, op, other *spec.Operation) map[string]any {
	t.Helper()
	body := required(op.Request).(map[string]any)
	for _, p := range other.Params {
		if _, ok := body[p.Name]; ok {
			body[p.Name] = p.Sample
		}
	}
	var out map[string]any
	if err := wx.Chain(op.Path).Post(t.Context(), body, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// required is the smallest sample of a field: the required members, and the
// first choice of an either-or rule.
func required(f *spec.Field) any {
	switch f.Type {
	case "object":
		object := map[string]any{}
		for i := range f.Fields {
			m := &f.Fields[i]
			if m.Required || len(f.AnyOf) > 0 && slices.Contains(f.AnyOf[0], m.Name) {
				object[m.Name] = required(m)
			}
		}
		return object
	case "array":
		return []any{required(f.Items)}
	}
	return f.Sample
}
