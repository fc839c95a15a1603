package main

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestHelp holds the help of every command, in testdata/help. UPDATE=1 writes
// what is there now.
func TestHelp(t *testing.T) {
	t.Parallel()
	wanted := map[string]bool{}
	var visit func(cmd *cobra.Command, words []string)
	visit = func(cmd *cobra.Command, words []string) {
		name := strings.Join(append([]string{"wxpay"}, words...), "-") + ".txt"
		wanted[name] = true
		checkHelp(t, filepath.Join("testdata", "help", name), words)
		for _, c := range cmd.Commands() {
			visit(c, append(words[:len(words):len(words)], c.Name()))
		}
	}
	visit(rootCommand(newOutput(nil, nil)), nil)
	files, err := os.ReadDir(filepath.Join("testdata", "help"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !wanted[f.Name()] {
			t.Errorf("testdata/help/%s is of no command; remove it", f.Name())
		}
	}
}

func checkHelp(t *testing.T, file string, words []string) {
	t.Helper()
	var out, errs strings.Builder
	if code := run(t.Context(), append(words, "--help"), &out, &errs); code != 0 || errs.Len() > 0 {
		t.Errorf("%q --help: exit %d, %s", words, code, &errs)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != out.String() {
		t.Errorf("wxpay %s --help prints\n%s\nand %s has (%v)\n%s", strings.Join(words, " "), &out, file, err, want)
	}
}

// TestEveryCommandHasAManual: a script of its own that runs it.
func TestEveryCommandHasAManual(t *testing.T) {
	t.Parallel()
	in := map[string]string{"version": "usage", "v3": "catalogue"} // by another name, or in another's script
	for _, cmd := range rootCommand(newOutput(nil, nil)).Commands() {
		name := cmd.Name()
		file := filepath.Join("testdata", "script", cmp.Or(in[name], name)+".txtar")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("wxpay %s has no script: %v", name, err)
			continue
		}
		runs := []string{"wxpay " + name}
		for _, sub := range cmd.Commands() {
			runs = append(runs, "wxpay "+name+" "+sub.Name())
		}
		for _, run := range runs {
			if !strings.Contains(string(text), run) {
				t.Errorf("%s does not run %s", file, run)
			}
		}
	}
}
