package inbox

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/wxpay-go/wxpay/notify"
	"github.com/wxpay-go/wxpay/spec"
)

// ServeHTTP receives a notification: verified, kept, passed on, answered.
func (in *Inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ev, d, err := in.open(r)
	if err != nil {
		in.refuse(r.Context(), w, d, err)
		return
	}
	in.takeOff(ev.ID)
	defer in.land(ev.ID)
	entry, again, err := in.keep(ev, d)
	if err != nil {
		in.broken(w, ev, err)
		return
	}
	in.pass(r.Context(), w, ev, entry, d, again)
}

// open reads a request whole, and verifies it. What was read is there with an
// error too, and nil if nothing was.
func (in *Inbox) open(r *http.Request) (*notify.Event, *Delivery, error) {
	if r.Method != http.MethodPost {
		return nil, nil, &notify.Error{Status: http.StatusMethodNotAllowed, Rule: "must be a POST", Remedy: "WeChat Pay sends nothing else"}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, notify.MaxBody+1))
	if err != nil {
		return nil, nil, &notify.Error{Status: http.StatusBadRequest, Field: "body", Rule: "ended before its length", Err: err}
	}
	d := &Delivery{At: in.cfg.Now(), Target: r.URL.RequestURI(), Host: r.Host, Header: r.Header.Clone(), Body: body}
	ev, err := in.cfg.Receiver.Open(r.Context(), r.Header, body)
	if err != nil {
		return nil, d, err
	}
	d.ID = ev.ID
	return ev, d, nil
}

// keep writes the delivery down. What there is a program for is pending from
// the first moment on: if this program ends in the middle, the next one sends
// it.
func (in *Inbox) keep(ev *notify.Event, d *Delivery) (entry *Entry, again bool, err error) {
	first := Kept
	if in.cfg.ForwardTo != nil {
		first = Pending
	}
	before, now, err := in.cfg.Store.arrive(Entry{ID: ev.ID, Type: ev.Type, Summary: ev.Summary, CreateTime: ev.CreateTime}, *d, first)
	if err != nil {
		return nil, false, err
	}
	return now, before != nil, nil
}

// pass passes on what is kept, and answers.
func (in *Inbox) pass(ctx context.Context, w http.ResponseWriter, ev *notify.Event, entry *Entry, d *Delivery, again bool) {
	rep := Report{At: d.At, What: Received, ID: ev.ID, Type: ev.Type, Again: again, Event: ev, State: entry.State}
	if in.cfg.ForwardTo == nil {
		in.answer(w, rep, nil)
		return
	}
	if entry.Owed { // the program has answered this already
		in.settle(w, rep, func(e *Entry) { e.Owed = false }, nil)
		return
	}
	// That WeChat Pay hangs up is no reason to leave the program with half a
	// request; it is told what came of it when it sends again.
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), wait(ev.Type))
	defer cancel()
	answer := in.send(sending, in.cfg.ForwardTo, d, false)
	rep.Forward = &answer.Forward
	in.settle(w, rep, func(e *Entry) {
		in.outcome(e, answer)
		e.Owed = answer.accepted() && ctx.Err() != nil && !answersData(e.Type)
	}, answer)
}

// outcome notes what came of passing on a notification while WeChat Pay waits.
func (in *Inbox) outcome(e *Entry, a *answer) {
	e.Attempts++
	e.Forward = &a.Forward
	switch {
	case a.accepted():
		e.State, e.Promised, e.Next = Accepted, false, time.Time{}
	case e.State == Accepted: // it took it before, and that stays true
	case a.Status != 0 && !e.Promised:
		e.State = Left
	case answersData(e.Type):
		e.State = Left // an answer that is given later reaches nobody
	default:
		e.State = Pending
		e.Promised = e.Promised || in.cfg.Take
	}
}

// settle notes the outcome, and answers. If it cannot be noted, the event is
// sent once more than is needed, and no less.
func (in *Inbox) settle(w http.ResponseWriter, rep Report, do func(*Entry), a *answer) {
	e, err := in.cfg.Store.change(rep.ID, do)
	if err != nil {
		in.broken(w, rep.Event, err)
		return
	}
	rep.State = e.State
	if away := in.away.Load(); a != nil && (away && a.accepted() || !away && e.State == Pending) {
		in.poke()
	}
	if a != nil && a.Status == 0 && (e.Promised || e.State == Accepted) {
		a = nil
	}
	in.answer(w, rep, a)
}

// answer answers WeChat Pay: with what the program said, or that there was
// none, or, without an answer, that the notification is taken.
func (in *Inbox) answer(w http.ResponseWriter, rep Report, a *answer) {
	switch {
	case a == nil:
		rep.Status = http.StatusNoContent
		w.WriteHeader(rep.Status)
	case a.Status == 0:
		rep.Status = http.StatusServiceUnavailable
		fail(w, rep.Status)
	default:
		rep.Status = a.Status
		copyHeader(w.Header(), a.header)
		w.WriteHeader(rep.Status)
		_, _ = w.Write(a.body) // WeChat Pay reads the status
	}
	in.cfg.Report(rep)
}

// refuse answers what cannot be trusted or read. It says nothing of the reason
// to whoever sent it.
func (in *Inbox) refuse(ctx context.Context, w http.ResponseWriter, d *Delivery, err error) {
	status := http.StatusBadRequest
	if e, ok := errors.AsType[*notify.Error](err); ok {
		status = e.Status
	}
	fail(w, status)
	in.cfg.Report(Report{At: in.cfg.Now(), What: Refused, Status: status, Refusal: in.explain(ctx, d, err)})
}

func (in *Inbox) broken(w http.ResponseWriter, ev *notify.Event, err error) {
	fail(w, http.StatusInternalServerError)
	in.cfg.Report(Report{
		At: in.cfg.Now(), What: Broken, ID: ev.ID, Type: ev.Type, Status: http.StatusInternalServerError,
		Refusal: &Refusal{Code: "store", Reason: err.Error(), Remedy: "WeChat Pay sends it again"},
	})
}

// fail writes the documented body of a refusal.
func fail(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`{"code":"FAIL","message":"失败"}`))
}

// wait is how long the program may take: a little less than WeChat Pay waits.
func wait(eventType string) time.Duration {
	const margin = 500 * time.Millisecond
	if e, ok := spec.LookupEvent(eventType); ok && e.Within > 1 {
		return time.Duration(e.Within)*time.Second - margin
	}
	return 5*time.Second - margin
}

// answersData reports whether the answer to an event carries business data.
func answersData(eventType string) bool {
	e, ok := spec.LookupEvent(eventType)
	return ok && e.Answer != nil
}
