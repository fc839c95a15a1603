package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// output is where a command's result goes. With --json, standard output holds
// one document (or, of a stream, one object a line) and nothing else, whatever
// happens: see [output.fail].
type output struct {
	stdout, stderr io.Writer

	json     bool // --json
	color    bool // the result may be painted
	terminal bool // standard output is one

	noColor  bool   // --no-color
	profile  string // --profile
	shown    bool   // a document was written
	streamed bool   // an object of a stream was
}

type outputKey struct{}

// withOutput hangs o into a context, for [outputOf].
func withOutput(ctx context.Context, o *output) context.Context {
	return context.WithValue(ctx, outputKey{}, o)
}

// outputOf is the output of the run that cmd is part of.
func outputOf(cmd *cobra.Command) *output {
	o := cmd.Context().Value(outputKey{}).(*output)
	noColor, _ := os.LookupEnv("NO_COLOR")
	kind, _ := os.LookupEnv("TERM")
	o.color = o.terminal && !o.json && !o.noColor && noColor == "" && kind != "dumb"
	return o
}

func newOutput(stdout, stderr io.Writer) *output {
	return &output{stdout: stdout, stderr: stderr, terminal: isTerminal(stdout)}
}

// flags are those that every command has.
func (o *output) flags(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.BoolVar(&o.json, "json", false, "print the result, or the error, as JSON")
	flags.BoolVar(&o.noColor, "no-color", false, "print without colours, as NO_COLOR does")
	flags.StringVar(&o.profile, "profile", "", "name of the merchant's profile; default: WXPAY_PROFILE, the WECHATPAY_* variables, .wxpay, or the profile of wxpay init")
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// show writes a result: with --json v as one document, else what plain writes,
// all at once, so that a failure leaves no half of it.
func (o *output) show(v any, plain func(w io.Writer) error) error {
	if o.json {
		o.shown = true
		return printJSON(o.stdout, v)
	}
	return o.buffered(plain)
}

// silence is what a command prints that has done what it was told, and found
// nothing.
func silence(io.Writer) error { return nil }

// line writes one part of a stream: with --json v as one compact object on a
// line of its own, else what plain writes.
func (o *output) line(v any, plain func(w io.Writer) error) error {
	if !o.json {
		return o.buffered(plain)
	}
	o.streamed = true
	enc := json.NewEncoder(o.stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// serving is what a command that serves until it is interrupted says of
// itself: an object when it can be reached, and another at its end.
type serving struct {
	Event string `json:"event"` // started, stopped
	What  string `json:"what,omitempty"`
	URL   string `json:"url,omitempty"`
}

// started says where something is served.
func (o *output) started(what, url string) error {
	return o.line(serving{"started", what, url}, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s at %s\nstop with Ctrl-C\n", what, url)
		return err
	})
}

func (o *output) stopped() error {
	return o.line(serving{Event: "stopped"}, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, "stopped")
		return err
	})
}

func (o *output) buffered(plain func(w io.Writer) error) error {
	var b bytes.Buffer
	if err := plain(&b); err != nil {
		return err
	}
	_, err := o.stdout.Write(b.Bytes())
	return err
}

// note writes a hint or a progress for people: a line on standard error.
func (o *output) note(format string, args ...any) {
	fmt.Fprintf(o.stderr, format+"\n", args...)
}

// styles are by what a text means, and not by how it looks.
var styles = map[string]string{
	"good": "\x1b[32m", "bad": "\x1b[31m", "warn": "\x1b[33m", "dim": "\x1b[2m",
	"key": "\x1b[36m", "text": "\x1b[32m", "number": "\x1b[33m", "strong": "\x1b[1m",
}

// paint colours text, where colours are shown.
func (o *output) paint(style, text string) string {
	if code, ok := styles[style]; ok && o.color {
		return code + text + "\x1b[0m"
	}
	return text
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
