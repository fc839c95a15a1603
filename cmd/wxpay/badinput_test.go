package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usedWell is how a command is used well, as far as what can go wrong with it
// is not its own: each has a line here.
type usedWell struct {
	args     string // that suffice
	merchant bool   // needs a profile
	asks     bool   // asks WeChat Pay
	listens  string // flag with the address that it listens on
	more     bool   // takes any number of arguments
	group    bool   // does nothing by itself
}

// wellUsed has every command.
var wellUsed = map[string]usedWell{
	"":                 {group: true},
	"bill":             {args: "trade --date 2026-01-02", merchant: true, asks: true, more: true},
	"call":             {args: "GET /v3/certificates", merchant: true, asks: true, more: true},
	"certs":            {group: true},
	"certs download":   {args: "--dir certs", merchant: true, asks: true},
	"certs export":     {merchant: true, asks: true, more: true},
	"certs list":       {merchant: true, asks: true},
	"certs watch":      {args: "--times 1 --dir certs", merchant: true, asks: true},
	"completion":       {args: "bash"},
	"coverage":         {args: "--url $URL"},
	"decrypt":          {args: "object.json", merchant: true},
	"demo":             {},
	"docs":             {args: "papay", more: true},
	"doctor":           {merchant: true, asks: true},
	"emulator":         {listens: "--dir $NEW --listen"},
	"emulator export":  {args: "state.json --url $URL"},
	"emulator import":  {args: "state.json --url $URL"},
	"encrypt":          {merchant: true},
	"env":              {args: "--dir of-shop"},
	"init":             {args: "x", more: true},
	"listen":           {merchant: true, listens: "--store inbox --listen"},
	"listen list":      {args: "--store inbox"},
	"listen replay":    {args: "x --store inbox --forward-to http://127.0.0.1:1", more: true},
	"listen show":      {args: "x --store inbox"},
	"man":              {args: "call", more: true},
	"openapi":          {},
	"proxy":            {merchant: true, listens: "--listen"},
	"sign":             {args: "request.http", merchant: true},
	"trigger":          {args: "TRANSACTION.SUCCESS", merchant: true, more: true},
	"upload":           {args: "image image.png", merchant: true, asks: true},
	"v3":               {more: true},
	"v3 security echo": {args: "echo_message=hello", merchant: true, asks: true, more: true}, // one of a thousand
	"verify":           {args: "request.http", merchant: true},
	"version":          {},
}

// badUse is a command line that is refused.
type badUse struct {
	line string
	code int
	want string // part of what is said
}

// uses are the mistakes that can be made with every command.
func (u *usedWell) uses(name string, cmd *cobra.Command) (list []badUse) {
	line := strings.TrimSpace(name + " " + u.args)
	list = append(list, badUse{line + " --nope", 2, "unknown flag: --nope"}, badUse{line + " --profile", 2, "--profile: a value is missing"})
	if u.group {
		list = append(list, badUse{name, 2, "name "}, badUse{name + " frob", 2, `unknown command "frob"`})
	} else if !u.more {
		list = append(list, badUse{line + " one two three", 2, ""})
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if kind := f.Value.Type(); kind == "int" || kind == "float64" || kind == "duration" {
			list = append(list, badUse{line + " --" + f.Name + " many", 2, "--" + f.Name + `: "many" is not a`})
		}
	})
	if u.merchant {
		list = append(list, badUse{line + " --profile none", 2, "there is no profile none; there are down, page, shop, stranger"}, badUse{line + " --profile ../x", 2, "is no name of a profile"})
	}
	if u.asks {
		list = append(list, badUse{line + " --profile down", 3, ""}, badUse{line + " --profile page", 1, ""}, badUse{line + " --profile stranger", 1, ""})
	}
	if u.listens != "" {
		at := line + " " + u.listens
		list = append(list, badUse{at + " $TAKEN", 3, "choose another port"}, badUse{at + " 8088", 2, "host:port"}, badUse{at + " 127.0.0.1:99999", 2, "invalid port"}, badUse{at + " 0.0.0.0:0", 2, "is not a loopback address"})
	}
	return list
}

// TestBadUse uses every command wrongly. A command that is new needs a line in
// wellUsed.
func TestBadUse(t *testing.T) { //nolint:paralleltest,tparallel // it sets variables
	w := newBadWorld(t)
	var list []badUse
	seen := map[string]bool{"v3 security echo": true}
	visit(rootCommand(newOutput(nil, nil)), "", func(name string, cmd *cobra.Command) {
		u, ok := wellUsed[name]
		if !ok {
			t.Errorf("wxpay %s has no line in wellUsed: what can go wrong with it?", name)
		}
		seen[name] = true
		list = append(list, u.uses(name, cmd)...)
	})
	for name := range wellUsed {
		if !seen[name] {
			t.Errorf("wellUsed has wxpay %s, which is no command", name)
		}
	}
	echo := wellUsed["v3 security echo"]
	list = append(list, echo.uses("v3 security echo", &cobra.Command{})...)
	w.refused(t, slices.Concat(list, ownUses, fileUses()))
}

// visit visits every command, with its words.
func visit(cmd *cobra.Command, name string, do func(string, *cobra.Command)) {
	do(name, cmd)
	for _, c := range cmd.Commands() {
		visit(c, strings.TrimSpace(name+" "+c.Name()), do)
	}
}

// refused holds that each line is refused, in plain text and in JSON.
func (w *badWorld) refused(t *testing.T, list []badUse) {
	t.Helper()
	for _, use := range list {
		for _, flags := range []string{"", "--json "} {
			line := flags + use.line
			t.Run(line, func(t *testing.T) {
				t.Parallel()
				var out, errs strings.Builder
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // for what starts in spite of all
				defer cancel()
				code := run(ctx, w.fill(line), &out, &errs)
				w.check(t, line, code, use.code, out.String(), errs.String())
				if !strings.Contains(errs.String(), use.want) {
					t.Errorf("wxpay %s: says %s, want %q", line, &errs, use.want)
				}
				if flags != "" {
					checkJSON(t, line, code, out.String())
				}
			})
		}
	}
}

// TestNoMerchant: every command that needs a merchant says where it has looked
// for one.
func TestNoMerchant(t *testing.T) { //nolint:paralleltest,tparallel // it sets variables
	w := newBadWorld(t)
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "AppData"} {
		t.Setenv(name, t.TempDir())
	}
	var list []badUse
	for name, u := range wellUsed {
		if u.merchant {
			line := strings.TrimSpace(name + " " + u.args)
			list = append(list, badUse{line, 2, "no merchant is known; looked at --profile, WXPAY_PROFILE"})
		}
	}
	w.refused(t, list)
}
