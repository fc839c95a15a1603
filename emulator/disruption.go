package emulator

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Disruption is something that goes wrong with requests on purpose: which
// ones, how often, and what. See [Emulator.Disrupt].
type Disruption struct {
	// ID names it. It is given out; what is set here is replaced.
	ID string

	// Case is what goes wrong: the name of a [DisruptionCase].
	Case string

	// Method and Path say which requests: a path as the description writes it
	// (/v3/certificates, /v3/pay/transactions/out-trade-no/{out_trade_no}), as
	// it is sent, or the beginning of one and a star (/v3/papay/*). Empty
	// means any.
	Method, Path string

	// After lets so many of those requests pass first.
	After int

	// Count is how many it disrupts; 0 is no end.
	Count int

	// Chance is the probability, above 0 and at most 1, with which it disrupts
	// one; 0 means always. It is drawn by Seed, which defaults to the
	// emulator's own: the n-th request meets the same fate at each run.
	Chance float64
	Seed   string

	// Delay is how long a slow answer takes; see the case. Defaults to 2 s.
	Delay time.Duration

	// Size is what an oversized answer is filled up to, in bytes, at most 64
	// MiB. Defaults to 9 MiB, which is more than package wxpay reads.
	Size int

	// Matched is how many requests there were, and Hits how many of them were
	// disrupted, so far.
	Matched, Hits int
}

const (
	defaultDelay = 2 * time.Second
	defaultSize  = 9 << 20
	maxSize      = 64 << 20
)

// check says what is wrong with a disruption as a test gives it.
func (d *Disruption) check() error {
	wrong := ""
	switch {
	case d.Case == "":
		wrong = "case is missing"
	case d.After < 0 || d.Count < 0:
		wrong = "after and count cannot be below 0"
	case math.IsNaN(d.Chance) || d.Chance < 0 || d.Chance > 1:
		wrong = "chance is not above 0 and at most 1"
	case d.Delay < 0:
		wrong = "delay cannot be below 0"
	case d.Size < 0 || d.Size > maxSize:
		wrong = "size is not from 0 to " + strconv.Itoa(maxSize)
	case d.Path != "" && !strings.HasPrefix(d.Path, "/"):
		wrong = "path does not begin with a slash"
	}
	if wrong != "" {
		return &ActionError{"invalid", wrong}
	}
	if _, ok := misfortuneOf(d.Case); !ok {
		return notFound("case", d.Case)
	}
	return nil
}

// matches reports whether the disruption is about a request.
func (d *Disruption) matches(c *call) bool {
	if d.Method != "" && !strings.EqualFold(d.Method, c.method) {
		return false
	}
	path, _, _ := strings.Cut(c.target, "?")
	if begin, ok := strings.CutSuffix(d.Path, "*"); ok {
		return strings.HasPrefix(path, begin)
	}
	return d.Path == "" || d.Path == path || d.Path == c.op.Path
}

// hits counts a request that matches, and reports whether it is disrupted.
func (d *Disruption) hits(seed string) bool {
	if d.Count > 0 && d.Hits == d.Count {
		return false
	}
	d.Matched++
	if d.Matched <= d.After {
		return false
	}
	if d.Seed != "" {
		seed = d.Seed
	}
	if d.Chance > 0 && chance(seed, "disruption/"+d.ID, uint64(d.Matched)) >= d.Chance { //nolint:gosec // it counts up from 1
		return false
	}
	d.Hits++
	return true
}

// troubles are the disruptions of an emulator, in the order they came.
type troubles struct {
	mu   sync.Mutex
	made int
	list []*Disruption
}

// Disrupt lets something go wrong from now on, until it has happened Count
// times, [Emulator.Restore] or a reset. Of several that are about a request
// the first one that hits counts. It returns the disruption with its id.
//
// The error is an [*ActionError]: an unknown case, or a number that is none.
func (e *Emulator) Disrupt(d Disruption) (Disruption, error) {
	if err := d.check(); err != nil {
		return d, err
	}
	e.troubles.mu.Lock()
	defer e.troubles.mu.Unlock()
	e.troubles.made++
	d.ID, d.Matched, d.Hits = "d"+strconv.Itoa(e.troubles.made), 0, 0
	kept := d
	e.troubles.list = append(e.troubles.list, &kept)
	return d, nil
}

// Disruptions lists what goes wrong on purpose, and how often it has.
func (e *Emulator) Disruptions() []Disruption {
	e.troubles.mu.Lock()
	defer e.troubles.mu.Unlock()
	list := make([]Disruption, len(e.troubles.list))
	for i, d := range e.troubles.list {
		list[i] = *d
	}
	return list
}

// Restore ends a disruption, or all if id is empty. The error is an
// [*ActionError] for an unknown id.
func (e *Emulator) Restore(id string) error {
	e.troubles.mu.Lock()
	defer e.troubles.mu.Unlock()
	if id == "" {
		e.troubles.list = nil
		return nil
	}
	i := slices.IndexFunc(e.troubles.list, func(d *Disruption) bool { return d.ID == id })
	if i < 0 {
		return notFound("disruption", id)
	}
	e.troubles.list = slices.Delete(e.troubles.list, i, i+1)
	return nil
}

// headerNegativeTest asks for the error of one request. WeChat Pay's own
// sandbox of the version before, APIv2, has a header of this name.
const headerNegativeTest = "Wechatpay-Negative-Test"

// mishap is what goes wrong with a request, if anything does: what its header
// asks for, or the first disruption that hits it.
func (e *Emulator) mishap(c *call) (*mishap, error) {
	if name := c.header.Get(headerNegativeTest); name != "" {
		found, ok := misfortuneOf(name)
		if !ok {
			return nil, paramError(fault{Field: headerNegativeTest, Value: name, Issue: "is not the name of a case; GET " + adminPath + "/ lists them", Location: "header"})
		}
		return newMishap(found, &Disruption{}), nil
	}
	e.troubles.mu.Lock()
	defer e.troubles.mu.Unlock()
	for _, d := range e.troubles.list {
		if d.matches(c) && d.hits(e.cfg.Seed) {
			found, _ := misfortuneOf(d.Case)
			return newMishap(found, d), nil
		}
	}
	return nil, nil
}
