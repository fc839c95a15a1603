package describe

import (
	"slices"

	"github.com/wxpay-go/wxpay/cmd/internal/naming"
)

// join spells nouns; single puts the last one in the singular. With once, a
// word that ends one noun and begins the next stands once.
func join(nouns []noun, single, once bool) string {
	var list []string
	for i, n := range nouns {
		w := slices.Clone(n.words)
		if n.own || single && i == len(nouns)-1 {
			toSingular(w)
		}
		if once && len(list) > 0 && len(w) > 1 && list[len(list)-1] == w[0] {
			w = w[1:]
		}
		list = append(list, w...)
	}
	return naming.Join(list)
}

// toSingular changes the word that counts: the last, or that before a version.
func toSingular(w []string) {
	k := len(w) - 1
	if k > 0 && w[k] == "v2" {
		k--
	}
	w[k] = singular(w[k])
}

// collapse leaves out a noun that the next one repeats.
func collapse(nouns []noun) []noun {
	var kept []noun
	for i, n := range nouns {
		if i+1 < len(nouns) && !n.own && within(n.words, nouns[i+1].words) {
			continue
		}
		kept = append(kept, n)
	}
	return kept
}

// without leaves out the last noun if the words that follow repeat it.
func without(nouns []noun, after []string) []noun {
	if k := len(nouns); k > 0 && within(nouns[k-1].words, after) {
		return nouns[:k-1]
	}
	return nouns
}

// presigned leaves "contracts" out before "pre-entrust-sign": nothing else is
// signed in advance.
func presigned(nouns []noun, last []string) []noun {
	var kept []noun
	for i, n := range nouns {
		next := last
		if i+1 < len(nouns) {
			next = nouns[i+1].words
		}
		if !slices.Equal(n.words, []string{"contracts"}) || !slices.Equal(next[:min(3, len(next))], []string{"pre", "entrust", "sign"}) {
			kept = append(kept, n)
		}
	}
	return kept
}
