package emulator

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// attempt sends an event once and says how it went. It is made without any
// lock: the receiver may call the emulator back.
func (e *Emulator) attempt(ctx context.Context, event *Event, to string, fault Fault) *Attempt {
	made := &Attempt{At: e.clock.Now(), Fault: fault}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	defer context.AfterFunc(e.lifetime(), cancel)()
	status, err := e.post(ctx, event, to, fault)
	made.Status, made.Duration = status, e.clock.Now().Sub(made.At)
	if err != nil {
		made.Error = err.Error()
	}
	e.log.InfoContext(ctx, "notification", "id", event.ID, "type", event.Type, "fault", fault, "status", status, "error", err)
	return made
}

// lifetime ends at the next reset or close.
func (e *Emulator) lifetime() context.Context {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.epoch
}

func (e *Emulator) post(ctx context.Context, event *Event, to string, fault Fault) (int, error) {
	p := &parcel{body: event.Body, at: e.clock.Now()}
	if err := e.wrap(p, fault); err != nil {
		return 0, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(p.body))
	if err != nil {
		return 0, err
	}
	id, err := e.random.hex(44)
	if err != nil {
		return 0, err
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
		return 0, err
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, 64<<10) // the body says nothing; reading it frees the connection
	return answer.StatusCode, nil
}

// wrap signs a parcel, with the fault that was asked for.
func (e *Emulator) wrap(p *parcel, fault Fault) (err error) {
	how := faults[fault]
	if how.before != nil {
		how.before(p)
	}
	p.header, err = e.sign(e.notifyKey(), strconv.FormatInt(p.at.Unix(), 10), []byte(p.body))
	if err == nil && how.after != nil {
		how.after(p)
	}
	return err
}
