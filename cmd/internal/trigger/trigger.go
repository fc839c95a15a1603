// Package trigger makes notifications (回调通知) out of nothing and sends them,
// as WeChat Pay does: any documented event, made of its samples, encrypted and
// signed with the keys of an emulated WeChat Pay. It is what `wxpay trigger`
// runs.
//
// A real merchant's notifications cannot be made: only WeChat Pay has the
// private key.
package trigger

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/caller"
	"github.com/wxpay-go/wxpay/cmd/internal/members"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/spec"
)

// Request says what to make.
type Request struct {
	Type    string   // of the event; that of the fixture if it is ""
	Fields  []string // that are to be other than the samples; see [caller.Request]
	Fixture *Fixture // that stands in for the samples, or nil
}

// Trigger is an event, ready to be sent.
type Trigger struct {
	ID      string
	Type    string
	Fixture *Fixture // the event as a fixture
	Within  time.Duration

	emulator *emulator.Emulator
	courier  *courier
}

// Config says who sends.
type Config struct {
	Credentials *emulator.Credentials
	Keys        emulator.KeyMode  // that sign: KeyPublic or KeyCertificate; defaults to the first
	Transport   http.RoundTripper // defaults to one without proxy
}

// Make makes an event. What is wrong with the request is a [*caller.Error], or
// several joined.
func Make(cfg Config, r Request) (*Trigger, error) {
	if r.Type == "" && r.Fixture != nil {
		r.Type = r.Fixture.Type
	}
	described, err := caller.Event(r.Type)
	if err != nil {
		return nil, err
	}
	resource, err := r.Fixture.overrides(described)
	if err != nil {
		return nil, err
	}
	overrides, err := caller.Resource(described, begun(described.Resource, resource, r.Fields), r.Fields)
	if err != nil {
		return nil, err
	}
	t := &Trigger{Type: described.Type, Within: within(described), courier: newCourier(cfg.Transport)}
	t.emulator, err = emulator.New(emulator.Config{Credentials: cfg.Credentials, NotifyKeys: cfg.Keys, Client: &http.Client{Transport: t.courier}})
	if err != nil {
		return nil, err
	}
	event, err := t.emulator.Trigger(t.Type, anywhere, overrides)
	if err != nil {
		_ = t.emulator.Close()
		return nil, refusal(err)
	}
	plain, err := unsealed(described.Resource, event.Resource, cfg.Credentials)
	t.ID, t.Fixture = event.ID, &Fixture{Type: t.Type, Resource: plain}
	return t, err
}

// unsealed decrypts what is encrypted for the merchant inside the resource: a
// fixture is to be read, and encrypted anew.
func unsealed(f *spec.Field, resource []byte, c *emulator.Credentials) ([]byte, error) {
	return members.Rewrite(resource, f, func(f *spec.Field, _ string, value json.RawMessage) (json.RawMessage, error) {
		if !f.Encrypted {
			return nil, nil
		}
		var cipher string
		if err := json.Unmarshal(value, &cipher); err != nil {
			return nil, err
		}
		text, err := seal.DecryptField(c.MerchantKey, cipher)
		if err != nil {
			return nil, err
		}
		return json.Marshal(text)
	})
}

// refusal gives an error of the emulator, which speaks of its own doing, to
// whoever wrote the fields.
func refusal(err error) error {
	if e, ok := errors.AsType[*emulator.ActionError](err); ok {
		return &caller.Error{Field: "the event", Rule: "cannot be made (" + e.Message + ")", Remedy: "give the field another value, or leave it out"}
	}
	return err
}

func within(e *spec.Event) time.Duration {
	if e.Within == 0 {
		return 5 * time.Second
	}
	return time.Duration(e.Within) * time.Second
}

// Close frees what an event holds.
func (t *Trigger) Close() error { return t.emulator.Close() }

// Sent is one sending, and its answer.
type Sent struct {
	Fault    emulator.Fault `json:"fault,omitempty"`
	Status   int            `json:"status,omitempty"` // 0 if there was no answer
	Answer   string         `json:"answer,omitempty"` // its body, cut to 64 KiB
	Error    string         `json:"error,omitempty"`
	Issue    string         `json:"answer_issue,omitempty"` // what is wrong with an answer that carries data
	Taken    bool           `json:"taken"`                  // WeChat Pay takes it as received
	Right    bool           `json:"right"`                  // as it should be: a faulty one is refused, the others are taken
	Duration time.Duration  `json:"duration_ns"`
}

// Send sends the event to a URL, with a fault or none. One that is a duplicate
// is sent twice.
func (t *Trigger) Send(ctx context.Context, to *url.URL, fault emulator.Fault) ([]Sent, error) {
	faults := []emulator.Fault{fault}
	switch fault {
	case emulator.FaultNone: // there is nothing wrong with a duplicate by itself
		faults = []emulator.Fault{emulator.FaultDuplicate}
	case emulator.FaultDuplicate:
		faults = []emulator.Fault{emulator.FaultDuplicate, emulator.FaultDuplicate}
	}
	var list []Sent
	for i, f := range faults {
		t.courier.to = to
		made, err := t.emulator.Redeliver(ctx, t.ID, f)
		if err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		s := t.judge(made, fault)
		if fault == emulator.FaultDuplicate && i == 0 {
			s.Fault = emulator.FaultNone
		}
		list = append(list, s)
	}
	return list, nil
}

func (t *Trigger) judge(a *emulator.Attempt, fault emulator.Fault) Sent {
	s := Sent{Fault: fault, Status: a.Status, Answer: t.courier.answer, Error: a.Error, Issue: a.Issue, Duration: a.Duration}
	if t.courier.failed != nil {
		s.Error = t.courier.failed.Error() // the emulator speaks of an address that was never asked
	}
	s.Taken = a.Status == http.StatusOK || a.Status == http.StatusNoContent
	switch fault {
	case emulator.FaultNone, emulator.FaultDuplicate:
		s.Right = s.Taken && s.Issue == ""
	default:
		s.Right = s.Status >= 400
	}
	return s
}

// Raw is the HTTP request that Send would send to a URL, as text.
func (t *Trigger) Raw(ctx context.Context, to *url.URL, fault emulator.Fault) ([]byte, error) {
	t.courier.draft = true
	defer func() { t.courier.draft = false }()
	if _, err := t.Send(ctx, to, fault); err != nil {
		return nil, err
	}
	return t.courier.raw, nil
}

// Faults are what can be wrong with an event on purpose.
func Faults() []string {
	return []string{string(emulator.FaultStale), string(emulator.FaultSerial), string(emulator.FaultCiphertext), string(emulator.FaultProbe), string(emulator.FaultDuplicate)}
}
