package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/caller"
)

// callFlags is what the command line says of a call beside its words.
type callFlags struct {
	*output
	data, file, digest         string
	dryRun, include, unchecked bool
}

func callCommand() *cobra.Command {
	f := &callFlags{}
	cmd := &cobra.Command{
		Use:   "call METHOD PATH [FIELD=VALUE…]",
		Short: "Call an endpoint and print its verified answer",
		Long: `Calls any endpoint of the description as the merchant of the profile, and prints
the verified answer. Values go where the description says, with its types;
sensitive ones are encrypted. What is required and missing is asked for on a
terminal.

  wxpay call POST /v3/security/echo echo_message=hello
  wxpay call GET /v3/pay/transactions/out-trade-no/1217752501 mchid=1900000109
  wxpay call POST /v3/pay/transactions/jsapi … amount.total=100 payer.openid=oUpF8
  wxpay call POST /v3/pay/transactions/jsapi --data order.json out_trade_no=order-2
  wxpay call POST /v3/merchant/media/upload file=@photo.png
  wxpay call GET /v3/merchant-service/images/MEDIA_ID --output photo.png

name:=json gives a value as JSON, name=@path the file of an upload. wxpay docs
PATH lists the fields; wxpay completion makes the shell offer them.

--dry-run sends nothing: it prints the signed text (签名串), the headers, and a
line for curl that WeChat Pay takes for five minutes.

In a pipe the answer is the JSON of WeChat Pay. With --json and --include it is
an object of status, request_id, headers and answer.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usageError{errors.New("name method and path, for instance: wxpay call GET /v3/certificates")}
			}
			return nil
		},
		ValidArgsFunction: completeCall,
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd, caller.Request{Method: args[0], Path: args[1], Fields: args[2:]})
		},
	}
	f.flags(cmd)
	return cmd
}

func (f *callFlags) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.data, "data", "", "file with the JSON body, - for standard input; fields are added to it")
	flags.BoolVar(&f.dryRun, "dry-run", false, "send nothing; print the signed text, the headers and a curl line")
	flags.BoolVarP(&f.include, "include", "i", false, "print status and headers of the answer too")
	flags.StringVarP(&f.file, "output", "o", "", "file to write the answer to, - for standard output")
	flags.StringVar(&f.digest, "digest", "", "ALGORITHM:HEX of a file that is asked for, as it came with its address")
	flags.BoolVar(&f.unchecked, "unchecked", false, "send values that the description forbids, and take a file without its digest")
	cmd.MarkFlagsMutuallyExclusive("dry-run", "output")
	cmd.MarkFlagsMutuallyExclusive("dry-run", "include")
}

// maxData bounds a body, in bytes.
const maxData = 8 << 20

// run makes the call that r says in words.
func (f *callFlags) run(cmd *cobra.Command, r caller.Request) (err error) {
	f.output = outputOf(cmd)
	if f.data != "" {
		if r.Body, err = input(cmd, "--data", f.data, maxData); err != nil {
			return err
		}
	}
	r.Unchecked = f.unchecked
	c, err := caller.Place(r)
	if e, ok := errors.AsType[*caller.Error](err); ok && e.Field == caller.FieldBody && f.data != "" {
		err = fmt.Errorf("--data %s: %w", f.data, err)
	}
	if err != nil {
		return usageError{err}
	}
	if f.digest != "" && !c.IsDownload() {
		return usageError{fmt.Errorf("--digest is of a file, and %s %s answers none", r.Method, r.Path)}
	}
	asks := f.asks(cmd.InOrStdin())
	if err := c.Complete(); err != nil && !asks {
		return usageError{err}
	}
	cfg, err := clientConfig(cmd)
	if err != nil {
		return err
	}
	if asks {
		if err := f.ask(cmd.Context(), cmd.InOrStdin(), c); err != nil {
			return err
		}
	}
	if f.dryRun {
		return f.draft(cmd.Context(), c, cfg)
	}
	return f.send(cmd.Context(), c, cfg)
}

func (f *callFlags) send(ctx context.Context, c *caller.Call, cfg wxpay.Config) error {
	heard := &recorder{next: cfg.Transport}
	if heard.next == nil {
		heard.next = wxpay.NewTransport()
	}
	cfg.Transport = heard
	wx, err := wxpay.New(cfg)
	if err != nil {
		return err
	}
	if c.IsDownload() {
		return f.download(ctx, c, wx, heard)
	}
	a, err := c.Do(ctx, wx, cfg.Signer)
	if err != nil {
		return errors.Join(f.head(heard), wordsError(err))
	}
	if f.file != "" && f.file != "-" {
		return f.keep(func(w io.Writer) (int64, error) {
			n, err := w.Write(a.Body)
			return int64(n), err
		}, "application/json", heard)
	}
	if f.json {
		return f.show(f.document(a, heard), nil)
	}
	if err := f.head(heard); err != nil {
		return err
	}
	_, err = io.WriteString(f.stdout, f.paintJSON(a.Body))
	return err
}

// wordsError marks what the caller package has against the words as wrong use.
func wordsError(err error) error {
	if _, ok := errors.AsType[*caller.Error](err); ok {
		return usageError{err}
	}
	return err
}

// included is what --json and --include print of an answer.
type included struct {
	Status    int                 `json:"status"`
	RequestID string              `json:"request_id"`
	Headers   map[string][]string `json:"headers"`
	Answer    any                 `json:"answer"`
}

func (f *callFlags) document(a *caller.Answer, heard *recorder) any {
	var answer any // null where there is no body
	switch {
	case json.Valid(a.Body):
		answer = json.RawMessage(a.Body)
	case len(a.Body) > 0:
		answer = string(a.Body)
	}
	if !f.include {
		return answer
	}
	return included{a.Status, a.RequestID, heard.header, answer}
}
