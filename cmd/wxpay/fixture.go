package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/authority"
	"github.com/wxpay-go/wxpay/cmd/internal/wholefile"
)

// remote is an emulator that runs, as another command reaches it.
type remote struct {
	dir, url, mchID string
	all             bool
}

func (r *remote) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&r.dir, "dir", ".wxpay", "folder of the emulator's credentials, which names its address")
	cmd.Flags().StringVar(&r.url, "url", "", "address of the emulator; default: that in the folder")
	cmd.Flags().StringVar(&r.mchID, "mchid", "", "merchant that is meant; default: the first one")
}

func (r *remote) allFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&r.all, "all", false, "what every merchant is, and the state of all, in one file")
}

// merchants is where what the flags name is asked for.
func (r *remote) merchants() (string, error) {
	switch {
	case r.all && r.mchID != "":
		return "", usageError{errors.New("--all and --mchid: leave out one of them")}
	case r.all:
		return "/merchants", nil
	case r.mchID != "":
		return "/merchants/" + url.PathEscape(r.mchID), nil
	}
	return "", nil
}

func exportCommand() *cobra.Command {
	r := remote{}
	cmd := &cobra.Command{
		Use:   "export FILE",
		Short: "Write the state of a running emulator into a file",
		Long: `Writes the whole state of one merchant of a running emulator as one JSON file:
orders, contracts, sessions, notifications, what is due, and the time; no keys.
The file - is standard output.

With --all the file holds what every merchant is and the states of all, as of one
moment. What the first merchant is, the flags of wxpay emulator say.`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := r.ask(cmd.Context(), http.MethodGet, "/export", nil)
			if err != nil {
				return err
			}
			o := outputOf(cmd)
			if args[0] == "-" {
				_, err = o.stdout.Write(text)
				return err
			}
			if err := wholefile.Write(args[0], text, 0o600); err != nil {
				return usageError{err}
			}
			return o.show(written{args[0], int64(len(text)), "application/json"}, silence)
		},
	}
	r.flags(cmd)
	r.allFlag(cmd)
	return cmd
}

func importCommand() *cobra.Command {
	r := remote{}
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Put a state that was exported in the place of a running emulator's",
		Long: `Puts the state in a file that wxpay emulator export wrote in the place of that of
one merchant of a running emulator, whole or not at all. Its clock is set to the
time of the export. The file - is standard input.

With --all, a file that wxpay emulator export --all wrote takes the place of all
merchants, whole or not at all: those that are not there are made, with keys of
their own, and those that the file does not hold are removed.`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := input(cmd, "", args[0], maxState)
			if err != nil {
				return err
			}
			if !json.Valid(text) {
				return inputError(args[0], errors.New("is not the JSON document that wxpay emulator export writes"))
			}
			if _, err = r.ask(cmd.Context(), http.MethodPost, "/import", text); err != nil {
				return err
			}
			return outputOf(cmd).show(imported{args[0], len(text)}, silence)
		},
	}
	r.flags(cmd)
	r.allFlag(cmd)
	return cmd
}

// imported is what --json prints of a state that was taken.
type imported struct {
	File  string `json:"file"`
	Bytes int    `json:"bytes"`
}

func oneFile(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError{fmt.Errorf("this command takes one file, got %q", args)}
	}
	return nil
}

// maxState bounds a state and an answer of the emulator, in bytes.
const maxState = 256 << 20

// ask asks the admin interface.
func (r *remote) ask(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	base, err := r.base()
	if err != nil {
		return nil, err
	}
	merchants, err := r.merchants()
	if err != nil {
		return nil, err
	}
	q, err := http.NewRequestWithContext(ctx, method, base+"/_wxpay"+merchants+path, bytes.NewReader(body))
	if err != nil {
		return nil, usageError{fmt.Errorf("--url: %w", err)}
	}
	client, err := r.client()
	if err != nil {
		return nil, err
	}
	a, err := client.Do(q)
	if err != nil {
		return nil, reachError{fmt.Errorf("no emulator answers: %w; start one with wxpay emulator, or name it with --url", err)}
	}
	defer a.Body.Close()
	text, err := readUpTo(ctx, a.Body, "the answer", maxState)
	if err != nil {
		return nil, reachError{err}
	}
	if err := refusal(a.StatusCode, text); err != nil {
		return nil, err
	}
	if !json.Valid(text) {
		return nil, fmt.Errorf("what answers at %s is no emulator: check --url and --dir", base)
	}
	return text, nil
}

// refusal is what the emulator has against a request, or nil.
func refusal(status int, text []byte) error {
	if status == http.StatusOK {
		return nil
	}
	var why struct{ Message string }
	if json.Unmarshal(text, &why) != nil || why.Message == "" {
		return fmt.Errorf("what answers is no emulator, or something is between: status %d", status)
	}
	return errors.New(why.Message)
}

// base is where the emulator was told to listen.
func (r *remote) base() (string, error) {
	if r.url != "" {
		u, err := url.Parse(r.url)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return "", usageError{fmt.Errorf("--url: %q is no address; give one such as http://127.0.0.1:8089", r.url)}
		}
		return strings.TrimSuffix(r.url, "/"), nil
	}
	variables, err := readVariables(r.dir)
	if err != nil {
		return "", err
	}
	for _, v := range variables {
		if v.Name == "WECHATPAY_BASE_URL" {
			return v.Value, nil
		}
	}
	return "", usageError{errors.New("--dir: wxpay.env names no WECHATPAY_BASE_URL; give --url")}
}

// client trusts the authority in the folder too, and uses no proxy.
func (r *remote) client() (*http.Client, error) {
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{}}
	text, err := os.ReadFile(filepath.Join(r.dir, authority.CertFile))
	if errors.Is(err, fs.ErrNotExist) {
		return client, nil
	}
	if err != nil {
		return nil, usageError{fmt.Errorf("--dir: %w", err)}
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool() // a system without one
	}
	roots.AppendCertsFromPEM(text)
	client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	return client, nil
}
