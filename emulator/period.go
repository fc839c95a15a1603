package emulator

import "time"

// The rules of 周期扣费.
//
// Source: https://pay.weixin.qq.com/wiki/doc/api/wxpay_v2/papay/chapter3_10.shtml (2024-12-31)
const (
	periodHourFrom  = 7
	periodHourUntil = 22
	withoutNotice   = 12 * time.Hour // after the signing
	waitingDays     = 2              // the day of the notice and the next
	daysByDefault   = 7              // the current text; the tables say 1, 2 or 3
)

// Period is what a pre-deduct notice (预扣费通知) opened: after the waiting days,
// one deduction of at most the amount told.
type Period struct {
	NotifiedAt time.Time `json:"notified_at"`
	From       time.Time `json:"from"`             // beginning of the first day
	Until      time.Time `json:"until"`            // beginning of the first day after
	Amount     int64     `json:"estimated_amount"` // in fen
	Paid       bool      `json:"paid,omitempty"`
	Failed     bool      `json:"failed,omitempty"` // the last deduction
}

func (p *Period) paid() {
	if p != nil {
		p.Paid, p.Failed = true, false
	}
}

func (p *Period) failed() {
	if p != nil {
		p.Failed = true
	}
}

// open reports whether a deduction may still come of it.
func (p *Period) open(now time.Time) bool { return p != nil && !p.Paid && now.Before(p.Until) }

// inHours reports whether a notice or a deduction may be made at this time of
// the day, in Beijing.
func inHours(now time.Time) bool {
	hour := now.In(beijing).Hour()
	return hour >= periodHourFrom && hour < periodHourUntil
}

// periodicRule says why a periodic deduction cannot be made, or "".
//
// Assumed: without a notice there is one deduction in the first hours, at any
// hour of the day.
func (c *Contract) periodicRule(amount int64, now time.Time) string {
	p := c.Period
	switch {
	case !c.FirstDeducted && now.Before(c.SignedAt.Add(withoutNotice)):
		return ""
	case p == nil || p.Paid:
		return "未下发扣费前通知，不能扣款"
	case now.Before(p.From):
		return "扣费前通知的等待期内，不能扣款"
	case !now.Before(p.Until):
		return "已超过扣费前通知的可扣费期"
	case !inHours(now):
		return "仅可在7:00至22:00扣款"
	case amount > p.Amount:
		return "扣款金额超过扣费前通知的预计扣费金额"
	}
	return ""
}

// tellBefore tells the user of a coming deduction (预扣费通知).
//
// Assumed: while a period is open, another notice is refused.
func tellBefore(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	if err := checkCurrency(c.body["estimated_amount"], "/estimated_amount"); err != nil {
		return nil, err
	}
	contract, err := e.periodicContract(tx, c)
	if err != nil {
		return nil, err
	}
	if contract.Period.open(c.now) {
		return nil, stateError("扣费前通知已下发，请在可扣费期内扣款")
	}
	days := amountOf(c.body["deduct_duration"], "count")
	if days == 0 {
		days = daysByDefault
	}
	from := midnight(c.now).AddDate(0, 0, waitingDays)
	contract.Period = &Period{
		NotifiedAt: c.now, From: from, Until: from.AddDate(0, 0, int(days)), Amount: amountOf(c.body["estimated_amount"], "amount"),
	}
	return nil, save(tx, bucketContracts, contract.key(), contract)
}

// tellAgain tells the user that a deduction that failed is tried again
// (重试扣费通知). Assumed: there must have been such a failure, in a period that
// is still open.
func tellAgain(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	contract, err := e.periodicContract(tx, c)
	if err != nil {
		return nil, err
	}
	if !contract.Period.open(c.now) || !contract.Period.Failed {
		return nil, stateError("可扣费期内没有失败的扣款，不能下发重试扣费通知")
	}
	return nil, nil
}

// periodicContract finds the contract of a notice, and holds what every notice
// needs.
func (e *Emulator) periodicContract(tx Tx, c *call) (*Contract, error) {
	contract, err := e.contractNamed(tx, c, c.path["contract_id"])
	if err != nil {
		return nil, err
	}
	plan, err := e.planOf(tx, contract)
	if err != nil {
		return nil, err
	}
	switch {
	case plan.Kind == PlanPeriodic24:
		return nil, documentedError("当前签约的模板为通知后24小时扣费，不能下发扣费前通知")
	case plan.Kind != PlanPeriodic:
		return nil, errNotPeriodic()
	case contract.State != Signed:
		return nil, stateError("签约协议未生效，不能下发扣费前通知")
	case !inHours(c.now):
		return nil, documentedError("仅可在7:00至22:00下发扣费前通知")
	}
	return contract, nil
}

// errNotPeriodic answers as the live service was seen to.
func errNotPeriodic() error {
	r := stateError("当前签约的模板不是周期扣费类型,不能下发扣费前通知")
	r.from = Provenance{Observed, pageNotPeriodic}
	return r
}
