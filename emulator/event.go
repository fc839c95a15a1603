package emulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/spec"
)

// EventState is the state of a notification's delivery.
type EventState string

const (
	// EventPending: the next attempt is due.
	EventPending EventState = "pending"
	// EventDelivered: an attempt was answered with 200 or 204.
	EventDelivered EventState = "delivered"
	// EventFailed: the last attempt of the schedule failed.
	EventFailed EventState = "failed"
	// EventKept: it cannot be sent from here; the note says why.
	EventKept EventState = "not delivered"
)

// Event is one notification (通知) and what became of it.
type Event struct {
	ID        string    `json:"id"`
	Type      string    `json:"event_type"`
	URL       string    `json:"notify_url"` // that the merchant gave
	CreatedAt time.Time `json:"created_at"`

	// Resource is the plaintext; Body is what is sent, byte for byte, at each
	// attempt.
	Resource json.RawMessage `json:"resource"`
	Body     string          `json:"body"`

	State    EventState `json:"state"`
	Note     string     `json:"note,omitempty"`
	Next     time.Time  `json:"next,omitzero"` // of the next attempt, while pending
	Attempts []Attempt  `json:"attempts,omitempty"`

	// About is the contract_id that the event asks about: what is answered
	// decides what becomes of it, and there is one attempt.
	About string `json:"about,omitempty"`

	// Faults are those of the next attempts, where a scenario asked for them.
	Faults []Fault `json:"faults,omitempty"`
}

// Attempt is one delivery of an [Event].
type Attempt struct {
	At       time.Time     `json:"at"`
	Fault    Fault         `json:"fault,omitempty"`   // it was sent with on purpose
	Planned  bool          `json:"planned,omitempty"` // the fault is of a scenario: the attempt is one of the schedule
	Status   int           `json:"status,omitempty"`  // of the answer, 0 if there was none
	Duration time.Duration `json:"duration_ns"`       // by the emulator's clock
	Error    string        `json:"error,omitempty"`

	// Answer is the body of an answer that carries business data, cut to 64
	// KiB, and Issue what in it is against the description. Neither decides
	// about the delivery: the status alone does.
	Answer string `json:"answer,omitempty"`
	Issue  string `json:"answer_issue,omitempty"`
}

// accepted: the status alone counts, whatever the body says.
func (a *Attempt) accepted() bool { return a.Status == 200 || a.Status == 204 }

// envelope is the body of a notification (通知报文), without the resource's
// plaintext.
type envelope struct {
	ID           string        `json:"id"`
	CreateTime   string        `json:"create_time"`
	ResourceType string        `json:"resource_type"`
	EventType    string        `json:"event_type"`
	Summary      string        `json:"summary"`
	Resource     seal.Resource `json:"resource"`
}

// notify writes a notification to be delivered from now on, and returns it.
// Without a URL nothing is sent, as documented, and it returns nil.
func (e *Emulator) notify(tx Tx, now time.Time, typ, to string, known map[string]any) (*Event, error) {
	if to == "" {
		return nil, nil
	}
	described, ok := e.description.LookupEvent(typ)
	if !ok {
		return nil, fmt.Errorf("emulator: the description has no event %s", typ)
	}
	plain, err := e.render(resourceFor(described.Resource, known), known)
	if err != nil {
		return nil, err
	}
	event := &Event{Type: typ, URL: to, CreatedAt: now, Resource: plain, State: EventPending, Next: now}
	if event.ID, err = e.eventID(tx, now); err != nil {
		return nil, err
	}
	if event.Body, err = e.envelop(event, described, plain); err != nil {
		return nil, err
	}
	if err := e.meet(tx, event, now); err != nil {
		return nil, err
	}
	return event, putEvent(tx, event)
}

// putEvent writes an event, and its next attempt if there is one.
func putEvent(tx Tx, event *Event) error {
	if event.State == EventPending {
		if err := tx.Put(bucketDue, dueKey(event), []byte(event.ID)); err != nil {
			return err
		}
	}
	return save(tx, bucketEvents, event.ID, event)
}

// resourceFor fits the documented resource to what the event is about.
//
// Assumed: the signing of a password-exempt contract, which no document
// describes, is notified in the words of the entrusted deduction, with
// service_id in the place of plan_id.
func resourceFor(f *spec.Field, known map[string]any) *spec.Field {
	if known["service_id"] == nil {
		return f
	}
	fitted := *f
	fitted.Fields = slices.Clone(f.Fields)
	for i := range fitted.Fields {
		if fitted.Fields[i].Name == "plan_id" && known["plan_id"] == nil {
			fitted.Fields[i].Name = "service_id"
		}
	}
	return &fitted
}

// eventID is unique and sorts by age: "EV-", the time, a counter, and a few
// digits, 35 characters of the allowed 36.
func (e *Emulator) eventID(tx Tx, now time.Time) (string, error) {
	n, err := next(tx, "event")
	if err != nil {
		return "", err
	}
	tail, err := e.random.text(digits, 8)
	return "EV-" + now.In(beijing).Format("20060102150405") + fmt.Sprintf("%010d", n) + tail, err
}

// envelop encrypts the resource and writes the body.
func (e *Emulator) envelop(event *Event, described *spec.Event, plain []byte) (string, error) {
	nonce, err := e.random.text(base62, seal.NonceSize)
	if err != nil {
		return "", err
	}
	sealed, err := seal.Close([]byte(e.creds.APIv3Key), plain, described.OriginalType, nonce)
	if err != nil {
		return "", err
	}
	sealed.OriginalType = described.OriginalType
	body, err := json.Marshal(envelope{
		ID: event.ID, CreateTime: stamp(event.CreatedAt), ResourceType: "encrypt-resource",
		EventType: event.Type, Summary: described.Title, Resource: sealed,
	})
	return string(body), err
}

// dueKey sorts by the time of the next attempt, then by age.
func dueKey(event *Event) string {
	return event.Next.UTC().Format(dueLayout) + "/" + event.ID
}

const dueLayout = "20060102150405.000000000"
