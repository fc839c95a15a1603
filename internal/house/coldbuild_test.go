package house

import (
	"strconv"
	"testing"
	"time"
)

// coldBudget is what one product package may take to build from cold, the
// standard library being warm.
const coldBudget = 2 * time.Second

// BenchmarkColdBuild builds one product package and what it needs of this
// module, every time from cold; ms/build is what it takes, the go command
// included. It fails if not even the best build stays in the budget.
//
// A flag that has no effect but is new each time (-D is the folder that
// relative imports start from, and there are none) makes the go command build
// our packages again. It is given to our packages alone, so that the standard
// library stays warm.
func BenchmarkColdBuild(b *testing.B) {
	const product = "./api/passwordexemptcontract"
	output(b, command(b, ".", "go", "build", product)) // warms the standard library
	best := time.Hour
	for b.Loop() {
		start := time.Now()
		flag := "-gcflags=" + module + "/...=-D=/" + strconv.FormatInt(start.UnixNano(), 36)
		output(b, command(b, ".", "go", "build", flag, product))
		best = min(best, time.Since(start))
	}
	b.ReportMetric(float64(best.Milliseconds()), "best-ms")
	if best > coldBudget {
		b.Errorf("the best cold build of %s took %v, more than %v", product, best, coldBudget)
	}
}
