package emulator

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"
)

// due is the earliest attempt that is not being made at this moment.
type due struct {
	key   string
	id    string
	at    time.Time
	epoch context.Context // ends when the state that it was found in is forgotten
}

// over reports whether the state is another one by now.
func (d *due) over() bool { return d.epoch.Err() != nil }

// firstDue finds it, or nil. Attempts under way are few, so that the walk is
// short however many wait.
func (e *Emulator) firstDue() (first *due, err error) {
	epoch := e.lifetime() // before the look, so that no forgetting is missed
	err = e.store.View(func(tx Tx) error {
		return tx.Each(bucketDue, "", func(key string, id []byte) error {
			if e.inFlight(string(id)) {
				return nil
			}
			at, err := dueAt(key)
			if err != nil {
				return err
			}
			first = &due{key: key, id: string(id), at: at, epoch: epoch}
			return fs.SkipAll
		})
	})
	return first, err
}

// dueAt is the time in a key of what is due.
func dueAt(key string) (time.Time, error) {
	stamped, _, _ := strings.Cut(key, "/")
	return time.Parse(dueLayout, stamped)
}

// claim takes the earliest attempt that is due, so that nobody else makes it.
func (e *Emulator) claim() (*due, error) {
	for {
		if err := e.settle(); err != nil {
			return nil, err
		}
		first, err := e.firstDue()
		if err != nil || first == nil || first.at.After(e.clock.Now()) {
			return nil, err
		}
		if _, taken := e.takeOff(first.id); taken {
			return first, nil
		}
	}
}

func (e *Emulator) inFlight(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.flight[id] != nil
}

// takeOff marks an event as being delivered; false if it was already. landed
// closes when that is done.
func (e *Emulator) takeOff(id string) (landed <-chan struct{}, taken bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if under := e.flight[id]; under != nil {
		return under, false
	}
	e.flight[id] = make(chan struct{})
	return e.flight[id], true
}

func (e *Emulator) land(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	close(e.flight[id])
	delete(e.flight, id)
}

// Deliver makes every attempt that is due now, in order, and returns how many.
// An attempt that somebody else is making is left to them. It returns early
// with the error of ctx.
func (e *Emulator) Deliver(ctx context.Context) (int, error) {
	for n := 0; ; n++ {
		first, err := e.claim()
		if err != nil || first == nil {
			return n, err
		}
		err = e.deliverOne(ctx, first)
		e.land(first.id)
		if err != nil {
			return n, err
		}
	}
}

// deliverOne makes a claimed attempt and writes down how it went. An attempt
// that ctx interrupts was none, and stays due. The caller lets go of the claim.
func (e *Emulator) deliverOne(ctx context.Context, d *due) error {
	var event *Event
	gone := false
	err := e.store.View(func(tx Tx) (err error) {
		if still, err := tx.Get(bucketDue, d.key); err != nil || still == nil {
			gone = true // made by somebody else between the look and the claim
			return err
		}
		event, err = load[Event](tx, bucketEvents, d.id)
		return err
	})
	if err != nil || gone {
		return err
	}
	if event == nil { // forgotten by a reset
		return e.store.Update(func(tx Tx) error { return tx.Delete(bucketDue, d.key) })
	}
	to, why := e.destination(event.URL)
	var made []Attempt
	if why == "" {
		made = e.scheduledAttempt(ctx, event, to)
		if ctx.Err() != nil && !anyAccepted(made) {
			return ctx.Err()
		}
	}
	return e.store.Update(func(tx Tx) error {
		if d.over() {
			return nil
		}
		return e.record(tx, d, made, why)
	})
}

// scheduledAttempt makes an attempt of the schedule, with the fault that a
// scenario asked for. One that is sent twice is two attempts at the same time,
// each over a connection of its own, of which the schedule counts the first.
func (e *Emulator) scheduledAttempt(ctx context.Context, event *Event, to string) []Attempt {
	if len(event.Faults) == 0 {
		return []Attempt{*e.attempt(ctx, event, to, FaultNone)}
	}
	if event.Faults[0] != FaultTwice {
		made := e.attempt(ctx, event, to, event.Faults[0])
		made.Planned = true
		return []Attempt{*made}
	}
	made := make([]Attempt, 2)
	var group sync.WaitGroup
	for i, fault := range []Fault{FaultNone, FaultDuplicate} {
		group.Go(func() { made[i] = *e.attempt(ctx, event, to, fault) })
	}
	group.Wait()
	return made
}

func anyAccepted(made []Attempt) bool {
	return slices.ContainsFunc(made, func(a Attempt) bool { return a.accepted() })
}

// record writes down an attempt of the schedule, and when the next one is due.
func (e *Emulator) record(tx Tx, d *due, made []Attempt, why string) error {
	event, err := load[Event](tx, bucketEvents, d.id)
	if err != nil || event == nil {
		return err
	}
	if err := tx.Delete(bucketDue, d.key); err != nil {
		return err
	}
	event.Next = time.Time{}
	if len(event.Faults) > 0 && made != nil {
		event.Faults = event.Faults[1:]
	}
	switch {
	case made == nil:
		event.State, event.Note = EventKept, "not delivered: "+why
	case anyAccepted(made):
		event.State = EventDelivered
	default:
		event.State = EventFailed
		if event.asks() {
			break // nobody waits for a later answer
		}
		described, _ := e.description.LookupEvent(event.Type) // a kept event may be of an older description
		if at, more := after(described, event.scheduled()+1, e.clock.Now()); more {
			event.State, event.Next = EventPending, at
			if err := tx.Put(bucketDue, dueKey(event), []byte(event.ID)); err != nil {
				return err
			}
		}
	}
	event.Attempts = append(event.Attempts, made...)
	if err := save(tx, bucketEvents, event.ID, event); err != nil || !event.asks() {
		return err
	}
	return e.heard(tx, event, made)
}

// scheduled counts the attempts that the schedule made, without those that
// somebody asked for.
func (e *Event) scheduled() int {
	n := 0
	for _, a := range e.Attempts {
		if a.Fault == FaultNone || a.Planned {
			n++
		}
	}
	return n
}
