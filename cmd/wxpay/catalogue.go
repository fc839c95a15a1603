package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/caller"
	"github.com/wxpay-go/wxpay/cmd/internal/catalogue"
)

// wordVersion begins the words of an endpoint where the first of the others is
// a command of the program too.
const wordVersion = "v3"

func v3Command() *cobra.Command {
	return &cobra.Command{
		Use:   wordVersion + " WORD… [FIELD=VALUE…]",
		Short: "Call an endpoint by the words of its path",
		Long: `Every endpoint is a command too: the words of its path, with the values of its
parameters in their places or as flags. The word v3 may be left out where no
other command has the name of what follows. What wxpay call has, flags and
fields, these commands have as well.

  wxpay papay sign contracts pre-entrust-sign appid=… plan_id=…
  wxpay pay transactions out-trade-no 1217752501 mchid=1900000109
  wxpay pay transactions out-trade-no close --out-trade-no 1217752501 mchid=…

An endpoint with several methods takes one as its last word: get, post, put,
patch or delete. --help behind any word lists those that can follow, and the
fields of an endpoint; wxpay v3 lists the first words.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return noWord(cmd, args[0], catalogue.Root())
			}
			return showChildren(cmd, catalogue.Root())
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			return completeFirst(args, begun)
		},
	}
}

// completeFirst offers the first words of paths.
func completeFirst(args []string, begun string) ([]string, cobra.ShellCompDirective) {
	var words []caller.Word
	if len(args) == 0 {
		for _, c := range catalogue.Root().Children() {
			if strings.HasPrefix(c.Word, begun) {
				words = append(words, caller.Word{Text: c.Word, Help: c.Summary})
			}
		}
	}
	return offer(words)
}

// grow adds the commands that the words of args lead to, and no others: a
// program that made all thousand would start late. It returns args with every
// value of a path in its place.
func grow(root *cobra.Command, args []string) []string {
	typed := args
	var before, after []string
	if len(typed) > 0 && slices.Contains([]string{"help", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd}, typed[0]) {
		before, typed = typed[:1:1], typed[1:]
		if before[0] != "help" && len(typed) > 0 { // the last word is not whole yet
			typed, after = typed[:len(typed)-1], typed[len(typed)-1:]
		}
	}
	w := readWords(typed, knownFlags(root))
	if len(w.words) == 0 {
		return args
	}
	parent, words := root, w.words
	if words[0] == wordVersion {
		parent, _, _ = root.Find(words[:1])
		before, words = append(before, wordVersion), words[1:]
	} else if isCommand(root, words[0]) {
		return args
	}
	steps, rest := catalogue.Root().Walk(words, w.take)
	if len(steps) == 0 {
		return args
	}
	for i, s := range steps {
		before = append(before, s.Node.Name())
		cmd := nodeCommand(s.Node, i == len(steps)-1)
		parent.AddCommand(cmd)
		parent = cmd
	}
	return slices.Concat(before, w.flags(), rest, w.bare, after)
}

func isCommand(root *cobra.Command, name string) bool {
	return slices.ContainsFunc(root.Commands(), func(c *cobra.Command) bool { return c.Name() == name || c.HasAlias(name) }) || name == "help"
}

// nodeCommand is the command of one node. Of the last one, the words that can
// follow are made too, for its help.
func nodeCommand(n *catalogue.Node, last bool) *cobra.Command {
	if !last {
		return &cobra.Command{Use: n.Name()}
	}
	f := &callFlags{}
	cmd := &cobra.Command{
		Use:   n.Name(),
		Short: n.About(),
		Args:  cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.runNode(cmd, n, args)
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			return completeNode(n, args, begun)
		},
	}
	if len(n.Methods()) > 0 {
		f.flags(cmd)
		cmd.Use, cmd.Long = n.Name()+" [FIELD=VALUE…]", nodeHelp(n)
	}
	for _, c := range n.Children() {
		cmd.AddCommand(&cobra.Command{Use: c.Word, Short: c.Summary, Run: func(*cobra.Command, []string) {}})
	}
	return cmd
}

// runNode calls the endpoint of a node, or lists what is below.
func (f *callFlags) runNode(cmd *cobra.Command, n *catalogue.Node, args []string) error {
	methods := n.Methods()
	var method string
	switch {
	case len(args) > 0 && slices.Contains(methods, strings.ToUpper(args[0])):
		method, args = strings.ToUpper(args[0]), args[1:]
	case len(methods) == 0 && len(args) == 0:
		return showChildren(cmd, n)
	case len(methods) == 1:
		method = methods[0]
	}
	if len(args) > 0 && !strings.Contains(args[0], "=") {
		return noWord(cmd, args[0], n)
	}
	if method == "" && len(methods) > 0 {
		return usageError{fmt.Errorf("%s has several methods: end with %s", cmd.CommandPath(), strings.ToLower(strings.Join(methods, ", ")))}
	}
	if method == "" {
		return usageError{fmt.Errorf("%s is no endpoint, and takes no fields; %s --help lists what is below", cmd.CommandPath(), cmd.CommandPath())}
	}
	return f.run(cmd, caller.Request{Method: method, Path: n.Path(method), Fields: args})
}

// noWord refuses a word that leads nowhere.
func noWord(cmd *cobra.Command, word string, n *catalogue.Node) error {
	var words []string
	for _, c := range n.Children() {
		words = append(words, c.Word)
	}
	text := fmt.Sprintf("%s has no %q", strings.TrimPrefix(cmd.CommandPath(), "wxpay "), word)
	if near := caller.Nearest(word, words); len(near) > 0 {
		text += "; nearest: " + strings.Join(near, ", ")
	}
	return usageError{errors.New(text + "; " + cmd.CommandPath() + " --help tells more")}
}

// showChildren lists the words that can follow.
func showChildren(cmd *cobra.Command, n *catalogue.Node) error {
	list := n.Children()
	return outputOf(cmd).show(list, func(w io.Writer) error {
		for _, c := range list {
			fmt.Fprintf(w, "%-32s %s\n", c.Word, c.Summary)
		}
		return nil
	})
}
