// Command wxpay is the program for the working day with WeChat Pay APIv3: a
// demo of the main job, a WeChat Pay on this machine, and more to come.
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
	"syscall"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// commands is every command there is.
func commands() []*cobra.Command {
	return []*cobra.Command{callCommand(), coverageCommand(), demoCommand(), docsCommand(), emulatorCommand(), envCommand(), openapiCommand(), versionCommand()}
}

// run is main with its surroundings passed in.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := &cobra.Command{
		Use:           "wxpay",
		Short:         "WeChat Pay APIv3: demo, emulator, reference and tools",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return usageError{errors.New("name a command; wxpay --help lists them")}
		},
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(commands()...)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err != nil {
		fmt.Fprintln(stderr, "wxpay:", err)
	}
	return exitCode(err)
}

// usageError marks what is wrong with the command line itself.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// reachError marks a network that did not serve.
type reachError struct{ error }

func (e reachError) Unwrap() error { return e.error }

func exitCode(err error) int {
	if err == nil {
		return 0
	}
	if _, ok := errors.AsType[usageError](err); ok {
		return 2
	}
	if _, ok := errors.AsType[*wxpay.InputError](err); ok {
		return 2
	}
	if _, ok := errors.AsType[reachError](err); ok {
		return 3
	}
	if _, ok := errors.AsType[*wxpay.NetworkError](err); ok {
		return 3
	}
	return 1
}

// noArgs refuses arguments as wrong use.
func noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("this command takes no arguments, got %q", args)}
	}
	return nil
}
