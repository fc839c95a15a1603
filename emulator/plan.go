package emulator

import (
	"encoding/json"
	"maps"
	"strconv"
)

// PlanKind is what a deduction plan (委托代扣模板) is for. WeChat Pay sets plans
// up; no API tells of them.
type PlanKind string

const (
	// PlanScheduled is 预约扣费: one deduction, on one day, reserved before.
	PlanScheduled PlanKind = "scheduled"
	// PlanPeriodic is 周期扣费: one deduction a cycle, told before.
	PlanPeriodic PlanKind = "periodic"
	// PlanPeriodic24 is 周期扣费 in the mode 通知后24小时扣费: the request to deduct
	// tells the user, and the money moves 24 hours later.
	PlanPeriodic24 PlanKind = "periodic-24h"
	// PlanInsurance is 保险自动续费: periods that the pre-sign lists, each reserved
	// before.
	PlanInsurance PlanKind = "insurance"
	// PlanOnDemand has no rules of time.
	PlanOnDemand PlanKind = "on-demand"
	// PlanCombined is 合单委托代扣: combined orders of a platform, at any time.
	PlanCombined PlanKind = "combined"
)

// Plan is what was set up for a plan id.
type Plan struct {
	// Kind of the plan. Defaults to what the contract was signed as; see
	// [Emulator.SetPlan].
	Kind PlanKind `json:"kind,omitempty"`
	// StandardPrice (标准价格) is the most that one deduction may be expected to
	// be at the signing, in fen; 0 is no limit.
	StandardPrice int64 `json:"standard_price,omitempty"`
	// LimitAmount (单笔限额) and LimitDayAmount (单日限额) are the most that one
	// deduction under a contract may be, and those of one day, in fen, and
	// LimitDayCount how many may succeed on a day; 0 is the limit that a plan
	// begins with: 500 yuan, 2500 yuan, and five deductions, or one of 周期扣费. They
	// are held for 周期扣费, on demand, and a password-exempt service.
	LimitAmount    int64 `json:"limit_amount,omitempty"`
	LimitDayAmount int64 `json:"limit_day_amount,omitempty"`
	LimitDayCount  int   `json:"limit_day_count,omitempty"`
	// Disabled (停用): nothing new is signed under the plan; the contracts that are
	// in force go on.
	Disabled bool `json:"disabled,omitempty"`
	// Retention: the plan takes part in 解约挽留, where the merchant may offer
	// something to a user who is ending a contract.
	Retention bool `json:"retention,omitempty"`
}

func (p Plan) check() error {
	switch p.Kind {
	case "", PlanScheduled, PlanPeriodic, PlanPeriodic24, PlanInsurance, PlanOnDemand, PlanCombined:
	default:
		return &ActionError{"invalid", "a plan's kind is scheduled, periodic, periodic-24h, insurance, on-demand or combined"}
	}
	if p.StandardPrice < 0 || p.LimitAmount < 0 || p.LimitDayAmount < 0 || p.LimitDayCount < 0 {
		return &ActionError{"invalid", "a plan's standard_price and its limits are at least 0"}
	}
	return nil
}

// SetPlan says what WeChat Pay set up for a plan id, in the place of
// [Config.Plans]. [Emulator.Reset] forgets it. The error is an [*ActionError].
//
// A plan that nobody spoke of is taken for what its contract was signed as.
// Assumed: insurance and combined for the contracts of these families,
// scheduled where the pre-sign had deduct_schedule, on demand for HarmonyOS, of
// which no rules are documented, and periodic otherwise.
func (e *Emulator) SetPlan(id int64, plan Plan) error {
	if err := plan.check(); err != nil {
		return err
	}
	return e.update(func(tx Tx) error { return save(tx, bucketPlans, planKey(id), plan) })
}

// Plans lists what is known of plans, by id.
func (e *Emulator) Plans() (map[int64]Plan, error) {
	plans := map[int64]Plan{}
	maps.Copy(plans, e.cfg.Plans)
	err := e.view(func(tx Tx) error {
		return tx.Each(bucketPlans, "", func(key string, data []byte) error {
			var plan Plan
			id, err := strconv.ParseInt(key, 10, 64)
			if err == nil {
				err = json.Unmarshal(data, &plan)
			}
			plans[id] = plan
			return err
		})
	})
	return plans, err
}

func planKey(id int64) string { return strconv.FormatInt(id, 10) }

// ownPlan is the plan of a contract that is being pre-signed, which must be of
// a kind for its family.
func (e *Emulator) ownPlan(tx Tx, contract *Contract) (Plan, error) {
	plan, err := e.planOf(tx, contract)
	if err == nil && plan.Kind.kindOfContract() != contract.Kind {
		err = documentedError("模板类型与预签约接口不符")
	}
	return plan, err
}

// kindOfContract is the kind of the contracts under plans of a kind.
func (k PlanKind) kindOfContract() string {
	for _, kind := range kinds {
		if familyOf(kind).under == k {
			return kind
		}
	}
	return kindPlan
}

// planOf is the plan of a contract, with its kind settled.
func (e *Emulator) planOf(tx Tx, contract *Contract) (Plan, error) {
	plan := e.cfg.Plans[contract.Plan]
	set, err := load[Plan](tx, bucketPlans, planKey(contract.Plan))
	if err != nil {
		return plan, err
	}
	if set != nil {
		plan = *set
	}
	if plan.Kind == "" {
		plan.Kind = contract.signedAs()
	}
	return plan, nil
}

func (c *Contract) signedAs() PlanKind {
	switch own := c.family().under; {
	case own != "":
		return own
	case c.Schedule != nil:
		return PlanScheduled
	case c.Role == roleHarmony:
		return PlanOnDemand
	}
	return PlanPeriodic
}
