// Command wxpay is the program for the working day with WeChat Pay APIv3: calls,
// signatures, notifications, files, and a WeChat Pay on this machine to try them
// on.
//
// With --json every command prints its result, or its error, as JSON.
//
// Exit status: 0 done, 1 refused by the other side, 2 wrong use, 3 could not
// reach or could not listen.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends what the first does not
	defer stop()
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main with its surroundings passed in.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o := newOutput(stdout, stderr)
	root := rootCommand(o)
	root.SetArgs(grow(root, args))
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(withOutput(ctx, o))
	if err != nil {
		o.json = o.json || asksJSON(args) // a wrong flag ends the reading of the others
		o.fail(err)
	}
	return exitCode(err)
}

func rootCommand(o *output) *cobra.Command {
	root := &cobra.Command{
		Use:   "wxpay",
		Short: "WeChat Pay APIv3: calls, signatures, notifications, and an emulator",
		Long: `WeChat Pay APIv3 (微信支付 APIv3) for the working day: calls, signatures,
notifications, files, and a WeChat Pay on this machine to try them on.

  wxpay demo          shows it at work; nothing has to be set up
  wxpay v3 --help     every endpoint is a command too, by the words of its path

Status: 0 done, 1 refused by the other side, or a check found a fault, 2 wrong
use, 3 could not reach.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.ArbitraryArgs,
		RunE:          unknownCommand,
		ValidArgsFunction: func(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			if begun == "" { // there are a hundred
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return completeFirst(args, begun)
		},
	}
	o.flags(root)
	root.CompletionOptions.DisableDefaultCmd = true
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return checkFlags(cmd) }
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(helpCommand())
	addGroups(root)
	return root
}

// unknownCommand is what runs where the words name no command below parent.
func unknownCommand(parent *cobra.Command, words []string) error {
	if len(words) == 0 {
		return usageError{errors.New("name a command; " + parent.CommandPath() + " --help lists them")}
	}
	parent.SuggestionsMinimumDistance = 2
	text := fmt.Sprintf("unknown command %q", words[0])
	if near := parent.SuggestionsFor(words[0]); len(near) > 0 {
		text += "; nearest: " + strings.Join(near, ", ")
	}
	return usageError{errors.New(text + "; " + parent.CommandPath() + " --help lists all")}
}

// asksJSON looks for --json among arguments that could not be read.
func asksJSON(args []string) bool {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	return slices.Contains(args, "--json")
}

// noArgs refuses arguments as wrong use.
func noArgs(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) > 0 && cmd.HasSubCommands():
		return unknownCommand(cmd, args)
	case len(args) > 0:
		return usageError{fmt.Errorf("this command takes no arguments, got %q", args)}
	}
	return nil
}
