package emulator

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// Scenario is something that happens between a merchant, a user and WeChat
// Pay, by name.
type Scenario struct {
	Name string `json:"scenario"`
	Does string `json:"does"`
	From string `json:"from"`  // the state that it starts from
	Ref  string `json:"ref"`   // what it is about
	Text string `json:"magic"` // as openid or contract_display_account of a pre-sign, or as reason of a refund, it asks for the scenario

	subject subject
	run     act
}

// subject is what the ref of a scenario names.
type subject int

const (
	ofSession subject = iota
	ofContract
	ofEvent
	ofRefund
)

var refs = [...]string{
	ofSession:  "pre_entrustweb_id of a session, or the prepay_id that it follows",
	ofContract: "contract_id",
	ofEvent:    "id of an event; empty means the next one that there will be",
	ofRefund:   "refund_id or out_refund_no",
}

// act lets a scenario happen within a transaction.
type act func(e *Emulator, tx Tx, ref string, now time.Time) (*Played, error)

// Played is what a scenario came to.
type Played struct {
	Scenario string    `json:"scenario"`
	Session  *Session  `json:"session,omitempty"`
	Contract *Contract `json:"contract,omitempty"`
	Event    *Event    `json:"event,omitempty"` // none where the next one is waited for
	Refund   *Refund   `json:"refund,omitempty"`
}

// magic begins the texts of a pre-sign that ask for a scenario.
const magic = "test:"

// magicMembers are where those texts are looked for.
var magicMembers = []string{"contract_display_account", "insured_display_name", "user_display_name", "display_name", "openid", "sp_openid", "sub_openid"}

// scenarios is every scenario: of the signing, of a contract, of its
// deductions, of refunds, and of notifications.
var scenarios = slices.Concat(signings, contractEnds, pauses, deductions, debts, refundEnds, deliveries)

// Scenarios lists what [Emulator.Play] can let happen.
func Scenarios() []Scenario {
	list := slices.Clone(scenarios)
	for i := range list {
		list[i].Ref, list[i].Text = refs[list[i].subject], magic+list[i].Name
	}
	return list
}

func scenarioOf(name string) *Scenario {
	i := slices.IndexFunc(scenarios, func(s Scenario) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return &scenarios[i]
}

// Play lets a scenario happen; ref is what it is about. What it causes to be
// sent is due now, and is not waited for.
//
// The error is an [*ActionError]: an unknown scenario or ref, or one that is
// not in the state that the scenario starts from.
func (e *Emulator) Play(ctx context.Context, name, ref string) (played *Played, err error) {
	s := scenarioOf(name)
	if s == nil {
		return nil, notFound("scenario", name)
	}
	if name == nameExpired {
		return e.letExpire(ctx, ref)
	}
	err = e.update(func(tx Tx) error {
		played, err = s.run(e, tx, ref, e.clock.Now())
		return err
	})
	if known, ok := errors.AsType[*ActionError](err); ok && known.Code == "conflict" {
		return nil, conflict(known.Message + "; the scenario " + name + " starts from: " + s.From)
	}
	if err != nil {
		return nil, err
	}
	if played.Contract != nil {
		if played.Contract, err = e.hear(ctx, played.Contract); err != nil {
			return nil, err
		}
	}
	played.Scenario = name
	return played, nil
}

// letExpire moves the clock to the end of a session.
func (e *Emulator) letExpire(ctx context.Context, ref string) (*Played, error) {
	var session *Session
	now := e.clock.Now()
	err := e.view(func(tx Tx) (err error) {
		session, err = sessionNamed(tx, ref)
		return err
	})
	if err != nil {
		return nil, err
	}
	if state := session.At(now); state != SessionOpen && state != SessionOffered {
		return nil, conflict("the signing session is " + string(state) + "; the scenario " + nameExpired + " starts from: " + scenarioOf(nameExpired).From)
	}
	if err := e.Advance(ctx, session.ExpiresAt.Sub(now)); err != nil {
		return nil, err
	}
	session, err = e.Session(session.ID)
	return &Played{Scenario: nameExpired, Session: session}, err
}

// askForScenario looks in a pre-sign for a text that asks for a scenario, and
// lets it happen once the pre-sign is answered.
func (e *Emulator) askForScenario(tx Tx, c *call, session *Session) error {
	for _, member := range magicMembers {
		name, ok := strings.CutPrefix(c.text(member), magic)
		if !ok {
			continue
		}
		if s := scenarioOf(name); s == nil || s.subject == ofRefund {
			return paramError(fault{Field: "/" + member, Value: magic + name, Issue: "asks for a scenario that there is not; GET " + adminPath + "/ lists them", Location: "body"})
		}
		return e.later(tx, c.now, "scenario", name+"/"+session.ID)
	}
	return nil
}

// playAsked lets a scenario happen that a pre-sign asked for: one of a contract
// or of a notification begins with the signing. What is no longer in the state
// for it stays as it is.
func playAsked(e *Emulator, tx Tx, ref string, at time.Time) error {
	name, id, _ := strings.Cut(ref, "/")
	s := scenarioOf(name)
	if s == nil || name == nameExpired { // the user does nothing
		return nil
	}
	err := e.playFromSession(tx, s, id, at)
	if _, ok := errors.AsType[*ActionError](err); ok {
		return nil
	}
	return err
}

func (e *Emulator) playFromSession(tx Tx, s *Scenario, id string, at time.Time) error {
	switch s.subject {
	case ofEvent:
		if _, err := s.run(e, tx, "", at); err != nil {
			return err
		}
		_, err := signs(e, tx, id, at)
		return err
	case ofContract:
		signed, err := signs(e, tx, id, at)
		if err != nil {
			return err
		}
		_, err = s.run(e, tx, signed.Contract.ContractID, at)
		return err
	}
	_, err := s.run(e, tx, id, at)
	return err
}
