package emulator_test

import (
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// keptStore is a store that outlives the emulators on it.
type keptStore struct{ emulator.Store }

func (keptStore) Close() error { return nil }

// restarted is an emulator on a store that another one left, with the clock
// that it left.
func restarted(t *testing.T, store emulator.Store) *emulator.Emulator {
	t.Helper()
	e, err := emulator.New(emulator.Config{Credentials: credentials(), Store: store})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestAFrozenClockOutlivesARestart(t *testing.T) {
	t.Parallel()
	store := keptStore{emulator.NewMemory()}
	p := newPay(t, func(c *emulator.Config) { c.Store = store })
	p.signMini(code)
	e := restarted(t, store)
	if !e.Clock().Now().Equal(start) || !e.Clock().Frozen() {
		t.Errorf("the clock is at %v, want it frozen at %v", e.Clock().Now(), start)
	}
	if err := e.Reset(); err != nil { // keeps the clock
		t.Fatal(err)
	}
	if got := restarted(t, store).Clock().Now(); !got.Equal(start) {
		t.Errorf("after a reset the clock is at %v, want %v", got, start)
	}
}

// A clock that was moved, and nothing else, is kept when the emulator closes.
func TestAMovedClockOutlivesARestart(t *testing.T) {
	t.Parallel()
	store := keptStore{emulator.NewMemory()}
	e := restarted(t, store)
	e.Clock().Set(start)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = restarted(t, store)
	if ran := e.Clock().Now().Sub(start); ran < 0 || ran > time.Hour || e.Clock().Frozen() {
		t.Errorf("the clock ran on for %v, frozen %t", ran, e.Clock().Frozen())
	}
	if err := e.Clock().Go(3600); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if got := restarted(t, store).Clock().Rate(); got != 3600 {
		t.Errorf("the clock runs at %v, want 3600", got)
	}
}

// A clock that is given is taken, whatever was kept.
func TestAGivenClockGoesBeforeTheKeptOne(t *testing.T) {
	t.Parallel()
	store := keptStore{emulator.NewMemory()}
	e := restarted(t, store)
	e.Clock().Set(start.AddDate(-1, 0, 0))
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	p := newPay(t, func(c *emulator.Config) { c.Store = store })
	p.signMini(code)
	if got := restarted(t, store).Clock().Now(); !got.Equal(start) {
		t.Errorf("the clock is at %v, want %v", got, start)
	}
}
