package emulator

import (
	"cmp"
	"strconv"
	"time"
)

// deductAfter is how long an accepted deduction (受理扣款) takes. Assumed: a few
// seconds; the pages say only that the answer is no result.
const deductAfter = 5 * time.Second

// failLateAfter is how long one takes that fails late, and noticeLead how long
// one does in the mode 通知后24小时扣费.
const (
	failLateAfter = 2 * time.Hour
	noticeLead    = 24 * time.Hour
)

// Outcome is how the deductions under a contract end.
type Outcome string

const (
	// OutcomePaid: as long as nothing else is said.
	OutcomePaid Outcome = "paid"
	// OutcomeShort: the user is short of funds. Notified as TRANSACTION.FAIL.
	OutcomeShort Outcome = "short-of-funds"
	// OutcomeClosed: the user's account is closed. Notified likewise.
	OutcomeClosed Outcome = "account-closed"
	// OutcomeLate: notified likewise, two hours later.
	OutcomeLate Outcome = "failing-late"
	// OutcomeLimit: refused at once with RULE_LIMIT.
	OutcomeLimit Outcome = "over-limit"
)

// failures are the descriptions of a failed deduction's state. Assumed: the
// texts of TRANSACTION.FAIL are not published.
var failures = map[Outcome]string{
	OutcomeShort: "支付失败，用户余额不足", OutcomeClosed: "支付失败，用户账户已注销", OutcomeLate: "支付失败，请重新下单支付",
}

// DeductionsEnd says how the deductions under a contract end from now on, those
// under way included, and returns the contract. The error is an
// [*ActionError]: no such contract or outcome, or a contract not in force.
func (e *Emulator) DeductionsEnd(contractID string, how Outcome) (*Contract, error) {
	if how == "" {
		how = OutcomePaid
	}
	if how != OutcomePaid && how != OutcomeLimit && failures[how] == "" {
		return nil, &ActionError{"invalid", strconv.Quote(string(how)) + " is none of paid, short-of-funds, account-closed, failing-late and over-limit"}
	}
	return e.changeContract(contractID, func(tx Tx, contract *Contract) error {
		contract.Outcome = how
		return save(tx, bucketContracts, contract.key(), contract)
	})
}

// applyDeduction accepts a deduction, and makes it a little later. The same
// request again is accepted again and has no second effect, but for one whose
// deduction failed: that is tried again.
//
// Assumed: the codes; and that a deduction under a periodic contract, which is
// documented for APIv2 alone, follows the same rules here.
func applyDeduction(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	if c.op.Behavior.Args["currency"] != "any" {
		if err := checkCurrency(c.body["amount"], "/amount"); err != nil {
			return nil, err
		}
	}
	contract, order, known, err := e.deductionOf(tx, c, e.newDeduction)
	if err != nil {
		return nil, err
	}
	if known != nil {
		return accepted(c, known)
	}
	at, err := e.mayDeduct(tx, c, contract)
	if err != nil {
		return nil, err
	}
	if places := contract.family().places; places != nil {
		if err := places(c, contract, order); err != nil {
			return nil, err
		}
	}
	if atOnce := contract.family().atOnce; atOnce != nil && atOnce(c) {
		if err := e.deductAtOnce(tx, contract, order, c.now); err != nil {
			return nil, err
		}
		return accepted(c, order)
	}
	contract.Deducting = order.OutTradeNo
	if err := save(tx, bucketContracts, contract.key(), contract); err != nil {
		return nil, err
	}
	if err := e.deductLater(tx, order, at); err != nil {
		return nil, err
	}
	return accepted(c, order)
}

// deductionOf reads the order of a deduction under the contract that the
// request names. known is the order that it repeats, or nil.
func (e *Emulator) deductionOf(tx Tx, c *call, read func(*call, *Contract) (*Order, error)) (contract *Contract, order, known *Order, err error) {
	if contract, err = e.contractNamed(tx, c, c.text("contract_id")); err != nil {
		return nil, nil, nil, err
	}
	if order, err = read(c, contract); err != nil {
		return nil, nil, nil, err
	}
	known, err = knownOrder(tx, order)
	return contract, order, known, err
}

// deductLater keeps the order of an accepted deduction, which is made at at.
func (e *Emulator) deductLater(tx Tx, order *Order, at time.Time) error {
	if err := e.later(tx, at, "deduct", order.key()); err != nil {
		return err
	}
	return saveOrder(tx, order)
}

// accepted answers a deduction that was accepted: with the order, where it has
// endpoints of its own.
func accepted(c *call, order *Order) (map[string]any, error) {
	if order.Product != "" {
		return order.values()
	}
	return values{"out_trade_no": order.OutTradeNo, "amount": c.body["amount"]}, nil
}

// knownOrder finds the order that a request repeats, or nil; another request
// of the same number is refused. One whose deduction failed is tried again.
func knownOrder(tx Tx, o *Order) (*Order, error) {
	known, err := load[Order](tx, bucketOrders, o.key())
	switch {
	case err != nil || known == nil:
		return nil, err
	case known.Fingerprint == o.Fingerprint && known.State == TradePayError:
		return nil, nil
	case known.Fingerprint == o.Fingerprint:
		return known, nil
	case known.paid():
		return nil, errUsed()
	}
	return nil, errReentry()
}

func (e *Emulator) newDeduction(c *call, contract *Contract) (*Order, error) {
	o, err := e.readOrder(c)
	if err != nil {
		return nil, err
	}
	o.TradeType, o.ContractID = cmp.Or(o.TradeType, "PAP"), contract.ContractID
	if contract.family().apart {
		o.Product = contract.Kind
	}
	o.AppID, o.OpenID, o.SubOpenID = contract.AppID, contract.OpenID, contract.SubOpenID
	o.NotifyURL, o.PolicyPeriod = c.text("transaction_notify_url", "notify_url"), c.integer("policy_period_id")
	return o, nil
}

// mayDeduct says when an accepted deduction is made, or why it is not
// accepted.
func (e *Emulator) mayDeduct(tx Tx, c *call, contract *Contract) (at time.Time, err error) {
	plan, err := e.planOf(tx, contract)
	if err != nil {
		return at, err
	}
	f := contract.family()
	kind := cmp.Or(f.under, plan.Kind)
	oneByOne := kind != PlanOnDemand
	if f.apart { // whose rules are not those of a plan
		oneByOne = f.atOnce == nil
	}
	at = c.now.Add(deductAfter)
	switch {
	case !contract.InForce():
		return at, stateError("签约协议未生效，不能扣款")
	case oneByOne && contract.Deducting != "":
		return at, stateError("该签约协议有扣款正在处理")
	case contract.Outcome == OutcomeLimit:
		return at, errLimit()
	case contract.Outcome == OutcomeLate:
		at = c.now.Add(failLateAfter)
	}
	if f.refuses != nil {
		return at, f.refuses(tx, c, contract)
	}
	if kind == PlanPeriodic24 {
		at = at.Add(noticeLead - deductAfter)
	}
	return at, contract.planRefuses(plan, amountOf(c.body["amount"], "total"), c.now, at)
}

// planRefuses says why a plan does not let a deduction be accepted now and made
// at a time, or nil.
func (c *Contract) planRefuses(plan Plan, amount int64, now, at time.Time) error {
	var why string
	switch plan.Kind {
	case PlanScheduled:
		why = c.scheduledRule(amount, now)
	case PlanPeriodic:
		why = c.periodicRule(amount, now)
	}
	if why != "" {
		return documentedError(why)
	}
	if c.overLimit(plan, amount, at) {
		return errLimit()
	}
	return nil
}

// errLimit refuses a deduction over a limit.
func errLimit() error {
	return ruleLimit("扣款金额或次数超过限额", "the limit is documented, its code is that of APIv2")
}

// scheduledRule says why a scheduled deduction cannot be made, or "".
func (c *Contract) scheduledRule(amount int64, now time.Time) string {
	s := c.Schedule
	switch {
	case s == nil || s.State != Scheduled:
		return "未预约扣费，不能扣款"
	case !s.within(now, 0, deductUntil):
		return "仅可在预计扣费日期当天扣款"
	case amount != s.Reserved:
		return "扣款金额与预约的金额不一致"
	}
	return ""
}

// makeDeduction makes an accepted deduction, or lets it fail.
func makeDeduction(e *Emulator, tx Tx, ref string, at time.Time) error {
	order, err := load[Order](tx, bucketOrders, ref)
	if err != nil || order == nil || order.State != TradeNotPaid { // reversed meanwhile
		return err
	}
	contract, err := contractOf(tx, order.ContractID)
	if err != nil || contract == nil {
		return err
	}
	contract.Deducting = ""
	why, err := e.whyFailed(tx, contract, order, at)
	if err != nil {
		return err
	}
	if why != "" {
		return e.deductionFailed(tx, contract, order, why, at)
	}
	return e.deducted(tx, contract, order, at)
}

// whyFailed says why a deduction that was accepted fails, or "" for one that
// succeeds, which then counts towards the limits of its plan.
func (e *Emulator) whyFailed(tx Tx, contract *Contract, order *Order, at time.Time) (string, error) {
	switch {
	case !contract.InForce():
		return "支付失败，签约协议已解约", nil
	case contract.Paused:
		return "支付失败，用户已暂停服务", nil
	}
	if fails := contract.family().fails; fails != nil {
		if why := fails(contract, order, at); why != "" {
			return why, nil
		}
	}
	if why := failures[contract.Outcome]; why != "" {
		return why, nil
	}
	ok, err := e.mayTakeNow(tx, contract, order, at)
	if err != nil || ok {
		return "", err
	}
	return "支付失败，扣款金额或次数超过限额", nil
}

func (e *Emulator) deductionFailed(tx Tx, contract *Contract, order *Order, why string, at time.Time) error {
	order.State, order.StateText = TradePayError, why
	contract.Period.failed()
	if err := save(tx, bucketContracts, contract.key(), contract); err != nil {
		return err
	}
	if err := saveOrder(tx, order); err != nil {
		return err
	}
	if err := e.tellFailure(tx, contract, order, why, at); err != nil {
		return err
	}
	if undeducted := contract.family().undeducted; undeducted != nil {
		return undeducted(e, tx, contract, order, at)
	}
	return nil
}

func (e *Emulator) tellFailure(tx Tx, contract *Contract, order *Order, why string, at time.Time) error {
	f := contract.family()
	if f.silent {
		return nil
	}
	known, err := order.values()
	if err != nil {
		return err
	}
	known["trade_state"], known["trade_state_description"] = "PAY_FAIL", why
	_, err = e.notify(tx, at, cmp.Or(f.unpaid, "TRANSACTION.FAIL"), order.NotifyURL, known)
	return err
}

// deducted writes a success, and lets the family do what follows.
func (e *Emulator) deducted(tx Tx, contract *Contract, order *Order, at time.Time) error {
	if err := e.paid(tx, order, at); err != nil {
		return err
	}
	contract.FirstDeducted = true
	contract.Period.paid()
	if deducted := contract.family().deducted; deducted != nil {
		return deducted(e, tx, contract, order, at)
	}
	return save(tx, bucketContracts, contract.key(), contract)
}
