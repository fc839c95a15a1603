package house

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// rule says what the packages of a room may import beside the standard
// library and, except for api, each other.
type rule struct {
	rooms    []string // of this repository
	modules  bool     // of other people
	anything bool     // any room but programs and other internal ones
}

// policy is who may import whom, room by room.
//
// It is a statement of intent. Do not widen it to make a build pass: a new
// line here is a decision about the house, and ARCHITECTURE.md tells it too.
var policy = map[string]rule{
	"spec":      {},
	"sign":      {},
	"seal":      {},
	"wxpay":     {rooms: []string{"sign", "seal"}},
	"api":       {rooms: []string{"wxpay"}}, // and never another api
	"chain":     {rooms: []string{"wxpay", "api"}},
	"notify":    {rooms: []string{"sign", "seal"}},
	"emulator":  {rooms: []string{"spec", "sign", "seal", "internal/loopback"}}, // an independent witness: not wxpay, not api
	"wxpaytest": {rooms: []string{"wxpay", "emulator", "notify"}},

	// What an application imports, as an application would.
	"examples": {rooms: []string{"wxpay", "api", "chain", "notify", "sign", "wxpaytest"}},

	// Not there yet; the rule is.
	"ledger": {rooms: []string{"wxpay", "api", "notify"}, modules: true},

	"cmd":   {rooms: []string{"internal/loopback"}, anything: true, modules: true},
	"bench": {anything: true, modules: true},

	// What the guards of the emulator and the programs share.
	"internal/loopback": {},

	// Tests and what only tests use; nothing else imports them.
	"internal/house":       {},
	"internal/conformance": {rooms: []string{"wxpay", "emulator", "sign", "spec"}}, // its runner, stage
	"internal/txtar":       {},
}

// violations returns every import of pkgs that the policy forbids, as
// "emulator must not import wxpay", and every room that has no rule.
func violations(pkgs []pkg) []string {
	var found []string
	for _, p := range pkgs {
		r, ok := policy[room(p.ImportPath)]
		if !ok {
			found = append(found, fmt.Sprintf("room %s has no import rule; add one on purpose", room(p.ImportPath)))
			continue
		}
		for _, imp := range p.Imports {
			if !r.allows(p.ImportPath, imp) {
				found = append(found, short(p.ImportPath)+" must not import "+short(imp))
			}
		}
	}
	return found
}

func (r rule) allows(from, to string) bool {
	if !ours(to) {
		host, _, _ := strings.Cut(to, "/")
		return r.modules || !strings.Contains(host, ".") && to != "C"
	}
	switch target := room(to); {
	case target == room(from):
		return target != "api"
	case r.anything:
		return slices.Contains(r.rooms, target) || target != "cmd" && target != "bench" && !strings.HasPrefix(target, "internal/")
	default:
		return slices.Contains(r.rooms, target)
	}
}

func ours(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

// room is the first element of a package's path in the repository, the first
// two of an internal one, and "wxpay" for the root.
func room(path string) string {
	parts := strings.Split(short(path), "/")
	if parts[0] == "internal" {
		return strings.Join(parts[:min(2, len(parts))], "/")
	}
	return parts[0]
}

// short is the path of a package without that of the module.
func short(path string) string {
	if path == module {
		return "wxpay"
	}
	return strings.TrimPrefix(path, module+"/")
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, dir := range modules(t) {
		for _, v := range violations(goList(t, dir, "./...")) {
			t.Error(v)
		}
	}
}
