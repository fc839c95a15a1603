package emulator

import (
	"slices"
	"time"
)

const (
	fromEvent   = "an event, delivered or not; or none yet"
	fromWaiting = "an event that was not delivered yet; or none yet"
)

// deliveries are what can happen to a notification on its way.
var deliveries = []Scenario{
	{Name: "notification-lost", Does: "it never arrives: ask the query", From: fromWaiting, subject: ofEvent, run: meeting("notification-lost")},
	{Name: "notification-late", Does: "it arrives an hour late", From: fromWaiting, subject: ofEvent, run: meeting("notification-late")},
	{Name: "notification-reordered", Does: "it arrives a second after the one that follows, or after a minute if none does", From: fromWaiting, subject: ofEvent, run: meeting("notification-reordered")},
	{Name: "notification-twice", Does: "it arrives twice at once, over two connections", From: fromEvent, subject: ofEvent, run: meeting("notification-twice")},
	{Name: "notification-ciphertext", Does: "it arrives badly encrypted at first; repeated, if refused, it is right", From: fromEvent, subject: ofEvent, run: meeting("notification-ciphertext")},
	{Name: "notification-serial", Does: "it is signed by an unknown key at first; likewise", From: fromEvent, subject: ofEvent, run: meeting("notification-serial")},
	{Name: "notification-stale", Does: "it is signed ten minutes ago at first; likewise", From: fromEvent, subject: ofEvent, run: meeting("notification-stale")},
	{Name: "notification-probe", Does: "its signature is a probe at first; likewise", From: fromEvent, subject: ofEvent, run: meeting("notification-probe")},
}

// faultsOf are the scenarios of a notification that arrives with a fault.
var faultsOf = map[string]Fault{
	"notification-twice": FaultTwice, "notification-ciphertext": FaultCiphertext, "notification-serial": FaultSerial,
	"notification-stale": FaultStale, "notification-probe": FaultProbe,
}

const (
	lateBy = time.Hour
	heldBy = time.Minute

	keyArmed = "armed" // names of the scenarios that the next notifications meet
	keyHeld  = "held"  // id of the event that waits for the next one
)

// meeting makes the scenario of a notification: that of ref, or the next one.
func meeting(name string) act {
	return func(e *Emulator, tx Tx, ref string, now time.Time) (*Played, error) {
		if ref == "" {
			armed, err := armedOf(tx)
			if err != nil {
				return nil, err
			}
			return &Played{}, save(tx, bucketMeta, keyArmed, append(armed, name))
		}
		event, err := load[Event](tx, bucketEvents, ref)
		if event, err = found(event, err, "event", ref); err != nil {
			return nil, err
		}
		if event.State == EventPending {
			if err := tx.Delete(bucketDue, dueKey(event)); err != nil {
				return nil, err
			}
		} else if faultsOf[name] == FaultNone {
			return nil, conflict("the event is " + string(event.State))
		}
		if err := e.befall(tx, event, name, now); err != nil {
			return nil, err
		}
		return &Played{Event: event}, putEvent(tx, event)
	}
}

func armedOf(tx Tx) ([]string, error) {
	armed, err := load[[]string](tx, bucketMeta, keyArmed)
	if armed == nil {
		return nil, err
	}
	return *armed, err
}

// meet lets a new event meet what was asked for the next one, and lets go of
// one that waited for it.
func (e *Emulator) meet(tx Tx, event *Event, now time.Time) error {
	if err := e.letGo(tx, event); err != nil {
		return err
	}
	armed, err := armedOf(tx)
	if err != nil || len(armed) == 0 {
		return err
	}
	if len(armed) == 1 {
		err = tx.Delete(bucketMeta, keyArmed)
	} else {
		err = save(tx, bucketMeta, keyArmed, armed[1:])
	}
	if err != nil {
		return err
	}
	return e.befall(tx, event, armed[0], now)
}

// befall is what a scenario does to an event, of which nothing is due.
func (e *Emulator) befall(tx Tx, event *Event, name string, now time.Time) error {
	switch name {
	case "notification-lost":
		event.State, event.Note, event.Next = EventFailed, "lost on the way, by a scenario", time.Time{}
	case "notification-late":
		event.Next = now.Add(lateBy)
	case "notification-reordered":
		event.Next = now.Add(heldBy)
		return tx.Put(bucketMeta, keyHeld, []byte(event.ID))
	default:
		if event.State != EventPending {
			event.State, event.Next = EventPending, now
		}
		event.Faults = slices.Insert(event.Faults, 0, faultsOf[name])
	}
	return nil
}

// letGo puts the event that was held back right behind the one that came
// after it.
func (e *Emulator) letGo(tx Tx, event *Event) error {
	id, err := pointer(tx, bucketMeta, keyHeld)
	if err != nil || id == "" {
		return err
	}
	if err := tx.Delete(bucketMeta, keyHeld); err != nil {
		return err
	}
	held, err := load[Event](tx, bucketEvents, id)
	if err != nil || held == nil || held.State != EventPending || len(held.Attempts) > 0 {
		return err
	}
	if err := tx.Delete(bucketDue, dueKey(held)); err != nil {
		return err
	}
	held.Next = event.Next.Add(time.Second)
	return putEvent(tx, held)
}
