package main

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// BenchmarkEmulatorStart starts `wxpay emulator` as a user's machine does, with
// a program that was built for use, and shows how long it takes until it
// answers and what it then has of memory, as the system counts it. first is the
// first start of all, which makes three RSA keys and writes them down.
func BenchmarkEmulatorStart(b *testing.B) {
	program := filepath.Join(b.TempDir(), "wxpay")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			startAndStop(b, program, filepath.Join(b.TempDir(), strconv.Itoa(b.N)))
		}
	})
	b.Run("again", func(b *testing.B) {
		dir := b.TempDir()
		startAndStop(b, program, dir)
		var memory float64
		for b.Loop() {
			memory = startAndStop(b, program, dir)
		}
		b.ReportMetric(memory, "MiB")
	})
}

// startAndStop waits until the program answers /healthz, reads how many MiB it
// holds, and stops it.
func startAndStop(b *testing.B, program, dir string) (memory float64) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), program, "emulator", "--listen", "127.0.0.1:0", "--dir", dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	healthy(b, bufio.NewScanner(out))
	memory = resident(cmd.Process.Pid)
	_ = cmd.Process.Signal(os.Interrupt)
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	return memory
}

// healthy asks the address that the program prints.
func healthy(b *testing.B, greeting *bufio.Scanner) {
	b.Helper()
	base := ""
	for base == "" && greeting.Scan() {
		base = regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(greeting.Text())
	}
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, base+"/healthz", nil)
	if err != nil {
		b.Fatal(err)
	}
	res, err := new(http.Client).Do(req)
	if err != nil {
		b.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		b.Fatal(res.Status)
	}
}

// resident is how much memory a process has, in MiB; 0 where the system does
// not say.
func resident(pid int) float64 {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0
	}
	found := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		return 0
	}
	kib, _ := strconv.ParseFloat(string(found[1]), 64) // the pattern has digits alone
	return kib / 1024
}
