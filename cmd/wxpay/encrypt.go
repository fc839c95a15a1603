package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// encryptFlags is what the command line says of what shall be encrypted.
type encryptFlags struct {
	resource                        bool
	associated, originalType, nonce string
}

func encryptCommand() *cobra.Command {
	f := &encryptFlags{}
	cmd := &cobra.Command{
		Use:   "encrypt",
		Short: "Encrypt a sensitive field for WeChat Pay, or a resource for a test",
		Long: `Encrypts the text on standard input, so that it stands in no list of processes
and in no history. One line break at its end is no part of it.

  printf %s 张三 | wxpay encrypt
  wxpay encrypt --resource --associated-data transaction < transaction.json

A field (敏感信息字段) is encrypted with WeChat Pay's key, and only WeChat Pay can
read it; the request must name that key in its header Wechatpay-Serial, which is
printed too. A resource is encrypted with the APIv3 key of the profile, as in a
notification, for tests of a receiver.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.resource, "resource", false, "encrypt as the resource of a notification")
	flags.StringVar(&f.associated, "associated-data", "", "associated_data of the resource")
	flags.StringVar(&f.originalType, "original-type", "", "original_type of the resource")
	flags.StringVar(&f.nonce, "nonce", "", "nonce of the resource, 12 bytes; default: made anew")
	return cmd
}

// maxPlain bounds a text to encrypt, in bytes.
const maxPlain = 1 << 20

func (f *encryptFlags) run(cmd *cobra.Command) error {
	if !f.resource && (f.associated != "" || f.originalType != "" || f.nonce != "") {
		return usageError{errors.New("--associated-data, --original-type and --nonce are of a resource: give --resource too")}
	}
	if f.resource {
		return f.sealResource(cmd)
	}
	return sealField(cmd)
}

// plainText reads what shall be encrypted.
func plainText(cmd *cobra.Command) (string, error) {
	text, err := input(cmd, "", "-", maxPlain)
	if err != nil {
		return "", err
	}
	plain := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	if plain == "" {
		return "", usageError{errors.New("standard input is empty: pipe the text in")}
	}
	return plain, nil
}

// fieldJSON is what --json prints of an encrypted field.
type fieldJSON struct {
	Ciphertext string `json:"ciphertext"`
	Serial     string `json:"serial"` // for the header Wechatpay-Serial
}

func sealField(cmd *cobra.Command) error {
	wx, _, err := client(cmd)
	if err != nil {
		return err
	}
	plain, err := plainText(cmd)
	if err != nil {
		return err
	}
	text, serial, err := wx.Encrypt(cmd.Context(), plain)
	if e, ok := errors.AsType[*seal.Error](err); ok && e.Field == "plaintext" {
		return usageError{err}
	}
	if err != nil {
		return err
	}
	o := outputOf(cmd)
	if !o.json {
		o.note("send it with the header Wechatpay-Serial: %s", serial)
	}
	return o.show(fieldJSON{text, serial}, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, text)
		return err
	})
}

func (f *encryptFlags) sealResource(cmd *cobra.Command) error {
	p, err := merchant(cmd)
	if err != nil {
		return err
	}
	key, err := p.APIv3Key()
	if err != nil {
		return err
	}
	plain, err := plainText(cmd)
	if err != nil {
		return err
	}
	if f.nonce == "" {
		f.nonce = sign.Nonce()[:seal.NonceSize]
	}
	r, err := seal.Close([]byte(key), []byte(plain), f.associated, f.nonce)
	if err != nil {
		return usageError{err}
	}
	r.OriginalType = f.originalType
	return outputOf(cmd).show(r, func(w io.Writer) error { return printJSON(w, r) })
}
