package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wxpay-go/wxpay/cmd/internal/caller"
)

// flagError says what is wrong with a flag in the words of a command line, and
// not in those of the functions that read it.
func flagError(cmd *cobra.Command, err error) error {
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return usageError{fmt.Errorf("unknown flag: %s%s; %s --help lists all", dashes(e), nearFlags(cmd, e.GetSpecifiedName()), cmd.CommandPath())}
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return usageError{fmt.Errorf("--%s: a value is missing; %s", e.GetFlag().Name, e.GetFlag().Usage)}
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return usageError{fmt.Errorf("--%s: %q is not %s", e.GetFlag().Name, e.GetValue(), wanted(e.GetFlag().Value.Type()))}
	}
	return usageError{err}
}

func dashes(e *pflag.NotExistError) string {
	if e.GetSpecifiedShortnames() != "" {
		return "-" + e.GetSpecifiedName()
	}
	return "--" + e.GetSpecifiedName()
}

func nearFlags(cmd *cobra.Command, name string) string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	near := caller.Nearest(name, names)
	if len(near) == 0 || len(name) < 2 {
		return ""
	}
	return "; nearest: --" + strings.Join(near, ", --")
}

// wanted is what a flag of a type takes.
func wanted(kind string) string {
	switch kind {
	case "int", "int64", "uint":
		return "a whole number"
	case "float64":
		return "a number"
	case "bool":
		return "true or false"
	case "duration":
		return "a time span such as 90s, 15m or 2h"
	}
	return "what this flag takes"
}

// exclusive is where cobra notes, for each flag, the groups of which one flag
// alone can be given.
const exclusive = "cobra_annotation_mutually_exclusive"

// checkFlags refuses flags that contradict each other.
func checkFlags(cmd *cobra.Command) error {
	given := map[string][]string{}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		for _, group := range f.Annotations[exclusive] {
			given[group] = append(given[group], "--"+f.Name)
		}
	})
	for _, flags := range given {
		if len(flags) > 1 {
			slices.Sort(flags)
			return usageError{fmt.Errorf("%s contradict each other; leave out all but one", strings.Join(flags, " and "))}
		}
	}
	if err := cmd.ValidateFlagGroups(); err != nil {
		return usageError{err} // cobra would say it too, and call it refused
	}
	return nil
}

// helpCommand is cobra's, which tells of the whole program where a command is
// not known.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND…]",
		Short: "Help about any command",
		RunE: func(cmd *cobra.Command, words []string) error {
			about, rest, err := cmd.Root().Find(words)
			if err != nil || len(rest) > 0 {
				return unknownCommand(cmd.Root(), append(rest, words...))
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}
