package emulator

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay/spec"
)

// attempt sends an event once and says how it went. It is made without any
// lock: the receiver may call the emulator back.
func (e *Emulator) attempt(ctx context.Context, event *Event, to string, fault Fault) *Attempt {
	made := &Attempt{At: e.clock.Now(), Fault: fault}
	described, _ := e.description.LookupEvent(event.Type) // a kept event may be of an older description
	ctx, cancel := context.WithTimeout(ctx, within(described))
	defer cancel()
	defer context.AfterFunc(e.lifetime(), cancel)()
	status, body, err := e.post(ctx, event, to, fault)
	made.Status, made.Duration = status, e.clock.Now().Sub(made.At)
	if err != nil {
		made.Error = err.Error()
	}
	if described != nil && described.Answer != nil && made.accepted() {
		made.Answer, made.Issue = string(body), e.checkAnswer(described.Answer, body)
	}
	e.log.InfoContext(ctx, "notification", "id", event.ID, "type", event.Type, "fault", fault, "status", status, "error", err)
	return made
}

// within is how long WeChat Pay waits for the answer to an event.
func within(described *spec.Event) time.Duration {
	if described == nil || described.Within == 0 {
		return answerTime
	}
	return time.Duration(described.Within) * time.Second
}

// checkAnswer says what in the merchant's answer is against the description,
// or "". An answer without a body is one without data.
func (e *Emulator) checkAnswer(f *spec.Field, body []byte) string {
	object := map[string]any{}
	var err error
	if len(body) > 0 {
		object, err = decodeBody(body)
	}
	if err == nil {
		check := bodyChecker{e: e, c: &call{header: http.Header{}}}
		err = check.object(f, object, "")
	}
	known, ok := errors.AsType[*refusal](err)
	if !ok {
		return ""
	}
	if at, ok := known.detail.(fault); ok {
		return strings.TrimPrefix(at.Field+" "+at.Issue, " ")
	}
	return known.message
}

// lifetime ends at the next reset or close.
func (e *Emulator) lifetime() context.Context {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.epoch
}

// maxAnswer is how much of the answer to a notification is read, in bytes.
const maxAnswer = 64 << 10

func (e *Emulator) post(ctx context.Context, event *Event, to string, fault Fault) (int, []byte, error) {
	p := &parcel{body: event.Body, at: e.clock.Now()}
	if err := e.wrap(p, event, fault); err != nil {
		return 0, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(p.body))
	if err != nil {
		return 0, nil, err
	}
	id, err := e.random.hex(44)
	if err != nil {
		return 0, nil, err
	}
	p.header.Write(r.Header)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "*/*")
	r.Header.Set("User-Agent", "Mozilla/4.0")
	r.Header.Set("Request-ID", strings.ToUpper(id)+"-0")
	if to != event.URL {
		r.Header.Set(headerNotifyURL, event.URL)
	}
	answer, err := e.client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	// The status counts, whatever becomes of the body; reading it frees the
	// connection.
	body, _ := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	return answer.StatusCode, body, nil
}

// wrap signs a parcel, with the fault that was asked for.
func (e *Emulator) wrap(p *parcel, event *Event, fault Fault) (err error) {
	how := faults[fault]
	if how.before != nil {
		how.before(p)
	}
	p.header, err = e.sign(e.notifyKey(event, e.clock.Now()), strconv.FormatInt(p.at.Unix(), 10), []byte(p.body))
	if err == nil && how.after != nil {
		how.after(p)
	}
	return err
}
