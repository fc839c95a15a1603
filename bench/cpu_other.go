//go:build !unix

package bench

import "time"

// cpuTime is not known here; the benchmarks then report none.
func cpuTime() time.Duration { return 0 }
