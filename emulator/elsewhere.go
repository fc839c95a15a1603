package emulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
)

// AddContract takes in a contract that was signed elsewhere: by APIv2, which
// is the only way to sign a periodic one (周期扣费), or before the emulator was
// started. Plan, Code, AppID and OpenID are required, where the family has them,
// and Plate and PlateColor of a vehicle; Kind defaults to plan_id, or to
// insurance with a Policy, Role to direct, or to partner with a SubMchID, State to SIGNED, and ContractID,
// SignedAt and ExpiresAt to new ones. Nobody is notified.
//
// The error is an [*ActionError]: a required member is missing, a state is
// unknown, or the code or id is used.
func (e *Emulator) AddContract(c Contract) (contract *Contract, err error) {
	now := e.clock.Now()
	c.complete(e.cfg.MchID, now)
	f := c.family()
	if err := c.check(); err != nil {
		return nil, &ActionError{"invalid", err.Error()}
	}
	switch {
	case c.Plan == 0 && f.plan != "", c.Code == "" && !f.plated, c.AppID == "", c.OpenID == "":
		return nil, &ActionError{"invalid", "a contract needs plan, out_contract_code, appid and openid"}
	case c.Plate == "" && f.plated, c.PlateColor == "" && c.Kind == kindParking:
		return nil, &ActionError{"invalid", "a contract of a vehicle needs plate_number, and one of parking plate_color"}
	}
	if c.State != Signed && c.State != SignFailed && c.State != Terminated && c.State != ToBeRenewed {
		return nil, &ActionError{"invalid", "a contract's contract_state is SIGNED, SIGN_FAILED, TERMINATED or TO_BE_RENEWED"}
	}
	if c.Schedule != nil {
		if _, err := time.Parse(time.DateOnly, c.Schedule.Date); err != nil {
			return nil, &ActionError{"invalid", "estimated_deduct_date is not a date such as 2006-01-02"}
		}
		c.Schedule.State = cmp.Or(c.Schedule.State, NotScheduled)
	}
	err = e.update(func(tx Tx) error { return e.takeIn(tx, &c, now) })
	return &c, err
}

// check refuses a contract that the rules cannot be held to.
func (c *Contract) check() error {
	switch {
	case !slices.Contains(kinds, c.Kind):
		return errors.New("a contract's kind is one of " + strings.Join(kinds, ", "))
	case (c.Policy != nil) != (c.Kind == kindInsurance):
		return errors.New("a contract of insurance has a policy, and no other has")
	case (c.Repayment != nil) != (c.Kind == kindCredit):
		return errors.New("a contract of credit has a repayment, and no other has")
	}
	return c.Policy.check()
}

func (c *Contract) complete(mchID string, now time.Time) {
	c.MchID = mchID
	kind, role := kindPlan, roleDirect
	if c.Policy != nil {
		kind = kindInsurance
	}
	if c.SubMchID != "" {
		role = rolePartner
	}
	c.Kind, c.Role = cmp.Or(c.Kind, kind), cmp.Or(c.Role, role)
	c.State = cmp.Or(c.State, Signed)
	c.DisplayAccount = cmp.Or(c.DisplayAccount, c.Plate, c.Code)
	if c.SignedAt.IsZero() {
		c.SignedAt = now
	}
	if c.ExpiresAt.IsZero() {
		c.ExpiresAt = c.SignedAt.AddDate(contractYears, 0, 0)
	}
	if c.State == Terminated && c.Termination == nil {
		c.Termination = &Termination{Mode: modeUser, At: now}
	}
}

func (e *Emulator) takeIn(tx Tx, c *Contract, now time.Time) (err error) {
	if c.ContractID == "" {
		if c.ContractID, err = e.contractID(tx, now); err != nil {
			return err
		}
	}
	c.Code = cmp.Or(c.Code, c.ContractID) // some families have none
	known, err := load[Contract](tx, bucketContracts, c.key())
	if err != nil {
		return err
	}
	if known != nil {
		return conflict("the out_contract_code is used")
	}
	used, err := pointer(tx, bucketIDs, c.ContractID)
	if err != nil {
		return err
	}
	if used != "" {
		return conflict("the contract_id is used")
	}
	if err := c.index(tx); err != nil {
		return err
	}
	if c.InForce() {
		if err := e.inForce(tx, c); err != nil {
			return err
		}
	}
	return save(tx, bucketContracts, c.key(), c)
}

// AddOrder takes in an order that was paid elsewhere, so that it can be
// refunded here. OutTradeNo, AppID, NotifyURL and a total in fen are required;
// TransactionID defaults to a new one, PaidAt to now. Nobody is notified.
//
// The error is an [*ActionError]: something is missing or used.
func (e *Emulator) AddOrder(o Order, total int64) (*Order, error) {
	if o.OutTradeNo == "" || o.AppID == "" || o.NotifyURL == "" || total < 1 {
		return nil, &ActionError{"invalid", "an order needs out_trade_no, appid, notify_url and a total of at least 1 fen"}
	}
	now := e.clock.Now()
	o.MchID, o.State, o.Elsewhere = e.cfg.MchID, TradeSuccess, false
	if o.PaidAt.IsZero() {
		o.PaidAt = now
	}
	o.CreatedAt, o.ExpiresAt = o.PaidAt, o.PaidAt
	appid := "appid"
	if o.SubMchID != "" {
		appid = "sp_appid"
	}
	request, err := json.Marshal(values{
		appid: o.AppID, "out_trade_no": o.OutTradeNo, "description": o.OutTradeNo, "notify_url": o.NotifyURL, "amount": cny(total),
	})
	if err != nil {
		return nil, err
	}
	o.Request = request
	err = e.update(func(tx Tx) (err error) {
		known, err := load[Order](tx, bucketOrders, o.key())
		if err != nil {
			return err
		}
		if known != nil {
			return conflict("the out_trade_no is used")
		}
		if o.TransactionID == "" {
			if o.TransactionID, err = e.transactionID(tx, o.PaidAt); err != nil {
				return err
			}
		}
		return saveOrder(tx, &o)
	})
	return &o, err
}
