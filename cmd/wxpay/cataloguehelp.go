package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/caller"
	"github.com/wxpay-go/wxpay/cmd/internal/catalogue"
	"github.com/wxpay-go/wxpay/spec"
)

// nodeHelp describes the endpoint of a node, each of its methods.
func nodeHelp(n *catalogue.Node) string {
	var b strings.Builder
	for i, method := range n.Methods() {
		op := n.Operation(method)
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s %s\n%s  %s\n", op.Method, op.Path, op.Title, op.Summary)
		for _, p := range op.Params {
			writeField(&b, p.Name, &p)
		}
		if op.File != nil {
			fmt.Fprintf(&b, "  %s=@path  %s\n", op.File.Name, op.File.Label)
		}
		if op.Request != nil {
			writeFields(&b, op.Request.Fields, "")
		}
		fmt.Fprintf(&b, "More: wxpay docs %s\n", op.ID)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// writeFields lists members, and those of objects that are required.
func writeFields(b *strings.Builder, fields []spec.Field, prefix string) {
	for i := range fields {
		m := &fields[i]
		if m.Type == "object" && m.Required && len(m.Fields) > 0 {
			writeFields(b, m.Fields, prefix+m.Name+".")
			continue
		}
		writeField(b, prefix+m.Name, m)
	}
}

func writeField(b *strings.Builder, name string, f *spec.Field) {
	required := ""
	if f.Required {
		required = ", required"
	}
	fmt.Fprintf(b, "  %s  %s (%s%s)\n", name, f.Label, caller.Limits(f), required)
}

// completeNode offers the methods of a node, if there are several, and then
// the fields. The words below are offered as commands.
func completeNode(n *catalogue.Node, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	methods := n.Methods()
	switch {
	case len(methods) == 0:
		return nil, cobra.ShellCompDirectiveNoFileComp
	case len(methods) == 1:
		return offer(caller.Fields(methods[0], n.Path(methods[0]), args, begun))
	case len(args) > 0:
		method := strings.ToUpper(args[0])
		return offer(caller.Fields(method, n.Path(method), args[1:], begun))
	}
	var words []caller.Word
	for _, m := range methods {
		if m = strings.ToLower(m); strings.HasPrefix(m, begun) {
			words = append(words, caller.Word{Text: m})
		}
	}
	return offer(words)
}
