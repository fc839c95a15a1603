package emulator

import (
	"cmp"
	"strconv"
	"time"
)

// ActionError refuses something that a test asks of the user or of WeChat Pay
// itself: what is not there, or not in the state for it.
type ActionError struct {
	Code    string // "not_found", "conflict" or "invalid"
	Message string // for people
}

// Error gives the message.
func (e *ActionError) Error() string { return "emulator: " + e.Message }

func notFound(what, id string) error {
	return &ActionError{"not_found", "there is no " + what + " " + strconv.Quote(id)}
}

func conflict(message string) error { return &ActionError{"conflict", message} }

// Pay lets the user pay an order, and returns the order. The merchant is
// notified at the order's notify_url; a contract that was pre-signed for the
// order is now offered, see [Emulator.Agree] and [Emulator.Decline]. openID
// may be left empty; it must be the order's payer if both are known.
//
// The error is an [*ActionError]: an unknown prepay_id, or one that is paid or
// expired.
func (e *Emulator) Pay(prepayID, openID string) (order *Order, err error) {
	now := e.clock.Now()
	err = e.update(func(tx Tx) error {
		if order, err = orderOf(tx, prepayID); err != nil {
			return err
		}
		if order == nil {
			return notFound("order", prepayID)
		}
		if why := order.payable(prepayID, now); why != "" {
			return conflict(why)
		}
		if openID != "" && order.OpenID != "" && openID != order.OpenID && openID != order.SubOpenID {
			return conflict("the order is another user's to pay")
		}
		order.OpenID = cmp.Or(order.OpenID, openID)
		return e.paid(tx, order, now)
	})
	return order, err
}

// paid writes the payment, tells the merchant, and offers the contract.
func (e *Emulator) paid(tx Tx, order *Order, now time.Time) error {
	if order.TransactionID == "" {
		id, err := e.transactionID(tx, now)
		if err != nil {
			return err
		}
		order.TransactionID = id
	}
	order.State, order.PaidAt = TradeSuccess, now
	if err := saveOrder(tx, order); err != nil {
		return err
	}
	if err := e.offer(tx, order, now); err != nil {
		return err
	}
	if order.Elsewhere || order.NotifyURL == "" {
		return nil
	}
	known, err := order.values()
	if err != nil {
		return err
	}
	_, err = e.notify(tx, now, cmp.Or(familyOf(order.Product).paid, "TRANSACTION.SUCCESS"), order.NotifyURL, known)
	return err
}

// transactionID makes the number of a payment, 28 digits.
func (e *Emulator) transactionID(tx Tx, now time.Time) (string, error) {
	return newID(tx, bucketTransactions, func() (string, error) {
		tail, err := e.random.text(digits, 14)
		return "420000" + now.In(beijing).Format("20060102") + tail, err
	})
}

// offer asks the payer to sign the contract that was pre-signed for the order,
// if the session is not over and the payer is the user it is meant for. What
// is signed by paying is signed.
func (e *Emulator) offer(tx Tx, order *Order, now time.Time) error {
	id, err := pointer(tx, bucketOffers, order.PrepayID)
	if err != nil || id == "" {
		return err
	}
	session, err := load[Session](tx, bucketSessions, id)
	if err != nil || session == nil || session.At(now) != SessionOpen {
		return err
	}
	contract, err := load[Contract](tx, bucketContracts, session.Contract)
	if err != nil || contract == nil || !mayBeSignedBy(contract, order) {
		return err
	}
	if session.Scene == scenePayment {
		return e.signedByPaying(tx, contract, session, order, now)
	}
	session.State = SessionOffered
	return save(tx, bucketSessions, id, session)
}

// mayBeSignedBy compares the users of contract and order where both are known
// under the same appid.
func mayBeSignedBy(contract *Contract, order *Order) bool {
	if contract.AppID != order.AppID || contract.OpenID == "" || order.OpenID == "" {
		return true
	}
	return contract.OpenID == order.OpenID
}

// Agree lets the user sign: ref is a session id (pre_entrustweb_id), or the
// prepay_id of a paid order. openID is the user who signs; empty means the one
// that the pre-sign named. It returns the signed contract, of which the
// merchant is notified.
//
// The error is an [*ActionError]: nothing by that name, a session that is over
// or not yet offered, or another user than the pre-sign named.
func (e *Emulator) Agree(ref, openID string) (*Contract, error) {
	return e.conclude(ref, openID, Signed)
}

// AgreeFrom is Agree by a user who is seen at an address. Where the pre-sign
// named the user's (user_client_ip), another one is refused with an
// [*ActionError] and the session stays open; an empty one is not compared.
func (e *Emulator) AgreeFrom(ref, openID, clientIP string) (contract *Contract, err error) {
	now := e.clock.Now()
	err = e.update(func(tx Tx) error {
		session, err := e.asked(tx, ref, now)
		if err != nil {
			return err
		}
		if clientIP != "" && session.ClientIP != "" && clientIP != session.ClientIP {
			return conflict("the pre-sign named another user_client_ip, and the user can sign from there alone")
		}
		contract, err = e.concluded(tx, ref, openID, Signed, now)
		return err
	})
	return contract, err
}

// Fail is Agree with the end that the rules forbid the contract: it becomes
// SIGN_FAILED, its code is used up, and nobody is notified.
func (e *Emulator) Fail(ref, openID string) (*Contract, error) {
	return e.conclude(ref, openID, SignFailed)
}

// Decline lets the user refuse to sign. Nobody is notified, and the merchant
// may pre-sign again.
func (e *Emulator) Decline(ref string) error {
	now := e.clock.Now()
	return e.update(func(tx Tx) error {
		session, err := e.asked(tx, ref, now)
		if err != nil {
			return err
		}
		return decline(tx, session)
	})
}

// decline writes that the user refused. A contract whose code is used up by
// that will not be signed any more.
func decline(tx Tx, session *Session) error {
	session.State = SessionDeclined
	if err := save(tx, bucketSessions, session.ID, session); err != nil {
		return err
	}
	contract, err := load[Contract](tx, bucketContracts, session.Contract)
	if err != nil || contract == nil || !contract.family().spent {
		return err
	}
	contract.State = SignFailed
	return save(tx, bucketContracts, contract.key(), contract)
}

// asked finds the session in which the user can answer now.
func (e *Emulator) asked(tx Tx, ref string, now time.Time) (*Session, error) {
	id, err := pointer(tx, bucketOffers, ref)
	if err != nil {
		return nil, err
	}
	session, err := load[Session](tx, bucketSessions, cmp.Or(id, ref))
	if err != nil {
		return nil, err
	}
	if session == nil {
		return nil, notFound("signing session", ref)
	}
	if state := session.At(now); state != session.askable() {
		return nil, conflict("the signing session is " + string(state) + ", and the user can answer it only while it is " + string(session.askable()))
	}
	return session, nil
}
