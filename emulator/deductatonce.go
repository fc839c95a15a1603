package emulator

import (
	"net/http"
	"time"
)

// mayDeductAtOnce refuses a deduction whose result is its answer.
//
// Assumed: NOT_ENOUGH where the user is short of funds.
func (c *Contract) mayDeductAtOnce() error {
	switch {
	case !c.InForce():
		return stateError("签约协议未生效，不能扣款")
	case c.Outcome == OutcomeLimit:
		return errLimit()
	case c.Outcome == OutcomeShort:
		return &refusal{status: http.StatusForbidden, code: "NOT_ENOUGH", message: "用户余额不足", from: Provenance{Assumed, "a lack of money was asked for; the error table is not published"}}
	}
	return nil
}

// deductAtOnce makes a deduction whose result is its answer. One that fails
// late has no result yet.
func (e *Emulator) deductAtOnce(tx Tx, contract *Contract, order *Order, now time.Time) error {
	why := failures[contract.Outcome]
	switch {
	case contract.Outcome == OutcomeLate:
		if err := e.later(tx, now.Add(failLateAfter), "deduct", order.key()); err != nil {
			return err
		}
		return saveOrder(tx, order)
	case why != "":
		return e.deductionFailed(tx, contract, order, why, now)
	}
	return e.deducted(tx, contract, order, now)
}
