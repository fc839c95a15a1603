package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/caller"
)

// draftJSON is what --dry-run and --json print.
type draftJSON struct {
	Method  string      `json:"method"`
	URL     string      `json:"url"`
	Headers http.Header `json:"headers"`
	Message string      `json:"message"` // what is signed
	Body    string      `json:"body"`
	Curl    string      `json:"curl"`
}

// draft prints the request and sends nothing.
func (f *callFlags) draft(ctx context.Context, c *caller.Call, cfg wxpay.Config) error {
	opts, err := f.options()
	if err != nil {
		return err
	}
	d, err := c.Draft(ctx, cfg, opts...)
	if err != nil {
		return wordsError(err)
	}
	v := draftJSON{d.Method, d.URL, d.Header, d.Message, string(d.Body), d.Curl}
	return f.show(v, func(w io.Writer) error {
		fmt.Fprintf(w, "%s\n", f.paint("strong", "# the signed text (签名串), with its line feeds"))
		for line := range strings.Lines(d.Message) {
			fmt.Fprintf(w, "%s%s\n", strings.TrimSuffix(line, "\n"), f.paint("dim", `\n`))
		}
		fmt.Fprintf(w, "\n%s\n%s %s\n", f.paint("strong", "# the request"), d.Method, d.URL)
		f.printHeader(w, d.Header)
		fmt.Fprintf(w, "\n%s\n%s\n", f.paint("strong", "# the same for a shell, good for five minutes"), d.Curl)
		return nil
	})
}
