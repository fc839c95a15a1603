package bench

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestBudget holds what wxpay may cost, measured beside the floor in the same
// run. It must not run in parallel with anything: it counts what the whole
// process allocates.
func TestBudget(t *testing.T) { //nolint:paralleltest // it counts what the process allocates
	t.Run("pre-sign in memory", func(t *testing.T) { //nolint:paralleltest // it counts what the process allocates
		needsTrueAllocations(t)
		costs := map[string]cost{}
		for _, c := range contenders() {
			call, err := c.presign(thePlatform(), &mock{platform: thePlatform()})
			if err != nil {
				t.Fatal(err)
			}
			ctx := t.Context()
			costs[c.name] = allocated(t, func() error { return call(ctx) })
			t.Logf("%-12s %s", c.name, costs[c.name])
		}
		within(t, costs["wxpay"], costs["floor"], 100)
	})
	t.Run("notification", func(t *testing.T) { //nolint:paralleltest // it counts what the process allocates
		needsTrueAllocations(t)
		costs := map[string]cost{}
		for _, c := range contenders() {
			costs[c.name] = allocated(t, receiver(t, c))
			t.Logf("%-12s %s", c.name, costs[c.name])
		}
		within(t, costs["wxpay"], costs["floor"], 105)
	})
	t.Run("notification time", testNotificationTime) //nolint:paralleltest // it measures time
	t.Run("64 callers", testConnections)             //nolint:paralleltest // it keeps the processors busy
	t.Run("emulator", testEmulator)                  //nolint:paralleltest // it measures time
}

// cost is what one operation allocates.
type cost struct{ allocations, bytes float64 }

func (c cost) String() string {
	return fmt.Sprintf("%5.0f allocations %7.0f bytes", c.allocations, c.bytes)
}

// within fails unless got is at most percent of limit, in both.
func within(t *testing.T, got, limit cost, percent float64) {
	t.Helper()
	if got.allocations*100 > limit.allocations*percent || got.bytes*100 > limit.bytes*percent {
		t.Errorf("wxpay needs %s, and %.0f %% of the floor is %s × %.2f", got, percent, limit, percent/100)
	}
}

// allocated counts what f allocates. The collector is off meanwhile, for it
// empties the pools, and one processor runs, so that every run of f finds the
// same pools: the figures repeat to the byte, but for a map or a buffer of
// net/http that grows now and then, which the mean over 500 runs swallows.
func allocated(t *testing.T, f func() error) cost {
	t.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const runs = 500
	run := func(n int) {
		for range n {
			if err := f(); err != nil {
				t.Fatal(err)
			}
		}
	}
	run(20)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run(runs)
	runtime.ReadMemStats(&after)
	return cost{
		allocations: float64((after.Mallocs - before.Mallocs) / runs),
		bytes:       float64((after.TotalAlloc - before.TotalAlloc) / runs),
	}
}

// testNotificationTime holds that a notification takes at most 5 % more time
// than the floor needs.
func testNotificationTime(t *testing.T) {
	needsTrueAllocations(t)
	var floor, wxpay func() error
	for _, c := range contenders() {
		switch c.name {
		case "floor":
			floor = receiver(t, c)
		case "wxpay":
			wxpay = receiver(t, c)
		}
	}
	if ratio := ratioOf(t, wxpay, floor, 301, 20); ratio > 1.05 {
		t.Errorf("a notification takes %.3f of the floor's time, want at most 1.05", ratio)
	}
}

// testEmulator holds that the emulator answers at least 85 requests in the time
// in which 100 are verified and signed, and that a request allocates the same
// whatever the number of contracts.
func testEmulator(t *testing.T) {
	needsTrueAllocations(t)
	few, many := full(t, 1), full(t, 20_000)
	for _, q := range asked() {
		one, all := q.asker(t, few), q.asker(t, many)
		answer, err := one()
		if err != nil {
			t.Fatal(err)
		}
		floor := q.asker(t, newFloorServer(answer))
		before, after := allocated(t, ignore(one)), allocated(t, ignore(all))
		t.Logf("%-8s of 1 contract %s, of 20,000 %s", q.name, before, after)
		if after.allocations > before.allocations*1.15 {
			t.Errorf("a %s needs %s among 20,000 contracts, and %s beside one", q.name, after, before)
		}
		if ratio := ratioOf(t, ignore(all), ignore(floor), 101, 2); ratio > 1/0.85 {
			t.Errorf("a %s takes %.3f of the floor's time, want at most %.3f", q.name, ratio, 1/0.85)
		}
	}
}

func ignore(ask func() ([]byte, error)) func() error {
	return func() error {
		_, err := ask()
		return err
	}
}

// ratioOf compares times, which is safe here for three reasons. More than four
// fifths of both sides are the same RSA operations and JSON of the standard
// library, so that there is little to differ. Both take turns within some
// milliseconds, so that whatever slows this machine slows both. And the median
// of the pairs stays where it is until a third of them are disturbed to one
// side.
func ratioOf(t *testing.T, f, floor func() error, pairs, runs int) float64 {
	t.Helper()
	ratios := make([]float64, 0, pairs)
	for i := range pairs {
		var a, b time.Duration
		if i%2 == 0 {
			a, b = timed(t, floor, runs), timed(t, f, runs)
		} else {
			b, a = timed(t, f, runs), timed(t, floor, runs)
		}
		ratios = append(ratios, float64(b)/float64(a))
	}
	slices.Sort(ratios)
	t.Logf("%.3f of the floor's time (quartiles %.3f and %.3f)", ratios[pairs/2], ratios[pairs/4], ratios[pairs*3/4])
	return ratios[pairs/2]
}

// timed returns how long that many runs of f take.
func timed(t *testing.T, f func() error, runs int) time.Duration {
	t.Helper()
	start := time.Now()
	for range runs {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	return time.Since(start)
}

// testConnections lets 64 callers make 20 calls each, over the transport that
// each client uses by itself, to a server that takes 5 ms for an answer.
func testConnections(t *testing.T) {
	for _, c := range contenders() {
		opened := connections(t, c, 64, 20)
		t.Logf("%-12s %4d connections", c.name, opened)
		if c.name == "wxpay" && opened > 65 {
			t.Errorf("64 callers opened %d connections, want at most 65", opened)
		}
	}
}

// connections returns how many the server saw.
func connections(t *testing.T, c contender, callers, calls int) int64 {
	t.Helper()
	answers := &mock{platform: thePlatform()}
	server := newServer(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		<-time.After(5 * time.Millisecond) // the network and WeChat Pay
		answers.ServeHTTP(w, req)
	}))
	transport := server.lead(c.transport())
	defer transport.CloseIdleConnections()
	call, err := c.presign(thePlatform(), transport)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	start := make(chan struct{})
	for range callers {
		group.Go(func() {
			<-start
			repeat(t, call, calls)
		})
	}
	close(start)
	group.Wait()
	return server.accepted.Load()
}

func repeat(t *testing.T, call func(context.Context) error, n int) {
	t.Helper()
	ctx := t.Context()
	for range n {
		if err := call(ctx); err != nil {
			t.Error(err)
			return
		}
	}
}

// needsTrueAllocations leaves out what the race detector would make untrue: it
// allocates by itself, slows some code more than other, and makes pools forget
// at random. "make bench" and "make test" run this test without it too.
func needsTrueAllocations(t *testing.T) {
	t.Helper()
	if raceDetector {
		t.Skip("not measured under the race detector: run it again without -race")
	}
}
