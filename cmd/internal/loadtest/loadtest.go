// Package loadtest is for tests that send a great number of things and measure
// what that costs.
package loadtest

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
)

// Random makes numbers that are the same at each run.
type Random struct{ source *bufio.Reader }

// IntN returns a number from 0 to n-1.
func (r *Random) IntN(n int) int {
	var b [8]byte
	_, _ = io.ReadFull(r.source, b[:])                         // it has no end
	return int(binary.BigEndian.Uint64(b[:]) >> 1 % uint64(n)) //nolint:gosec // it is less than n
}

// Share lets several workers do what is to be done for each index from one to
// another, which is left out. Each has random numbers of its own, the same at
// each run. A worker ends with its first error; so does the test, once all
// have ended.
func Share(t *testing.T, workers, from, until int, do func(i int, random *Random) error) {
	t.Helper()
	var next atomic.Int64
	next.Store(int64(from))
	var group sync.WaitGroup
	for worker := range workers {
		random := &Random{bufio.NewReader(emulator.Seeded(fmt.Sprint(from, worker)))}
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < until; i = int(next.Add(1)) - 1 {
				if err := do(i, random); err != nil {
					t.Errorf("number %d: %v", i, err)
					return
				}
			}
		})
	}
	group.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// Text is text that libraries write in different ways: blanks, escapes, pieces
// of JSON and characters of all planes, up to so many parts.
func Text(random *Random, parts int) string {
	var b strings.Builder
	for range 1 + random.IntN(parts) {
		b.WriteString([]string{"{", "}", `"a":`, "\r\n", "\t", " ", "中", `\u4e2d`, "\u2028", "😀", "1.50e2", "\x01", "é", `\/`, "<&>", "\ufeff"}[random.IntN(16)])
	}
	return b.String()
}

// Memory is what a test holds: its heap, once the rubbish is out, in bytes, and
// the memory of the process as the system sees it, 0 where it does not say.
type Memory struct{ Heap, Resident uint64 }

// Measure takes the memory of this moment.
func Measure() Memory {
	runtime.GC()
	runtime.GC() // what the first one has finalised goes with the second
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return Memory{stats.HeapAlloc, resident()}
}

func (m Memory) String() string {
	return fmt.Sprintf("heap %d KiB, resident %d KiB", m.Heap>>10, m.Resident>>10)
}

func resident() (bytes uint64) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	_, _ = fmt.Sscan(rest, &bytes) // stays 0 if it is not there
	return bytes << 10
}
