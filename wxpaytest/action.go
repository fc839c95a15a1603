package wxpaytest

import (
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// Pay lets the user pay the order of a prepay_id, and delivers what that
// causes. See [emulator.Emulator.Pay].
func (s *Server) Pay(prepayID string) *emulator.Order {
	s.t.Helper()
	order, err := s.pay.Pay(prepayID, "")
	s.must("pay", err)
	s.Deliver()
	return order
}

// Agree lets the user sign: ref is the pre_entrustweb_id of a session, or the
// prepay_id of a paid order. See [emulator.Emulator.Agree].
func (s *Server) Agree(ref string) *emulator.Contract {
	s.t.Helper()
	contract, err := s.pay.Agree(ref, "")
	s.must("agree", err)
	s.Deliver()
	return contract
}

// Decline lets the user refuse to sign; nobody is notified.
func (s *Server) Decline(ref string) {
	s.t.Helper()
	s.must("decline", s.pay.Decline(ref))
}

// Terminate lets the user end a contract (USER_TERMINATE).
func (s *Server) Terminate(contractID string) *emulator.Contract {
	s.t.Helper()
	contract, err := s.pay.Terminate(contractID, "", "")
	s.must("terminate", err)
	s.Deliver()
	return contract
}

// Advance moves the clock; what falls due on the way happens in order, each at
// its own time.
func (s *Server) Advance(d time.Duration) {
	s.t.Helper()
	s.must("advance", s.pay.Advance(s.t.Context(), d))
}

// Deliver delivers what is due. The methods of this type do it themselves; a
// call of the merchant's that causes a notification, such as terminating a
// contract, does not: it is delivered by the next of these methods.
func (s *Server) Deliver() {
	s.t.Helper()
	_, err := s.pay.Deliver(s.t.Context())
	s.must("deliver", err)
}

// Trigger sends an event made of its documented samples to a notify URL, with
// members of its resource replaced. It returns what became of it. See
// [emulator.Emulator.Trigger].
func (s *Server) Trigger(eventType, notifyURL string, resource map[string]any) *emulator.Event {
	s.t.Helper()
	event, err := s.pay.Trigger(eventType, notifyURL, resource)
	s.must("trigger", err)
	s.Deliver()
	event, err = s.pay.Event(event.ID)
	s.must("trigger", err)
	return event
}

// Redeliver sends an event again, with something wrong with it, and returns
// how it was answered. See [emulator.Fault].
func (s *Server) Redeliver(eventID string, fault emulator.Fault) *emulator.Attempt {
	s.t.Helper()
	attempt, err := s.pay.Redeliver(s.t.Context(), eventID, fault)
	s.must("redeliver", err)
	return attempt
}

// Events lists the notifications so far and what became of them.
func (s *Server) Events() []emulator.Event {
	s.t.Helper()
	events, err := s.pay.Events()
	s.must("events", err)
	return events
}

// Fault lets something go wrong with the client's requests from now on: for
// instance a [emulator.Disruption] with Case "SYSTEM_ERROR" and Count 1. It
// returns what ends it.
func (s *Server) Fault(d emulator.Disruption) (end func()) {
	s.t.Helper()
	made, err := s.pay.Disrupt(d)
	s.must("fault", err)
	return func() {
		s.t.Helper()
		s.must("end of a fault", s.pay.Restore(made.ID))
	}
}
