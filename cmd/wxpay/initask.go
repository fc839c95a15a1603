package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"github.com/wxpay-go/wxpay/cmd/internal/profile"
)

// askMissing asks for what a profile needs, where somebody can be asked. An
// empty answer leaves the member empty.
func (f *initFlags) askMissing(ctx context.Context, p *profile.Profile) error {
	for _, q := range []struct {
		value *string
		text  string
		file  bool
		need  bool
	}{
		{&p.MchID, "Merchant id (商户号): ", false, true},
		{&p.KeyFile, "Private key (商户API私钥), apiclient_key.pem: ", true, true},
		{&p.PublicKeyFile, "WeChat Pay public key (微信支付公钥), pub_key.pem; empty for platform certificates: ", true, p.PlatformFile == ""},
		{&p.PublicKeyID, "Its id, PUB_KEY_ID_…: ", false, false},
	} {
		if q.value == &p.PublicKeyID {
			q.need = p.PublicKeyFile != ""
		}
		if !f.interactive || !q.need || *q.value != "" {
			continue
		}
		answer, err := f.answer(ctx, q.text, readLine)
		if err != nil {
			return err
		}
		if *q.value = answer; q.file && answer != "" {
			if *q.value, err = filepath.Abs(answer); err != nil {
				return err
			}
		}
	}
	return f.askKey(ctx, p)
}

// askKey asks for the APIv3 key, unseen. With --keyring it may come through a
// pipe too.
func (f *initFlags) askKey(ctx context.Context, p *profile.Profile) error {
	switch {
	case !p.APIv3.IsZero():
		return nil
	case f.interactive:
		key, err := f.answer(ctx, "APIv3 key (APIv3密钥), is not shown; empty for none: ", readHidden)
		p.APIv3.Value = key
		return err
	case f.keyring:
		key, err := readLine(f.stdin)
		if err != nil {
			return usageError{fmt.Errorf("--keyring: the APIv3 key is expected as a line on standard input: %w", err)}
		}
		p.APIv3.Value = key
	}
	return nil
}

// answer asks one question. An interrupt leaves the terminal as it was.
func (f *initFlags) answer(ctx context.Context, question string, read func(io.Reader) (string, error)) (string, error) {
	fmt.Fprint(f.stderr, question)
	type line struct {
		text string
		err  error
	}
	restore := keepTerminal(f.stdin)
	answers := make(chan line, 1)
	go func() {
		text, err := read(f.stdin)
		answers <- line{text, err}
	}()
	select {
	case <-ctx.Done():
		restore()
		return "", errors.New("interrupted, nothing was written")
	case a := <-answers:
		if a.err != nil {
			return "", usageError{fmt.Errorf("nobody answers: %w", a.err)}
		}
		return a.text, nil
	}
}

// keepTerminal returns what brings the terminal back to its present state: a
// hidden question turns the echo off.
func keepTerminal(stdin io.Reader) func() {
	file, ok := stdin.(*os.File)
	if !ok {
		return func() {}
	}
	state, err := term.GetState(int(file.Fd()))
	if err != nil {
		return func() {}
	}
	return func() { _ = term.Restore(int(file.Fd()), state) } // the program ends anyway
}

// readLine reads one line and not a byte more: the rest is for the next
// question.
func readLine(r io.Reader) (string, error) {
	text, err := bufio.NewReader(single{r}).ReadString('\n')
	if text == "" && err != nil {
		return "", err
	}
	return strings.TrimSpace(text), nil
}

// single reads a byte at a time.
type single struct{ io.Reader }

func (s single) Read(p []byte) (int, error) { return s.Reader.Read(p[:min(len(p), 1)]) }

func readHidden(r io.Reader) (string, error) {
	file, ok := r.(*os.File)
	if !ok {
		return readLine(r)
	}
	text, err := term.ReadPassword(int(file.Fd()))
	return strings.TrimSpace(string(text)), err
}
