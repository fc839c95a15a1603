package emulator_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

// coldVariable makes the test binary measure a cold start, and nothing else.
const coldVariable = "EMULATOR_TEST_COLD"

func TestMain(m *testing.M) {
	if os.Getenv(coldVariable) != "" {
		cold()
		return
	}
	os.Exit(m.Run())
}

// cold prints how many nanoseconds [emulator.New] takes in a fresh process,
// then the first request, which reads the description, then the second one.
func cold() {
	creds := credentials()
	began := time.Now()
	e, err := emulator.New(emulator.Config{Credentials: creds})
	if err != nil {
		panic(err)
	}
	made := time.Now()
	serve := func() { e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", normalAfterPay, nil)) }
	serve()
	first := time.Now()
	serve()
	fmt.Fprintln(os.Stdout, made.Sub(began).Nanoseconds(), first.Sub(made).Nanoseconds(), time.Since(first).Nanoseconds())
}

// BenchmarkColdStart starts a process for each round.
func BenchmarkColdStart(b *testing.B) {
	exe, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	var created, first, second float64
	rounds := 0
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), exe)
		cmd.Env = append(os.Environ(), coldVariable+"=1")
		out, err := cmd.Output()
		if err != nil {
			b.Fatal(err)
		}
		var c, f, s float64
		if _, err := fmt.Sscan(string(out), &c, &f, &s); err != nil {
			b.Fatal(err)
		}
		created, first, second = created+c, first+f, second+s
		rounds++
	}
	b.ReportMetric(created/float64(rounds)/1e6, "ms/new")
	b.ReportMetric(first/float64(rounds)/1e6, "ms/first-request")
	b.ReportMetric(second/float64(rounds)/1e6, "ms/second-request")
}

// BenchmarkServeSamples is a request without behaviour: of the first endpoint
// of the description and of the last one, and of one that stands alone.
func BenchmarkServeSamples(b *testing.B) {
	var first, last *spec.Operation
	for op := range spec.Operations() {
		if op.Behavior.Name != "" || op.Method != "GET" {
			continue
		}
		if first == nil {
			first = op
		}
		last = op
	}
	alone := &spec.Operation{Method: "GET", Path: "/v3/alone", Status: 204}
	for _, bb := range []struct {
		name   string
		op     *spec.Operation
		change []func(*emulator.Config)
	}{
		{name: "first", op: first}, {name: "last", op: last},
		{name: "alone", op: alone, change: []func(*emulator.Config){invented{operations: []*spec.Operation{alone}}.use}},
	} {
		if bb.op == nil {
			continue // every GET of a small description may have a behaviour
		}
		b.Run(bb.name, func(b *testing.B) {
			p := newPay(b, bb.change...)
			r := p.sampleRequest(bb.op)
			b.ReportAllocs()
			for b.Loop() {
				if a := p.send(r); a.status >= 300 {
					b.Fatal(a.status, a.body)
				}
			}
		})
	}
}
