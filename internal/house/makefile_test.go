package house

import (
	"regexp"
	"strings"
	"testing"
)

var target = regexp.MustCompile(`(?m)^([a-z]+):([^=\n]*)$`)

// makeTargets returns the targets of the Makefile with their help.
func makeTargets(t *testing.T) map[string]string {
	t.Helper()
	targets := map[string]string{}
	for _, m := range target.FindAllStringSubmatch(read(t, "Makefile"), -1) {
		_, help, _ := strings.Cut(m[2], "## ")
		if targets[m[1]] = help; help == "" {
			t.Errorf("the target %s has no help", m[1])
		}
	}
	for name := range strings.FieldsSeq("help demo gen test lint check bench deps") {
		if targets[name] == "" {
			t.Errorf("the Makefile has no target %s", name)
		}
	}
	return targets
}

func TestMakefileHelp(t *testing.T) {
	t.Parallel()
	help := string(output(t, command(t, ".", "make", "--no-print-directory")))
	for name, text := range makeTargets(t) {
		if !regexp.MustCompile(`(?m)^ +` + name + ` +` + regexp.QuoteMeta(text) + `$`).MatchString(help) {
			t.Errorf("make help does not say %q of %s:\n%s", text, name, help)
		}
		if !regexp.MustCompile(`(?m)^\.PHONY:.*\b` + name + `\b`).MatchString(read(t, "Makefile")) {
			t.Errorf("the target %s is not phony: a file of that name would hide it", name)
		}
	}
}
