package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/capture"
	"github.com/wxpay-go/wxpay/cmd/internal/inspect"
)

// decryptFlags is what the command line says of what is encrypted.
type decryptFlags struct {
	entry int
	field string
}

func decryptCommand() *cobra.Command {
	f := &decryptFlags{}
	cmd := &cobra.Command{
		Use:   "decrypt [FILE]",
		Short: "Decrypt a notification, a certificate or a field, and say why it does not open",
		Long: `Decrypts what is encrypted in a file, or on standard input (-): the resource of a
notification, the platform certificates of GET /v3/certificates, sensitive
fields of an answer, or one field in base64. What it is, is found by its
content; the file is JSON, the text of an HTTP message, or a HAR file.

  wxpay decrypt notification.json
  wxpay call GET /v3/certificates | wxpay decrypt -
  wxpay decrypt --field "$NAME"

Resources and certificates open with the APIv3 key of the profile, fields with
the merchant's private key. Signatures are not looked at: wxpay verify does.
What does not open is explained, and ends with status 1.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if f.field != "" {
				return noArgs(cmd, args)
			}
			return needFile(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.field, "field", "", "an encrypted field, base64")
	flags.IntVar(&f.entry, "entry", 0, "number of the entry of a HAR file; default: all")
	return cmd
}

// openedJSON is what --json prints.
type openedJSON struct {
	Opened []inspect.Opened `json:"opened"`
}

func (f *decryptFlags) run(cmd *cobra.Command, args []string) error {
	p, err := merchant(cmd)
	if err != nil {
		return err
	}
	secrets := inspect.Secrets{APIv3Key: p.APIv3Key, PrivateKey: p.PrivateKey}
	var list []inspect.Opened
	if f.field != "" {
		list, err = inspect.Field(f.field, secrets)
	} else {
		list, err = f.file(cmd, args[0], secrets)
	}
	if err != nil {
		return err
	}
	return outputOf(cmd).show(openedJSON{list}, func(w io.Writer) error {
		for _, o := range list {
			text := strings.TrimSuffix(o.Text, "\n")
			if o.Kind == inspect.KindField && len(list) > 1 {
				text = o.Where + ": " + text
			}
			fmt.Fprintln(w, text)
		}
		return nil
	})
}

func (f *decryptFlags) file(cmd *cobra.Command, name string, secrets inspect.Secrets) ([]inspect.Opened, error) {
	text, err := input(cmd, "", name, capture.MaxSize)
	if err != nil {
		return nil, err
	}
	if inspect.IsField(text) {
		return inspect.Field(string(text), secrets)
	}
	messages, err := capture.Parse(text, files(cmd))
	if err != nil {
		return nil, inputError(name, err)
	}
	var list []inspect.Opened
	failed := inspect.ErrNothing
	for _, m := range messages {
		if f.entry != 0 && m.Entry != f.entry {
			continue
		}
		opened, err := inspect.Open(m.Body, secrets)
		if err != nil && !errors.Is(err, inspect.ErrNothing) {
			failed = err
		}
		list = append(list, opened...)
	}
	switch {
	case len(list) > 0:
		return list, nil
	case errors.Is(failed, inspect.ErrNothing):
		return nil, inputError(name, failed)
	}
	return nil, failed
}
