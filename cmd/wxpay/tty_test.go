//go:build unix

package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// onTerminal runs the program on a terminal, and types a text once the program
// has said something that contains until. It returns all that the terminal
// showed, and the status.
func onTerminal(t *testing.T, env []string, until, typed, line string) (string, int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "wxpay", strings.Fields(line)...)
	cmd.Env = append(os.Environ(), append([]string{"TERM=xterm", "NO_COLOR="}, env...)...)
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = terminal.Close() }()
	stuck := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer stuck.Stop()
	var shown bytes.Buffer
	for buffer := make([]byte, 4096); ; {
		n, err := terminal.Read(buffer)
		shown.Write(buffer[:n])
		if typed != "" && strings.Contains(shown.String(), until) {
			if _, err := io.WriteString(terminal, typed); err != nil {
				t.Fatal(err)
			}
			typed = ""
		}
		if errors.Is(err, syscall.EIO) || errors.Is(err, io.EOF) || errors.Is(err, fs.ErrClosed) {
			break // the program has ended
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := errors.AsType[*exec.ExitError](cmd.Wait()); !ok && cmd.ProcessState.ExitCode() != 0 {
		t.Fatalf("wxpay %s: %v", line, cmd.ProcessState)
	}
	return shown.String(), cmd.ProcessState.ExitCode()
}

// TestColours: a terminal shows them, unless it is told not to.
func TestColours(t *testing.T) { //nolint:paralleltest // it sets variables
	newBadWorld(t)
	for _, line := range []string{"doctor", "call POST /v3/security/echo echo_message=hello", "trigger TRANSACTION.SUCCESS http://127.0.0.1:1/"} {
		for _, tt := range []struct {
			env, flag string
			colours   bool
		}{
			{"", "", true},
			{"NO_COLOR=1", "", false},
			{"TERM=dumb", "", false},
			{"", " --no-color", false},
			{"", " --json", false},
		} {
			shown, _ := onTerminal(t, []string{tt.env}, "", "", line+tt.flag)
			if got := strings.Contains(shown, "\x1b["); got != tt.colours || shown == "" {
				t.Errorf("%s wxpay %s%s: colours %v, want %v: %q", tt.env, line, tt.flag, got, tt.colours, shown)
			}
		}
	}
}

// TestCtrlC ends the program wherever it waits: a read of a terminal cannot be
// cancelled.
func TestCtrlC(t *testing.T) { //nolint:paralleltest // it sets variables
	w := newBadWorld(t)
	for _, tt := range []struct {
		line, until string
		code        int
	}{
		{"verify -", "Ctrl-D", 1},
		{"sign -", "Ctrl-D", 1},
		{"decrypt -", "Ctrl-D", 1},
		{"encrypt", "Ctrl-D", 1},
		{"call POST /v3/security/echo --data -", "Ctrl-D", 1},
		{"trigger --fixture -", "Ctrl-D", 1},
		{"emulator import - --url $URL", "Ctrl-D", 1},
		{"call POST /v3/security/echo", "echo_message", 1},
		{"init other", "Merchant id", 1},
		{"listen --listen 127.0.0.1:0 --store inbox", "stop with Ctrl-C", 0},
		{"proxy", "stop with Ctrl-C", 0},
		{"docs --serve", "stop with Ctrl-C", 0},
		{"emulator --listen 127.0.0.1:0 --dir w", "stop with Ctrl-C", 0},
		{"certs watch --dir certs", "until", 0},
	} {
		shown, code := onTerminal(t, nil, tt.until, "\x03", strings.Join(w.fill(tt.line), " "))
		if code != tt.code || goText.MatchString(shown) {
			t.Errorf("wxpay %s: status %d, want %d; %s", tt.line, code, tt.code, shown)
		}
	}
}
