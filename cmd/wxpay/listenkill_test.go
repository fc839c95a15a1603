package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// TestListenIsKilled kills a listener again and again while notifications
// come, with kill -9. Everything that WeChat Pay was told is received reaches
// the program in the end, byte for byte, though the program was never there
// while it came.
func TestListenIsKilled(t *testing.T) {
	t.Parallel()
	const rounds, eachRound = 6, 60
	keys, err := scriptKeys()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := keys.WriteFolder(filepath.Join(dir, ".wxpay"), "http://127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	shop, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := shop.Addr().String()
	_ = shop.Close() // nobody is there yet

	promised := map[string][]byte{}
	for round := range rounds {
		l := startListener(t, dir, address)
		maps.Copy(promised, l.sendUntilKilled(t, keys, round, eachRound))
	}
	if len(promised) < rounds*eachRound/2 {
		t.Errorf("%d of %d were answered", len(promised), rounds*eachRound)
	}

	got := receiveAll(t, address, len(promised))
	l := startListener(t, dir, address)
	arrived := got()
	_ = l.cmd.Process.Signal(os.Interrupt)
	for id, body := range promised {
		if !bytes.Equal(arrived[id], body) {
			t.Errorf("%s was promised and came as %q, want %q", id, arrived[id], body)
		}
	}
}

// listener is a wxpay listen of its own.
type listener struct {
	cmd *exec.Cmd
	url string
}

func startListener(t *testing.T, dir, program string) *listener {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "wxpay", "listen", "--take", "--listen", "127.0.0.1:0", "--forward-to", "http://"+program, "--store", "kept/inbox")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "WECHATPAY_MCHID=", "WECHATPAY_MCH_SERIAL=", "WECHATPAY_MCH_PRIVATE_KEY_FILE=", "WXPAY_PROFILE=")
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = io.Discard // how many were waiting
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	out := bufio.NewReader(pipe)
	first, err := out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return &listener{cmd, regexp.MustCompile(`http://\S+`).FindString(first)}
}

// sendUntilKilled sends notifications by several at once, and kills the
// listener when two thirds are answered. It returns those that the listener
// said it has.
func (l *listener) sendUntilKilled(t *testing.T, keys *emulator.Credentials, round, n int) map[string][]byte {
	t.Helper()
	answered := map[string][]byte{}
	var mu sync.Mutex
	var next atomic.Int64
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				id := fmt.Sprintf("EV-%d-%03d", round, i)
				header, body, err := notification(keys, id)
				if err != nil {
					t.Error(err)
					return
				}
				if !post(t.Context(), l.url, header, body) {
					continue
				}
				mu.Lock()
				if answered[id] = body; len(answered) == n*2/3 {
					_ = l.cmd.Process.Kill()
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return answered
}

func notification(keys *emulator.Credentials, id string) (http.Header, []byte, error) {
	r, err := seal.Close([]byte(keys.APIv3Key), []byte(`{"attach":"`+id+`"}`), "", sign.Nonce()[:seal.NonceSize])
	if err != nil {
		return nil, nil, err
	}
	resource, err := json.Marshal(r)
	if err != nil {
		return nil, nil, err
	}
	body := fmt.Appendf(nil, "{ \"id\":%q,\r\n\"create_time\":\"2026-01-02T15:04:05+08:00\",\"event_type\":\"TRANSACTION.SUCCESS\",\"resource_type\":\"encrypt-resource\",\"resource\":%s}\n", id, resource)
	h := sign.Header{Timestamp: strconv.FormatInt(time.Now().Unix(), 10), Nonce: sign.Nonce(), Serial: keys.PublicKeyID, Type: sign.SchemeRSA}
	raw, err := sign.RSA.Sign(keys.PublicKeySigner, sign.AppendAnswer(nil, h.Timestamp, h.Nonce, body))
	h.Signature = base64.StdEncoding.EncodeToString(raw)
	header := http.Header{}
	h.Write(header)
	return header, body, err
}

// post reports whether a notification was answered as received.
func post(ctx context.Context, url string, header http.Header, body []byte) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return false
	}
	r.Header = header
	res, err := (&http.Client{Timeout: 30 * time.Second}).Do(r)
	if err != nil {
		return false // the listener is dead
	}
	defer res.Body.Close()
	return res.StatusCode == http.StatusNoContent
}

// receiveAll is the program that comes at last. The function that it returns
// waits until it has had so many events that were promised, or those and
// others, and nothing more comes for a while.
func receiveAll(t *testing.T, address string, want int) func() map[string][]byte {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	got, news := map[string][]byte{}, make(chan struct{}, 1000)
	var mu sync.Mutex
	srv := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var e struct{ ID string }
		if err := json.Unmarshal(body, &e); err != nil || !strings.HasPrefix(e.ID, "EV-") {
			t.Errorf("got %q", body)
		}
		mu.Lock()
		defer mu.Unlock()
		got[e.ID] = body
		news <- struct{}{}
		w.WriteHeader(http.StatusNoContent)
	})}
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	return func() map[string][]byte {
		for quiet := 30 * time.Second; ; {
			select {
			case <-news:
				mu.Lock()
				if len(got) >= want {
					quiet = time.Second // what was kept and not answered comes too
				}
				mu.Unlock()
			case <-time.After(quiet):
				mu.Lock()
				defer mu.Unlock()
				return got
			}
		}
	}
}
