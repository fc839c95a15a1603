package emulator

import (
	"maps"
	"slices"

	"github.com/wxpay-go/wxpay/spec"
)

// headerProvenance says in an answer where what it shows comes from.
const headerProvenance = "Wxpay-Provenance"

// The kinds of [Provenance].
const (
	Documented = "documented" // an official page says so
	Observed   = "observed"   // somebody saw the live service do so
	Assumed    = "assumed"    // no source says so; the emulator chose
)

// Provenance says where a behaviour of the emulator comes from. An answer
// carries it in the header Wxpay-Provenance, as "documented; <page>".
type Provenance struct {
	Kind   string `json:"kind"`   // documented, observed or assumed
	Source string `json:"source"` // the page, or the reason
}

// String is the text of the header; ASCII.
func (p Provenance) String() string { return p.Kind + "; " + p.Source }

// comesFrom is where a behaviour of an endpoint comes from. The endpoint's own
// page vouches for a documented one that names no other.
func (b behavior) comesFrom(op *spec.Operation) Provenance {
	p := b.from
	if p.Source == "" {
		p.Source = pageOf(op)
	}
	return p
}

// sampledFrom is where an answer of samples comes from.
func sampledFrom(op *spec.Operation) Provenance {
	return Provenance{Documented, "samples of " + pageOf(op)}
}

// pageOf is the official page of an endpoint and its date.
func pageOf(op *spec.Operation) string {
	if len(op.Links) == 0 {
		return "the description of " + op.Path
	}
	page := op.Links[0]
	if op.Updated != "" {
		page += " (" + op.Updated + ")"
	}
	return page
}

// BehaviorInfo is one behaviour of the emulator, for people.
type BehaviorInfo struct {
	Name       string     `json:"name"` // as x-behavior of the description says it
	Provenance Provenance `json:"provenance"`
	Rules      []Rule     `json:"rules,omitempty"`
}

// Behaviors lists what the emulator does beyond the checks and the samples,
// by name, and where each rule comes from.
func Behaviors() []BehaviorInfo {
	list := make([]BehaviorInfo, 0, len(behaviors))
	for _, name := range slices.Sorted(maps.Keys(behaviors)) {
		from := behaviors[name].from
		if from.Source == "" {
			from.Source = "the page of each endpoint"
		}
		list = append(list, BehaviorInfo{Name: name, Provenance: from, Rules: rulesOf(name)})
	}
	return list
}
