package emulator

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"
)

// modeUser is how a contract ends that its user ends, modeMerchant one that the
// merchant ends.
const (
	modeUser     = "USER_TERMINATE"
	modeMerchant = "MCH_API_TERMINATE"
)

// InquiryOutcome is what came of asking the merchant.
type InquiryOutcome string

const (
	// InquiryAsked: the merchant is being asked.
	InquiryAsked InquiryOutcome = "asked"
	// InquiryRefused: the merchant does not allow it; the contract stays.
	InquiryRefused InquiryOutcome = "refused"
	// InquiryOffered: the user is shown an offer, and decides.
	InquiryOffered InquiryOutcome = "offered"
	// InquiryStayed: the user took the offer, and the contract stays.
	InquiryStayed InquiryOutcome = "stayed"
	// InquiryAnswered: the merchant answered, and the contract ends.
	InquiryAnswered InquiryOutcome = "answered"
	// InquiryUnanswered: nobody answered in time, and the contract ends.
	InquiryUnanswered InquiryOutcome = "unanswered"
)

// Inquiry is a question to the merchant whose user wants to end a contract:
// whether that is allowed (ENTRUST.TERMINATE_INQUIRY, 解约问询, of HarmonyOS), or
// what is offered to retain the user (ENTRUST.TERMINATE_RETENTION, 解约挽留, of
// plans that take part in it; see [Plan]).
type Inquiry struct {
	Type    string         `json:"event_type"`
	EventID string         `json:"event_id,omitempty"` // "" if it could not be sent
	At      time.Time      `json:"at"`
	Outcome InquiryOutcome `json:"outcome"`
	Remark  string         `json:"remark,omitempty"` // of the user

	// What is offered: state and id of the coupon (优惠券).
	CouponState string `json:"coupon_state,omitempty"`
	CouponID    string `json:"coupon_id,omitempty"`
}

func (q *Inquiry) is(outcome InquiryOutcome) bool { return q != nil && q.Outcome == outcome }

// questions are asked in this order, where they are.
var questions = []string{"ENTRUST.TERMINATE_INQUIRY", "ENTRUST.TERMINATE_RETENTION"}

// asks reports whether the answer to the event decides something.
func (e *Event) asks() bool { return e.About != "" }

// leave lets the user end a contract: at once, or once the merchant was asked.
// A user who has seen an offer is not held again.
func (e *Emulator) leave(tx Tx, contract *Contract, remark string, now time.Time) error {
	switch {
	case contract.Inquiry.is(InquiryAsked):
		event, err := load[Event](tx, bucketEvents, contract.Inquiry.EventID)
		if err != nil {
			return err
		}
		if event != nil && event.State == EventPending { // else it was lost
			return conflict("the merchant is being asked whether the user may end the contract")
		}
	case contract.Inquiry.is(InquiryOffered):
		return e.terminate(tx, contract, Termination{Mode: modeUser, Remark: remark, At: now})
	}
	return e.askFrom(tx, contract, 0, remark, now)
}

// askFrom asks the first question from one on that is asked of the contract.
// When all are answered the contract ends.
//
// Assumed: a question goes where the end of the contract is told. One that
// cannot be sent, or is on its way for long, is one without an answer.
func (e *Emulator) askFrom(tx Tx, contract *Contract, from int, remark string, now time.Time) error {
	plan, err := e.planOf(tx, contract)
	if err != nil {
		return err
	}
	for _, question := range questions[from:] {
		asked := contract.Role == roleHarmony
		if question == questions[1] {
			asked = contract.family().entrusted && plan.Retention
		}
		if !asked {
			continue
		}
		contract.Inquiry = &Inquiry{Type: question, At: now, Outcome: InquiryUnanswered, Remark: remark}
		event, err := e.notify(tx, now, question, e.endURL(contract), contract.asked())
		if err != nil {
			return err
		}
		if event == nil || event.State != EventPending || event.Next.After(now) {
			continue
		}
		event.About, contract.Inquiry.EventID, contract.Inquiry.Outcome = contract.ContractID, event.ID, InquiryAsked
		if err := putEvent(tx, event); err != nil {
			return err
		}
		return save(tx, bucketContracts, contract.key(), contract)
	}
	return e.terminate(tx, contract, Termination{Mode: modeUser, Remark: remark, At: now})
}

// asked are the members of the questions. Assumed: code and messsage, of which
// no value is documented; and the contract's own code for a user without one.
func (c *Contract) asked() values {
	known := c.values()
	known["code"], known["messsage"] = "SUCCESS", "成功" // spelt so
	known["out_user_code"] = cmp.Or(c.OutUserCode, c.Code)
	return known
}

// heard takes the answer to a question. Whatever became of the contract
// meanwhile counts more.
//
// Assumed: an answer with an error refuses the end of a contract of HarmonyOS;
// the pages do not say how that is refused. Without an answer in time it ends,
// as the page of 解约挽留 says of the other question.
func (e *Emulator) heard(tx Tx, event *Event, made []Attempt) error {
	contract, err := contractOf(tx, event.About)
	if err != nil || contract == nil || !contract.InForce() || !contract.Inquiry.is(InquiryAsked) || contract.Inquiry.EventID != event.ID {
		return err
	}
	q, from := contract.Inquiry, slices.Index(questions, event.Type)+1
	q.Outcome = InquiryUnanswered
	for i := range made {
		if made[i].Status != 0 {
			q.Outcome = InquiryRefused
		}
	}
	if anyAccepted(made) {
		q.Outcome = InquiryAnswered
	}
	if event.Type == questions[1] {
		q.offer(made)
	}
	if q.Outcome == InquiryRefused || q.Outcome == InquiryOffered {
		return save(tx, bucketContracts, contract.key(), contract)
	}
	return e.askFrom(tx, contract, from, q.Remark, e.clock.Now())
}

// offer reads what is offered to the user: a coupon that is sent now, or that
// was sent before. Any other answer is none.
func (q *Inquiry) offer(made []Attempt) {
	if q.Outcome == InquiryRefused {
		q.Outcome = InquiryAnswered
	}
	for i := range made {
		var answer struct {
			Coupon struct {
				State string `json:"state"`
				ID    string `json:"coupon_id"`
			} `json:"coupon_info"`
		}
		a := &made[i]
		if !a.accepted() || a.Issue != "" || json.Unmarshal([]byte(a.Answer), &answer) != nil {
			continue
		}
		q.CouponState, q.CouponID = answer.Coupon.State, answer.Coupon.ID
		if q.CouponState == "SEND_COUPON" || q.CouponState == "UNUSED_COUPON" {
			q.Outcome = InquiryOffered
		}
	}
}

// hear makes the attempts of the questions that are asked about a contract, and
// returns the contract as the answers leave it.
func (e *Emulator) hear(ctx context.Context, contract *Contract) (*Contract, error) {
	for contract.Inquiry.is(InquiryAsked) {
		asked := contract.Inquiry.EventID
		made, err := e.attemptNow(ctx, asked)
		if err != nil {
			return nil, err
		}
		if contract, err = e.Contract(contract.ContractID); err != nil {
			return nil, err
		}
		if made && contract.Inquiry.is(InquiryAsked) && contract.Inquiry.EventID == asked {
			break // forgotten on the way
		}
	}
	return contract, nil
}

// attemptNow makes the attempt of an event, or waits for whoever is making it.
func (e *Emulator) attemptNow(ctx context.Context, id string) (made bool, err error) {
	epoch := e.lifetime()
	event, err := e.Event(id)
	if err != nil {
		return false, err
	}
	landed, taken := e.takeOff(id)
	if !taken {
		select {
		case <-landed:
			return false, nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
	defer e.poke() // what follows from the answer may be due
	defer e.land(id)
	return true, e.deliverOne(ctx, &due{key: dueKey(event), id: id, at: event.Next, epoch: epoch})
}

// Stay lets the user take what was offered, and keep the contract, which is
// returned. Nobody is notified.
//
// The error is an [*ActionError]: no such contract, or one of which nothing is
// offered.
func (e *Emulator) Stay(contractID string) (*Contract, error) {
	return e.changeContract(contractID, func(tx Tx, contract *Contract) error {
		if !contract.Inquiry.is(InquiryOffered) {
			return conflict("nothing is offered to the user of the contract")
		}
		contract.Inquiry.Outcome = InquiryStayed
		return save(tx, bucketContracts, contract.key(), contract)
	})
}
