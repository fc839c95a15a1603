package emulator

import (
	"slices"
	"strconv"
	"time"
)

// The rules of a renewal (续期) and of a change of the amounts.
//
// Source: https://pay.weixin.qq.com/docs/merchant/products/insurance-entrusted-payment/introduction.html (2025-01-06)
// and https://pay.weixin.qq.com/doc/v3/merchant/4012987596 (2025-01-17)
const (
	policyChangeUntil = 19 * time.Hour
	mostPeriodID      = 840
	mostChanges       = 3
)

// renewDays is the beginning of the first day on which a policy can be
// renewed, and the end of the last one. The documents count the days from the
// one after the last expected day: 0 to 29 by month, 60 to 89 by quarter, 335
// to 364 by year.
//
// Assumed: the rhythm of the plan, which is set up with WeChat Pay, is that of
// the last two periods, or of the policy where it has one period.
func (p *Policy) renewDays() (first, end time.Time) {
	from, until := dayOf(p.Start), dayOf(p.End)
	if n := len(p.Periods); n > 1 {
		from, until = dayOf(p.Periods[n-2].Date), dayOf(p.Periods[n-1].Date)
	}
	wait := 0
	switch days := until.Sub(from) / (24 * time.Hour); {
	case days >= 200:
		wait = 335
	case days >= 60:
		wait = 60
	}
	first = dayOf(p.last().Date).AddDate(0, 0, 1+wait)
	return first, first.AddDate(0, 0, 30)
}

// renewable reports whether a policy may be renewed, but for the day.
func (p *Policy) renewable() bool {
	paid := slices.ContainsFunc(p.Periods[p.From:], func(period PolicyPeriod) bool { return period.State == SchedulePaid })
	return p.Renewable && paid && p.last().State != Scheduled
}

// renewContract takes the next periods of a contract (受理续期自动续费协议).
//
// Assumed: it is notified at the URL of the pre-sign.
func renewContract(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	contract, err := e.policyNamed(tx, c)
	if err != nil {
		return nil, err
	}
	p, next := contract.Policy, readPeriods(c)
	if err := checkNext(c, p, next); err != nil {
		return nil, err
	}
	switch first, end := p.renewDays(); {
	case contract.State != ToBeRenewed:
		return nil, stateError("签约协议不是待续期状态")
	case !p.renewable():
		return nil, documentedError("不满足续期条件：须有一期扣费成功，且最后一期未预约、已扣费或已过可扣费期")
	case c.now.Before(first) || !c.now.Before(end) || !from08(c.now, policyChangeUntil):
		return nil, documentedError("不在可续期的时间内")
	}
	p.From = len(p.Periods)
	p.Periods = append(p.Periods, next...)
	contract.State = Signed
	if err := e.course(tx, contract, c.now); err != nil {
		return nil, err
	}
	return nil, e.tellOf(tx, contract, "INSURANCE_ENTRUST.RENEW", contract.NotifyURL, c.now)
}

// checkNext holds the rules of the periods of a renewal.
func checkNext(c *call, p *Policy, next []PolicyPeriod) error {
	if len(next) == 0 {
		return bodyError("/policy_periods", "must have 1 to 12 periods")
	}
	before := *p.last()
	if today := c.now.In(beijing).Format(time.DateOnly); before.Date < today {
		before.Date = today
	}
	if err := checkRising(c, next, before); err != nil {
		return err
	}
	for i := range next {
		switch last, amount := p.last().Amount, next[i].Amount; {
		case next[i].ID > mostPeriodID:
			return periodError(i, "policy_period_id", "is more than "+strconv.Itoa(mostPeriodID))
		case 2*amount < last || 2*amount > 3*last:
			return periodError(i, "estimated_deduct_amount/total", "differs from the last amount by more than half of it")
		}
	}
	return nil
}

// policyNamed finds the contract of insurance that a path names by its plan
// and its id.
func (e *Emulator) policyNamed(tx Tx, c *call) (*Contract, error) {
	contract, err := e.contractNamed(tx, c, c.path["contract_id"])
	if err == nil && (strconv.FormatInt(contract.Plan, 10) != c.path["plan_id"] || contract.State == SignFailed) {
		return nil, c.errNoContract()
	}
	return contract, err
}

// modifyPeriods lowers the amount of one period (修改保险扣费周期列表).
func modifyPeriods(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	contract, err := e.policyNamed(tx, c)
	if err != nil {
		return nil, err
	}
	p, given := contract.Policy, readPeriods(c)
	changed, err := changedPeriod(p, given)
	if err != nil {
		return nil, err
	}
	if err := contract.mayModify(c, changed, given[changed].Amount); err != nil {
		return nil, err
	}
	known := values{}
	period := &p.Periods[changed]
	if period.State == Scheduled {
		period.State, period.ReservedOn = NotScheduled, ""
		known["cancel_scheduled_policy_period_id"] = period.ID
	}
	period.Amount = given[changed].Amount
	p.Modified = append(p.Modified, c.now.In(beijing).Format(time.DateOnly))
	list := make([]any, len(p.Periods))
	for i := range p.Periods {
		list[i] = p.Periods[i].plan()
	}
	known["policy_periods"] = list
	return known, save(tx, bucketContracts, contract.key(), contract)
}

// changedPeriod is the one whose amount is another than it was.
func changedPeriod(p *Policy, given []PolicyPeriod) (int, error) {
	if len(given) != len(p.Periods) {
		return 0, bodyError("/policy_periods", "must have all the periods of the contract")
	}
	changed := -1
	for i := range given {
		was := &p.Periods[i]
		switch {
		case given[i].ID != was.ID:
			return 0, periodError(i, "policy_period_id", "must be as it was signed")
		case given[i].Date != was.Date:
			return 0, periodError(i, "estimated_deduct_date", "must be as it was signed")
		case given[i].Amount == was.Amount:
		case changed >= 0:
			return 0, periodError(i, "estimated_deduct_amount/total", "is a second amount that changes; one may")
		default:
			changed = i
		}
	}
	if changed < 0 {
		return 0, bodyError("/policy_periods", "has no amount that changes")
	}
	return changed, nil
}

// mayModify refuses a change that is against the rules.
//
// Assumed: one while the period is being deducted is refused.
func (c *Contract) mayModify(request *call, changed int, amount int64) error {
	p, now := c.Policy, request.now
	period, discounted := &p.Periods[changed], len(p.Periods) > 1 && p.Periods[0].Amount > 0 && p.Periods[0].Amount < p.Periods[1].Amount
	switch {
	case !c.InForce():
		return stateError("签约协议未生效，不能修改")
	case !from08(now, policyChangeUntil) || midnight(now).After(dayOf(p.last().Date).AddDate(0, 0, policyReserveLast)):
		return documentedError("仅可在最后一期可预约日结束前的每天8:00至19:00修改")
	case !period.open():
		return documentedError("仅可修改未预约或已预约的扣费周期")
	case amount > period.Amount:
		return documentedError("仅支持减小预计扣费金额")
	case discounted && changed > 0 && p.Periods[0].State != SchedulePaid:
		return documentedError("首期优惠模式须首期扣费完结后才能修改")
	case discounted && changed > 0 && amount <= p.Periods[0].Amount:
		return documentedError("修改后的金额应高于首期金额")
	case slices.Contains(p.Modified, now.In(beijing).Format(time.DateOnly)), len(p.Modified) >= mostChanges:
		return ruleLimit("单份协议每天至多修改一次，且至多修改三次", "the limit is documented, its code is that of APIv2")
	case period.State != Scheduled:
		return nil
	case request.body["allow_cancel_scheduled"] != true:
		return documentedError("该扣费周期已预约，且未允许取消预约")
	case c.Deducting != "":
		return stateError("该扣费周期有扣款正在处理")
	case !period.on(now, policyReserveFirst, policyReserveLast-1):
		return documentedError("修改已预约的扣费周期须早于可预约结束日期")
	}
	return nil
}
