package emulator

import "time"

// SessionState is the state of a signing session.
type SessionState string

const (
	// SessionOpen: the user can sign, or, after a payment, is not yet asked.
	SessionOpen SessionState = "open"
	// SessionOffered: the order was paid, and the user is asked.
	SessionOffered SessionState = "offered"
	// SessionSigned: the user agreed.
	SessionSigned SessionState = "signed"
	// SessionFailed: the user agreed, and the rules forbade it.
	SessionFailed SessionState = "failed"
	// SessionDeclined: the user did not want it. Nobody is told.
	SessionDeclined SessionState = "declined"
	// SessionReplaced: a later pre-sign took its place.
	SessionReplaced SessionState = "replaced"
	// SessionExpired: its time is over. It is never written, only told.
	SessionExpired SessionState = "expired"
)

// The scene that follows a payment; in every other one the user signs from the
// session itself.
const scenePayRedirect = "pay-redirect"

// scenePayment is the scene in which the user signs by paying (支付中签约).
const scenePayment = "payment"

// Session is the time in which a user may sign one contract (预签约会话).
type Session struct {
	ID        string       `json:"id"`       // pre_entrustweb_id, where the scene answers one
	Contract  string       `json:"contract"` // key of the contract
	Scene     string       `json:"scene"`
	PrepayID  string       `json:"prepay_id,omitempty"`      // of the order that is followed
	ClientIP  string       `json:"user_client_ip,omitempty"` // of the user, where the pre-sign names it
	ReturnURL string       `json:"return_url,omitempty"`     // where the user goes once it is signed
	State     SessionState `json:"state"`
	CreatedAt time.Time    `json:"created_at"`
	ExpiresAt time.Time    `json:"expires_at"`
}

// At is the state of the session at a moment: one that nobody ended expires at
// its own age.
func (s *Session) At(now time.Time) SessionState {
	if (s.State == SessionOpen || s.State == SessionOffered) && !now.Before(s.ExpiresAt) {
		return SessionExpired
	}
	return s.State
}

// askable is the state in which the user of the session's scene can answer.
func (s *Session) askable() SessionState {
	if s.Scene == scenePayRedirect {
		return SessionOffered
	}
	return SessionOpen
}

// closeSession ends a session that nobody answered yet.
func closeSession(tx Tx, id string, state SessionState) error {
	s, err := load[Session](tx, bucketSessions, id)
	if err != nil || s == nil || s.State != SessionOpen && s.State != SessionOffered {
		return err
	}
	s.State = state
	return save(tx, bucketSessions, id, s)
}
