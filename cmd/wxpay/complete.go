package main

import (
	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/caller"
)

// completeCall offers the words of wxpay call: method, path, fields.
func completeCall(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	switch len(args) {
	case 0:
		return offer(caller.Methods(begun))
	case 1:
		return offer(caller.Paths(args[0], begun))
	}
	return offer(caller.Fields(args[0], args[1], args[2:], begun))
}

// offer gives the shell words, each with its explanation behind a tab. After a
// word that goes on there is no blank.
func offer(words []caller.Word) ([]string, cobra.ShellCompDirective) {
	directive := cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = w.Text
		if w.Help != "" {
			list[i] += "\t" + w.Help
		}
		if w.More {
			directive |= cobra.ShellCompDirectiveNoSpace
		}
	}
	return list, directive
}
