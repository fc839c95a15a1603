package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/platformcert"
	"github.com/wxpay-go/wxpay/cmd/internal/wholefile"
	"github.com/wxpay-go/wxpay/sign"
)

func certsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "certs",
		Short: "Download, watch and export platform certificates",
		Long: `Works with the platform certificates (微信支付平台证书) of the merchant, which
verify what WeChat Pay sends, and encrypt what it shall read. What is downloaded
was encrypted with the APIv3 key of the profile and is signed; no certificate
has to be known before.

  wxpay certs list
  wxpay certs download --dir certs
  wxpay certs watch --dir certs --interval 11h
  wxpay certs export --format der --output platform.der

A merchant with a WeChat Pay public key (微信支付公钥) has none: its key stands on
the merchant platform, API security.`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			return usageError{errors.New("name what to do: list, download, watch or export")}
		},
	}
	cmd.AddCommand(certsList(), certsDownload(), certsWatch(), certsExport())
	return cmd
}

// certsJSON is what --json prints of certificates.
type certsJSON struct {
	Certificates []platformcert.Info `json:"certificates"`
}

// fetcher returns what downloads the certificates of the profile.
func fetcher(cmd *cobra.Command) (func(context.Context) ([]*x509.Certificate, error), error) {
	p, err := merchant(cmd)
	if err != nil {
		return nil, err
	}
	apiKey, err := p.APIv3Key()
	if err != nil {
		return nil, err
	}
	cfg, err := p.Config()
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) ([]*x509.Certificate, error) { return platformcert.Fetch(ctx, cfg, apiKey) }, nil
}

// certificates are those of a folder, or without one those in use.
func certificates(cmd *cobra.Command, dir string) ([]*x509.Certificate, error) {
	if dir == "" {
		return fetchNow(cmd)
	}
	list, err := platformcert.Load(dir)
	if err != nil {
		return nil, usageError{fmt.Errorf("--dir: %w", err)}
	}
	return list, nil
}

func fetchNow(cmd *cobra.Command) ([]*x509.Certificate, error) {
	fetch, err := fetcher(cmd)
	if err != nil {
		return nil, err
	}
	return fetch(cmd.Context())
}

func certsList() *cobra.Command {
	dir := ""
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the certificates that WeChat Pay has in use",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := certificates(cmd, dir)
			if err != nil {
				return err
			}
			infos := []platformcert.Info{}
			for _, c := range list {
				infos = append(infos, platformcert.Describe(c, time.Now()))
			}
			return outputOf(cmd).certificates(infos)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "list those of a folder, without asking WeChat Pay")
	return cmd
}

func certsDownload() *cobra.Command {
	dir := ""
	cmd := &cobra.Command{
		Use:   "download",
		Short: "Write the certificates into a folder",
		Long: `Downloads the certificates and writes those that are new, as
wechatpay_SERIAL.pem. A file is there whole or not at all; those that are not in
use any more stay, for what was signed with them.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := fetchNow(cmd)
			if err != nil {
				return err
			}
			infos, err := platformcert.Save(dir, list, time.Now())
			if err != nil {
				return usageError{fmt.Errorf("--dir: %w", err)}
			}
			return outputOf(cmd).certificates(infos)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", ".", "folder to write to")
	return cmd
}

// certificates prints a table.
func (o *output) certificates(infos []platformcert.Info) error {
	return o.show(certsJSON{infos}, func(w io.Writer) error {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "SERIAL\tFROM\tUNTIL\tSTATE\tFILE")
		for _, i := range infos {
			state := i.State
			if i.State == platformcert.StateValid || i.State == platformcert.StateExpiring {
				state = fmt.Sprintf("%s, %d days left", i.State, i.DaysLeft)
			}
			file := strings.TrimSpace(i.File + " " + i.Change)
			fmt.Fprintf(t, "%s\t%.10s\t%.10s\t%s\t%s\n", i.Serial, i.From, i.Until, state, file)
		}
		return t.Flush()
	})
}

// minInterval keeps a watch within reason; WeChat Pay wants a look every twelve
// hours at least.
const minInterval = time.Minute

func certsWatch() *cobra.Command {
	var dir string
	var interval time.Duration
	var times int
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Download into a folder again and again, and say what changes",
		Long: `Downloads the certificates at once and then at an interval, until it is
interrupted, and prints a line when one is new, is not in use any more, or
expires within 30 days. A download that fails is told and made again at the next
interval; the files stay as they are. With --times the last download decides the
status.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if times < 0 {
				return usageError{fmt.Errorf("--times: %d is less than nothing; 0 never ends", times)}
			}
			if interval < minInterval {
				return usageError{fmt.Errorf("--interval: must be %v or more", minInterval)}
			}
			fetch, err := fetcher(cmd)
			if err != nil {
				return err
			}
			o, left := outputOf(cmd), times
			var last error
			w := &platformcert.Watch{
				Dir: dir, Fetch: fetch, Now: time.Now,
				Tell: func(infos []platformcert.Info, err error) error {
					last = err
					return o.watched(infos, err)
				},
				Sleep: func(ctx context.Context) error {
					if left--; left == 0 {
						return errEnough
					}
					return wait(ctx, interval)
				},
			}
			err = w.Run(cmd.Context())
			if errors.Is(err, errEnough) {
				return last
			}
			if cmd.Context().Err() == nil {
				return err
			}
			return nil // it was asked to end
		},
	}
	cmd.Flags().StringVar(&dir, "dir", ".", "folder to write to")
	cmd.Flags().DurationVar(&interval, "interval", 11*time.Hour, "time between two downloads")
	cmd.Flags().IntVar(&times, "times", 0, "end after so many downloads; 0 for never")
	return cmd
}

var errEnough = errors.New("downloaded as often as was asked")

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// watchedJSON is one line of wxpay certs watch --json.
type watchedJSON struct {
	At           string              `json:"at"`
	Certificates []platformcert.Info `json:"certificates,omitempty"`
	Error        string              `json:"error,omitempty"`
}

// watched tells of one download. Where nothing has changed, it says nothing to
// people.
func (o *output) watched(infos []platformcert.Info, err error) error {
	v := watchedJSON{At: time.Now().Format(time.RFC3339), Certificates: infos}
	if err != nil {
		v.Error = message(err)
	}
	return o.line(v, func(w io.Writer) error {
		if err != nil {
			fmt.Fprintf(w, "%s %s %s\n", v.At, o.paint("bad", "failed"), v.Error)
		}
		for _, i := range infos {
			if i.Change != platformcert.ChangeKept {
				fmt.Fprintf(w, "%s %s %s until %.10s %s\n", v.At, o.paint("key", i.Change), i.Serial, i.Until, i.File)
			}
			if i.State != platformcert.StateValid {
				fmt.Fprintf(w, "%s %s %s until %.10s\n", v.At, o.paint("warn", i.State), i.Serial, i.Until)
			}
		}
		return nil
	})
}

func certsExport() *cobra.Command {
	var format, name, dir string
	cmd := &cobra.Command{
		Use:   "export [SERIAL]",
		Short: "Write one certificate as PEM or DER",
		Long:  `Writes the newest certificate, or the one of a serial, to a file or to standard output.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{fmt.Errorf("name one serial, or none for the newest certificate; got %q", args)}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "pem" && format != "der" {
				return usageError{fmt.Errorf("--format: %q is neither pem nor der", format)}
			}
			list, err := certificates(cmd, dir)
			if err != nil {
				return err
			}
			c, err := pick(list, args)
			if err != nil {
				return err
			}
			content := platformcert.PEM(c)
			if format == "der" {
				content = c.Raw
			}
			return outputOf(cmd).export(c, name, content)
		},
	}
	cmd.Flags().StringVar(&format, "format", "pem", "pem or der")
	cmd.Flags().StringVarP(&name, "output", "o", "-", "file to write, - for standard output")
	cmd.Flags().StringVar(&dir, "dir", "", "take it from a folder, without asking WeChat Pay")
	return cmd
}

func pick(list []*x509.Certificate, args []string) (*x509.Certificate, error) {
	var known []string
	for _, c := range list {
		if len(args) == 0 || sign.SameSerial(sign.Serial(c), args[0]) {
			return c, nil
		}
		known = append(known, sign.Serial(c))
	}
	if len(known) == 0 {
		return nil, usageError{errors.New("there is no certificate; wxpay certs download gets them")}
	}
	return nil, usageError{fmt.Errorf("no certificate has the serial %s; there are %s", args[0], strings.Join(known, ", "))}
}

func (o *output) export(c *x509.Certificate, name string, content []byte) error {
	if name == "-" {
		if o.json {
			return usageError{errors.New("--json prints what was written: name a file with --output")}
		}
		_, err := o.stdout.Write(content)
		return err
	}
	if err := wholefile.Write(name, content, 0o644); err != nil { // it is public
		return usageError{fmt.Errorf("--output: %w", err)}
	}
	i := platformcert.Describe(c, time.Now())
	i.File = name
	return o.certificates([]platformcert.Info{i})
}
