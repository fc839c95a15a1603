package emulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"strconv"
	"time"
)

// Policy is what a contract of 保险自动续费 (insurance renewal) is about. Dates are
// days in Beijing, as 2006-01-02.
type Policy struct {
	Start string `json:"policy_start_date"`
	End   string `json:"policy_end_date"`

	// Periods are the deduction periods (扣费周期) by rising number, those of
	// every renewal too. From is where the list that is in force begins.
	Periods []PolicyPeriod `json:"policy_periods"`
	From    int            `json:"in_force_from,omitempty"`

	// Renewable: signed with can_auto_insure or can_auto_reinsure.
	Renewable bool `json:"renewable,omitempty"`
	// NamedPerson: the pre-sign named who must sign. Neither name nor document
	// is kept.
	NamedPerson bool `json:"named_person,omitempty"`

	// Modified are the days on which an amount was lowered.
	Modified []string `json:"modified_on,omitempty"`

	// First is the payment that belongs to the signing (签约中支付), until the user
	// has answered; from then on it is one of the orders.
	First *Order `json:"first_payment,omitempty"`
}

// PolicyPeriod is one deduction period of a [Policy]. Amounts are in fen.
type PolicyPeriod struct {
	ID         int64         `json:"policy_period_id"`
	Date       string        `json:"estimated_deduct_date"`
	Amount     int64         `json:"estimated_deduct_amount"`
	State      ScheduleState `json:"policy_period_state"`
	ReservedOn string        `json:"reserved_on,omitempty"` // the day
	DeductedOn string        `json:"deduct_date,omitempty"` // the day
}

// The days and hours of a period, counted from its expected day.
//
// Source: https://pay.weixin.qq.com/docs/merchant/apis/insurance-entrusted-payment/schedule/schedule-policy-period.html (2024-11-18)
const (
	policyReserveFirst = -1 // day
	policyReserveLast  = 28
	policyDeductLast   = 29

	policyHourFrom     = 8 * time.Hour
	policyReserveUntil = 19*time.Hour + 30*time.Minute
	policyDeductUntil  = 20 * time.Hour
)

// dayOf is the beginning of a day that is written as 2006-01-02. The
// description has refused a date that is none.
func dayOf(date string) time.Time {
	day, _ := time.ParseInLocation(time.DateOnly, date, beijing)
	return day
}

// midnight is the beginning of the day, in Beijing.
func midnight(now time.Time) time.Time {
	year, month, day := now.In(beijing).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, beijing)
}

// from08 reports whether the time of the day is in [08:00, until): the user is
// left alone at night.
func from08(now time.Time, until time.Duration) bool {
	clock := now.Sub(midnight(now))
	return clock >= policyHourFrom && clock < until
}

// on reports whether today is one of the days from first to last, counted from
// the expected one.
func (p *PolicyPeriod) on(now time.Time, first, last int) bool {
	today, day := midnight(now), dayOf(p.Date)
	return !today.Before(day.AddDate(0, 0, first)) && !today.After(day.AddDate(0, 0, last))
}

// closes is when a period that was not deducted is over.
func (p *PolicyPeriod) closes() time.Time {
	return dayOf(p.Date).AddDate(0, 0, policyDeductLast).Add(policyDeductUntil)
}

// open reports whether it can still be reserved or deducted.
func (p *PolicyPeriod) open() bool { return p.State == NotScheduled || p.State == Scheduled }

// period finds one by its number, or returns nil.
func (p *Policy) period(id int64) *PolicyPeriod {
	for i := range p.Periods {
		if p.Periods[i].ID == id {
			return &p.Periods[i]
		}
	}
	return nil
}

// reserved reports whether a period is there and waits for its deduction.
func (p *Policy) reserved(id int64) bool {
	period := p.period(id)
	return period != nil && period.State == Scheduled
}

func (p *Policy) last() *PolicyPeriod { return &p.Periods[len(p.Periods)-1] }

// check refuses a policy that the rules cannot be held to; nil is fine.
func (p *Policy) check() error {
	if p == nil {
		return nil
	}
	dates := []string{p.Start, p.End}
	for i := range p.Periods {
		dates = append(dates, p.Periods[i].Date)
		p.Periods[i].State = cmp.Or(p.Periods[i].State, NotScheduled)
	}
	for _, date := range dates {
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			return errors.New("a policy's date is not one such as 2006-01-02")
		}
	}
	if p.From < 0 || p.From >= len(p.Periods) {
		return errors.New("a policy has policy_periods, and in_force_from is the index of one")
	}
	return nil
}

// readPolicy reads the policy of a pre-sign.
func readPolicy(_ *Emulator, _ Tx, c *call, contract *Contract) error {
	contract.DisplayAccount = c.text("insured_display_name")
	contract.Policy = &Policy{
		Start: c.text("policy_start_date"), End: c.text("policy_end_date"), Periods: readPeriods(c),
		Renewable:   c.body["can_auto_insure"] == true || c.body["can_auto_reinsure"] == true,
		NamedPerson: c.body["real_identity"] != nil,
	}
	return nil
}

func addInsured(c *Contract, known values) {
	if c.State != SignFailed {
		known["insured_display_name"] = c.DisplayAccount
	}
}

// readPeriods reads policy_periods.
func readPeriods(c *call) []PolicyPeriod {
	items, _ := c.body["policy_periods"].([]any)
	periods := make([]PolicyPeriod, len(items))
	for i, item := range items {
		members, _ := item.(map[string]any)
		number, _ := members["policy_period_id"].(json.Number)
		id, _ := number.Int64() // the check has refused what is none
		periods[i] = PolicyPeriod{
			ID: id, Date: text(members, "estimated_deduct_date"), Amount: amountOf(members["estimated_deduct_amount"], "total"), State: NotScheduled,
		}
	}
	return periods
}

// plan are the members of a period that the merchant chose.
func (p *PolicyPeriod) plan() values {
	return values{"policy_period_id": p.ID, "estimated_deduct_date": p.Date, "estimated_deduct_amount": cny(p.Amount)}
}

// values are its members in every answer about it.
//
// Assumed: the first payment, which is not reserved, counts as reserved on the
// day before it.
func (p *PolicyPeriod) values() values {
	known := p.plan()
	known["policy_period_state"] = string(p.State)
	if p.State == SchedulePaid {
		known["deduct_amount"], known["deduct_date"] = cny(p.Amount), p.DeductedOn
	}
	if p.State == Scheduled || p.State == SchedulePaid {
		first := p.DeductedOn
		if p.ReservedOn != "" {
			first = dayOf(p.ReservedOn).AddDate(0, 0, 1).Format(time.DateOnly)
		}
		known["deduct_start_date"], known["scheduled_amount"] = first, cny(p.Amount)
		known["deduct_end_date"] = dayOf(p.Date).AddDate(0, 0, policyDeductLast).Format(time.DateOnly)
	}
	return known
}

// listPeriods lists the periods of a contract, page by page (查询保险扣费周期列表).
func listPeriods(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	contract, err := e.contractAt(tx, c)
	if err != nil {
		return nil, err
	}
	if contract == nil || contract.State == PreSigned || contract.State == SignFailed {
		return nil, c.errNoContract()
	}
	periods := contract.Policy.Periods
	limit, offset := c.queried("limit", periodsByDefault), c.queried("offset", 0)
	data := []any{}
	for i := offset; i < min(offset+limit, int64(len(periods))); i++ {
		data = append(data, periods[i].values())
	}
	return values{"data": data, "limit": limit, "offset": offset, "total_count": int64(len(periods))}, nil
}

// periodsByDefault is how many periods a page has.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012489530 (2024-11-12)
const periodsByDefault = 20

// queried reads a number of the query, which the check has found to be one.
func (c *call) queried(name string, absent int64) int64 {
	n, err := strconv.ParseInt(c.query[name], 10, 64)
	if err != nil {
		return absent
	}
	return n
}
