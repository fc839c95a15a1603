package emulator

import (
	"encoding/json"
	"time"
)

// ScheduleState is the state of a scheduled deduction (扣费预约状态).
type ScheduleState string

const (
	// NotScheduled: not reserved yet.
	NotScheduled ScheduleState = "NO_SCHEDULED"
	// Scheduled: reserved, and not deducted yet, or the deduction failed.
	Scheduled ScheduleState = "SCHEDULED"
	// SchedulePaid: deducted.
	SchedulePaid ScheduleState = "PAID"
	// ScheduleExpired: its day ended without a deduction.
	ScheduleExpired ScheduleState = "EXPIRED"
)

// Schedule is the one deduction of a contract of 预约扣费. Amounts are in fen;
// the dates are days in Beijing, as 2006-01-02.
type Schedule struct {
	Date        string        `json:"estimated_deduct_date"`
	Amount      int64         `json:"estimated_deduct_amount"`
	Description string        `json:"description"`
	State       ScheduleState `json:"schedule_state"`
	Reserved    int64         `json:"scheduled_amount,omitempty"` // once it is
	Deducted    int64         `json:"deduct_amount,omitempty"`    // once it is
	DeductedOn  string        `json:"deduct_date,omitempty"`
}

// day is the beginning of the day of the deduction.
func (s *Schedule) day() time.Time { return dayOf(s.Date) }

// The hours of a scheduled deduction, from the beginning of its day.
//
// Source: https://pay.weixin.qq.com/docs/partner/apis/entrusted-payment/partner/partner-schedule-deduction.html (2024-11-18)
const (
	presignUntil = -5 * time.Hour                  // 19:00 of the day before
	reserveFrom  = -16 * time.Hour                 // 08:00 of the day before
	reserveUntil = -(4*time.Hour + 30*time.Minute) // 19:30 of the day before
	deductUntil  = 24 * time.Hour
	endOfUnpaid  = 32 * time.Hour // 08:00 of the day after
)

// within reports whether now is in [from, until), counted from the beginning
// of the day of the deduction.
func (s *Schedule) within(now time.Time, from, until time.Duration) bool {
	day := s.day()
	return !now.Before(day.Add(from)) && now.Before(day.Add(until))
}

// readSchedule reads deduct_schedule of a pre-sign, if it is there.
func readSchedule(_ *Emulator, _ Tx, c *call, contract *Contract) error {
	if object, _ := c.body["deduct_schedule"].(map[string]any); object != nil {
		contract.Schedule = &Schedule{
			Date: text(object, "estimated_deduct_date"), Amount: amountOf(object["estimated_deduct_amount"], "total"),
			Description: text(object, "description"), State: NotScheduled,
		}
	}
	return nil
}

// amountOf reads an amount of fen, 0 if there is none.
func amountOf(object any, name string) int64 {
	members, _ := object.(map[string]any)
	number, _ := members[name].(json.Number)
	n, _ := number.Int64() // the check has refused what is none
	return n
}

// checkCurrency refuses any other currency than CNY. Assumed: as a parameter;
// that nothing else is taken is documented.
func checkCurrency(object any, pointer string) error {
	members, _ := object.(map[string]any)
	if given := text(members, "currency"); given != "" && given != "CNY" {
		return paramError(fault{Field: pointer + "/currency", Value: given, Issue: "must be CNY", Location: "body"})
	}
	return nil
}

func cny(total int64) values { return values{"total": total, "currency": "CNY"} }

// mayEntrust holds the rules of a pre-sign of 委托代扣.
//
// Assumed: INVALID_REQUEST for each that is broken; the error tables of the
// pages are not published.
func mayEntrust(e *Emulator, tx Tx, c *call, contract *Contract) error {
	if s := contract.Schedule; s != nil {
		object, _ := c.body["deduct_schedule"].(map[string]any)
		if err := checkCurrency(object["estimated_deduct_amount"], "/deduct_schedule/estimated_deduct_amount"); err != nil {
			return err
		}
		if c.now.Compare(s.day().Add(presignUntil)) >= 0 {
			return documentedError("须在预计扣费日期前一天的19:00前预签约")
		}
	}
	plan, err := e.ownPlan(tx, contract)
	if err != nil {
		return err
	}
	switch scheduled := plan.Kind == PlanScheduled; {
	case scheduled && contract.Schedule == nil:
		return stateError("预约扣费模板的预签约须填写deduct_schedule")
	case !scheduled && contract.Schedule != nil:
		return stateError("该模板不是预约扣费类型，不能填写deduct_schedule")
	case scheduled && plan.StandardPrice > 0 && contract.Schedule.Amount > plan.StandardPrice:
		return documentedError("预计的扣费金额超过模板的标准价格")
	}
	return nil
}

// reserve reserves the deduction (预约扣费).
func reserve(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	if err := checkCurrency(c.body["schedule_amount"], "/schedule_amount"); err != nil {
		return nil, err
	}
	contract, err := e.scheduledContract(tx, c)
	if err != nil {
		return nil, err
	}
	s := contract.Schedule
	switch {
	case contract.State != Signed:
		return nil, stateError("签约协议未生效，不能预约扣费")
	case s.State != NotScheduled:
		return nil, documentedError("该签约协议已预约过扣费")
	case !s.within(c.now, reserveFrom, reserveUntil):
		return nil, documentedError("仅可在预计扣费日期前一天的8:00至19:30预约扣费")
	case amountOf(c.body["schedule_amount"], "total") != s.Amount:
		return nil, documentedError("预约的金额与签约时预计的扣费金额不一致")
	}
	s.State, s.Reserved = Scheduled, s.Amount
	return s.reservation(), save(tx, bucketContracts, contract.key(), contract)
}

func queryReservation(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	contract, err := e.scheduledContract(tx, c)
	if err != nil {
		return nil, err
	}
	return contract.Schedule.reservation(), nil
}

// scheduledContract finds the contract that the path names, which must be one
// of 预约扣费. Assumed: another one has no reservation to speak of.
func (e *Emulator) scheduledContract(tx Tx, c *call) (*Contract, error) {
	contract, err := e.contractNamed(tx, c, c.path["contract_id"])
	if err == nil && contract.Schedule == nil {
		return nil, stateError("该签约协议不是预约扣费类型")
	}
	return contract, err
}

// addEntrusted: a contract of 预约扣费 shows its deduction, one of HarmonyOS the
// masked WeChat id of its user.
//
// Assumed: the form of the mask, and that it is made of the OpenID: nobody has a
// WeChat id here.
func addEntrusted(c *Contract, known values) {
	if c.Schedule != nil {
		known["deduct_schedule"] = c.Schedule.values()
	}
	if c.Role == roleHarmony && len(c.OpenID) > 1 {
		known["mask_wxid"] = c.OpenID[:1] + "***" + c.OpenID[len(c.OpenID)-1:]
	}
}

// reservation is the answer about it. The deduction can be made on one day, so
// that it begins and ends on the same.
func (s *Schedule) reservation() values {
	known := s.values()
	if s.State != NotScheduled {
		known["deduct_start_date"], known["deduct_end_date"] = s.Date, s.Date
	}
	return known
}

// values are its members in the answers and events about the contract.
func (s *Schedule) values() values {
	known := values{
		"estimated_deduct_date": s.Date, "estimated_deduct_amount": cny(s.Amount), "schedule_state": string(s.State),
	}
	if s.Reserved > 0 {
		known["scheduled_amount"] = cny(s.Reserved)
	}
	if s.State == SchedulePaid {
		known["deduct_amount"], known["deduct_date"] = cny(s.Deducted), s.DeductedOn
	}
	return known
}

// beginSchedule puts off the ends of a contract of 预约扣费: its day, and the
// morning after, when the system terminates what was not deducted.
//
// Assumed: at 08:00 sharp, as one page says; another says that it happens in
// the course of the second day.
func beginSchedule(e *Emulator, tx Tx, contract *Contract) error {
	s := contract.Schedule
	if s == nil {
		return nil
	}
	if err := e.later(tx, s.day().Add(deductUntil), "schedule.expire", contract.ContractID); err != nil {
		return err
	}
	return e.later(tx, s.day().Add(endOfUnpaid), "contract.end", contract.ContractID)
}

// scheduleMissed says that the day of a deduction is over, or "".
func scheduleMissed(contract *Contract, _ *Order, at time.Time) string {
	if s := contract.Schedule; s != nil && !s.within(at, 0, deductUntil) {
		return "支付失败，已超过可扣费日期"
	}
	return ""
}

// scheduleDeducted ends a contract of 预约扣费 with its one deduction.
func scheduleDeducted(e *Emulator, tx Tx, contract *Contract, _ *Order, at time.Time) error {
	s := contract.Schedule
	if s == nil {
		return save(tx, bucketContracts, contract.key(), contract)
	}
	s.State, s.Deducted, s.DeductedOn = SchedulePaid, s.Reserved, at.In(beijing).Format(time.DateOnly)
	return e.terminate(tx, contract, Termination{Mode: "SYSTEM_TERMINATE", Remark: "预约扣费已完成", At: at})
}

// expireSchedule ends the day of a deduction that was not made.
func expireSchedule(_ *Emulator, tx Tx, contractID string, _ time.Time) error {
	contract, err := contractOf(tx, contractID)
	if err != nil || contract == nil || contract.State != Signed {
		return err
	}
	contract.Schedule.State = ScheduleExpired
	return save(tx, bucketContracts, contract.key(), contract)
}

// endSchedule terminates the contract of a deduction that was not made.
func endSchedule(e *Emulator, tx Tx, contractID string, at time.Time) error {
	contract, err := contractOf(tx, contractID)
	if err != nil || contract == nil || contract.State != Signed {
		return err
	}
	return e.terminate(tx, contract, Termination{Mode: "SYSTEM_TERMINATE", Remark: "预约扣费未成功", At: at})
}
