package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/profile"
	"github.com/wxpay-go/wxpay/cmd/internal/shell"
)

// envFlags is what the command line says of the lines to print.
type envFlags struct {
	dir, lang, proxy string
}

func envCommand() *cobra.Command {
	f := envFlags{}
	cmd := &cobra.Command{
		Use:   "env",
		Short: "Print the lines that lead a program to the emulator",
		Long: `Prints the lines for a shell that lead a program to the emulator that was started
with the same folder: the WECHATPAY_* variables and, if it was started with
--proxy, what the program's language takes a proxy and a certificate from:

  wxpay emulator --proxy 127.0.0.1:8090 &
  eval "$(wxpay env --lang go)"
  go run ./a-program-with-wechatpay-go

The program itself stays as it is. The lines hold the APIv3 key.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			e, err := f.read()
			if err != nil {
				return err
			}
			return outputOf(cmd).show(e.document(), e.writeShell)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.dir, "dir", ".wxpay", "folder of the credentials")
	flags.StringVar(&f.lang, "lang", "sh", "language of the program: "+strings.Join(languages(), ", "))
	flags.StringVar(&f.proxy, "proxy", "", "URL of the proxy; default: that of the emulator that runs with the folder")
	return cmd
}

// environment is what a program needs: variables in their order, commands to
// be run before it, and what else there is to know.
type environment struct {
	Lang     string           `json:"lang"`
	Proxy    string           `json:"proxy,omitempty"`
	Before   []string         `json:"before,omitempty"` // commands for a shell
	Notes    []string         `json:"notes,omitempty"`
	Variable []shell.Variable `json:"-"`
}

func (f *envFlags) read() (*environment, error) {
	tell, ok := proxied[f.lang]
	if !ok {
		return nil, usageError{fmt.Errorf("--lang: %q is none of %s", f.lang, strings.Join(languages(), ", "))}
	}
	dir, err := filepath.Abs(f.dir)
	if err != nil {
		return nil, err
	}
	e := &environment{Lang: f.lang}
	if e.Variable, err = readVariables(dir); err != nil {
		return nil, err
	}
	if e.Proxy = f.proxy; e.Proxy == "" {
		if e.Proxy, err = readProxy(dir); err != nil {
			return nil, usageError{fmt.Errorf("--dir: %w", err)}
		}
	}
	if e.Proxy == "" {
		e.Notes = append(e.Notes, "no proxy runs: a program that can be told an address is given WECHATPAY_BASE_URL; for one that cannot, start wxpay emulator --proxy 127.0.0.1:8090")
		return e, nil
	}
	url, err := proxyURL(e.Proxy)
	if err != nil {
		return nil, err
	}
	tell(e, &way{url: url, dir: dir})
	return e, nil
}

// readVariables reads wxpay.env, which the emulator wrote.
func readVariables(dir string) (list []shell.Variable, err error) {
	text, err := profile.ReadFile(filepath.Join(dir, "wxpay.env"))
	if err != nil {
		return nil, usageError{fmt.Errorf("--dir: %w; start wxpay emulator first, with the same --dir", err)}
	}
	if list, err = shell.Variables(string(text)); err != nil {
		return nil, usageError{fmt.Errorf("--dir: wxpay.env: %w", err)}
	}
	if len(list) == 0 {
		return nil, usageError{errors.New("--dir: wxpay.env is empty; start wxpay emulator with the folder to have it written")}
	}
	return list, nil
}

func (e *environment) writeShell(w io.Writer) error {
	var b strings.Builder
	for _, note := range e.Notes {
		fmt.Fprintf(&b, "# %s\n", note)
	}
	for _, command := range e.Before {
		fmt.Fprintf(&b, "%s\n", command)
	}
	for _, v := range e.Variable {
		fmt.Fprintf(&b, "export %s=%s\n", v.Name, shell.Quote(v.Value))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// document is what --json prints.
func (e *environment) document() any {
	variables := map[string]string{}
	for _, v := range e.Variable {
		variables[v.Name] = v.Value
	}
	return struct {
		*environment
		Env map[string]string `json:"env"`
	}{e, variables}
}

func languages() []string { return slices.Sorted(maps.Keys(proxied)) }
