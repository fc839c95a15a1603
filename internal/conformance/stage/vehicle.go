package stage

import (
	"bytes"
	"strconv"
	"testing"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

// The kinds of contract that are for one vehicle.
const (
	kindETC     = "etc"
	kindParking = "parking"
)

// prepareETC makes what the samples of op about ETC take for granted: a
// contract, and for a query of an order the order.
func prepareETC(t *testing.T, e *emulator.Emulator, wx *wxpay.Client, op *spec.Operation) {
	t.Helper()
	toll := find(t, func(o *spec.Operation) bool { return o.Behavior.Name == "deduction.toll" })
	if op.Behavior.Name == "order.query" {
		prepareETC(t, e, wx, toll)
		id, _ := post(t, wx, toll, op)["transaction_id"].(string)
		if named := sampleOf(op, "transaction_id"); named != "" {
			rename(t, e, id, named)
		}
		return
	}
	c := emulator.Contract{Kind: kindETC, Plan: 97619, ContractID: sampleOf(op, "contract_id"), AppID: "wxd678efh567hg6787", OpenID: user, Plate: "粤B888888"}
	if plan, err := strconv.ParseInt(sampleOf(op, "plan_id"), 10, 64); err == nil {
		c.Plan, c.OpenID, c.Plate = plan, sampleOf(op, "openid"), sampleOf(op, "plate_number")
	}
	if _, err := e.AddContract(c); err != nil {
		t.Fatal(err)
	}
}

// prepareParking makes the vehicle that came in, and for a query of an order
// the order.
func prepareParking(t *testing.T, e *emulator.Emulator, wx *wxpay.Client, op *spec.Operation) {
	t.Helper()
	if _, err := e.OpenParking("wxcbda96de0b165486", user, "粤B888888", "BLUE"); err != nil {
		t.Fatal(err)
	}
	enter := find(t, func(o *spec.Operation) bool { return o.Behavior.Name == "parking.enter" })
	id, _ := post(t, wx, enter, op)["id"].(string)
	rename(t, e, id, "5K8264ILTKCH16CQ250")
	if op.Behavior.Name == "order.query" {
		post(t, wx, find(t, func(o *spec.Operation) bool { return o.Behavior.Name == "deduction.parking" }), op)
	}
}

// rename gives something in the state the name that the samples have for it.
func rename(t *testing.T, e *emulator.Emulator, name, named string) {
	t.Helper()
	var state bytes.Buffer
	if err := e.Export(&state); err != nil {
		t.Fatal(err)
	}
	renamed := bytes.ReplaceAll(state.Bytes(), []byte(name), []byte(named))
	if err := e.Import(bytes.NewReader(renamed)); err != nil {
		t.Fatal(err)
	}
}
