package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// keyClock is where, beside the counters, the clock is kept.
const keyClock = "clock"

// keptClock is a clock as it is written down: what it showed at a moment of
// the machine's time, and how fast it runs since then.
type keptClock struct {
	At     time.Time `json:"at"`
	Since  time.Time `json:"since"`
	Rate   float64   `json:"rate"`
	Frozen bool      `json:"frozen,omitempty"`
}

// kept is the clock to write down, or nil if it runs with the machine and
// always did.
func (c *Clock) kept() *keptClock {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since.IsZero() && !c.frozen {
		return nil
	}
	return &keptClock{At: c.at, Since: c.since, Rate: c.rate, Frozen: c.frozen}
}

// restore makes the clock one that was written down. It ran on while nobody
// looked, unless it is frozen.
func (c *Clock) restore(k *keptClock) {
	c.turn(func() { c.at, c.since, c.rate, c.frozen = k.At, k.Since, k.Rate, k.Frozen })
}

// clockOf is the clock that a store has kept, or one that runs with the
// machine.
func clockOf(store Store) (*Clock, error) {
	clock := &Clock{}
	err := store.View(func(tx Tx) error {
		k, err := load[keptClock](tx, bucketMeta, keyClock)
		if k != nil {
			clock.restore(k)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("emulator: the clock that was kept: %w", err)
	}
	return clock, nil
}

// timedStore is a [Store] that writes down the clock together with every
// change, so that no restart sets things into another time than theirs.
type timedStore struct {
	Store
	clock *Clock
}

// Update runs f and writes down the clock in one transaction.
func (s timedStore) Update(f func(Tx) error) error {
	return s.Store.Update(func(tx Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return putClock(tx, s.clock.kept())
	})
}

// putClock writes a clock down unless it stands there already.
func putClock(tx Tx, k *keptClock) error {
	is, changed, err := k.text(tx)
	switch {
	case err != nil || !changed:
		return err
	case is == nil:
		return tx.Delete(bucketMeta, keyClock)
	}
	return tx.Put(bucketMeta, keyClock, is)
}

// text is what there is to write down, and whether it differs from what is.
func (k *keptClock) text(tx Tx) (is []byte, changed bool, err error) {
	was, err := tx.Get(bucketMeta, keyClock)
	if err != nil {
		return nil, false, err
	}
	if k != nil {
		is, err = json.Marshal(k)
	}
	return is, !bytes.Equal(was, is), err
}

// keepClock writes down a clock that was moved since the last change of the
// state. It looks first, because a transaction that may write costs a write.
func (e *Emulator) keepClock() error {
	changed := false
	err := e.store.View(func(tx Tx) (err error) {
		_, changed, err = e.clock.kept().text(tx)
		return err
	})
	if err != nil || !changed {
		return err
	}
	return e.store.Update(func(Tx) error { return nil })
}
