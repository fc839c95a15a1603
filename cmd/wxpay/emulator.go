package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/emulator"
)

// emulatorFlags is what the command line says of the emulator.
type emulatorFlags struct {
	listen, dir, mchID, forwardTo, keys, at string
	merchants, seed                         string
	data, proxy                             string
	tls                                     tlsFlags
	rate                                    float64
	exchanges                               int
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
program that receives those for any other notify_url.

There is one merchant at first. --merchants names a file of more, an array in
JSON; POST /_wxpay/merchants makes them too. Each has its own folder below
merchants in that of the credentials.

--data keeps the state, and a clock that was moved, in a file. A program that
has WeChat Pay's hosts built in is led here by --proxy and the lines that
wxpay env prints.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.run(cmd.Context(), outputOf(cmd))
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8089", "address to listen on; port 0 takes a free one")
	flags.StringVar(&f.dir, "dir", ".wxpay", "folder of the credentials")
	flags.StringVar(&f.mchID, "mchid", emulator.DefaultMchID, "merchant id, used when the credentials are made")
	flags.StringVar(&f.merchants, "merchants", "", `file of further merchants, such as [{"mchid": "1900000201", "role": "service-provider"}]`)
	flags.StringVar(&f.forwardTo, "forward-to", "", "loopback URL that receives the notifications for other hosts")
	flags.StringVar(&f.keys, "keys", string(emulator.KeyBoth), "keys that WeChat Pay signs with: both, public-key or certificate")
	flags.StringVar(&f.at, "clock", "", "stand still at this time (RFC 3339) until the clock is moved; default: run with the machine's")
	flags.Float64Var(&f.rate, "clock-rate", 1, "let the clock run so many times faster; with --clock it runs from there")
	flags.IntVar(&f.exchanges, "exchanges", 500, "keep so many of the last requests for the console, in memory, and count what they meet; 0 keeps and counts nothing")
	flags.StringVar(&f.seed, "seed", "", "make identifiers, and what happens by chance, the same at each start; none that --data has is given again")
	flags.StringVar(&f.data, "data", "", "file that keeps the state over restarts; default: memory")
	flags.StringVar(&f.proxy, "proxy", "", "address of an HTTPS proxy for programs with WeChat Pay's hosts built in; port 0 takes a free one")
	flags.BoolVar(&f.tls.on, "tls", false, "serve HTTPS, with a certificate that ca_cert.pem in the folder vouches for")
	flags.StringVar(&f.tls.cert, "tls-cert", "", "serve HTTPS with the certificate in this PEM file; needs --tls-key")
	flags.StringVar(&f.tls.key, "tls-key", "", "private key of --tls-cert, a PEM file")
	flags.BoolVar(&f.strict, "strict", false, "refuse a prepay_id that was not made here")
	flags.BoolVar(&f.allowRemote, "allow-remote", false, "allow listening on other than loopback addresses, and administration from there")
	flags.BoolVar(&f.verbose, "verbose", false, "log each refused request and each delivery")
	cmd.AddCommand(exportCommand(), importCommand())
	return cmd
}

func (f *emulatorFlags) run(ctx context.Context, out *output) error {
	l, err := f.open(ctx, "--listen", f.listen)
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }()
	baseURL := f.tls.scheme() + "://" + l.Addr().String()
	dir, err := filepath.Abs(f.dir)
	if err != nil {
		return err
	}
	p, err := f.make(baseURL, dir, out.stderr)
	if err != nil {
		return err
	}
	defer func() { _ = p.Close() }()
	if err := p.First().Credentials().WriteFolder(dir, baseURL); err != nil {
		return usageError{fmt.Errorf("--dir: %w", err)}
	}
	if err := f.addMerchants(p); err != nil {
		return err
	}
	parts, proxyURL, err := f.serve(ctx, l, p, dir, out.stderr)
	if err != nil {
		return err
	}
	g := f.greeting(p, baseURL, proxyURL, dir)
	if err := out.line(g, g.print); err != nil {
		return err
	}
	if err := together(ctx, parts...); err != nil {
		return err
	}
	return out.stopped()
}

// open listens. Whoever reaches the emulator can make it sign contracts, so it
// stays on this machine unless it is told otherwise.
func (f *emulatorFlags) open(ctx context.Context, flag, address string) (net.Listener, error) {
	if f.allowRemote {
		return open(ctx, flag, address)
	}
	return listen(ctx, flag, address, "add --allow-remote if other machines shall reach the emulator")
}

// serve makes what is to run together: deliveries, the server, and the proxy
// if there is one, with its URL.
func (f *emulatorFlags) serve(ctx context.Context, l net.Listener, p *emulator.Platform, dir string, stderr io.Writer) (parts, string, error) {
	secure, err := f.tls.config(dir, l.Addr())
	if err != nil {
		return nil, "", err
	}
	handler := withHealth(p, p.First().Check)
	proxy, proxyURL, err := f.intercept(ctx, dir, handler, stderr)
	if err != nil {
		return nil, "", err
	}
	list := parts{p.Run, server(l, secure, f.withConsole(p, dir, handler))}
	if proxy != nil {
		list = append(list, proxy)
	}
	return list, proxyURL, nil
}

func (f *emulatorFlags) make(baseURL, dir string, stderr io.Writer) (*emulator.Platform, error) {
	keys, err := credentials(dir, "--mchid", f.mchID)
	if err != nil {
		return nil, err
	}
	clock, err := f.clock()
	if err != nil {
		return nil, err
	}
	cfg := emulator.Config{
		Credentials: keys, Folder: dir, Keys: emulator.KeyMode(f.keys), Strict: f.strict, Clock: clock, Seed: f.seed,
		BaseURL: baseURL, ForwardTo: f.forwardTo, AllowRemote: f.allowRemote, Exchanges: f.exchanges,
	}
	cfg.Logger = f.logger(stderr)
	if cfg.Store, err = f.store(); err != nil {
		return nil, err
	}
	p, err := emulator.NewPlatform(emulator.PlatformConfig{Config: cfg, Make: merchantKeys(dir, baseURL)})
	if err != nil && cfg.Store != nil {
		_ = cfg.Store.Close()
	}
	if bad, ok := errors.AsType[*emulator.ConfigError](err); ok {
		return nil, usageError{bad}
	}
	return p, err
}

// logger is nil, and so silent, unless the command line asks for more.
func (f *emulatorFlags) logger(stderr io.Writer) *slog.Logger {
	if !f.verbose {
		return nil
	}
	return slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// clock is the one that the flags describe, or nil where they say nothing.
func (f *emulatorFlags) clock() (*emulator.Clock, error) {
	if f.at == "" && f.rate == 1 {
		return nil, nil
	}
	clock := &emulator.Clock{}
	if f.at != "" {
		t, err := time.Parse(time.RFC3339, f.at)
		if err != nil {
			return nil, usageError{fmt.Errorf("--clock: want a time as 2026-01-02T15:04:05+08:00: %w", err)}
		}
		clock = emulator.NewClock(t)
	}
	if f.rate != 1 {
		if err := clock.Go(f.rate); err != nil {
			return nil, usageError{fmt.Errorf("--clock-rate: %w", err)}
		}
	}
	return clock, nil
}
