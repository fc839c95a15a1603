package emulator

import (
	"cmp"
	"time"
)

// The kinds of contract, one a family. The first two are called by the name of
// their plan number.
const (
	kindPlan      = "plan_id"    // 委托代扣
	kindService   = "service_id" // 免密支付
	kindInsurance = "insurance"  // 保险自动续费
	kindCombined  = "combined"   // 电商合单委托代扣
	kindPayee     = "individual" // 个人收款方签约
	kindETC       = "etc"        // ETC扣费
	kindParking   = "parking"    // 支付分停车服务, of one plate
	kindGlobal    = "global"     // 境外委托代扣
	kindEdu       = "edu"        // 教育续费通
	kindCredit    = "credit"     // 信贷还款
	kindSchool    = "school"     // 校园轻松付
)

// family is what sets the contracts of one kind apart from the others; how a
// contract lives is the same for all. An endpoint names the kind that it is
// for in its description. Every member is optional: what is left out is not
// there, or is as it is for the others. The hooks stand in the order in which
// the life of a contract calls them.
type family struct {
	plan   string // what the number of the plan is called
	signed string // event of a signing; "" if nobody is told
	ended  string // event of a termination, likewise

	// under is the kind of plan that is for this family's contracts alone, and
	// whose rules they follow whatever is said of their plan.
	under PlanKind

	// entrusted: one of 委托代扣, which counts towards the limits of its plan, and
	// whose plan may take part in 解约挽留.
	entrusted bool

	// plated: a contract is for one vehicle, has no code of the merchant's, can
	// be paused, and does not run out.
	plated bool

	// showsUnsigned: the query tells of a contract that nobody signed yet.
	showsUnsigned bool

	// plain: a contract is in force or ended. A signing that failed left none
	// that the merchant sees, and none is renewed.
	plain bool

	// renewed: a contract that waits for its renewal is in force.
	renewed bool

	// endsAtPresign: a termination is told at the URL of the pre-sign, whatever
	// is set up for the plan.
	endsAtPresign bool

	// user is where the newest contract of a user is looked up; nil if it is
	// not looked up by its user.
	user func(c *Contract) string

	// perPlan: a code is unique within its plan, and not per merchant. spent: it
	// is used up by whatever the user answered, and not by a signing alone.
	perPlan, spent bool

	// listed: the contracts of a user are listed.
	listed bool

	// reads reads what the pre-sign has of its own, presigned holds its rules.
	reads     func(e *Emulator, tx Tx, c *call, contract *Contract) error
	presigned func(e *Emulator, tx Tx, c *call, contract *Contract) error

	// concludes does what belongs to the signing, and says how that ends. begins
	// begins what goes on while a contract is in force, and saves it where it
	// changes it.
	concludes func(e *Emulator, tx Tx, contract *Contract, end ContractState) (ContractState, error)
	begins    func(e *Emulator, tx Tx, contract *Contract) error

	// apart: the orders deducted under a contract have endpoints of their own,
	// whose answers show the order. atOnce reports whether the answer of a
	// deduction has its result.
	apart  bool
	atOnce func(c *call) bool

	// paid is the event of a deduction that succeeded, in the place of
	// TRANSACTION.SUCCESS, and unpaid that of one that failed, in the place of
	// TRANSACTION.FAIL; silent: nobody is told of that.
	paid   string
	unpaid string
	silent bool

	// refuses says why a deduction (受理扣款) is not accepted, in the place of the
	// rules of the plan, and places completes the order of one that is. fails
	// says why one that was accepted fails, or "".
	// deducted does what follows a success, and saves the contract; undeducted
	// what follows a failure, once that is notified.
	refuses    func(tx Tx, c *call, contract *Contract) error
	places     func(c *call, contract *Contract, order *Order) error
	fails      func(contract *Contract, order *Order, at time.Time) string
	deducted   func(e *Emulator, tx Tx, contract *Contract, order *Order, at time.Time) error
	undeducted func(e *Emulator, tx Tx, contract *Contract, order *Order, at time.Time) error

	// adds adds to the members of the answers about a contract, tells to those
	// of the events, orders to those of an order that is its [Order.Product].
	adds, tells func(c *Contract, known values)
	orders      func(o *Order, known values)

	// changed does what follows each change of a contract, in the place of the
	// two events.
	changed func(e *Emulator, tx Tx, c *Contract, at time.Time) error
}

// kinds is every kind of contract.
var kinds = []string{kindPlan, kindService, kindInsurance, kindCombined, kindPayee, kindETC, kindParking, kindGlobal, kindEdu, kindCredit, kindSchool}

// familyOf is the family of a kind; that of an unknown one is empty. (A table
// would be made of functions that look into it.)
func familyOf(kind string) family {
	switch kind {
	case kindPlan:
		return family{
			plan: "plan_id", signed: "ENTRUST.SIGN", ended: "ENTRUST.TERMINATE", entrusted: true,
			reads: readSchedule, presigned: mayEntrust, begins: beginSchedule,
			fails: scheduleMissed, deducted: scheduleDeducted, adds: addEntrusted, tells: tellPartner,
		}
	case kindService:
		return family{plan: "service_id", signed: "ENTRUST.SIGN", ended: "ENTRUST.TERMINATE", tells: tellPartner}
	case kindInsurance:
		return family{
			plan: "plan_id", signed: "INSURANCE_ENTRUST.SIGN", ended: "INSURANCE_ENTRUST.TERMINATE",
			under: PlanInsurance, entrusted: true, renewed: true,
			reads: readPolicy, presigned: mayInsure, concludes: payFirst, begins: beginPolicy,
			refuses: policyRefuses, fails: reservationLost, deducted: periodDeducted, adds: addInsured,
		}
	case kindCombined:
		return family{
			plan: "plan_id", signed: "ECOMMERCE_ENTRUST.SIGN", ended: "ECOMMERCE_ENTRUST.TERMINATE",
			under: PlanCombined, endsAtPresign: true, presigned: mayCombine, adds: addCombined, tells: tellCombined,
		}
	case kindPayee:
		return family{showsUnsigned: true, user: payeeKey, reads: readPayee, adds: addPayee}
	case kindETC:
		return family{plan: "plan_id", plated: true, user: etcKey, reads: readETC, adds: addETC, orders: vehicleOrder, changed: tellETC}
	case kindParking:
		return family{plated: true, user: parkingKey, orders: vehicleOrder, changed: changeParkings}
	case kindGlobal:
		return family{
			plan: "plan_id", signed: "PAPAY.SIGN", ended: "PAPAY.TERMINATE", plain: true, apart: true, atOnce: always,
			reads: readGlobal, refuses: refuseUnpaid, adds: addGlobal, tells: tellGlobal,
		}
	case kindEdu:
		return family{
			plan: "plan_id", signed: "ENTRUST.SIGNING", ended: "ENTRUST.RELEASE", plain: true, listed: true, apart: true,
			reads: readEdu, refuses: refuseRenewal, deducted: useNotice, adds: addEdu, orders: orderEdu,
		}
	case kindCredit:
		return family{
			plan: "plan_id", signed: "CREDIT_REPAYMENT.SIGN_CONTRACT", ended: "CREDIT_REPAYMENT.TERMINATE_CONTRACT",
			plain: true, spent: true, apart: true, paid: "CREDIT_REPAYMENT.DEDUCTION_PAY", silent: true,
			reads: readRepayment, begins: payWithSigning, refuses: refuseRepayment, places: placeRepayment, deducted: closeRecord,
			adds: addRepayment, tells: tellRepayment, orders: orderRepayment,
		}
	case kindSchool:
		return family{
			plan: "plan_id", signed: "PAYSCORE.USER_OPEN_SERVICE", ended: "PAYSCORE.USER_CLOSE_SERVICE", plain: true, perPlan: true, listed: true,
			apart: true, atOnce: inSync, paid: "TRANSACTION.INDUSTRY_SUCCESS", unpaid: "TRANSACTION.INDUSTRY_FAILED",
			reads: readSchool, begins: knowUser, refuses: refuseBuyer, undeducted: leaveDebt, adds: addSchool, orders: orderSchool,
		}
	}
	return family{}
}

func (c *Contract) family() family { return familyOf(c.Kind) }

// InForce reports whether the contract can be deducted under and ended: it is
// SIGNED, or TO_BE_RENEWED where it is in force for as long as it may be renewed,
// as an insurance contract is.
func (c *Contract) InForce() bool {
	return c.State == Signed || c.State == ToBeRenewed && c.family().renewed
}

// seen reports whether the merchant sees the contract.
func (c *Contract) seen() bool {
	f := c.family()
	if f.plain {
		return c.State == Signed || c.State == Terminated
	}
	return c.State != PreSigned || f.showsUnsigned
}

// told are the members of the events about the contract.
func (c *Contract) told() values {
	known := c.values()
	if tells := c.family().tells; tells != nil {
		tells(c, known)
	}
	return known
}

// tellPartner: a partner's event says sp_mchid, sp_appid and sp_openid where a
// direct one says mchid, appid and openid.
func tellPartner(c *Contract, known values) {
	if c.SubMchID != "" {
		for _, name := range []string{"mchid", "appid", "openid"} {
			delete(known, name)
		}
	}
}

// index writes the ways to a contract that was signed: from its contract_id,
// and from its user.
func (c *Contract) index(tx Tx) error {
	if err := tx.Put(bucketIDs, c.ContractID, []byte(c.key())); err != nil {
		return err
	}
	f := c.family()
	if c.State == SignFailed {
		return nil
	}
	if f.listed {
		if err := tx.Put(bucketListed, listPrefix(c.Kind, c.MchID, c.Plan, c.OpenID)+key(c.ContractID), []byte(c.key())); err != nil {
			return err
		}
	}
	if f.user == nil {
		return nil
	}
	return tx.Put(bucketUsers, f.user(c), []byte(c.key()))
}

// tellSigned tells the merchant of a signing, at the URL of the plan if the
// pre-sign had none.
func (e *Emulator) tellSigned(tx Tx, contract *Contract, now time.Time) error {
	f := contract.family()
	if f.changed != nil {
		return f.changed(e, tx, contract, now)
	}
	return e.tellOf(tx, contract, f.signed, cmp.Or(contract.NotifyURL, e.cfg.TerminateURLs[contract.Plan]), now)
}

// tellEnd tells the merchant of a termination.
func (e *Emulator) tellEnd(tx Tx, contract *Contract) error {
	f, at := contract.family(), contract.Termination.At
	if f.changed != nil {
		return f.changed(e, tx, contract, at)
	}
	return e.tellOf(tx, contract, f.ended, e.endURL(contract), at)
}

// endURL is where the end of a contract is told: at the URL of the plan if one
// is set up. Assumed: otherwise at the URL of the pre-sign. Where a
// password-exempt termination is told is documented nowhere.
func (e *Emulator) endURL(contract *Contract) string {
	to := e.cfg.TerminateURLs[contract.Plan]
	if to == "" || contract.family().endsAtPresign {
		to = contract.NotifyURL
	}
	return to
}

// tellOf sends an event about a contract, if its family has one.
func (e *Emulator) tellOf(tx Tx, contract *Contract, event, to string, at time.Time) error {
	if event == "" {
		return nil
	}
	_, err := e.notify(tx, at, event, to, contract.told())
	return err
}
