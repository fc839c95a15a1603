package emulator

import (
	"bytes"
	"context"
)

// Reset forgets every order, contract, session and notification, and stops
// the deliveries under way. It restores what was disrupted. Keys and clock
// stay.
func (e *Emulator) Reset() error {
	if err := e.Restore(""); err != nil {
		return err
	}
	return e.store.Update(func(tx Tx) error { return e.forget(tx) })
}

// forget empties the state within a transaction, and stops what was begun in
// it. Nothing of that is written down any more: a delivery writes in a
// transaction of its own, after this one, and sees that its epoch is over. If
// this transaction fails, what was stopped is still due.
func (e *Emulator) forget(tx Tx) error {
	e.mu.Lock()
	e.cancel()
	e.epoch, e.cancel = context.WithCancel(context.Background())
	e.mu.Unlock()
	keys, err := tx.Get(bucketKeys, keyOfRing)
	if err != nil {
		return err
	}
	keys = bytes.Clone(keys) // what Get gave is the store's
	if err := tx.Clear(); err != nil || keys == nil {
		return err
	}
	return tx.Put(bucketKeys, keyOfRing, keys)
}
