package emulator

import (
	"cmp"
	"time"
)

// The limits that a plan begins with, for one contract: of one deduction and of
// those of a day, in fen, and how many of a day succeed. (Of 周期扣费 one a day
// does; its cycles are longer anyway.) A limit of a month, which one of two
// answers names, is not held.
//
// Source: https://developers.weixin.qq.com/community/pay/doc/0004aaa01e8908b165985d15e5bc08
const (
	firstLimit     = 500_00
	firstDayLimit  = 2500_00
	firstCountADay = 5
)

// Tally is what was deducted under a contract on one day.
type Tally struct {
	Day    string `json:"day"` // in Beijing, as 2006-01-02
	Count  int    `json:"count"`
	Amount int64  `json:"amount"` // in fen
}

// on is the tally of a day, an empty one of any day but the last.
func (t *Tally) on(at time.Time) Tally {
	day := at.In(beijing).Format(time.DateOnly)
	if t == nil || t.Day != day {
		return Tally{Day: day}
	}
	return *t
}

// limited reports whether the limits of a plan are those of the contract. The
// plans of 预约扣费 and of insurance have rules of their own, as the products
// have that deduct by endpoints of their own.
func (c *Contract) limited(plan Plan) bool {
	switch plan.Kind {
	case PlanOnDemand, PlanPeriodic, PlanPeriodic24:
		return c.Kind == kindPlan || c.Kind == kindService
	}
	return c.Kind == kindService
}

// overLimit reports whether another deduction would be over a limit of the
// plan of its contract.
//
// Assumed: the limits of a day are those of one contract. Five times the limit
// of one deduction is that of a day, and five are what is allowed.
func (c *Contract) overLimit(plan Plan, amount int64, at time.Time) bool {
	today := c.Deducted.on(at)
	return c.limited(plan) && (amount > cmp.Or(plan.LimitAmount, firstLimit) ||
		today.Amount+amount > cmp.Or(plan.LimitDayAmount, firstDayLimit) ||
		today.Count >= cmp.Or(plan.LimitDayCount, firstCountADay))
}

// mayTakeNow reports whether an order that was accepted before is within the
// limits still, and counts it then.
func (e *Emulator) mayTakeNow(tx Tx, contract *Contract, order *Order, at time.Time) (bool, error) {
	plan, err := e.planOf(tx, contract)
	if err != nil || !contract.limited(plan) {
		return true, err
	}
	amount, err := order.total()
	if err != nil || contract.overLimit(plan, amount, at) {
		return false, err
	}
	today := contract.Deducted.on(at)
	today.Count++
	today.Amount += amount
	contract.Deducted = &today
	return true, nil
}
