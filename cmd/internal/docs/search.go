package docs

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Search returns everything in which each word of the query stands, the most
// telling first: a name before a sentence, the whole of a text before a word
// of it, a word before a part of one. Case means nothing. A query without
// words finds nothing.
func (r *Reference) Search(query string) []Hit {
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return nil
	}
	type found struct {
		hit   Hit
		worth int
	}
	var list []found
	for _, e := range r.entries() {
		if worth := e.worth(words); worth > 0 {
			list = append(list, found{e.hit, worth})
		}
	}
	slices.SortStableFunc(list, func(a, b found) int { return cmp.Compare(b.worth, a.worth) })
	hits := make([]Hit, len(list))
	for i, f := range list {
		hits[i] = f.hit
	}
	return hits
}

// worth is what the words are worth together, and 0 if one of them is nowhere.
func (e *entry) worth(words []string) int {
	sum := 0
	for _, word := range words {
		best := 0
		for _, k := range e.keys {
			if best < 4*k.worth { // nothing is worth more than the whole text
				best = max(best, k.worth*fit(k.text, word))
			}
		}
		if best == 0 {
			return 0
		}
		sum += best
	}
	return sum
}

// fit is how well a word fits a text: 4 if it is the whole text, 2 if it is a
// word of it, 1 if it is a part of one, 0 if it is not there.
func fit(text, word string) int {
	if text == word {
		return 4
	}
	before, after, ok := strings.Cut(text, word)
	if !ok {
		return 0
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	if joins(last) || joins(first) {
		return 1
	}
	return 2
}

// joins reports whether a character beside a word makes it a part of a longer
// one. Chinese has no spaces: there, every part counts as a part.
func joins(r rune) bool {
	return r == '_' || r == '-' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
