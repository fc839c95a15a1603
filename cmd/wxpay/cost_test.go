package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// limits of what the description may cost a program that carries it.
const (
	maxBundle = 6 << 20 // bytes
	maxStart  = 50 * time.Millisecond
)

// TestBundleCost measures what the description adds to a binary, and how long
// the first question takes in a cold process. The bytes are held here; the time
// is printed, because a busy machine would make the test a liar.
func TestBundleCost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	size, start := map[string]int64{}, map[string]time.Duration{}
	for _, name := range []string{"with", "without"} {
		program := filepath.Join(dir, name)
		if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./testdata/cost/"+name).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		info, err := os.Stat(program)
		if err != nil {
			t.Fatal(err)
		}
		size[name], start[name] = info.Size(), fastest(t, program)
	}
	bytes, took := size["with"]-size["without"], start["with"]-start["without"]
	t.Logf("the description adds %d bytes to a binary, and %v to a cold start that asks it something (budget %v)", bytes, took, maxStart)
	t.Logf("wxpay version takes %v, the help of one endpoint's words %v, wxpay docs pre-entrust-sign %v", fastest(t, "wxpay", "version"),
		fastest(t, "wxpay", "papay", "sign", "contracts", "pre-entrust-sign", "--help"), fastest(t, "wxpay", "docs", "pre-entrust-sign"))
	if bytes <= 0 || bytes > maxBundle {
		t.Errorf("the description adds %d bytes to a binary, and may add %d", bytes, maxBundle)
	}
}

// fastest is the shortest of several runs: the one least disturbed.
func fastest(t *testing.T, name string, args ...string) time.Duration {
	t.Helper()
	best := time.Hour
	for range 5 {
		begin := time.Now()
		if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		best = min(best, time.Since(begin))
	}
	return best
}
