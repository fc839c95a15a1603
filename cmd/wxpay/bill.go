package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/bill"
)

// billFlags is what the command line says of a bill.
type billFlags struct {
	date, file   string
	gzip, unpack bool
}

func billCommand() *cobra.Command {
	f := &billFlags{}
	cmd := &cobra.Command{
		Use:   "bill KIND --date DATE [FIELD=VALUE…]",
		Short: "Download a bill, its digest checked",
		Long: `Asks for the bill of a day, and downloads it. Until its digest holds, the file is
called NAME.part; a download that is interrupted goes on where it ended when the
same command is given again.

  wxpay bill trade --date 2026-01-02
  wxpay bill trade --date 2026-01-02 bill_type=REFUND --gzip
  wxpay bill fundflow --date 2026-01-02 account_type=OPERATION --gzip --unpack

The kinds: ` + strings.Join(billKinds, ", ") + `.

wxpay docs bill_date lists the fields of each. Those of encrypted bills
(encrypt_key) are asked for, and not decrypted.`,
		ValidArgs: billKinds,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("name a bill: " + strings.Join(billKinds, ", "))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0], args[1:]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.date, "date", "", "day of the bill, 2026-01-02; default: yesterday, by the clock of Beijing")
	flags.StringVarP(&f.file, "output", "o", "", "file to write; default: KIND-DATE.csv")
	flags.BoolVar(&f.gzip, "gzip", false, "have it sent packed")
	flags.BoolVar(&f.unpack, "unpack", false, "write what is inside a packed file")
	return cmd
}

// billKinds are the names of bill.Kinds, which would have to be looked for at
// every start; a test holds that they are the same.
var billKinds = []string{
	"ecommerce-fundflow", "fundflow", "funds-to-oversea", "global-profit-sharing", "global-profit-sharing-refunds",
	"merchant-fund-withdraw", "payscore-merchant", "profitsharing", "sub-merchant-fundflow", "trade",
}

// billsJSON is what --json prints.
type billsJSON struct {
	Files []*bill.Result `json:"files"`
}

var beijing = time.FixedZone("UTC+8", 8*60*60)

func (f *billFlags) run(cmd *cobra.Command, kind string, fields []string) error {
	k, err := bill.Find(kind)
	if err != nil {
		return usageError{err}
	}
	if f.date == "" {
		f.date = time.Now().In(beijing).AddDate(0, 0, -1).Format(time.DateOnly)
	}
	if f.file == "-" {
		return usageError{errors.New("--output: a bill goes to a file, so that an interrupted download can go on; name one, and print it then")}
	}
	if _, err := time.Parse(time.DateOnly, f.date); err != nil {
		return usageError{fmt.Errorf("--date: %q is no day; write it as 2026-01-02", f.date)}
	}
	wx, cfg, err := client(cmd)
	if err != nil {
		return err
	}
	list, err := k.Ask(cmd.Context(), wx, cfg.Signer, f.date, f.gzip, fields)
	if err != nil {
		return wordsError(err)
	}
	all := billsJSON{Files: []*bill.Result{}}
	o := outputOf(cmd)
	for i, a := range list {
		r, err := f.fetch(cmd, cfg, a, f.name(k, i, len(list)))
		if err != nil {
			return err
		}
		all.Files = append(all.Files, r)
	}
	return o.show(all, func(w io.Writer) error {
		for _, r := range all.Files {
			fmt.Fprintf(w, "%s  %d bytes, %s\n", r.File, r.Bytes, told(r))
		}
		return nil
	})
}

func told(r *bill.Result) string {
	text := "its digest holds (" + r.HashType + ")"
	if !r.Checked {
		text = "nothing vouches for it: it came without a digest"
	}
	if r.There {
		text = "it was there already, and " + text
	}
	if r.Resumed > 0 {
		text += fmt.Sprintf(", %d bytes were there from before", r.Resumed)
	}
	return text
}

// name is that of the file, or of one of several.
func (f *billFlags) name(k bill.Kind, i, count int) string {
	name := f.file
	if name == "" {
		name = k.Name + "-" + f.date + ".csv"
		if f.gzip && !f.unpack {
			name += ".gz"
		}
	}
	if count == 1 {
		return name
	}
	ext := filepath.Ext(name)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), i+1, ext)
}

func (f *billFlags) fetch(cmd *cobra.Command, cfg wxpay.Config, a bill.Address, name string) (*bill.Result, error) {
	fetch := &bill.Fetcher{Config: cfg, Unpack: f.unpack}
	if o := outputOf(cmd); isTerminal(o.stderr) && !o.json {
		bar := progressbar.NewOptions64(-1, progressbar.OptionSetWriter(o.stderr), progressbar.OptionShowBytes(true),
			progressbar.OptionSetDescription(name), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
		fetch.Progress = func(done, total int64) {
			bar.ChangeMax64(total)
			_ = bar.Set64(done)
		}
		defer func() { _ = bar.Finish() }()
	}
	r, err := fetch.Fetch(cmd.Context(), a, name)
	if _, broken := errors.AsType[*bill.BrokenError](err); broken {
		return nil, reachError{err}
	}
	return r, err
}
