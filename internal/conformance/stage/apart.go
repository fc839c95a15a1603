package stage

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

// The kinds of contract whose orders have endpoints of their own.
const (
	kindGlobal = "global"
	kindEdu    = "edu"
	kindCredit = "credit"
	kindSchool = "school"
)

// prepareApart makes what the samples of op take for granted: the contract, or
// an order that was deducted.
func prepareApart(t *testing.T, e *emulator.Emulator, wx *wxpay.Client, op *spec.Operation) {
	t.Helper()
	if !strings.HasPrefix(op.Behavior.Name, "order.") {
		addApart(t, e, op)
		return
	}
	apply := find(t, func(o *spec.Operation) bool {
		return o.Behavior.Name == "deduction.apply" && o.Behavior.Args["kind"] == op.Behavior.Args["kind"]
	})
	prepareApart(t, e, wx, apply)
	post(t, wx, apply, op)
	if err := e.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	named := valueOf(op, "transaction_id")
	if orders, err := e.Orders(); err != nil || len(orders) != 1 {
		t.Fatal(orders, err)
	} else if named != "" {
		rename(t, e, orders[0].TransactionID, named)
	}
}

// addApart takes in the contract that the sample of op names.
func addApart(t *testing.T, e *emulator.Emulator, op *spec.Operation) {
	t.Helper()
	plan, err := strconv.ParseInt(cmp.Or(valueOf(op, "plan_id"), "123"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	c := emulator.Contract{
		Kind: op.Behavior.Args["kind"], Plan: plan, Code: cmp.Or(valueOf(op, "out_contract_code"), "100001256"),
		ContractID: valueOf(op, "contract_id"), AppID: cmp.Or(valueOf(op, "appid"), "wxd678efh567hg6787"),
		OpenID: cmp.Or(valueOf(op, "openid"), user), SubMchID: requiredSample(op, "sub_mchid"), OutUserCode: valueOf(op, "user_id"),
	}
	if c.Kind == kindCredit {
		c.Repayment = &emulator.Repayment{Limit: 10000, Records: []emulator.RepaymentRecord{record(op)}}
	}
	if op.Behavior.Name == "deduction.apply" {
		c.AnnouncedAt = Start.AddDate(0, 0, -1)
	}
	if _, err := e.AddContract(c); err != nil {
		t.Fatal(err)
	}
}

// record is a repayment of today. One that is to be scheduled was scheduled as
// the sample says, whose day is long over: the same again is answered alike.
func record(op *spec.Operation) emulator.RepaymentRecord {
	if op.Behavior.Name == "repayment.schedule" {
		return emulator.RepaymentRecord{ID: "1234567abcde", SubMchID: "1900000109", Amount: 10000, Least: 10000, Date: "2025-11-18"}
	}
	return emulator.RepaymentRecord{
		ID: cmp.Or(valueOf(op, "out_record_id"), "another"), SubMchID: "1900000109", Amount: 10000, Least: 2000, Date: Start.Format(time.DateOnly),
	}
}

// valueOf is the sample of a member or a parameter as a text, "" if there is
// none.
func valueOf(op *spec.Operation, name string) string {
	fields := op.Params
	if op.Request != nil {
		fields = append(fields[:len(fields):len(fields)], op.Request.Fields...)
	}
	for _, f := range fields {
		if f.Name == name && f.Sample != nil {
			return fmt.Sprint(f.Sample)
		}
	}
	return ""
}
