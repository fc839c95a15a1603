package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/emulator"
)

// emulatorFlags is what the command line says of the emulator.
type emulatorFlags struct {
	listen, dir, mchID, forwardTo, keys, at string
	strict, allowRemote, verbose            bool
}

func emulatorCommand() *cobra.Command {
	f := emulatorFlags{}
	cmd := &cobra.Command{
		Use:   "emulator",
		Short: "Run a WeChat Pay on this machine",
		Long: `Runs an emulated WeChat Pay APIv3 (微信支付 APIv3) until it is interrupted. The
keys of both sides are made at the first start and kept in a folder, together
with a file of variables that programs in any language can read:

  set -a; . .wxpay/wxpay.env; set +a

Notifications go to loopback addresses alone; --forward-to names the local
program that receives those for any other notify_url.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8089", "address to listen on; port 0 takes a free one")
	flags.StringVar(&f.dir, "dir", ".wxpay", "folder of the credentials")
	flags.StringVar(&f.mchID, "mchid", emulator.DefaultMchID, "merchant id, used when the credentials are made")
	flags.StringVar(&f.forwardTo, "forward-to", "", "loopback URL that receives the notifications for other hosts")
	flags.StringVar(&f.keys, "keys", string(emulator.KeyBoth), "keys that WeChat Pay signs with: both, public-key or certificate")
	flags.StringVar(&f.at, "clock", "", "stand still at this time (RFC 3339) until the clock is moved; default: run with the machine's")
	flags.BoolVar(&f.strict, "strict", false, "refuse a prepay_id that was not made here")
	flags.BoolVar(&f.allowRemote, "allow-remote", false, "allow listening on other than loopback addresses, and administration from there")
	flags.BoolVar(&f.verbose, "verbose", false, "log each refused request and each delivery")
	return cmd
}

func (f *emulatorFlags) run(ctx context.Context, stdout, stderr io.Writer) error {
	l, err := f.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }()
	baseURL := "http://" + l.Addr().String()
	e, err := f.make(baseURL, stderr)
	if err != nil {
		return err
	}
	defer func() { _ = e.Close() }()
	dir, err := filepath.Abs(f.dir)
	if err != nil {
		return err
	}
	if err := e.Credentials().WriteFolder(dir, baseURL); err != nil {
		return usageError{fmt.Errorf("--dir: %w", err)}
	}
	if err := f.greet(stdout, e, baseURL, dir); err != nil {
		return err
	}
	if err := serve(ctx, l, e); err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, "stopped")
	return err
}

// open listens. Whoever reaches the emulator can make it sign contracts, so it
// stays on this machine unless it is told otherwise.
func (f *emulatorFlags) open(ctx context.Context) (net.Listener, error) {
	ok, err := isLoopback(f.listen)
	if err != nil {
		return nil, err
	}
	if !ok && !f.allowRemote {
		return nil, usageError{fmt.Errorf("--listen: %q is not a loopback address; add --allow-remote if other machines shall reach the emulator", f.listen)}
	}
	return open(ctx, f.listen)
}

func (f *emulatorFlags) make(baseURL string, stderr io.Writer) (*emulator.Emulator, error) {
	keys, err := f.credentials()
	if err != nil {
		return nil, err
	}
	cfg := emulator.Config{
		Credentials: keys, Keys: emulator.KeyMode(f.keys), Strict: f.strict,
		BaseURL: baseURL, ForwardTo: f.forwardTo, AllowRemote: f.allowRemote,
	}
	if f.at != "" {
		t, err := time.Parse(time.RFC3339, f.at)
		if err != nil {
			return nil, usageError{fmt.Errorf("--clock: want a time as 2026-01-02T15:04:05+08:00: %w", err)}
		}
		cfg.Clock = emulator.NewClock(t)
	}
	if f.verbose {
		cfg.Logger = slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	e, err := emulator.New(cfg)
	if bad, ok := errors.AsType[*emulator.ConfigError](err); ok {
		return nil, usageError{bad}
	}
	return e, err
}

// credentials reads those of the last start, or makes new ones. A folder that
// is there and cannot be read is left alone: it may hold a merchant's real keys.
func (f *emulatorFlags) credentials() (*emulator.Credentials, error) {
	if !exists(f.dir, "wxpay.env") && !exists(f.dir, "apiclient_key.pem") {
		return f.newCredentials()
	}
	keys, err := emulator.ReadFolder(f.dir)
	if err != nil {
		return nil, usageError{fmt.Errorf("--dir: %w; name another folder, or remove this one to have new credentials made", err)}
	}
	return keys, nil
}

func exists(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return !errors.Is(err, fs.ErrNotExist)
}

func (f *emulatorFlags) newCredentials() (*emulator.Credentials, error) {
	keys, err := emulator.NewCredentials(f.mchID, time.Now())
	if bad, ok := errors.AsType[*emulator.ConfigError](err); ok {
		return nil, usageError{fmt.Errorf("--mchid: %w", bad)}
	}
	return keys, err
}

// greet says what to do next.
func (f *emulatorFlags) greet(w io.Writer, e *emulator.Emulator, baseURL, dir string) error {
	var b strings.Builder
	env := filepath.Join(dir, "wxpay.env")
	fmt.Fprintf(&b, "WeChat Pay (emulated) at %s, merchant %s\n\n", baseURL, e.Credentials().MchID)
	fmt.Fprintf(&b, "  credentials    set -a; . %s; set +a\n", env)
	fmt.Fprintf(&b, "  the user       curl -X POST %s/_wxpay/orders/PREPAY_ID/pay\n", baseURL)
	fmt.Fprintf(&b, "                 curl -X POST %s/_wxpay/orders/PREPAY_ID/agree\n", baseURL)
	fmt.Fprintf(&b, "                 curl -X POST %s/_wxpay/sessions/PRE_ENTRUSTWEB_ID/agree\n", baseURL)
	fmt.Fprintf(&b, "  the clock      curl -X POST %s/_wxpay/clock/advance -d '{\"duration\":\"2h\"}'\n", baseURL)
	fmt.Fprintf(&b, "  everything     curl %s/_wxpay/\n", baseURL)
	if f.forwardTo == "" {
		b.WriteString("\nnotifications go to loopback addresses; --forward-to URL receives the others\n")
	} else {
		fmt.Fprintf(&b, "\nnotifications for other hosts go to %s\n", f.forwardTo)
	}
	b.WriteString("stop with Ctrl-C\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// serve answers and notifies until ctx ends, then lets requests under way
// finish.
func serve(ctx context.Context, l net.Listener, e *emulator.Emulator) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	srv := &http.Server{Handler: e, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	notified := make(chan error, 1)
	go func() { notified <- e.Run(ctx) }()
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	select {
	case err := <-served:
		cancel()
		<-notified
		return reachError{err}
	case err := <-notified: // ended by ctx, or by the store
		graceful(srv, served)
		return err
	}
}

func graceful(srv *http.Server, served <-chan error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if srv.Shutdown(ctx) != nil {
		_ = srv.Close()
	}
	<-served
}
