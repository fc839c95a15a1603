package emulator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

// conclude ends a session with the user's consent: the contract is signed, or
// the rules forbid it.
func (e *Emulator) conclude(ref, openID string, end ContractState) (contract *Contract, err error) {
	now := e.clock.Now()
	err = e.update(func(tx Tx) error {
		contract, err = e.concluded(tx, ref, openID, end, now)
		return err
	})
	return contract, err
}

func (e *Emulator) concluded(tx Tx, ref, openID string, end ContractState, now time.Time) (*Contract, error) {
	session, err := e.asked(tx, ref, now)
	if err != nil {
		return nil, err
	}
	contract, err := load[Contract](tx, bucketContracts, session.Contract)
	if err != nil {
		return nil, err
	}
	if contract == nil || contract.SessionID != session.ID {
		return nil, conflict("the signing session was replaced by a later one")
	}
	if session.Scene == scenePayment {
		return nil, conflict("the contract is signed by paying: pay the order")
	}
	if err := contract.signer(openID); err != nil {
		return nil, err
	}
	return contract, e.sealContract(tx, contract, session, end, now)
}

// signer settles who signs. A pre-sign that named the user can be signed by no
// other one. Assumed: where it named the user under the sub-merchant's appid
// alone, or not at all, the user has an id under the caller's appid too, which
// the query's answer requires.
func (c *Contract) signer(openID string) error {
	named := c.OpenID != "" || c.SubOpenID != ""
	if openID != "" && named && openID != c.OpenID && openID != c.SubOpenID {
		return conflict("the contract was pre-signed for another user")
	}
	if !named {
		c.OpenID = openID
	}
	c.OpenID = cmp.Or(c.OpenID, pseudonym(c.AppID, cmp.Or(c.SubOpenID, c.OutUserCode, c.Code)))
	return nil
}

// sealContract writes the end of a session and of the wait for its contract.
// Only a signing that worked is notified. One that is against the limits of
// its plan fails.
func (e *Emulator) sealContract(tx Tx, contract *Contract, session *Session, end ContractState, now time.Time) error {
	if err := e.room(tx, contract); err != nil {
		if _, refused := errors.AsType[*refusal](err); !refused {
			return err
		}
		end = SignFailed
	}
	id, err := e.contractID(tx, now)
	if err != nil {
		return err
	}
	contract.ContractID, contract.SignedAt, contract.ExpiresAt = id, now, now.AddDate(contractYears, 0, 0)
	if concludes := contract.family().concludes; concludes != nil {
		if end, err = concludes(e, tx, contract, end); err != nil {
			return err
		}
	}
	contract.State, session.State = end, SessionSigned
	if end == SignFailed {
		session.State = SessionFailed
	}
	if err := save(tx, bucketSessions, session.ID, session); err != nil {
		return err
	}
	if err := contract.index(tx); err != nil {
		return err
	}
	if err := save(tx, bucketContracts, contract.key(), contract); err != nil || end != Signed {
		return err
	}
	if err := e.inForce(tx, contract); err != nil {
		return err
	}
	return e.tellSigned(tx, contract, now)
}

// inForce begins what goes on while a contract is in force.
func (e *Emulator) inForce(tx Tx, contract *Contract) error {
	if err := enterForce(tx, contract); err != nil {
		return err
	}
	if begins := contract.family().begins; begins != nil {
		return begins(e, tx, contract)
	}
	return nil
}

// contractID makes an id of 20 digits, more than a float64 can hold. The
// counter keeps it unique.
func (e *Emulator) contractID(tx Tx, now time.Time) (string, error) {
	n, err := next(tx, "contract")
	if err != nil {
		return "", err
	}
	tail, err := e.random.text(digits, 4)
	return now.In(beijing).Format("20060102") + fmt.Sprintf("%08d", n) + tail, err
}

// Terminate ends a signed contract otherwise than by the merchant's call, and
// returns it. mode is a documented contract_termination_mode; empty means
// USER_TERMINATE. The merchant is notified.
//
// Of some contracts the merchant is asked first when the user wants to end
// one, and may refuse, or offer something: see [Inquiry]. The contract is then
// in force still. A user who was offered something ends it by asking again, or
// keeps it: see [Emulator.Stay].
//
// The error is an [*ActionError]: no such contract, or one not in force.
func (e *Emulator) Terminate(contractID, mode, remark string) (*Contract, error) {
	end := Termination{Mode: cmp.Or(mode, modeUser), Remark: remark, At: e.clock.Now()}
	contract, err := e.changeContract(contractID, func(tx Tx, contract *Contract) error {
		if end.Mode == modeUser {
			return e.leave(tx, contract, remark, end.At)
		}
		return e.terminate(tx, contract, end)
	})
	if err != nil {
		return nil, err
	}
	return e.hear(context.Background(), contract)
}

// Lapse lets a signed contract run out: it becomes TO_BE_RENEWED. Documented
// for insurance alone; nobody is notified.
func (e *Emulator) Lapse(contractID string) (*Contract, error) {
	return e.changeContract(contractID, lapse)
}

func lapse(tx Tx, contract *Contract) error {
	switch f := contract.family(); {
	case f.plated:
		return conflict("the contract of a vehicle does not run out")
	case f.plain:
		return conflict("a contract of this kind (" + contract.Kind + ") is not renewed")
	}
	contract.State = ToBeRenewed
	if !contract.InForce() {
		if err := leaveForce(tx, contract); err != nil {
			return err
		}
	}
	return save(tx, bucketContracts, contract.key(), contract)
}

// changeContract changes a contract that is in force.
func (e *Emulator) changeContract(contractID string, change func(Tx, *Contract) error) (contract *Contract, err error) {
	err = e.update(func(tx Tx) error {
		if contract, err = contractInForce(tx, contractID); err != nil {
			return err
		}
		return change(tx, contract)
	})
	return contract, err
}

// contractInForce finds a contract, or says why there is none to change.
func contractInForce(tx Tx, contractID string) (*Contract, error) {
	contract, err := contractOf(tx, contractID)
	switch {
	case err != nil:
		return nil, err
	case contract == nil:
		return nil, notFound("contract", contractID)
	case !contract.InForce():
		return nil, conflict("the contract is " + string(contract.State) + ", not SIGNED")
	}
	return contract, nil
}
