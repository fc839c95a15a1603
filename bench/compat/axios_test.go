package compat

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
)

// axiosVersion is the release that the samples were tried with.
const axiosVersion = "0.9.6"

// axiosLine is one line that axios/samples.mjs prints.
type axiosLine struct {
	Sample   string         `json:"sample"`
	Spelling string         `json:"spelling"`
	Mode     string         `json:"mode"`
	Status   int            `json:"status"`
	Data     map[string]any `json:"data"`
	Error    string         `json:"error"`
}

// TestAxios sends every sample in three spellings and three modes with the
// original JavaScript client, which takes its configuration from the folder
// that the emulator writes.
func TestAxios(t *testing.T) {
	t.Parallel()
	for _, mode := range []struct {
		name, trust string
		keys        emulator.KeyMode
	}{
		{"public key", "public-key", emulator.KeyPublic},
		{"certificate", "certificate", emulator.KeyCertificate},
		// The client names no key, and then the certificate signs.
		{"certificate during the migration", "certificate", emulator.KeyBoth},
	} {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, emulator.Config{Keys: mode.keys}, false)
			lines := runAxios(t, s, mode.trust)
			for _, sample := range samples(t) {
				checkAxios(t, lines, &sample)
			}
			if last := lines[len(lines)-1]; last.Sample != "wrong key" || !strings.HasPrefix(last.Error, "EV3_RES_HEADER_SIGNATURE_DIGEST") {
				t.Errorf("under a key that did not sign it the answer counts as %+v", last)
			}
		})
	}
}

// checkAxios expects nine good answers to a sample.
func checkAxios(t *testing.T, lines []axiosLine, s *sample) {
	t.Helper()
	sent := map[[2]string]bool{}
	for _, line := range lines {
		if line.Sample != s.Name {
			continue
		}
		sent[[2]string{line.Spelling, line.Mode}] = true
		if line.Error != "" || line.Status != 200 {
			t.Errorf("%s, %s, %s: status %d, %s %v", s.Name, line.Spelling, line.Mode, line.Status, line.Error, line.Data)
		} else if name := s.missing(line.Data); name != "" {
			t.Errorf("%s, %s, %s: the answer has no %s: %v", s.Name, line.Spelling, line.Mode, name, line.Data)
		}
	}
	if len(sent) != 9 {
		t.Errorf("%s was sent in %d ways, want 9", s.Name, len(sent))
	}
}

// runAxios runs the script against s and returns what it printed.
func runAxios(t *testing.T, s *service, trust string) []axiosLine {
	t.Helper()
	node := needsAxios(t)
	dir := t.TempDir()
	if err := s.creds.WriteFolder(dir, s.server.URL); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, "samples.mjs")
	cmd.Dir = "axios"
	cmd.Env = append(cmd.Environ(), "COMPAT_MODE="+trust, "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	for _, pair := range s.creds.Env(dir, s.server.URL) {
		cmd.Env = append(cmd.Env, pair[0]+"="+pair[1])
	}
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node samples.mjs: %v\n%s", err, &problems)
	}
	return readAxios(t, out)
}

func readAxios(t *testing.T, out []byte) (lines []axiosLine) {
	t.Helper()
	scanner := bufio.NewScanner(bytes.NewReader(out))
	for scanner.Scan() {
		var line axiosLine
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatalf("samples.mjs printed %q: %v", scanner.Text(), err)
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		t.Fatal("samples.mjs printed nothing")
	}
	return lines
}

// needsAxios fails, and does not skip, where Node or the client is missing: a
// proof that is left out proves nothing.
func needsAxios(t *testing.T) (node string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("Node.js is missing: run make deps")
	}
	var installed struct{ Version string }
	data, err := os.ReadFile(filepath.Join("axios", "node_modules", "wechatpay-axios-plugin", "package.json"))
	if err == nil {
		err = json.Unmarshal(data, &installed)
	}
	if err == nil && installed.Version != axiosVersion {
		err = errors.New("it is version " + installed.Version)
	}
	if err != nil {
		t.Fatalf("wechatpay-axios-plugin %s is missing: run make deps (%v)", axiosVersion, err)
	}
	return node
}
