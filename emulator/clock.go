package emulator

import (
	"sync"
	"time"
)

// Clock is the time of an [Emulator]. Everything that an answer, a signature
// or a notification says about time comes from it.
//
// The zero value runs with the machine; [NewClock] makes one that stands
// still. Both can be set. A clock is safe for concurrent use.
type Clock struct {
	mu     sync.Mutex
	frozen bool
	at     time.Time     // the time, when frozen
	offset time.Duration // of a running clock from the machine's
	moved  chan struct{} // closed and replaced at every change
}

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
	return time.Now().Add(c.offset)
}

// Set moves the clock to t, forwards or backwards. A running clock runs on
// from there. Work that falls due in between is not done by Set; see
// [Emulator.Advance].
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen {
		c.at = t
	} else {
		c.offset += t.Sub(c.now())
	}
	if c.moved != nil {
		close(c.moved)
		c.moved = nil
	}
}

// Advance moves the clock by d.
func (c *Clock) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }

// Frozen reports whether the clock stands still unless it is moved.
func (c *Clock) Frozen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frozen
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
