package inbox

import (
	"context"
	"errors"
	"net/url"
	"time"

	bolterrors "go.etcd.io/bbolt/errors"
)

// The waits between attempts from here: they double from the first to the
// longest. What the program refuses for a day is parked, as WeChat Pay gives
// up after a day; what cannot reach it waits for as long as it takes.
const (
	firstWait   = time.Second
	longestWait = time.Minute
	lastAttempt = 24 * time.Hour
	answerTime  = 5 * time.Second
)

// backoff is the wait after n attempts in a row have failed.
func backoff(n int) time.Duration {
	return min(firstWait<<min(max(n-1, 0), 10), longestWait)
}

// poke ends a wait: the program is there, or there is something to send after
// a time in which there was not.
func (in *Inbox) poke() {
	select {
	case in.wake <- struct{}{}:
	default:
	}
}

// Run sends what is pending until ctx ends. The error is one of the store; a
// file that is in use is waited for.
func (in *Inbox) Run(ctx context.Context) error {
	for down := 0; ; {
		next, reached, err := in.drain(ctx)
		if errors.Is(err, bolterrors.ErrTimeout) { // another program has the file
			next, reached, err = in.cfg.Now().Add(firstWait), true, nil
		}
		if err != nil || ctx.Err() != nil {
			return err
		}
		pause := longestWait
		if down++; reached {
			down = 0
		} else {
			pause = backoff(down)
		}
		if !next.IsZero() {
			pause = min(pause, max(next.Sub(in.cfg.Now()), time.Millisecond))
		}
		in.away.Store(down > 0)
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-in.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// drain sends all that is due, in the order in which it came, until there is no
// connection to the program. next is when more falls due.
func (in *Inbox) drain(ctx context.Context) (next time.Time, reached bool, err error) {
	if in.cfg.ForwardTo == nil {
		return time.Time{}, true, nil
	}
	defer func() {
		if in.skipped.Swap(false) { // somebody else is sending it at this moment
			next = in.cfg.Now().Add(firstWait)
		}
	}()
	for from := uint64(0); ; {
		ids, more, soonest, err := in.cfg.Store.due(from, in.cfg.Now())
		if err != nil {
			return time.Time{}, false, err
		}
		for _, id := range ids {
			select {
			case <-ctx.Done():
				return time.Time{}, true, nil
			default:
			}
			reached, err := in.resend(ctx, id)
			if err != nil || !reached {
				return time.Time{}, false, err
			}
		}
		if !soonest.IsZero() && (next.IsZero() || soonest.Before(next)) {
			next = soonest
		}
		if from = more; more == 0 {
			return next, true, nil
		}
	}
}

// resend sends a pending event, unless that is being done already. It reports
// whether there was a connection to the program.
func (in *Inbox) resend(ctx context.Context, id string) (reached bool, err error) {
	if !in.takeOffAlone(id) {
		in.skipped.Store(true)
		return true, nil
	}
	defer in.land(id)
	e, err := in.cfg.Store.Entry(id)
	if err != nil || e.State != Pending {
		return true, err
	}
	d, err := in.cfg.Store.Delivery(e.Last)
	if err != nil {
		return true, err
	}
	// What is under way when Run is ended is brought to its end: the program
	// has perhaps taken it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	a := in.send(ctx, in.cfg.ForwardTo, d, true)
	e, err = in.cfg.Store.change(id, func(e *Entry) { in.resent(e, a) })
	if err != nil {
		return true, err
	}
	in.cfg.Report(Report{At: in.cfg.Now(), What: Resent, ID: e.ID, Type: e.Type, State: e.State, Forward: &a.Forward})
	return a.reached, nil
}

// resent notes what came of an attempt from here.
func (in *Inbox) resent(e *Entry, a *answer) {
	e.Attempts++
	e.Forward = &a.Forward
	e.Next = time.Time{}
	now := in.cfg.Now()
	switch {
	case e.State != Pending: // WeChat Pay has sent it meanwhile, and was answered
	case a.accepted():
		e.State, e.Owed, e.Promised = Accepted, !e.Promised && !answersData(e.Type), false
	case !a.reached: // the whole queue waits
	case a.Status == 0: // the others need not wait for what this one does to the program
		e.Next = now.Add(backoff(e.Attempts))
	case !e.Promised:
		e.State = Left // WeChat Pay sends it again, freshly signed
	case now.Sub(e.Arrived) >= lastAttempt:
		e.State = Parked
	default:
		e.Next = now.Add(backoff(e.Attempts))
	}
}

// Replay sends an event once more, as it came last, wherever it is to go. What
// is kept stays as it is.
func (in *Inbox) Replay(ctx context.Context, e *Entry, to *url.URL) (*Forward, error) {
	d, err := in.cfg.Store.Delivery(e.Last)
	if err != nil {
		return nil, err
	}
	if err := in.cfg.Store.Close(); err != nil { // meanwhile it is for who receives
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return &in.send(ctx, to, d, true).Forward, nil
}
