//go:build unix

package bench

import (
	"syscall"
	"time"
)

// cpuTime is the processor time that this process has had, in user and system
// mode together. It counts the mock too where that answers on the wire.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
