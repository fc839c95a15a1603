package emulator

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// combinedDays is how many days apart the first two periods are at least for
// each one that the first payment is for (首次扣多期).
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012528600 (2025-02-20)
const combinedDays = 25

// mayInsure holds the rules of a pre-sign of 保险自动续费.
//
// Assumed: PARAM_ERROR for each that the request alone shows broken, as was
// observed of a list that is too short; the modes of the first amount, which
// are agreed upon with WeChat Pay, are all taken.
func mayInsure(e *Emulator, tx Tx, c *call, contract *Contract) error {
	if _, err := e.ownPlan(tx, contract); err != nil {
		return err
	}
	p := contract.Policy
	for _, check := range []func(*call, *Policy) error{checkInsured, checkPolicy, checkPeriodDays, checkAmounts, checkCoverage, checkIdentity} {
		if err := check(c, p); err != nil {
			return err
		}
	}
	return e.prepareFirst(tx, c, contract)
}

func periodError(i int, member, issue string) error {
	return bodyError("/policy_periods/"+strconv.Itoa(i)+"/"+member, issue)
}

// maskedName is how the insured is shown: the last character of the name
// behind a * for each other one, three at most, or the first of several so.
var maskedName = regexp.MustCompile(`^(\*{1,3}[^*]|多人保单-\*{1,3}[^*]等)$`)

// checkInsured holds the rules of single members. A name that asks for a
// scenario is none.
func checkInsured(c *call, p *Policy) error {
	name := c.text("insured_display_name")
	switch {
	case !strings.HasPrefix(name, magic) && !maskedName.MatchString(name):
		return bodyError("/insured_display_name", "must be masked, as *明, ***G or 多人保单-**明等")
	case c.body["can_auto_insure"] == true && c.body["can_auto_reinsure"] == true:
		return bodyError("/can_auto_reinsure", "must not be true together with can_auto_insure")
	case p.End < p.Start:
		return bodyError("/policy_end_date", "is before policy_start_date")
	}
	return nil
}

// withPayment reports whether the user pays while signing (签约中支付).
func (c *call) withPayment() bool { return c.body["amount"] != nil }

// paymentMembers belong to a payment together.
var paymentMembers = []string{"amount", "out_trade_no", "description", "transaction_notify_url"}

func checkPolicy(c *call, p *Policy) error {
	for _, name := range paymentMembers {
		if (c.body[name] != nil) != c.withPayment() {
			return bodyError("/"+name, "amount, out_trade_no, description and transaction_notify_url go together")
		}
	}
	if len(p.Periods) == 0 || c.withPayment() && len(p.Periods) < 2 {
		r := headerError("保单的扣费周期列表个数不符合规范，请核查后再试。")
		r.from = Provenance{Observed, pageShortList}
		return r
	}
	if !c.withPayment() {
		return nil
	}
	if err := checkCurrency(c.body["amount"], "/amount"); err != nil {
		return err
	}
	if total := amountOf(c.body["amount"], "total"); total < 1 || total != p.Periods[0].Amount {
		return bodyError("/amount/total", "must be what is expected of the first period, and more than 0")
	}
	return nil
}

// checkPeriodDays holds the numbers and the days of the periods of a pre-sign.
//
// Assumed: the first day of a signing with payment is today or later.
func checkPeriodDays(c *call, p *Policy) error {
	if err := checkRising(c, p.Periods, PolicyPeriod{}); err != nil {
		return err
	}
	today := c.now.In(beijing).Format(time.DateOnly)
	for i := range p.Periods {
		mayBeToday := i == 0 && c.withPayment()
		switch date := p.Periods[i].Date; {
		case date < today, date == today && !mayBeToday:
			return periodError(i, "estimated_deduct_date", "must be later than today")
		case date > p.End:
			return periodError(i, "estimated_deduct_date", "is later than policy_end_date")
		}
	}
	return nil
}

// checkRising holds that numbers and days rise, from those of before.
func checkRising(c *call, periods []PolicyPeriod, before PolicyPeriod) error {
	items, _ := c.body["policy_periods"].([]any)
	for i, period := range periods {
		members, _ := items[i].(map[string]any)
		if err := checkCurrency(members["estimated_deduct_amount"], "/policy_periods/"+strconv.Itoa(i)+"/estimated_deduct_amount"); err != nil {
			return err
		}
		switch {
		case period.ID <= before.ID:
			return periodError(i, "policy_period_id", "must be greater than the one before")
		case period.Date <= before.Date: // the form sorts as the days do
			return periodError(i, "estimated_deduct_date", "must be later than the one before")
		}
		before = period
	}
	return nil
}

// checkAmounts holds the modes of the amounts: all equal (每期固定金额), a lower
// first one (首期优惠), a free one without payment (首期免费), or one for two or three
// periods with payment (首次扣多期).
func checkAmounts(c *call, p *Policy) error {
	if len(p.Periods) < 2 {
		return nil
	}
	first, next := &p.Periods[0], &p.Periods[1]
	for i := range p.Periods[1:] {
		if p.Periods[i+1].Amount != next.Amount {
			return periodError(i+1, "estimated_deduct_amount/total", "must be that of the second period")
		}
	}
	if first.Amount <= next.Amount {
		return nil // a payment of nothing is refused elsewhere
	}
	if !c.withPayment() || first.Amount != 2*next.Amount && first.Amount != 3*next.Amount {
		return periodError(0, "estimated_deduct_amount/total", "may exceed that of the second period with a payment alone, two or three times")
	}
	count := c.integer("combined_deduct_period_count")
	if c.body["combined_deduct_period_count"] == nil {
		count = first.Amount / next.Amount
	}
	if dayOf(next.Date).Before(dayOf(first.Date).AddDate(0, 0, combinedDays*int(min(count, 1000)))) {
		return periodError(1, "estimated_deduct_date", "must be 25 days after the first for each period that the first is for")
	}
	return nil
}

// checkCoverage holds that either every period has policy_coverage_detail or
// none, and the same; the first may differ where its amount is lower.
func checkCoverage(c *call, p *Policy) error {
	items, _ := c.body["policy_periods"].([]any)
	details := make([][]byte, len(items))
	for i, item := range items {
		members, _ := item.(map[string]any)
		if detail := members["policy_coverage_detail"]; detail != nil {
			details[i], _ = json.Marshal(detail) // it came out of JSON
		}
		like := max(i-1, 0)
		if i == 1 && p.Periods[0].Amount < p.Periods[1].Amount && details[0] != nil && details[1] != nil {
			continue
		}
		if !bytes.Equal(details[i], details[like]) {
			return periodError(i, "policy_coverage_detail", "must be given for every period or for none, and be the same")
		}
	}
	return nil
}

// identityNumber is the form of a resident identity number.
var identityNumber = regexp.MustCompile(`^[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]$`)

// checkIdentity checks the form of who must sign. Assumed: the form alone; the
// documented sample has a wrong check digit. It names no value: these are
// encrypted on the wire.
func checkIdentity(c *call, _ *Policy) error {
	identity, _ := c.body["real_identity"].(map[string]any)
	if identity != nil && !identityNumber.MatchString(text(identity, "id_card_number")) {
		return bodyError("/real_identity/id_card_number", "is not of the form of an identity number of 18 characters")
	}
	return nil
}
