// Command wxgen makes everything that is made from the description in spec:
// the bundle that the emulator reads, the typed calls, the chain, the
// reference pages, and one OpenAPI 3.1 document.
//
//	wxgen gen             write the generated files
//	wxgen check           say which of them are stale, missing or surplus
//	wxgen bundle -o file  write the OpenAPI document
//
// Exit status: 0 done, 1 the description or a generated file is wrong, 2 the
// command line is.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/describe"
	"github.com/wxpay-go/wxpay/cmd/internal/generate"
	"github.com/wxpay-go/wxpay/cmd/internal/openapi"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is main with its surroundings passed in.
func run(args []string, stdout, stderr io.Writer) int {
	root := command(stdout)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.Execute()
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, "wxgen:", err)
	if _, usage := errors.AsType[usageError](err); usage {
		return 2
	}
	return 1
}

// usageError marks what is wrong with the command line itself.
type usageError struct{ error }

func command(stdout io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:           "wxgen",
		Short:         "Make the files that are made from the description in spec",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return usageError{errors.New("name a command: gen, check or bundle; wxgen --help explains them")}
		},
	}
	dir := root.PersistentFlags().String("root", "", "folder of the repository (default: the one above that has go.work)")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(genCommand(dir, stdout), checkCommand(dir, stdout), bundleCommand(dir, stdout))
	return root
}

func genCommand(dir *string, stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use:   "gen",
		Short: "Write the generated files, and remove those no longer made",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			t, err := makeTree(*dir)
			if err != nil {
				return err
			}
			changed, err := t.write()
			for _, c := range changed {
				fmt.Fprintln(stdout, c)
			}
			return err
		},
	}
}

func checkCommand(dir *string, stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Say which generated files are stale, missing or surplus",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			t, err := makeTree(*dir)
			if err != nil {
				return err
			}
			changes, err := t.compare()
			if err != nil || len(changes) == 0 {
				return err
			}
			for _, c := range changes {
				fmt.Fprintln(stdout, c)
			}
			return fmt.Errorf("%d generated files differ from the description; run wxgen gen", len(changes))
		},
	}
}

func bundleCommand(dir *string, stdout io.Writer) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bundle",
		Short: "Write the description as one OpenAPI 3.1 document",
		Args:  noArgs,
	}
	out := cmd.Flags().StringP("output", "o", "-", "file to write; - is standard output")
	cmd.RunE = func(*cobra.Command, []string) error {
		_, d, err := load(*dir)
		if err != nil {
			return err
		}
		var text bytes.Buffer
		source := openapi.Source{Operations: d.Operations, Events: d.Events, Errors: d.Errors, Products: d.Products}
		if err := source.Write(&text); err != nil {
			return err
		}
		if *out == "-" {
			_, err = text.WriteTo(stdout)
			return err
		}
		return os.WriteFile(*out, text.Bytes(), 0o644)
	}
	return cmd
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no arguments, and got %q", cmd.Name(), args)}
	}
	return nil
}

// load reads the description of the repository at dir, or above here.
func load(dir string) (root string, d *describe.Description, err error) {
	if root, err = findRoot(dir); err != nil {
		return "", nil, err
	}
	d, err = describe.Load(os.DirFS(filepath.Join(root, "spec")))
	return root, d, err
}

// findRoot returns dir, or the nearest folder above here that has a go.work.
func findRoot(dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for at := here; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.work")); err == nil {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", usageError{fmt.Errorf("no go.work in %s or above: run inside the repository, or name it with --root", here)}
		}
	}
}

// makeTree makes every generated file, in memory.
func makeTree(dir string) (*tree, error) {
	root, d, err := load(dir)
	if err != nil {
		return nil, err
	}
	bundle, err := d.Bundle()
	if err != nil {
		return nil, err
	}
	files, err := generate.All(d)
	if err != nil {
		return nil, err
	}
	files["spec/bundle.txt"] = bundle
	return &tree{root: root, files: files}, nil
}
