package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/gateway"
	"github.com/wxpay-go/wxpay/cmd/internal/profile"
	"github.com/wxpay-go/wxpay/cmd/internal/wholefile"
	"github.com/wxpay-go/wxpay/sign"
)

// proxyFlags is what the command line says of the local proxy.
type proxyFlags struct {
	listen, tokenFile string
	seal, quiet       bool
}

func proxyCommand() *cobra.Command {
	f := proxyFlags{}
	cmd := &cobra.Command{
		Use:   "proxy",
		Short: "Let a program in any language call WeChat Pay as plain HTTP",
		Long: `Runs a local proxy until it is interrupted. It signs each request as the merchant
of the profile, sends it to WeChat Pay, verifies the answer, and passes status
and body on byte for byte. A program needs no key and no signature:

  wxpay proxy --listen 127.0.0.1:8087 --token-file .wxpay/token
  curl -H "Wxpay-Token: $(cat .wxpay/token)" http://127.0.0.1:8087/v3/certificates

Path, query and body are those of WeChat Pay's documents. Of a download_url the
program asks the proxy for path and query; its digest is for the program to
check. An upload is sent as multipart/form-data with the parts meta and file.

Errors of WeChat Pay pass as they are. An answer that is not verified does not:
it becomes a 502 with a code such as WXPAY_UNVERIFIED, in JSON and in the header
Wxpay-Error. The header Wxpay-Verified says what vouches for an answer. Nothing
is repeated: that is for the program to decide.

Whoever reaches the proxy acts as the merchant. So it listens on loopback
addresses alone, and wants a token with each request, as Wxpay-Token or as
Authorization: Bearer. The token is printed once; with --token-file it is kept
in a file, which is made if it is not there. Bodies are never logged.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:0", "loopback address to listen on; port 0 takes a free one")
	flags.StringVar(&f.tokenFile, "token-file", "", "file of the token; default: a new token, which is printed")
	flags.BoolVar(&f.seal, "seal", false, "encrypt the sensitive fields of requests, which the program sends in plain text")
	flags.BoolVar(&f.quiet, "quiet", false, "do not print a line for each request")
	return cmd
}

func (f *proxyFlags) run(cmd *cobra.Command) error {
	ctx, o := cmd.Context(), outputOf(cmd)
	_, cfg, err := client(cmd) // checked as a whole, its address too
	if err != nil {
		return err
	}
	token, err := f.token()
	if err != nil {
		return err
	}
	show := &proxyPrinter{output: o, quiet: f.quiet}
	g, err := gateway.New(gateway.Config{
		MchID: cfg.MchID, Serial: cfg.Serial, Signer: cfg.Signer, Trust: cfg.Trust, BaseURL: cfg.BaseURL,
		Token: token, Seal: f.seal, Report: show.report,
	})
	if err != nil {
		return err
	}
	l, err := listen(ctx, "--listen", f.listen, "choose 127.0.0.1 or localhost")
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }()
	started := proxyStarted{serving: serving{"started", "proxy", "http://" + l.Addr().String()}, MchID: cfg.MchID, TokenFile: f.tokenFile}
	if f.tokenFile == "" {
		started.Token = token
	}
	if err := o.line(started, started.print); err != nil {
		return err
	}
	if err := together(ctx, server(l, nil, g)); err != nil {
		return err
	}
	return errors.Join(show.failed(), o.stopped())
}

// proxyStarted is the first line of wxpay proxy --json.
type proxyStarted struct {
	serving
	MchID     string `json:"mchid"`
	Token     string `json:"token,omitempty"` // unless it is in a file
	TokenFile string `json:"token_file,omitempty"`
}

func (s proxyStarted) print(w io.Writer) error {
	fmt.Fprintf(w, "WeChat Pay for merchant %s at %s\n", s.MchID, s.URL)
	if s.Token != "" {
		fmt.Fprintf(w, "token %s\n", s.Token)
	} else {
		fmt.Fprintf(w, "token in %s\n", s.TokenFile)
	}
	_, err := fmt.Fprintln(w, "stop with Ctrl-C")
	return err
}

// minToken is the length of the shortest token that is not guessed.
const minToken = 16

// token reads the token from its file, or makes it.
func (f *proxyFlags) token() (string, error) {
	if f.tokenFile == "" {
		return sign.Nonce(), nil
	}
	text, err := profile.ReadFile(f.tokenFile)
	if errors.Is(err, fs.ErrNotExist) {
		return f.makeToken()
	}
	if err != nil {
		return "", usageError{fmt.Errorf("--token-file: %w", err)}
	}
	token := strings.TrimSpace(string(text))
	plain := func(r rune) bool { return r > ' ' && r < 0x7f }
	if len(token) < minToken || strings.TrimFunc(token, plain) != "" {
		return "", usageError{fmt.Errorf("--token-file: %s must hold one word of %d letters and digits or more; remove it to have one made", f.tokenFile, minToken)}
	}
	if info, err := os.Stat(f.tokenFile); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return "", usageError{fmt.Errorf("--token-file: %s can be read by others; chmod 600 it, or remove it to have a new one made", f.tokenFile)}
	}
	return token, nil
}

func (f *proxyFlags) makeToken() (string, error) {
	token := sign.Nonce()
	err := os.MkdirAll(filepath.Dir(f.tokenFile), 0o700)
	if err == nil {
		err = wholefile.Write(f.tokenFile, []byte(token+"\n"), 0o600)
	}
	if err != nil {
		return "", usageError{fmt.Errorf("--token-file: %w", err)}
	}
	return token, nil
}

// proxyPrinter prints a line for each request, without anything of its
// content.
type proxyPrinter struct {
	output *output
	quiet  bool

	mu  sync.Mutex
	err error // the first of standard output
}

// proxyLine is a line of wxpay proxy --json.
type proxyLine struct {
	Event string `json:"event"` // "request"
	gateway.Report
}

func (p *proxyPrinter) report(r gateway.Report) {
	if p.quiet {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	err := p.output.line(proxyLine{"request", r}, func(w io.Writer) error { return p.print(w, r) })
	if p.err == nil {
		p.err = err
	}
}

// failed is what standard output failed with. Requests may still be under way.
func (p *proxyPrinter) failed() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

func (p *proxyPrinter) print(w io.Writer, r gateway.Report) error {
	o := p.output
	path, style := r.Path, "good"
	if path == "" {
		path = "(an endpoint that is not described)"
	}
	if r.Status >= 400 || r.Error != "" {
		style = "bad"
	}
	fmt.Fprintf(w, "%s  %s %s  %s  %d ms", o.paint("dim", r.At.Format(time.TimeOnly)), r.Method, path, o.paint(style, fmt.Sprint(r.Status)), r.Duration.Milliseconds())
	if r.Error != "" {
		fmt.Fprintf(w, "  %s %s", r.Error, r.Detail)
	}
	_, err := fmt.Fprintln(w)
	return err
}
