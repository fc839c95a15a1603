package emulator

import (
	"context"
	"math"
	"strconv"
	"sync"
	"time"
)

// Clock is the time of an [Emulator]. Everything that an answer, a signature
// or a notification says about time comes from it.
//
// The zero value runs with the machine; [NewClock] makes one that stands
// still. Both can be set, stopped, and run at any speed. A clock is safe for
// concurrent use.
type Clock struct {
	mu     sync.Mutex
	frozen bool
	at     time.Time     // the time at the last change
	since  time.Time     // the machine's time then; zero: never changed, and running with the machine
	rate   float64       // of a running clock: 2 is twice as fast; 0 means 1
	moved  chan struct{} // closed and replaced at every change
}

// MaxRate is how many times faster than the machine's a [Clock] can run: a
// year in half an hour.
const MaxRate = 20_000

// NewClock returns a clock that stands at start until it is moved.
func NewClock(start time.Time) *Clock {
	return &Clock{frozen: true, at: start}
}

// Now returns the time of the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if c.frozen {
		return c.at
	}
	if c.since.IsZero() {
		return time.Now()
	}
	elapsed := time.Since(c.since)
	if c.rate == 1 {
		return c.at.Add(elapsed) // exact where a float64 would not be
	}
	return c.at.Add(time.Duration(float64(elapsed) * c.rate))
}

// Set moves the clock to t, forwards or backwards. A running clock runs on
// from there. Work that falls due in between is not done by Set; see
// [Emulator.SetTime] and [Emulator.Advance].
func (c *Clock) Set(t time.Time) {
	c.turn(func() { c.at = t })
}

// Advance moves the clock by d, without the work that falls due in between.
func (c *Clock) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }

// Freeze stops the clock where it stands.
func (c *Clock) Freeze() {
	c.turn(func() { c.frozen = true })
}

// Go lets the clock run on from where it stands, rate times as fast as the
// machine's. The error is a [*ConfigError] for a rate that is not above 0 and
// at most [MaxRate].
func (c *Clock) Go(rate float64) error {
	if !(rate > 0 && rate <= MaxRate) { // not a number is neither
		return &ConfigError{"rate", "is not above 0 and at most " + strconv.Itoa(MaxRate), "give for instance 1, or 3600 for an hour a second"}
	}
	c.turn(func() { c.frozen, c.rate = false, rate })
	return nil
}

// turn makes one change to a clock that was brought up to the moment, and
// tells those who wait for a time.
func (c *Clock) turn(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.now()
	if c.since = time.Now(); c.rate == 0 {
		c.rate = 1
	}
	f()
	if c.moved != nil {
		close(c.moved)
		c.moved = nil
	}
}

// copy is a clock of its own that does what this one does now.
func (c *Clock) copy() *Clock {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &Clock{frozen: c.frozen, at: c.at, since: c.since, rate: c.rate}
}

// Frozen reports whether the clock stands still unless it is moved.
func (c *Clock) Frozen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frozen
}

// Rate is how many times faster than the machine's the clock runs; 0 while it
// is frozen.
func (c *Clock) Rate() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.frozen:
		return 0
	case c.rate == 0:
		return 1
	}
	return c.rate
}

// until is how long the machine has to wait until the clock shows t, or false
// if it will not by itself.
func (c *Clock) until(t time.Time) (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen {
		return 0, false
	}
	left := t.Sub(c.now())
	if c.rate > 0 && c.rate != 1 {
		left = time.Duration(math.Ceil(float64(left) / c.rate))
	}
	return left, true
}

// wait waits until the clock shows t or ctx ends, whose error it returns.
func (c *Clock) wait(ctx context.Context, t time.Time) error {
	for {
		moved := c.change() // before the look, so that no change is missed
		if !c.Now().Before(t) {
			return nil
		}
		var ripe <-chan time.Time
		if left, runs := c.until(t); runs {
			timer := time.NewTimer(left)
			defer timer.Stop()
			ripe = timer.C
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-moved:
		case <-ripe:
		}
	}
}

// change returns a channel that is closed when the clock is next moved.
func (c *Clock) change() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.moved == nil {
		c.moved = make(chan struct{})
	}
	return c.moved
}

// beijing is the zone of every time on the wire.
var beijing = time.FixedZone("CST", 8*60*60)

// stamp writes a time as the protocol does: RFC 3339, whole seconds, +08:00.
func stamp(t time.Time) string { return t.In(beijing).Format("2006-01-02T15:04:05-07:00") }
