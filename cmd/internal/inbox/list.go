package inbox

import (
	"bytes"
	"errors"
	"io/fs"
	"time"

	"go.etcd.io/bbolt"
)

// Entries gives each event to visit, in the order of the ids, which is that of
// time. An error of visit ends it; [fs.SkipAll] ends it without one.
func (s *Store) Entries(visit func(*Entry) error) error {
	err := s.read(func(tx *bbolt.Tx) error {
		events := tx.Bucket(bucketEvents)
		return events.ForEach(func(id, _ []byte) error {
			e, err := load[Entry](events, id)
			if err != nil {
				return err
			}
			return visit(e)
		})
	})
	if errors.Is(err, fs.SkipAll) {
		return nil
	}
	return err
}

// Entry returns an event by its id, or by a beginning of it that no other
// one has. The error is a [*NotKeptError].
func (s *Store) Entry(id string) (e *Entry, err error) {
	err = s.read(func(tx *bbolt.Tx) error {
		events := tx.Bucket(bucketEvents)
		c := events.Cursor()
		key, _ := c.Seek([]byte(id))
		if id == "" || !bytes.HasPrefix(key, []byte(id)) {
			return &NotKeptError{ID: id}
		}
		if string(key) != id {
			if second, _ := c.Next(); bytes.HasPrefix(second, []byte(id)) {
				return &NotKeptError{ID: id, Several: true}
			}
		}
		e, err = load[Entry](events, key)
		return err
	})
	return e, err
}

// Delivery returns a delivery by its number.
func (s *Store) Delivery(n uint64) (d *Delivery, err error) {
	err = s.read(func(tx *bbolt.Tx) error {
		d, err = load[Delivery](tx.Bucket(bucketDeliveries), number(n))
		if err == nil && d == nil {
			err = errors.New("the store: a delivery is missing; take a copy of the file that is whole")
		}
		return err
	})
	return d, err
}

// batch is how many pending events are looked at together, so that a queue of
// any length takes the same memory.
const batch = 64

// due lists ids that are due at a time, in the order in which they came, from
// number on, with the number to go on from; 0 when there are no more. next is
// when the first of the others falls due.
func (s *Store) due(from uint64, now time.Time) (ids []string, more uint64, next time.Time, err error) {
	err = s.read(func(tx *bbolt.Tx) error {
		pending := tx.Bucket(bucketPending)
		c := pending.Cursor()
		for key, _ := c.Seek(number(from)); key != nil; key, _ = c.Next() {
			w, err := load[waiting](pending, key)
			if err != nil {
				return err
			}
			if w.Next.After(now) {
				if next.IsZero() || w.Next.Before(next) {
					next = w.Next
				}
				continue
			}
			if len(ids) == batch {
				more = numberOf(key)
				return nil
			}
			ids = append(ids, w.ID)
		}
		return nil
	})
	return ids, more, next, err
}

// Pending counts what is to be sent from here.
func (s *Store) Pending() (n int, err error) {
	err = s.read(func(tx *bbolt.Tx) error {
		n = tx.Bucket(bucketPending).Stats().KeyN
		return nil
	})
	return n, err
}
