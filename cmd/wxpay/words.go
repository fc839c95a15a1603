package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// words are arguments before any command has read them.
type words struct {
	words []string
	known []string // flags that commands have, with their values
	bare  []string // one of them that is last, and has no value
	named []given  // flags that may be parameters of a path
}

// given is one flag of an unknown name.
type given struct {
	name  string
	texts []string // as typed
	value string
	taken bool
}

// knownFlags says of a flag, by its name, whether it exists and whether the
// next argument is its value.
func knownFlags(root *cobra.Command) func(name string) (exists, takes bool) {
	cmd := &cobra.Command{}
	(&callFlags{}).flags(cmd)
	cmd.Flags().AddFlagSet(root.PersistentFlags())
	return func(name string) (exists, takes bool) {
		f := cmd.Flags().Lookup(name)
		if f == nil && len(name) == 1 {
			f = cmd.Flags().ShorthandLookup(name)
		}
		if f == nil {
			return name == "help" || name == "h", false
		}
		return true, f.NoOptDefVal == ""
	}
}

func readWords(args []string, known func(string) (exists, takes bool)) *words {
	w := &words{}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if !strings.HasPrefix(arg, "-") || arg == "-" {
			w.words = append(w.words, arg)
			continue
		}
		if arg == "--" {
			w.words = append(w.words, args...)
			break
		}
		name, value, whole := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		exists, takes := known(name)
		if !strings.HasPrefix(arg, "--") && len(name) > 1 {
			exists, takes = true, cluster(name, known)
		}
		texts := []string{arg}
		if !whole && (takes || !exists) && len(args) > 0 {
			value, texts, args = args[0], append(texts, args[0]), args[1:]
		}
		if exists && takes && !whole && len(texts) == 1 {
			w.bare = texts
			continue
		}
		if exists {
			w.known = append(w.known, texts...)
			continue
		}
		w.named = append(w.named, given{strings.ReplaceAll(name, "-", "_"), texts, value, false})
	}
	return w
}

// cluster reports whether the next argument is the value of the last of
// several short flags in one word; the first may have its own in the word.
func cluster(letters string, known func(string) (exists, takes bool)) bool {
	_, first := known(letters[:1])
	_, last := known(letters[len(letters)-1:])
	return last && !first
}

// take is the value of a flag that a path has a parameter for.
func (w *words) take(name string) (string, bool) {
	i := slices.IndexFunc(w.named, func(g given) bool { return g.name == name && !g.taken })
	if i < 0 {
		return "", false
	}
	w.named[i].taken = true
	return w.named[i].value, true
}

// flags are all that no path has taken, as typed: unknown ones are refused by
// the command.
func (w *words) flags() []string {
	list := w.known
	for _, g := range w.named {
		if !g.taken {
			list = append(list, g.texts...)
		}
	}
	return list
}
