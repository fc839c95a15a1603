package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/caller"
	"github.com/wxpay-go/wxpay/cmd/internal/wholefile"
)

// recorder keeps the head of the last answer, for --include.
type recorder struct {
	next   http.RoundTripper
	proto  string
	status string
	header http.Header
}

// RoundTrip implements [http.RoundTripper].
func (r *recorder) RoundTrip(q *http.Request) (*http.Response, error) {
	a, err := r.next.RoundTrip(q)
	if err == nil {
		r.proto, r.status, r.header = a.Proto, a.Status, a.Header.Clone()
	}
	return a, err
}

// head prints what --include asks for, if an answer came.
func (f *callFlags) head(heard *recorder) error {
	if !f.include || f.json || heard.header == nil {
		return nil
	}
	return f.buffered(func(w io.Writer) error {
		fmt.Fprintf(w, "%s %s\n", heard.proto, heard.status)
		f.printHeader(w, heard.header)
		_, err := fmt.Fprintln(w)
		return err
	})
}

func (f *callFlags) printHeader(w io.Writer, header http.Header) {
	names := make([]string, 0, len(header))
	for name := range header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(w, "%s: %s\n", f.paint("key", name), strings.Join(header[name], ", "))
	}
}

// download takes the answer of an endpoint that answers a file.
func (f *callFlags) download(ctx context.Context, c *caller.Call, wx *wxpay.Client, heard *recorder) error {
	if f.file == "" && (f.terminal || f.json) {
		return usageError{errors.New("the answer is a file: name one to write with --output, or - for standard output")}
	}
	opts, err := f.options()
	if err != nil {
		return err
	}
	d, err := c.Download(ctx, wx, opts...)
	if err != nil {
		return errors.Join(f.head(heard), wordsError(err))
	}
	defer func() { _ = d.Close() }()
	if kind, _, _ := mime.ParseMediaType(d.ContentType); kind == "text/html" && !f.unchecked {
		return errors.New("the answer is a web page and not the file: look for a gateway or a proxy between, and at the base URL; --unchecked takes it")
	}
	copied := func(w io.Writer) (int64, error) { return io.Copy(w, d) }
	if f.file == "" || f.file == "-" {
		_, err := copied(f.stdout)
		return err
	}
	return f.keep(copied, d.ContentType, heard)
}

// options are those of a file that is asked for.
func (f *callFlags) options() (opts []wxpay.Option, err error) {
	if f.unchecked {
		opts = append(opts, wxpay.Unchecked())
	}
	if f.digest != "" {
		algorithm, value, ok := strings.Cut(f.digest, ":")
		if !ok {
			return nil, usageError{fmt.Errorf("--digest: %q is no ALGORITHM:HEX; write hash_type:hash_value, such as SHA1:79bb…", f.digest)}
		}
		opts = append(opts, wxpay.Digest(algorithm, value))
	}
	return opts, nil
}

// written is what --json prints of a result that went into a file.
type written struct {
	File        string `json:"file"`
	Bytes       int64  `json:"bytes"`
	ContentType string `json:"content_type"`
}

// keep writes the answer to the file of --output, which gets its name when it
// is whole.
func (f *callFlags) keep(content func(io.Writer) (int64, error), kind string, heard *recorder) error {
	n, err := writeWhole(f.file, content)
	if err != nil {
		return err
	}
	if err := f.head(heard); err != nil {
		return err
	}
	return f.show(written{f.file, n, kind}, func(io.Writer) error {
		f.note("%s: %d bytes", f.file, n)
		return nil
	})
}

// writeWhole writes the file of --output whole, or leaves what is there. An
// error of the content is that of the content.
func writeWhole(name string, content func(io.Writer) (int64, error)) (n int64, err error) {
	var failed error
	err = wholefile.WriteFunc(name, 0o600, func(w io.Writer) error {
		n, failed = content(w)
		return failed
	})
	if err != nil && failed == nil {
		err = usageError{fmt.Errorf("--output: %w", err)}
	}
	return n, err
}
