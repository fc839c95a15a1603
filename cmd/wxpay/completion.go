package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// shells are those that a script is made for.
var shells = []string{"bash", "zsh", "fish", "powershell"}

func completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print the script by which a shell completes commands, paths and fields",
		Long: `Prints a script for a shell. With it the Tab key completes commands, the
paths of endpoints a segment at a time, the names of fields, and values where
the description lists them.

  source <(wxpay completion bash)                             in ~/.bashrc; needs bash-completion
  source <(wxpay completion zsh)                              in ~/.zshrc, after compinit
  wxpay completion fish > ~/.config/fish/completions/wxpay.fish
  wxpay completion powershell | Out-String | Invoke-Expression`,
		ValidArgs: shells,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("name one shell: %s", strings.Join(shells, ", "))}
			}
			if err := cobra.OnlyValidArgs(cmd, args); err != nil {
				return usageError{fmt.Errorf("there is no script for %q: name one of %s", args[0], strings.Join(shells, ", "))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			script, err := completionScript(cmd.Root(), args[0])
			if err != nil {
				return err
			}
			document := struct {
				Shell  string `json:"shell"`
				Script string `json:"script"`
			}{args[0], script}
			return outputOf(cmd).show(document, func(w io.Writer) error {
				_, err := io.WriteString(w, script)
				return err
			})
		},
	}
}

func completionScript(root *cobra.Command, shell string) (string, error) {
	var b bytes.Buffer
	var err error
	switch shell {
	case "bash":
		err = root.GenBashCompletionV2(&b, true)
	case "zsh":
		err = root.GenZshCompletion(&b)
	case "fish":
		err = root.GenFishCompletion(&b, true)
	case "powershell":
		err = root.GenPowerShellCompletionWithDesc(&b)
	}
	if err != nil || shell != "bash" {
		return b.String(), err
	}
	script := strings.Replace(b.String(), bashEnd, bashField+bashEnd, 1)
	if !strings.Contains(script, bashField) {
		return "", fmt.Errorf("completion: the script of cobra has changed, and fields would be completed wrongly")
	}
	return script, nil
}

// bash takes an equals sign for the end of a word, and puts what is offered
// behind it. That of name=value must be the value alone.
const (
	bashEnd   = "}\n\nif [[ $(type -t compopt) = \"builtin\" ]]; then\n"
	bashField = `
    if [[ ${cur} == *=* && ${cur} != -* && ${COMP_WORDBREAKS} == *=* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${cur%%=*}="}")
    fi
`
)
