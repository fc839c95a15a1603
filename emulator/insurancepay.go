package emulator

import (
	"net/http"
	"strconv"
	"time"
)

// reservePeriod reserves the deduction of a period (预约保险自动续费). An earlier
// reservation ends with it.
//
// Assumed: a period of 0 fen is nothing to reserve.
func reservePeriod(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	if err := checkCurrency(c.body["scheduled_amount"], "/scheduled_amount"); err != nil {
		return nil, err
	}
	contract, period, err := e.periodNamed(tx, c)
	if err != nil {
		return nil, err
	}
	switch {
	case !contract.InForce():
		return nil, stateError("签约协议未生效，不能预约")
	case period.State != NotScheduled:
		return nil, documentedError("该扣费周期已预约过或已结束")
	case !period.on(c.now, policyReserveFirst, policyReserveLast) || !from08(c.now, policyReserveUntil):
		return nil, documentedError("仅可在预计扣费日期前1日至后28日的每天8:00至19:30预约")
	case amountOf(c.body["scheduled_amount"], "total") != period.Amount:
		return nil, documentedError("预约的金额与该扣费周期的预计扣费金额不一致")
	case period.Amount == 0:
		return nil, stateError("该扣费周期免费，无需预约")
	}
	for i := range contract.Policy.Periods {
		if earlier := &contract.Policy.Periods[i]; earlier.ID < period.ID && earlier.State == Scheduled {
			earlier.State = ScheduleExpired
		}
	}
	period.State, period.ReservedOn = Scheduled, c.now.In(beijing).Format(time.DateOnly)
	return period.values(), save(tx, bucketContracts, contract.key(), contract)
}

func queryPeriod(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	_, period, err := e.periodNamed(tx, c)
	if err != nil {
		return nil, err
	}
	return period.values(), nil
}

// periodNamed finds the contract and the period that the path names.
func (e *Emulator) periodNamed(tx Tx, c *call) (*Contract, *PolicyPeriod, error) {
	contract, err := e.contractNamed(tx, c, c.path["contract_id"])
	if err != nil {
		return nil, nil, err
	}
	id, err := strconv.ParseInt(c.path["policy_period_id"], 10, 64)
	period := contract.Policy.period(id)
	if err != nil || period == nil {
		return nil, nil, &refusal{status: http.StatusNotFound, code: "RESOURCE_NOT_EXISTS", message: "扣费周期不存在"}
	}
	return contract, period, nil
}

// policyRefuses says why a period cannot be deducted.
func policyRefuses(_ Tx, c *call, contract *Contract) error {
	id := c.integer("policy_period_id")
	period := contract.Policy.period(id)
	switch {
	case !contract.Policy.reserved(id):
		return documentedError("该扣费周期未预约，不能扣款")
	case !midnight(c.now).After(dayOf(period.ReservedOn)) || !c.now.Before(period.closes()) || !from08(c.now, policyDeductUntil):
		return documentedError("仅可在预约次日至预计扣费日期后29日的每天8:00至20:00扣款")
	case amountOf(c.body["amount"], "total") != period.Amount:
		return documentedError("扣款金额与预约的金额不一致")
	}
	return nil
}

// reservationLost says that a period is no longer reserved, or "".
func reservationLost(contract *Contract, order *Order, _ time.Time) string {
	if !contract.Policy.reserved(order.PolicyPeriod) {
		return "支付失败，预约已失效"
	}
	return ""
}

// periodDeducted writes the deduction of a period.
func periodDeducted(e *Emulator, tx Tx, contract *Contract, order *Order, at time.Time) error {
	contract.Policy.period(order.PolicyPeriod).pay(at)
	return e.course(tx, contract, at)
}

// pay writes the deduction of a period.
func (p *PolicyPeriod) pay(at time.Time) {
	p.State, p.DeductedOn = SchedulePaid, at.In(beijing).Format(time.DateOnly)
}

func beginPolicy(e *Emulator, tx Tx, contract *Contract) error {
	return e.course(tx, contract, contract.SignedAt)
}

// course lets happen what the days of a policy bring by themselves, saves the
// contract, and puts off what is next: periods run out, the contract is to be
// renewed, and at last it ends.
//
// Assumed: it is to be renewed on the first day on which it can be, and what
// is not renewed, or cannot be, is terminated by the system once nothing can
// be done with it any more, as is 预约扣费.
func (e *Emulator) course(tx Tx, contract *Contract, at time.Time) error {
	p := contract.Policy
	for i := range p.Periods {
		if period := &p.Periods[i]; period.open() && !at.Before(period.closes()) {
			period.State = ScheduleExpired
		}
	}
	contract.ExpiresAt = p.over()
	if !at.Before(contract.ExpiresAt) {
		return e.terminate(tx, contract, Termination{Mode: "SYSTEM_TERMINATE", Remark: "扣费周期已全部结束", At: at})
	}
	first, _ := p.renewDays()
	if contract.State == Signed && p.renewable() && !at.Before(first) {
		contract.State = ToBeRenewed
	}
	if err := e.later(tx, p.next(at), "policy", contract.ContractID); err != nil {
		return err
	}
	return save(tx, bucketContracts, contract.key(), contract)
}

// next is when something may happen by itself after a moment.
func (p *Policy) next(after time.Time) time.Time {
	next := p.over()
	consider := func(at time.Time) {
		if at.After(after) && at.Before(next) {
			next = at
		}
	}
	for i := range p.Periods {
		if p.Periods[i].open() {
			consider(p.Periods[i].closes())
		}
	}
	if first, _ := p.renewDays(); p.Renewable {
		consider(first)
	}
	return next
}

// over is when nothing can be done with a policy any more.
func (p *Policy) over() time.Time {
	if _, end := p.renewDays(); p.Renewable {
		return end
	}
	return p.last().closes()
}

// followPolicy is the chore of the course.
func followPolicy(e *Emulator, tx Tx, contractID string, at time.Time) error {
	contract, err := contractOf(tx, contractID)
	if err != nil || contract == nil || !contract.InForce() {
		return err
	}
	return e.course(tx, contract, at)
}
