package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/inbox"
	"github.com/wxpay-go/wxpay/cmd/internal/profile"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/internal/loopback"
	"github.com/wxpay-go/wxpay/notify"
	"github.com/wxpay-go/wxpay/sign"
)

// listenFlags is what the command line says of receiving notifications.
type listenFlags struct {
	listen, forwardTo, store string
	take, allowRemote        bool
	verbose, personal        bool
}

// addressListen is where wxpay listen receives, and wxpay trigger sends to, if
// nothing else is said.
const addressListen = "127.0.0.1:8088"

func listenCommand() *cobra.Command {
	f := listenFlags{}
	cmd := &cobra.Command{
		Use:   "listen",
		Short: "Receive notifications, keep them, and pass them on to a local program",
		Long: `Receives notifications (回调通知) until it is interrupted: verifies and shows
each, keeps it in a file, and passes the request on to a local program, its body
byte for byte. Point the notify_url here, or a tunnel that ends here, or an
emulator:

  wxpay listen --forward-to http://127.0.0.1:3000/notify
  wxpay emulator --forward-to http://127.0.0.1:8088/notify
  wxpay trigger TRANSACTION.SUCCESS

What the program answers is what WeChat Pay is answered. While the program
cannot be reached, notifications are kept and sent on from here as soon as it
can, also after a restart of wxpay listen; WeChat Pay is answered 503, sends
again by itself, and is told then what became of it. With --take it is answered
that all is well as soon as the notification is on the disk. Then the program
gets an old signature if it was away for more than five minutes, and must refuse
it: use --take with an emulator, whose notifications are signed anew here.

What cannot be trusted is answered 401, shown with the reason, and neither kept
nor passed on. wxpay listen list, show and replay work beside a running one.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", addressListen, "address to listen on; port 0 takes a free one")
	flags.StringVar(&f.forwardTo, "forward-to", "", "URL of the program; without a path it is given that of each request")
	flags.BoolVar(&f.take, "take", false, "answer that a notification is received once it is kept, though the program cannot be reached")
	flags.BoolVar(&f.verbose, "verbose", false, "show the decrypted resource, sensitive members hidden")
	flags.BoolVar(&f.personal, "show-personal", false, "show sensitive members too")
	flags.BoolVar(&f.allowRemote, "allow-remote", false, "allow listening on, and passing on to, other than loopback addresses")
	cmd.PersistentFlags().StringVar(&f.store, "store", filepath.Join(".wxpay", "inbox"), "file that keeps the notifications")
	cmd.AddCommand(listenListCommand(&f), listenReplayCommand(&f), listenShowCommand(&f))
	return cmd
}

func (f *listenFlags) run(cmd *cobra.Command) error {
	ctx, o := cmd.Context(), outputOf(cmd)
	to, err := programURL(f.forwardTo, f.allowRemote)
	if err != nil {
		return err
	}
	p, err := merchant(cmd)
	if err != nil {
		return err
	}
	cfg, err := f.config(p)
	if err != nil {
		return err
	}
	l, err := f.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }()
	store, err := inbox.OpenStore(f.store)
	if err != nil {
		return usageError{fmt.Errorf("--store: %w", err)}
	}
	defer func() { _ = store.Close() }()
	show := &listenPrinter{flags: f, output: o}
	cfg.Store, cfg.ForwardTo, cfg.Report = store, to, show.report
	in := inbox.New(cfg)
	if err := f.greet(o, l, store); err != nil {
		return err
	}
	if err := together(ctx, in.Run, server(l, nil, in)); err != nil {
		return err
	}
	return errors.Join(show.failed(), o.stopped())
}

// config is the part of an inbox's that the merchant decides.
func (f *listenFlags) config(p *profile.Profile) (inbox.Config, error) {
	cfg := inbox.Config{Take: f.take, Sign: signer(p)}
	keys, err := notifyConfig(p)
	if err != nil {
		return cfg, err
	}
	if cfg.Platform, err = platformOf(p, keys.Trust); err != nil {
		return cfg, err
	}
	cfg.APIv3Key = keys.APIv3Key
	cfg.Receiver, err = notify.New(keys)
	return cfg, err
}

func (f *listenFlags) open(ctx context.Context) (net.Listener, error) {
	if f.allowRemote {
		return open(ctx, "--listen", f.listen)
	}
	return listen(ctx, "--listen", f.listen, "add --allow-remote if other machines shall reach it")
}

func (f *listenFlags) greet(o *output, l net.Listener, store *inbox.Store) error {
	waiting, err := store.Pending()
	if err != nil {
		return err
	}
	if waiting > 0 && f.forwardTo != "" {
		o.note("%d notifications of before are sent on now", waiting)
	}
	return o.started("notifications", "http://"+l.Addr().String())
}

// programURL reads the URL of a local program; "" is none.
func programURL(text string, allowRemote bool) (*url.URL, error) {
	if text == "" {
		return nil, nil
	}
	return localURL("--forward-to", text, allowRemote)
}

// localURL reads a URL that leads to this machine, unless others are allowed.
func localURL(flag, text string, allowRemote bool) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, usageError{fmt.Errorf("%s: %q is no URL; give one such as http://127.0.0.1:3000/notify", flag, text)}
	}
	if !loopback.Host(u.Hostname()) && !allowRemote {
		err = usageError{fmt.Errorf("%s: %s is another machine; add --allow-remote if it shall be sent there", flag, u.Hostname())}
	}
	return u, err
}

// receiverOf opens the notifications of a merchant. now is for those of before.
func receiverOf(p *profile.Profile, now func() time.Time) (*notify.Receiver, error) {
	cfg, err := notifyConfig(p)
	if err != nil {
		return nil, err
	}
	cfg.Now = now
	return notify.New(cfg)
}

func notifyConfig(p *profile.Profile) (cfg notify.Config, err error) {
	if cfg.APIv3Key, err = p.APIv3Key(); err != nil {
		return cfg, err
	}
	if cfg.Trust, err = p.Trust(); err != nil && p.PublicKeyFile == "" && p.PlatformFile == "" { // certificates are downloaded
		client, failed := p.Config()
		cfg.Trust, err = client.Trust, failed
	}
	return cfg, err
}

// signer signs anew for a merchant of the emulator, whose platform keys are in
// the folder of its own; nil for a real one.
func signer(p *profile.Profile) func(string, []byte) (sign.Header, error) {
	keys, err := emulator.ReadFolder(filepath.Dir(p.KeyFile))
	if err != nil {
		return nil
	}
	return func(serial string, body []byte) (sign.Header, error) {
		key := keys.PlatformKey
		if serial == keys.PublicKeyID {
			key = keys.PublicKeySigner
		}
		h := sign.Header{Serial: serial, Nonce: sign.Nonce(), Timestamp: strconv.FormatInt(time.Now().Unix(), 10), Type: sign.SchemeRSA}
		raw, err := sign.RSA.Sign(key, sign.AppendAnswer(nil, h.Timestamp, h.Nonce, body))
		h.Signature = base64.StdEncoding.EncodeToString(raw)
		return h, err
	}
}

// listenPrinter prints what happens, a line each.
type listenPrinter struct {
	flags  *listenFlags
	output *output

	mu  sync.Mutex
	err error // the first of standard output
}

// received is a line of wxpay listen --json.
type received struct {
	Event string `json:"event"` // "notification"
	inbox.Report
	Resource string `json:"resource,omitempty"` // decrypted; with --verbose
}

func (p *listenPrinter) report(r inbox.Report) {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := received{Event: "notification", Report: r}
	if p.flags.verbose && r.Event != nil {
		line.Resource = string(shown(r.Event, p.flags.personal))
	}
	err := p.output.line(line, func(w io.Writer) error { return p.print(w, line) })
	if p.err == nil {
		p.err = err
	}
}

// failed is what standard output failed with. Requests may still be under way.
func (p *listenPrinter) failed() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

func shown(ev *notify.Event, personal bool) []byte {
	if personal {
		return ev.Plaintext
	}
	return inbox.Hide(ev.Type, ev.Plaintext)
}

func (p *listenPrinter) print(w io.Writer, r received) error {
	o := p.output
	fmt.Fprintf(w, "%s  ", o.paint("dim", r.At.Format(time.TimeOnly)))
	switch {
	case r.What == inbox.Refused && r.Refusal.Code == string(sign.CodeProbe):
		fmt.Fprintf(w, "%s  %d: %s\n", o.paint("warn", "probe"), r.Status, r.Refusal.Remedy)
		return nil
	case r.Refusal != nil:
		fmt.Fprintf(w, "%s  %d: %s\n          %s\n", o.paint("bad", string(r.What)), r.Status, r.Refusal.Reason, r.Refusal.Remedy)
		return nil
	}
	fmt.Fprintf(w, "%s  %s", o.paint("key", r.Type), r.ID)
	if r.Again {
		fmt.Fprint(w, "  again")
	}
	if r.Forward != nil {
		fmt.Fprintf(w, "  %s", forwardText(o, r.Forward))
	}
	if r.Status != 0 && (r.Forward == nil || r.Forward.Status != r.Status) {
		fmt.Fprintf(w, "  answered %d %s", r.Status, http.StatusText(r.Status))
	}
	fmt.Fprintf(w, "  %s\n", o.paint(stateStyle(r.State), string(r.State)))
	if r.Resource != "" {
		fmt.Fprintf(w, "          %s\n", r.Resource)
	}
	return nil
}

// forwardText says what came of passing a notification on.
func forwardText(o *output, f *inbox.Forward) string {
	text := "-> " + strconv.Itoa(f.Status)
	if f.Status == 0 {
		return o.paint("bad", "-> "+f.Error)
	}
	if f.Signed {
		text += ", signed anew"
	}
	return o.paint(statusStyle(f.Status), text)
}

func statusStyle(status int) string {
	if status == http.StatusOK || status == http.StatusNoContent {
		return "good"
	}
	return "bad"
}

func stateStyle(s inbox.State) string {
	switch s {
	case inbox.Accepted, inbox.Kept:
		return "good"
	case inbox.Pending:
		return "warn"
	}
	return "bad"
}
