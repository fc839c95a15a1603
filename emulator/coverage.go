package emulator

import (
	"maps"
	"strconv"
	"sync"
)

// Coverage is what a merchant's tests have met, and how often, since the
// emulator was started: a reset does not forget it. What is known and was not
// met is there with a 0. An emulator that keeps no exchanges counts
// nothing.
type Coverage struct {
	// Endpoints counts the requests that passed every check, by method and
	// path template: "GET /v3/certificates".
	Endpoints map[string]int `json:"endpoints"`

	// States counts the changes of a contract into a state, Trades those of an
	// order.
	States map[string]int `json:"contract_states"`
	Trades map[string]int `json:"trade_states"`

	// Errors counts the answers that were no success, by their code, or by
	// their status where there is no code.
	Errors map[string]int `json:"errors"`

	// Events counts the notifications that were accepted, by type.
	Events map[string]int `json:"events"`

	// Deliveries counts the bad deliveries that were answered at all, by fault.
	Deliveries map[string]int `json:"deliveries"`
}

// coverage collects a [Coverage]. Nil collects nothing.
type coverage struct {
	mu sync.Mutex
	Coverage
}

func newCoverage() *coverage {
	return &coverage{Coverage: Coverage{map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}}}
}

// Coverage returns what was met so far, and what was not.
func (e *Emulator) Coverage() Coverage {
	c := e.coverage
	if c == nil {
		c = newCoverage()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	met := Coverage{
		maps.Clone(c.Endpoints), maps.Clone(c.States), maps.Clone(c.Trades),
		maps.Clone(c.Errors), maps.Clone(c.Events), maps.Clone(c.Deliveries),
	}
	met.addKnown(e.description)
	return met
}

func (c *coverage) sawExchange(x *Exchange) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if x.Operation != "" && x.Checks[stageParameters].Result == CheckPassed {
		c.Endpoints[x.Operation]++
	}
	switch {
	case x.Code != "":
		c.Errors[x.Code]++
	case x.Status >= 400:
		c.Errors[strconv.Itoa(x.Status)]++
	}
}

// met is one more of something.
type met struct {
	count map[string]int
	name  string
}

func (c *coverage) add(list []met) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range list {
		m.count[m.name]++
	}
}
