package emulator

import (
	"cmp"
	"time"
)

const nameExpired = "expired"

const (
	fromSession  = "a session that the user can answer; where it follows an order, that is paid first"
	fromContract = "a contract in force (SIGNED)"
	fromVehicle  = "a contract of a vehicle in force (SIGNED), not paused"
)

// signings are the ways in which a signing ends.
var signings = []Scenario{
	{Name: "signed", Does: "the user signs; the merchant is notified", From: fromSession, run: signs},
	{Name: "abandoned", Does: "the user does not want to sign; nobody is told", From: fromSession, run: abandons},
	{Name: "failed", Does: "the user signs, and the rules forbid it; nobody is told", From: fromSession, run: fails},
	{Name: nameExpired, Does: "the clock moves to the end of the session, and the user did nothing", From: "a session that is open or offered"},
}

// contractEnds are the ways in which a contract ends or runs out.
var contractEnds = []Scenario{
	{Name: "user-terminated", Does: "the user ends the contract, unless the merchant is asked and has it stay", From: fromContract, subject: ofContract, run: leaves},
	{Name: "merchant-terminated", Does: "the merchant ends it", From: fromContract, subject: ofContract, run: terminatedBy("MCH_API_TERMINATE")},
	{Name: "platform-terminated", Does: "WeChat Pay ends it", From: fromContract, subject: ofContract, run: terminatedBy("SYSTEM_TERMINATE")},
	{Name: "expiring", Does: "contract_expired_time is a day away; by itself nothing happens then", From: fromContract, subject: ofContract, run: expires},
	{Name: "to-be-renewed", Does: "the contract has run out, and may be renewed", From: fromContract, subject: ofContract, run: changing(lapse)},
}

// pauses are what a user does with the contract of a vehicle.
var pauses = []Scenario{
	{Name: "paused", Does: "the user pauses the contract of a vehicle (ETC扣费, 停车服务)", From: fromVehicle, subject: ofContract, run: pausing(true)},
	{Name: "resumed", Does: "the user lets it go on", From: "a contract of a vehicle that is paused", subject: ofContract, run: pausing(false)},
}

// deductions are how the deductions under a contract end from now on.
var deductions = []Scenario{
	{Name: string(OutcomePaid), Does: "deductions succeed", From: fromContract, subject: ofContract, run: deducting(OutcomePaid)},
	{Name: string(OutcomeShort), Does: "deductions fail: the user is short of funds", From: fromContract, subject: ofContract, run: deducting(OutcomeShort)},
	{Name: string(OutcomeLimit), Does: "deductions are refused at once: over a limit", From: fromContract, subject: ofContract, run: deducting(OutcomeLimit)},
	{Name: string(OutcomeClosed), Does: "deductions fail: the user's account is closed", From: fromContract, subject: ofContract, run: deducting(OutcomeClosed)},
	{Name: string(OutcomeLate), Does: "deductions fail, two hours after they were accepted", From: fromContract, subject: ofContract, run: deducting(OutcomeLate)},
}

// debts are what comes of deductions that failed.
var debts = []Scenario{
	{Name: "debts-paid", Does: "the user pays all debts of campus pay (校园轻松付) back", From: "a contract of a user who has debts", subject: ofContract, run: repays},
}

// expiringIn is how long a contract is in force that is about to run out.
const expiringIn = 24 * time.Hour

// sessionNamed finds a session by its id, or by the order that it follows.
func sessionNamed(tx Tx, ref string) (*Session, error) {
	id, err := pointer(tx, bucketOffers, ref)
	if err != nil {
		return nil, err
	}
	session, err := load[Session](tx, bucketSessions, cmp.Or(id, ref))
	return found(session, err, "signing session", ref)
}

// ready brings a session to where the user is asked: the order that it follows
// is paid. A session that was signed by that has nothing more to ask.
func (e *Emulator) ready(tx Tx, ref string, now time.Time) (*Session, error) {
	session, err := sessionNamed(tx, ref)
	if err != nil || session.PrepayID == "" || session.At(now) != SessionOpen {
		return session, err
	}
	order, err := orderOf(tx, session.PrepayID)
	if err != nil || order == nil || order.payable(session.PrepayID, now) != "" {
		return session, err
	}
	if err := e.paid(tx, order, now); err != nil {
		return nil, err
	}
	return load[Session](tx, bucketSessions, session.ID)
}

func signs(e *Emulator, tx Tx, ref string, now time.Time) (*Played, error) {
	return ends(e, tx, ref, now, Signed)
}

func fails(e *Emulator, tx Tx, ref string, now time.Time) (*Played, error) {
	return ends(e, tx, ref, now, SignFailed)
}

func ends(e *Emulator, tx Tx, ref string, now time.Time, end ContractState) (*Played, error) {
	session, err := sessionNamed(tx, ref)
	if err != nil {
		return nil, err
	}
	byPaying := session.Scene == scenePayment
	if byPaying && end == SignFailed {
		return nil, conflict("the contract is signed by paying, which cannot fail here")
	}
	open := session.At(now) == SessionOpen
	if session, err = e.ready(tx, ref, now); err != nil {
		return nil, err
	}
	if byPaying && open && session.State == SessionSigned {
		contract, err := load[Contract](tx, bucketContracts, session.Contract)
		return &Played{Session: session, Contract: contract}, err
	}
	contract, err := e.concluded(tx, session.ID, "", end, now)
	if err != nil {
		return nil, err
	}
	session, err = load[Session](tx, bucketSessions, session.ID)
	return &Played{Session: session, Contract: contract}, err
}

func abandons(e *Emulator, tx Tx, ref string, now time.Time) (*Played, error) {
	session, err := sessionNamed(tx, ref)
	if err != nil {
		return nil, err
	}
	if session.Scene != scenePayment { // there, not to pay is not to sign
		if session, err = e.ready(tx, ref, now); err != nil {
			return nil, err
		}
	}
	if session, err = e.asked(tx, session.ID, now); err != nil {
		return nil, err
	}
	return &Played{Session: session}, decline(tx, session)
}

// changing makes a scenario of a change of a contract in force.
func changing(change func(Tx, *Contract) error) act {
	return func(_ *Emulator, tx Tx, ref string, _ time.Time) (*Played, error) {
		contract, err := contractInForce(tx, ref)
		if err != nil {
			return nil, err
		}
		return &Played{Contract: contract}, change(tx, contract)
	}
}

func terminatedBy(mode string) act {
	return func(e *Emulator, tx Tx, ref string, now time.Time) (*Played, error) {
		return changing(func(tx Tx, contract *Contract) error {
			return e.terminate(tx, contract, Termination{Mode: mode, At: now})
		})(e, tx, ref, now)
	}
}

func leaves(e *Emulator, tx Tx, ref string, now time.Time) (*Played, error) {
	return changing(func(tx Tx, contract *Contract) error { return e.leave(tx, contract, "", now) })(e, tx, ref, now)
}

func pausing(paused bool) act {
	return func(e *Emulator, tx Tx, ref string, now time.Time) (*Played, error) {
		return changing(func(tx Tx, contract *Contract) error {
			return e.pause(tx, contract, paused, now)
		})(e, tx, ref, now)
	}
}

func deducting(how Outcome) act {
	return changing(func(tx Tx, contract *Contract) error {
		contract.Outcome = how
		return save(tx, bucketContracts, contract.key(), contract)
	})
}

func expires(e *Emulator, tx Tx, ref string, now time.Time) (*Played, error) {
	return changing(func(tx Tx, contract *Contract) error {
		contract.ExpiresAt = now.Add(expiringIn)
		return save(tx, bucketContracts, contract.key(), contract)
	})(e, tx, ref, now)
}
