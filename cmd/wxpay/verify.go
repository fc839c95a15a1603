package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/capture"
	"github.com/wxpay-go/wxpay/cmd/internal/inspect"
	"github.com/wxpay-go/wxpay/cmd/internal/profile"
)

// verifyFlags is what the command line says of a signature to check.
type verifyFlags struct {
	messageFlags
	at     string
	ignore bool
	certs  []string
}

func verifyCommand() *cobra.Command {
	f := &verifyFlags{}
	cmd := &cobra.Command{
		Use:   "verify FILE",
		Short: "Say whether a signature holds, and why not",
		Long: `Verifies a request as WeChat Pay does, with the merchant's key, and an answer or
a notification as the merchant does, with the keys of WeChat Pay. The file, or
standard input (-), holds the text of an HTTP message, a HAR file, a curl line,
or a body whose headers are in another file.

  wxpay verify request.http
  wxpay verify calls.har --entry 3
  wxpay verify body.json --headers headers.txt --at 2026-01-02T15:04:05+08:00

A signature that does not hold is explained: the text that was signed is looked
for among the usual mistakes, and set against the one that was received. The
age of a message is judged by --at, or by its own header Date; without both it
is not.

It ends with status 0 if all signatures hold, and with 1 if one does not.`,
		Args: needFile,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	f.flags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.at, "at", "", "time of receipt, as 2026-01-02T15:04:05+08:00, or now")
	flags.BoolVar(&f.ignore, "ignore-clock", false, "do not judge the age")
	flags.StringSliceVar(&f.certs, "platform-cert-file", nil, "more platform certificates to trust, as wxpay certs download writes them")
	cmd.MarkFlagsMutuallyExclusive("at", "ignore-clock")
	return cmd
}

// verdictsJSON is what --json prints.
type verdictsJSON struct {
	Valid    bool               `json:"valid"`
	Messages []*inspect.Verdict `json:"messages"`
}

func (f *verifyFlags) run(cmd *cobra.Command, name string) error {
	clock := inspect.Clock{Ignore: f.ignore}
	var err error
	if clock.At, err = f.time(); err != nil {
		return err
	}
	list, err := f.read(cmd, name)
	if err != nil {
		return err
	}
	p, err := merchant(cmd)
	if err != nil {
		return err
	}
	keys, err := f.keys(p, list)
	if err != nil {
		return err
	}
	all := verdictsJSON{Valid: true}
	for _, m := range list {
		if m.Kind() == capture.Body {
			return usageError{errors.New("it is a body alone, and its signature is in the headers: give them with --headers FILE")}
		}
		v := inspect.Judge(cmd.Context(), m, keys, clock)
		all.Messages, all.Valid = append(all.Messages, v), all.Valid && v.Valid
	}
	o := outputOf(cmd)
	if err := o.show(all, func(w io.Writer) error { return o.verdicts(w, all.Messages) }); err != nil || all.Valid {
		return err
	}
	return errors.New("the signature does not hold")
}

func (f *verifyFlags) time() (time.Time, error) {
	switch f.at {
	case "":
		return time.Time{}, nil
	case "now":
		return time.Now(), nil
	}
	at, err := time.Parse(time.RFC3339, f.at)
	if err != nil {
		return at, usageError{fmt.Errorf("--at: %q is no time; write it as 2026-01-02T15:04:05+08:00, or now", f.at)}
	}
	return at, nil
}

// keys reads those that the messages need: a merchant can verify what WeChat
// Pay sent without a key of its own, and the other way round.
func (f *verifyFlags) keys(p *profile.Profile, list []*capture.Message) (inspect.Keys, error) {
	keys := inspect.Keys{MchID: p.MchID}
	var err error
	if keys.Platform, err = platformKeys(p, f.certs); err != nil {
		return keys, err
	}
	needMerchant, needPlatform := false, false
	for _, m := range list {
		if m.Kind() == capture.Request {
			needMerchant = true
		} else {
			needPlatform = true
		}
	}
	if keys.Merchant, err = merchantKey(p); err != nil && needMerchant {
		return keys, err
	}
	if needPlatform && len(keys.Platform) == 0 {
		_, err := p.Trust() // says what is missing
		return keys, err
	}
	return keys, nil
}

func (o *output) verdicts(w io.Writer, list []*inspect.Verdict) error {
	for i, v := range list {
		if i > 0 {
			fmt.Fprintln(w)
		}
		o.verdict(w, v)
	}
	return nil
}

func (o *output) verdict(w io.Writer, v *inspect.Verdict) {
	what := v.Kind
	if v.Method != "" {
		what += " " + v.Method + " " + v.Target
	}
	if v.Status != 0 {
		what += " " + strconv.Itoa(v.Status)
	}
	if v.Entry > 0 {
		what += ", entry " + strconv.Itoa(v.Entry)
	}
	result := o.paint("good", "the signature holds")
	if !v.Valid {
		result = o.paint("bad", "the signature does not hold")
	}
	fmt.Fprintf(w, "%s: %s\n", what, result)
	for _, note := range v.Notes {
		fmt.Fprintf(w, "  %s %s\n", o.paint("dim", "note  "), note)
	}
	if v.Serial != "" {
		fmt.Fprintf(w, "  %s %s\n", o.paint("key", "serial"), v.Serial)
	}
	age := map[string]string{inspect.ClockGood: "within 5 minutes", inspect.ClockStale: "more than 5 minutes away", inspect.ClockNotJudged: "not judged; --at TIME does"}[v.Clock]
	fmt.Fprintf(w, "  %s %s\n", o.paint("key", "clock "), age)
	for _, r := range v.Causes {
		fmt.Fprintf(w, "  %s %s\n         %s\n", o.paint("bad", "cause "), r.Text, r.Remedy)
	}
	if !v.Valid {
		o.texts(w, v)
	}
}

// texts shows what was received and what was signed, and where they part.
func (o *output) texts(w io.Writer, v *inspect.Verdict) {
	if d := v.Difference; d != nil {
		before := visible(d.Before)
		fmt.Fprintf(w, "\n  the first difference is in the %s, at byte %d\n", d.Line, d.At)
		fmt.Fprintf(w, "    received  %s%s\n", before, o.paint("bad", visible(d.Received)))
		fmt.Fprintf(w, "    signed    %s%s\n", before, o.paint("good", visible(d.Signed)))
		fmt.Fprintf(w, "              %s^\n", strings.Repeat(" ", width(before)))
	}
	if v.Received != "" {
		fmt.Fprintf(w, "\n  received (验签名串), %d bytes\n%s", len(v.Received), quoted4(v.Received))
	}
	if v.Signed != "" && v.Signed != v.Received {
		fmt.Fprintf(w, "\n  signed (签名串), %d bytes\n%s", len(v.Signed), quoted4(v.Signed))
	}
}

// visible shows line breaks and what else cannot be seen.
func visible(text string) string {
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// quoted4 writes each line with its break, indented.
func quoted4(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("    " + visible(line) + "\n")
	}
	return b.String()
}

// width counts columns: a Chinese character takes two.
func width(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r >= 0x1100 {
			n++
		}
	}
	return n
}
