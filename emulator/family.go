package emulator

import "time"

// The kinds of contract, one a family.
const (
	kindPlan     = "plan_id"    // 委托代扣
	kindService  = "service_id" // 免密支付
	kindCombined = "combined"   // 电商合单委托代扣
	kindPayee    = "individual" // 个人收款方签约
)

// family is what sets the contracts of one kind apart from the others.
type family struct {
	plan   string // what the number of the plan is called, "" if there is none
	signed string // event of a signing, "" if nobody is told
	ended  string // event of a termination, likewise

	// showsUnsigned: the query tells of a contract that nobody signed yet.
	showsUnsigned bool

	// user is where the newest contract of a user is looked up; nil if it is
	// not looked up by its user.
	user func(c *Contract) string

	// endsAtPresign: a termination is told at the URL of the pre-sign, whatever
	// is set up for the plan.
	endsAtPresign bool

	// add adds to the members of the answers, tell to those of the events.
	// Either may be nil.
	add, tell func(c *Contract, known values)
}

// families is every kind of contract.
var families = map[string]family{
	kindPlan:    {plan: "plan_id", signed: "ENTRUST.SIGN", ended: "ENTRUST.TERMINATE", tell: partnerTold},
	kindService: {plan: "service_id", signed: "ENTRUST.SIGN", ended: "ENTRUST.TERMINATE", tell: partnerTold},
	kindCombined: {
		plan: "plan_id", signed: "ECOMMERCE_ENTRUST.SIGN", ended: "ECOMMERCE_ENTRUST.TERMINATE", endsAtPresign: true,
		add: addCombined, tell: tellCombined,
	},
	kindPayee: {showsUnsigned: true, user: payeeKey, add: addPayee},
}

func (c *Contract) family() family { return families[c.Kind] }

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
	if contract.family().signed == "" {
		return nil
	}
	_, err := e.notify(tx, now, contract.family().signed, contract.NotifyURL, contract.told())
	return err
}

// tellEnd tells the merchant of a termination, at the URL of the plan if one is
// set up. Assumed: otherwise at the URL of the pre-sign. Where a
// password-exempt termination is told is documented nowhere.
func (e *Emulator) tellEnd(tx Tx, contract *Contract) error {
	f := contract.family()
	if f.ended == "" {
		return nil
	}
	to := e.cfg.TerminateURLs[contract.Plan]
	if to == "" || f.endsAtPresign {
		to = contract.NotifyURL
	}
	_, err := e.notify(tx, contract.Termination.At, f.ended, to, contract.told())
	return err
}
