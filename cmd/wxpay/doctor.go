package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/checkup"
	"github.com/wxpay-go/wxpay/cmd/internal/profile"
)

func doctorCommand() *cobra.Command {
	o := checkup.Options{}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Find what is wrong with a merchant's set-up, and what to do",
		Long: `Checks everything that a signed call needs: the address, the clock against the
other side's, DNS, TLS, whether key and certificate belong together, serials and
ids in their places, the dates of certificates, whether the APIv3 key decrypts,
the signature there and back, and how far the move to the public key has got.

  wxpay doctor
  wxpay doctor --profile shop --notify-url https://shop.example/wechatpay
  wxpay doctor --offline

It makes two calls, which move no money and change nothing: GET /v3/certificates
and POST /v3/security/echo. With --offline it looks at files alone. Each finding
says what to do; what is well is said too.

It ends with status 1 if a fault was found, and with 3 if all that was found is
that the other side cannot be reached; warnings and notes are no faults.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := merchant(cmd)
			if err != nil {
				return err
			}
			report := checkup.Run(cmd.Context(), p, o)
			if err := cmd.Context().Err(); err != nil {
				return errors.New("interrupted before the end")
			}
			if err := outputOf(cmd).report(p, report); err != nil {
				return err
			}
			return faults(report)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.Offline, "offline", false, "ask nobody: check the profile and its files alone")
	flags.StringVar(&o.NotifyURL, "notify-url", "", "check the rules of this notify URL too, and where its name leads")
	return cmd
}

// doctorJSON is what --json prints of a checkup.
type doctorJSON struct {
	Profile  string            `json:"profile,omitempty"` // "" for one that comes from variables
	From     string            `json:"from"`
	MchID    string            `json:"mchid"`
	Faults   int               `json:"faults"`
	Warnings int               `json:"warnings"`
	Findings []checkup.Finding `json:"findings"`
}

func (o *output) report(p *profile.Profile, r *checkup.Report) error {
	v := doctorJSON{p.Name, p.From, p.MchID, r.Faults(), r.Warnings(), r.Findings}
	return o.show(v, func(w io.Writer) error {
		fmt.Fprintf(w, "merchant %s, from %s\n\n", p.MchID, p.From)
		if err := r.Write(w, o.paintGrade); err != nil {
			return err
		}
		_, err := fmt.Fprintf(w, "\n%s, %s\n", counted(r.Faults(), "fault"), counted(r.Warnings(), "warning"))
		return err
	})
}

func (o *output) paintGrade(g checkup.Grade, mark string) string {
	return o.paint(map[checkup.Grade]string{checkup.Good: "good", checkup.Faulty: "bad", checkup.Warning: "warn"}[g], mark)
}

// faults is the error of a report with faults, or nil. A call ends with status
// 3 as well where DNS, the connection or TLS fails.
func faults(r *checkup.Report) error {
	n := r.Faults()
	if n == 0 {
		return nil
	}
	var list []string
	unreached := true
	for _, f := range r.Findings {
		if f.Grade == checkup.Faulty {
			list = append(list, string(f.Check)+"/"+f.Code)
			unreached = unreached && (f.Check == checkup.DNS || f.Check == checkup.Connection || f.Check == checkup.TLS)
		}
	}
	err := fmt.Errorf("%s: %s", counted(n, "fault"), strings.Join(list, ", "))
	if unreached {
		return reachError{err}
	}
	return err
}

func counted(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun
	case 1:
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
