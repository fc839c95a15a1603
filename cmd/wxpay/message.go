package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/capture"
)

// messageFlags say which message of a file is meant.
type messageFlags struct {
	entry   int
	headers string
}

func (f *messageFlags) flags(cmd *cobra.Command) {
	cmd.Flags().IntVar(&f.entry, "entry", 0, "number of the entry of a HAR file; default: all that WeChat Pay has to do with")
	cmd.Flags().StringVar(&f.headers, "headers", "", "file with the headers, where FILE holds the body alone")
}

// needFile takes a file, or - for standard input.
func needFile(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError{fmt.Errorf("name one file, or - for standard input: wxpay %s FILE", cmd.Name())}
	}
	return nil
}

// read reads the messages of a file.
func (f *messageFlags) read(cmd *cobra.Command, name string) ([]*capture.Message, error) {
	text, err := input(cmd, "", name, capture.MaxSize)
	if err != nil {
		return nil, err
	}
	if f.headers != "" {
		return f.joined(cmd, text)
	}
	list, err := capture.Parse(text, files(cmd))
	if err != nil {
		return nil, inputError(name, err)
	}
	return f.choose(cmd, list)
}

func inputError(name string, err error) error {
	if name == "-" {
		name = "standard input"
	}
	return usageError{fmt.Errorf("%s: %w", name, err)}
}

// maxHeaders bounds a file of headers, in bytes.
const maxHeaders = 1 << 20

// joined is a body with the headers of another file; the body is whatever it
// is, to the last byte.
func (f *messageFlags) joined(cmd *cobra.Command, body []byte) ([]*capture.Message, error) {
	text, err := input(cmd, "--headers", f.headers, maxHeaders)
	if err != nil {
		return nil, err
	}
	m, err := capture.ParseHeaders(text)
	if err != nil {
		return nil, usageError{fmt.Errorf("--headers: %s: %w", f.headers, err)}
	}
	m.Body = body
	return []*capture.Message{m}, nil
}

// choose leaves out what a browser recorded beside the calls to WeChat Pay.
func (f *messageFlags) choose(cmd *cobra.Command, list []*capture.Message) ([]*capture.Message, error) {
	if list[0].Form != capture.HAR {
		return list, nil
	}
	var kept []*capture.Message
	for _, m := range list {
		if f.entry == m.Entry || f.entry == 0 && isOurs(m) {
			kept = append(kept, m)
		}
	}
	switch left := len(list) - len(kept); {
	case len(kept) == 0 && f.entry > 0:
		return nil, usageError{fmt.Errorf("--entry: there are entries up to %d", list[len(list)-1].Entry)}
	case len(kept) == 0:
		return nil, usageError{errors.New("no entry is signed: record the calls of the server, not those of its page, or name one with --entry")}
	case left > 0 && f.entry == 0:
		outputOf(cmd).note("%d of %d messages are not signed and left out; --entry N shows one", left, len(list))
	}
	return kept, nil
}

func isOurs(m *capture.Message) bool {
	return strings.HasPrefix(m.Header.Get("Authorization"), "WECHATPAY2-") || m.Header.Get("Wechatpay-Signature") != ""
}
