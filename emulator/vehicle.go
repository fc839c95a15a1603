package emulator

import (
	"strconv"
	"time"
)

// The states of a contract of ETC (ETC扣费).
const (
	etcOpened  = "OPENED"
	etcPaused  = "PAUSE"
	etcDeleted = "DELETED"
)

// readETC reads the vehicle out of a pre-opening. The user chooses one where it
// names none.
func readETC(e *Emulator, c *call, contract *Contract) error {
	contract.Plate = c.text("plate_number")
	if contract.Plate == "" {
		number, err := e.random.text(digits, 5)
		if err != nil {
			return err
		}
		contract.Plate = "京A" + number
	}
	contract.DisplayAccount = contract.Plate
	return nil
}

// etcKey is where a contract of ETC is looked up by its user, template and
// plate.
func etcKey(c *Contract) string {
	return key(kindETC, c.MchID, strconv.FormatInt(c.Plan, 10), c.OpenID, c.Plate)
}

// addETC: contracts of ETC have states of their own, and name both merchants
// whether or not there is a sub-merchant.
//
// Assumed: one that has run out is closed.
func addETC(c *Contract, known values) {
	known["sp_mchid"], known["sp_openid"], known["plate_number"] = c.MchID, c.OpenID, c.Plate
	switch {
	case c.State != Signed:
		known["bind_state"] = etcDeleted
	case c.Paused:
		known["bind_state"] = etcPaused
	default:
		known["bind_state"] = etcOpened
	}
}

// tellETC tells of every change of a contract of ETC, at the URL that is set up
// for its template.
func tellETC(e *Emulator, tx Tx, c *Contract, at time.Time) error {
	return e.tellOf(tx, c, "VEHICLE.USER_STATE_CHANGE", e.cfg.TerminateURLs[c.Plan], at)
}

// Pause lets the user pause the contract of a vehicle: no deduction is made
// until [Emulator.Resume]. The merchant is told as the family has it.
//
// The error is an [*ActionError]: no such contract, one not in force or paused
// already, or one of a family that cannot be paused.
func (e *Emulator) Pause(contractID string) (*Contract, error) { return e.setPaused(contractID, true) }

// Resume lets the contract of a vehicle go on that was paused. The error is as
// that of [Emulator.Pause].
func (e *Emulator) Resume(contractID string) (*Contract, error) {
	return e.setPaused(contractID, false)
}

func (e *Emulator) setPaused(contractID string, paused bool) (*Contract, error) {
	now := e.clock.Now()
	return e.changeContract(contractID, func(tx Tx, contract *Contract) error {
		return e.pause(tx, contract, paused, now)
	})
}

func (e *Emulator) pause(tx Tx, contract *Contract, paused bool, now time.Time) error {
	f := contract.family()
	switch {
	case !f.plated:
		return conflict("only the contract of a vehicle can be paused")
	case contract.Paused == paused && paused:
		return conflict("the contract is paused already")
	case contract.Paused == paused:
		return conflict("the contract is not paused")
	}
	contract.Paused = paused
	if err := save(tx, bucketContracts, contract.key(), contract); err != nil {
		return err
	}
	return f.changed(e, tx, contract, now)
}

// vehicleStates are the trade states of the orders of vehicles.
var vehicleStates = map[string]string{
	TradeNotPaid: "ACCEPTED", TradeSuccess: TradeSuccess, TradeRefund: TradeRefund, TradePayError: "PAY_FAIL",
}

// vehicleTexts describe those that other orders have not.
var vehicleTexts = map[string]string{TradeNotPaid: "已受理，扣款中"}

// vehicleOrder turns the members of an order into those of the order of a vehicle,
// which has other states, and names caller and user in each way.
func vehicleOrder(o *Order, known values) {
	known["mchid"], known["sp_mchid"] = o.MchID, o.MchID
	known["create_time"] = stamp(o.CreatedAt)
	known["trade_state"] = vehicleStates[o.State]
	if text := vehicleTexts[o.State]; text != "" {
		known["trade_state_desc"] = text
	}
	known["trade_state_description"] = known["trade_state_desc"]
	known["payer"] = values{"openid": o.OpenID, "sp_openid": o.OpenID}
}
