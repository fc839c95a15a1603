package emulator

import (
	"context"
	"sync"
	"time"
)

// senders is how many notifications [Emulator.Run] sends at once.
const senders = 8

// Run delivers what falls due, by the clock, until ctx ends; then it waits for
// the attempts under way, which ctx interrupts, and returns nil. Any other
// error is the store's, and ends Run: an attempt that cannot be written down
// would be made again and again. One Run at a time is enough; a second one
// helps.
func (e *Emulator) Run(ctx context.Context) error {
	inner, stop := context.WithCancelCause(ctx)
	var group sync.WaitGroup
	err := e.deliverAll(inner, &group, stop)
	group.Wait()
	if cause := context.Cause(inner); err == nil && ctx.Err() == nil {
		err = cause
	}
	stop(nil)
	return err
}

// deliverAll makes the attempts of Run, each in a goroutine of the group. fail
// ends it from there.
func (e *Emulator) deliverAll(ctx context.Context, group *sync.WaitGroup, fail context.CancelCauseFunc) error {
	free := make(chan struct{}, senders)
	for {
		moved := e.clock.change() // before the look, so that no change is missed
		first, err := e.claim()
		if err != nil {
			return err
		}
		if first == nil {
			if err := e.rest(ctx, moved); err != nil || ctx.Err() != nil {
				return err
			}
			continue
		}
		if !begins(ctx, free) {
			e.land(first.id)
			return nil
		}
		group.Go(func() {
			defer func() { <-free; e.poke() }()
			if err := e.deliverOne(ctx, first); err != nil && ctx.Err() == nil {
				fail(err) // before the claim is let go of, or it would be made again
			}
			e.land(first.id)
		})
	}
}

// begins waits until there is room for one more, or reports that there is to be
// none: ctx has ended, and counts even where there is room at that moment.
func begins(ctx context.Context, free chan<- struct{}) bool {
	select {
	case <-ctx.Done():
	case free <- struct{}{}:
	}
	return ctx.Err() == nil
}

// rest waits until something may be due: the time of the earliest attempt, a
// new one, or a clock that was moved.
func (e *Emulator) rest(ctx context.Context, moved <-chan struct{}) error {
	first, err := e.next()
	if err != nil {
		return err
	}
	var ripe <-chan time.Time
	if first != nil {
		if left, runs := e.clock.until(first.at); runs {
			timer := time.NewTimer(left)
			defer timer.Stop()
			ripe = timer.C
		}
	}
	select {
	case <-ctx.Done():
	case <-e.wake:
	case <-moved:
	case <-ripe:
	}
	return nil
}

// Advance moves the clock forward by d. What falls due on the way happens in
// order, each at its own time, before Advance returns. It returns early, with
// the clock where it was stopped, with the error of ctx. A negative d is an
// [*ActionError].
func (e *Emulator) Advance(ctx context.Context, d time.Duration) error {
	if d < 0 {
		return &ActionError{"invalid", "the clock advances forwards only; set it to go back"}
	}
	end := e.clock.Now().Add(d)
	for {
		first, err := e.next()
		if err != nil {
			return err
		}
		if first == nil || first.at.After(end) {
			break
		}
		if first.at.After(e.clock.Now()) {
			e.clock.Set(first.at)
		}
		if _, err := e.Deliver(ctx); err != nil {
			return err
		}
	}
	if end.After(e.clock.Now()) {
		e.clock.Set(end)
	}
	return nil
}

// SetTime moves the clock to t. Forwards, what falls due on the way happens in
// order, as with [Emulator.Advance]; backwards, nothing is undone.
func (e *Emulator) SetTime(ctx context.Context, t time.Time) error {
	if d := t.Sub(e.clock.Now()); d > 0 {
		if err := e.Advance(ctx, d); err != nil {
			return err
		}
	}
	e.clock.Set(t)
	return nil
}
