package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/wxpay-go/wxpay/cmd/internal/checkup"
	"github.com/wxpay-go/wxpay/cmd/internal/profile"
)

// initJSON is what --json prints of a profile that was made, or was not.
type initJSON struct {
	Profile  string            `json:"profile"`
	File     string            `json:"file"`
	Written  bool              `json:"written"` // false: there is a fault
	Default  bool              `json:"default"`
	MchID    string            `json:"mchid"`
	Serial   string            `json:"serial"`
	Faults   int               `json:"faults"`
	Warnings int               `json:"warnings"`
	Findings []checkup.Finding `json:"findings"`
}

func (f *initFlags) showMade(folder profile.Folder, p *profile.Profile, r *checkup.Report, written bool) error {
	standard, err := folder.Default()
	if err != nil {
		return err
	}
	v := initJSON{p.Name, folder.File(p.Name), written, standard == p.Name, p.MchID, p.Serial, r.Faults(), r.Warnings(), r.Findings}
	return f.show(v, func(w io.Writer) error {
		if err := r.Write(w, f.paintGrade); err != nil {
			return err
		}
		if !written {
			_, err := fmt.Fprintln(w, "\nnothing was written")
			return err
		}
		fmt.Fprintf(w, "\nprofile %s is in %s\n", v.Profile, v.File)
		if p.APIv3.Value != "" {
			fmt.Fprintln(w, "it holds the APIv3 key, and only you can read it; --keyring keeps the key elsewhere")
		}
		if v.Default {
			_, err := fmt.Fprintln(w, "it is taken when no other is named; now: wxpay doctor")
			return err
		}
		_, err := fmt.Fprintf(w, "name it with --profile %s; now: wxpay doctor --profile %s\n", v.Profile, v.Profile)
		return err
	})
}

// profilesJSON is what --json prints of all profiles.
type profilesJSON struct {
	Folder   string        `json:"folder"`
	Profiles []profileJSON `json:"profiles"`
}

type profileJSON struct {
	Profile string `json:"profile"`
	MchID   string `json:"mchid"`
	BaseURL string `json:"base_url,omitempty"`
	APIv3   string `json:"apiv3_key"` // where it is
	Default bool   `json:"default"`
	Problem string `json:"problem,omitempty"` // why it cannot be read
}

func (f *initFlags) listAll(folder profile.Folder) error {
	names, err := folder.List()
	if err != nil {
		return err
	}
	standard, err := folder.Default()
	if err != nil {
		return err
	}
	all := profilesJSON{string(folder), []profileJSON{}}
	for _, name := range names {
		v := profileJSON{Profile: name, Default: name == standard}
		if p, err := folder.Read(name); err != nil {
			v.Problem = err.Error()
		} else {
			v.MchID, v.BaseURL, v.APIv3 = p.MchID, p.BaseURL, p.APIv3.Where()
		}
		all.Profiles = append(all.Profiles, v)
	}
	return f.show(all, all.table)
}

func (all profilesJSON) table(w io.Writer) error {
	if len(all.Profiles) == 0 {
		_, err := fmt.Fprintln(w, "there is no profile; make one with wxpay init")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\tPROFILE\tMERCHANT\tADDRESS\tAPIV3 KEY")
	for _, p := range all.Profiles {
		mark, address := "", p.BaseURL
		if p.Default {
			mark = "*"
		}
		if address == "" {
			address = "WeChat Pay"
		}
		if p.Problem != "" {
			p.MchID, address, p.APIv3 = "cannot be read", p.Problem, ""
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", mark, p.Profile, p.MchID, address, p.APIv3)
	}
	return t.Flush()
}
