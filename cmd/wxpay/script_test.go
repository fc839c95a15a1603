package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/wxpay-go/wxpay/emulator"
)

// TestScript runs the manual: each file in testdata/script is a command with
// what it prints. Beside the commands of testscript there are:
//
//	emulator [CLOCK]            start one, with the same identifiers each time; CLOCK as wxpay emulator --clock
//	admin METHOD PATH [BODY]    ask its admin interface, below /_wxpay; the answer goes to the file admin.json
//	exits CODE PROGRAM [ARG…]   as exec, for a program that ends with this status
//
// and those of [servingCommands].
//
// emulator exports the WECHATPAY_* variables and EMULATOR, the URL, and writes
// the credentials to .wxpay, where wxpay emulator would have them.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", UpdateScripts: os.Getenv("UPDATE") != "",
		Cmds: scriptCommands(),
		Setup: func(e *testscript.Env) error {
			for _, name := range []string{"WXPAY_PROFILE", "WECHATPAY_BASE_URL", "WECHATPAY_MCHID"} {
				e.Setenv(name, "") // of whoever runs the tests
			}
			return nil
		},
	})
}

func scriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	list := servingCommands()
	list["emulator"], list["admin"], list["exits"] = startEmulator, askAdmin, exits
	list["notice"], list["bytes"] = writeNotice, writeBytes
	return list
}

// scriptKeys are the credentials of all scripts: making keys takes long.
var scriptKeys = sync.OnceValues(func() (*emulator.Credentials, error) {
	return emulator.NewCredentials(emulator.DefaultMchID, time.Now())
})

func startEmulator(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 1 {
		ts.Fatalf("usage: emulator [CLOCK]")
	}
	keys, err := scriptKeys()
	ts.Check(err)
	cfg := emulator.Config{Credentials: keys, Seed: "script", Exchanges: 50}
	if len(args) == 1 {
		at, err := time.Parse(time.RFC3339, args[0])
		ts.Check(err)
		cfg.Clock = emulator.NewClock(at)
	}
	p, err := emulator.NewPlatform(emulator.PlatformConfig{Config: cfg})
	ts.Check(err)
	server := httptest.NewServer(p)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	ts.Defer(func() {
		server.Close()
		stop()
		<-done
		_ = p.Close()
	})
	dir := ts.MkAbs(".wxpay")
	ts.Check(keys.WriteFolder(dir, server.URL))
	for _, v := range keys.Env(dir, server.URL) {
		ts.Setenv(v[0], v[1])
	}
	ts.Setenv("EMULATOR", server.URL)
}

func askAdmin(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 && len(args) != 3 {
		ts.Fatalf("usage: admin METHOD PATH [BODY]")
	}
	r, err := http.NewRequestWithContext(context.Background(), args[0], ts.Getenv("EMULATOR")+"/_wxpay"+args[1], strings.NewReader(strings.Join(args[2:], "")))
	ts.Check(err)
	answer, err := new(http.Client).Do(r)
	ts.Check(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	ts.Check(err)
	if refused := answer.StatusCode >= 400; refused != neg {
		ts.Fatalf("%s %s answers %d: %s", args[0], args[1], answer.StatusCode, text)
	}
	ts.Check(os.WriteFile(filepath.Join(ts.MkAbs("."), "admin.json"), text, 0o600))
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG…]")
	}
	code := "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = strconv.Itoa(failed.ExitCode())
	}
	if code != args[0] {
		ts.Fatalf("%q ends with status %s, want %s", args[1:], code, args[0])
	}
}
