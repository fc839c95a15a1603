package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/wxpay-go/wxpay"
)

func manCommand() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "man [COMMAND…]",
		Short: "Print the manual page of a command, or write all of them",
		Long: `Prints the manual page of a command, or of the program:

  wxpay man call | man -l -

With --dir it writes a page for every command; the date in them is that of
SOURCE_DATE_EPOCH, if it is set:

  wxpay man --dir /usr/local/share/man/man1`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			pages, err := manPages(args)
			if err != nil {
				return err
			}
			if dir == "" {
				pages = pages[:1]
			} else if err := writePages(dir, pages); err != nil {
				return err
			}
			return outputOf(cmd).show(pages, func(w io.Writer) error {
				if dir != "" {
					_, err := fmt.Fprintf(w, "%d pages in %s\n", len(pages), dir)
					return err
				}
				_, err := io.WriteString(w, pages[0].Text)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "folder to write the pages of all commands to")
	return cmd
}

// manPage is one page, in the language of man.
type manPage struct {
	Name string `json:"name"` // of the file
	Text string `json:"text"`
}

// manPages are those of the command that words name, and of all below it.
func manPages(words []string) ([]manPage, error) {
	root := rootCommand(newOutput(nil, nil))
	root.DisableAutoGenTag = true
	cmd, rest, err := root.Find(words)
	if err != nil || len(rest) > 0 {
		return nil, usageError{fmt.Errorf("there is no command %q; wxpay --help lists them", strings.Join(words, " "))}
	}
	return appendPages(nil, cmd)
}

func appendPages(pages []manPage, cmd *cobra.Command) ([]manPage, error) {
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
	cmd.Long = asMarkdown(cmd.Long)
	var b bytes.Buffer
	header := &doc.GenManHeader{Title: strings.ToUpper(name), Section: "1", Source: "wxpay " + wxpay.Version, Manual: "wxpay"}
	if err := doc.GenMan(cmd, header, &b); err != nil {
		return nil, err
	}
	pages = append(pages, manPage{name + ".1", b.String()})
	for _, c := range cmd.Commands() {
		var err error
		if pages, err = appendPages(pages, c); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// asMarkdown makes blocks of code of the examples, which a help text sets in
// by two blanks.
func asMarkdown(help string) string {
	var b strings.Builder
	for line := range strings.Lines(help) {
		if strings.HasPrefix(line, "  ") {
			line = "  " + line
		}
		b.WriteString(line)
	}
	return b.String()
}

func writePages(dir string, pages []manPage) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // manual pages are for all to read
		return usageError{fmt.Errorf("--dir: %w", err)}
	}
	for _, p := range pages {
		if err := os.WriteFile(filepath.Join(dir, p.Name), []byte(p.Text), 0o644); err != nil { //nolint:gosec // the same
			return usageError{fmt.Errorf("--dir: %w", err)}
		}
	}
	return nil
}
