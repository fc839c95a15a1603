package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/wxpay-go/wxpay"
)

// servingCommands are those of scripts that something runs beside:
//
//	serve NAME PROGRAM [ARG…]   start a program that serves; its URL goes to the variable NAME
//	program NAME [STATUS]       start a program of a merchant, which answers with STATUS, where it was before if it was;
//	                            what it gets goes to the files NAME.1, NAME.2, …
//	end NAME                    stop one of them; what a program printed goes to the file NAME.txt
//	await NAME                  wait until the program of a merchant gets something
//	http URL TOKEN [BODY]       ask wxpay proxy; @FILE is the token in a file. The files status, header and answer are what came
func servingCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"serve": serveProgram, "program": startReceiver, "end": stopServing, "await": awaitReceiver, "http": askProxy}
}

// By script and name: how to stop what serves, and what says that a program of
// a merchant has got something.
var stoppers, receivers sync.Map

type scriptKey struct {
	ts   *testscript.TestScript
	name string
}

func keepStopper(ts *testscript.TestScript, name string, stop func()) {
	once := sync.OnceFunc(stop)
	stoppers.Store(scriptKey{ts, name}, once)
	ts.Defer(once)
}

func stopServing(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: end NAME")
	}
	stop, ok := stoppers.LoadAndDelete(scriptKey{ts, args[0]})
	if !ok {
		ts.Fatalf("%s does not run", args[0])
	}
	stop.(func())()
}

func serveProgram(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: serve NAME PROGRAM [ARG…]")
	}
	name := args[0]
	cmd := exec.CommandContext(context.Background(), args[1], args[2:]...)
	cmd.Dir, cmd.Env = ts.MkAbs("."), scriptEnv(ts)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	pipe, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	out, text := bufio.NewReader(pipe), ""
	for !strings.Contains(text, "stop with Ctrl-C") && !strings.Contains(text, `"started"`) {
		line, err := out.ReadString('\n')
		if err != nil {
			_ = cmd.Wait()
			ts.Fatalf("%q ended: %s%s", args[1:], text, &errs)
		}
		text += line
	}
	ts.Setenv(name, regexp.MustCompile(`http://[0-9.:]+`).FindString(text))
	keepStopper(ts, name, func() {
		_ = cmd.Process.Signal(os.Interrupt)
		rest, _ := io.ReadAll(out) // until the program closes it
		if err := cmd.Wait(); err != nil {
			rest = fmt.Appendf(rest, "ended: %v\n%s", err, &errs)
		}
		_ = os.WriteFile(ts.MkAbs(name+".txt"), append([]byte(text), rest...), 0o600)
	})
}

func awaitReceiver(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await NAME")
	}
	got, ok := receivers.Load(scriptKey{ts, args[0]})
	if !ok {
		ts.Fatalf("%s does not run", args[0])
	}
	select {
	case <-got.(chan struct{}):
	case <-time.After(30 * time.Second):
		ts.Fatalf("%s gets nothing", args[0])
	}
}

func askProxy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: http URL TOKEN [BODY]")
	}
	token, method := args[1], http.MethodGet
	if file, ok := strings.CutPrefix(token, "@"); ok {
		token = strings.TrimSpace(ts.ReadFile(file))
	}
	if len(args) == 3 {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(context.Background(), method, args[0], strings.NewReader(strings.Join(args[2:], "")))
	ts.Check(err)
	r.Header.Set("Wxpay-Token", token)
	res, err := (&http.Client{Timeout: 30 * time.Second}).Do(r)
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	var header bytes.Buffer
	ts.Check(res.Header.Write(&header))
	for name, text := range map[string][]byte{"status": fmt.Appendln(nil, res.StatusCode), "header": header.Bytes(), "answer": body} {
		ts.Check(os.WriteFile(ts.MkAbs(name), text, 0o600))
	}
}

// scriptEnv is the environment of a script, as far as a program needs it.
func scriptEnv(ts *testscript.TestScript) []string {
	env := os.Environ()
	for _, name := range []string{
		"HOME", "XDG_CONFIG_HOME", "WXPAY_PROFILE", wxpay.EnvBaseURL, wxpay.EnvMchID, wxpay.EnvMchSerial, wxpay.EnvMchPrivateKey, wxpay.EnvAPIv3Key,
		wxpay.EnvPublicKeyID, wxpay.EnvPublicKeyFile, wxpay.EnvPlatformSerial, wxpay.EnvPlatformCert,
	} {
		env = append(env, name+"="+ts.Getenv(name))
	}
	return env
}

func startReceiver(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: program NAME [STATUS]")
	}
	name, status := args[0], http.StatusNoContent
	if len(args) == 2 {
		var err error
		status, err = strconv.Atoi(args[1])
		ts.Check(err)
	}
	address := "127.0.0.1:0"
	if before := ts.Getenv(name); before != "" {
		address = strings.TrimPrefix(before, "http://")
	}
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", address)
	ts.Check(err)
	var mu sync.Mutex
	got, first := 0, make(chan struct{})
	receivers.Store(scriptKey{ts, name}, first)
	srv := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if got++; got == 1 {
			defer close(first)
		}
		_ = os.WriteFile(ts.MkAbs(name+"."+strconv.Itoa(got)), body, 0o600)
		w.WriteHeader(status)
	})}
	go func() { _ = srv.Serve(l) }()
	ts.Setenv(name, "http://"+l.Addr().String())
	keepStopper(ts, name, func() { _ = srv.Close() })
}

// TestAddressesOfServers: each server of this machine refuses what would make
// it one of others, and says which port is taken.
func TestAddressesOfServers(t *testing.T) { //nolint:paralleltest // it sets variables
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	keys, err := scriptKeys()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := keys.WriteFolder(dir, "http://127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	for _, v := range keys.Env(dir, "http://127.0.0.1:1") {
		t.Setenv(v[0], v[1])
	}
	for _, command := range [][]string{{"listen", "--store", dir + "/inbox"}, {"proxy"}} {
		for _, tt := range []struct {
			address string
			code    int
			want    string
		}{
			{taken.Addr().String(), 3, "choose another port"},
			{"0.0.0.0:0", 2, "not a loopback address"},
			{"8088", 2, "host:port"},
		} {
			ctx, cancel := context.WithCancel(t.Context())
			cancel() // what starts in spite of all stops at once
			var out, errs strings.Builder
			code := run(ctx, append(command[:len(command):len(command)], "--listen", tt.address), &out, &errs)
			if code != tt.code || !strings.Contains(errs.String(), tt.want) || strings.Count(errs.String(), "\n") != 1 {
				t.Errorf("%s --listen %s: exit %d, %s", command[0], tt.address, code, &errs)
			}
		}
	}
}
