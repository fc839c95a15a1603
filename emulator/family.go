package emulator

import "time"

// The kinds of contract, one a family.
const (
	kindPlan     = "plan_id"    // 委托代扣
	kindService  = "service_id" // 免密支付
	kindCombined = "combined"   // 电商合单委托代扣
	kindPayee    = "individual" // 个人收款方签约
	kindETC      = "etc"        // ETC扣费
	kindParking  = "parking"    // 支付分停车服务, of one plate
)

// family is what sets the contracts of one kind apart from the others.
type family struct {
	plan   string // what the number of the plan is called, "" if there is none
	signed string // event of a signing, "" if nobody is told
	ended  string // event of a termination, likewise

	// showsUnsigned: the query tells of a contract that nobody signed yet.
	showsUnsigned bool

	// plated: a contract is for one vehicle, has no code of the merchant's, and
	// can be paused.
	plated bool

	// user is where the newest contract of a user is looked up; nil if it is
	// not looked up by its user.
	user func(c *Contract) string

	// endsAtPresign: a termination is told at the URL of the pre-sign, whatever
	// is set up for the plan.
	endsAtPresign bool

	// add adds to the members of the answers, tell to those of the events.
	// Either may be nil.
	add, tell func(c *Contract, known values)

	// changed does what follows each change of a contract, in the place of the
	// two events; it may be nil.
	changed func(e *Emulator, tx Tx, c *Contract, at time.Time) error
}

// kinds is every kind of contract.
var kinds = []string{kindPlan, kindService, kindCombined, kindPayee, kindETC, kindParking}

// familyOf is the family of a kind; that of an unknown one is empty. (A table
// would be made of functions that look into it.)
func familyOf(kind string) family {
	switch kind {
	case kindPlan:
		return family{plan: "plan_id", signed: "ENTRUST.SIGN", ended: "ENTRUST.TERMINATE", tell: partnerTold}
	case kindService:
		return family{plan: "service_id", signed: "ENTRUST.SIGN", ended: "ENTRUST.TERMINATE", tell: partnerTold}
	case kindCombined:
		return family{
			plan: "plan_id", signed: "ECOMMERCE_ENTRUST.SIGN", ended: "ECOMMERCE_ENTRUST.TERMINATE", endsAtPresign: true,
			add: addCombined, tell: tellCombined,
		}
	case kindPayee:
		return family{showsUnsigned: true, user: payeeKey, add: addPayee}
	case kindETC:
		return family{plan: "plan_id", plated: true, user: etcKey, add: addETC, changed: tellETC}
	case kindParking:
		return family{plated: true, user: parkingKey, changed: changeParkings}
	}
	return family{}
}

func (c *Contract) family() family { return familyOf(c.Kind) }

// told are the members of the events about the contract.
func (c *Contract) told() values {
	known := c.values()
	if tell := c.family().tell; tell != nil {
		tell(c, known)
	}
	return known
}

// partnerTold: a partner's event says sp_mchid, sp_appid and sp_openid where a
// direct one says mchid, appid and openid.
func partnerTold(c *Contract, known values) {
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
	user := c.family().user
	if user == nil || c.State == SignFailed {
		return nil
	}
	return tx.Put(bucketUsers, user(c), []byte(c.key()))
}

// tellSigned tells the merchant of a signing.
func (e *Emulator) tellSigned(tx Tx, contract *Contract, now time.Time) error {
	f := contract.family()
	if f.changed != nil {
		return f.changed(e, tx, contract, now)
	}
	return e.tellOf(tx, contract, f.signed, contract.NotifyURL, now)
}

// tellEnd tells the merchant of a termination, at the URL of the plan if one is
// set up. Assumed: otherwise at the URL of the pre-sign. Where a
// password-exempt termination is told is documented nowhere.
func (e *Emulator) tellEnd(tx Tx, contract *Contract) error {
	f, at := contract.family(), contract.Termination.At
	if f.changed != nil {
		return f.changed(e, tx, contract, at)
	}
	to := e.cfg.TerminateURLs[contract.Plan]
	if to == "" || f.endsAtPresign {
		to = contract.NotifyURL
	}
	return e.tellOf(tx, contract, f.ended, to, at)
}

// tellOf sends an event about a contract, if its family has one.
func (e *Emulator) tellOf(tx Tx, contract *Contract, event, to string, at time.Time) error {
	if event == "" {
		return nil
	}
	_, err := e.notify(tx, at, event, to, contract.told())
	return err
}
