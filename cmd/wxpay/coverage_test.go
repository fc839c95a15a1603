package main

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/coverage"
	"github.com/wxpay-go/wxpay/emulator"
)

// coverageOf runs the command against an emulator.
func coverageOf(t *testing.T, url string, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr strings.Builder
	code = run(t.Context(), append([]string{"coverage", "--url", url}, args...), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// TestCoverageGate: what is missing is named, and stops a build.
func TestCoverageGate(t *testing.T) {
	t.Parallel()
	p, err := emulator.NewPlatform(emulator.PlatformConfig{Config: emulator.Config{Exchanges: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	if _, err := p.First().Trigger("ENTRUST.SIGN", "https://shop.example/notify", nil); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		code int
		out  string
		errs string
	}{
		{"only looking", nil, 0, "contract state     0 of 5\n", ""},
		{"contracts, and none", []string{"--require", "contracts"}, 1, "missing: endpoint any one of a contract product\n", "were not met"},
		{"an event", []string{"--require", "ENTRUST.SIGN"}, 1, "missing: event ENTRUST.SIGN\n", "1 of what is required"},
		{"an event that is excepted", []string{"--require", "ENTRUST.SIGN", "--except", "ENTRUST.*"}, 0, "event", ""},
		{"the first merchant by its number", []string{"--mchid", emulator.DefaultMchID}, 0, "endpoint", ""},
		{"a merchant that is none", []string{"--mchid", "1"}, 1, "", "there is no merchant 1"},
		{"a requirement that is none", []string{"--require", "contract"}, 2, "", "there is nothing called contract"},
		{"an address that is none", []string{"--url", "here"}, 2, "", "--url"},
		{"nobody there", []string{"--url", "http://127.0.0.1:1"}, 3, "", "start one with wxpay emulator"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code, out, errs := coverageOf(t, server.URL, tt.args...)
			if code != tt.code || !strings.Contains(out, tt.out) || !strings.Contains(errs, tt.errs) || tt.errs == "" && errs != "" {
				t.Errorf("exit %d\n%s\n%s\nwant %d, %q, %q", code, out, errs, tt.code, tt.out, tt.errs)
			}
		})
	}
	t.Run("as JSON", func(t *testing.T) {
		t.Parallel()
		code, out, _ := coverageOf(t, server.URL, "--json", "--require", "SIGNED,probe")
		var report struct {
			Groups  []coverage.Group
			Missing []coverage.Item
		}
		if err := json.Unmarshal([]byte(out), &report); err != nil || code != 1 {
			t.Fatal(code, err)
		}
		if len(report.Missing) != 2 || report.Missing[1].Kind != "bad delivery" || len(report.Groups) != 6 {
			t.Errorf("missing = %v, %d groups", report.Missing, len(report.Groups))
		}
	})
}
