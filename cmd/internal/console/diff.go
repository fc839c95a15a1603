package console

import (
	"slices"
	"strings"
)

// span is a piece of a text that another text has too, or has not.
type span struct {
	Text   string
	Marked bool
}

// maxEdits is how many differences are marked one by one. Two texts that
// differ in more are marked as a whole, from the first difference to the last.
const maxEdits = 400

// compare marks in each of two texts what the other one has not.
func compare(a, b string) (left, right []span) {
	x, y := []rune(strings.ToValidUTF8(a, "\ufffd")), []rune(strings.ToValidUTF8(b, "\ufffd"))
	start, end := same(x, y)
	ownX, ownY := differences(x[start:len(x)-end], y[start:len(y)-end])
	return spans(x, start, ownX), spans(y, start, ownY)
}

// same counts the characters that both begin and end with.
func same(x, y []rune) (start, end int) {
	for start < min(len(x), len(y)) && x[start] == y[start] {
		start++
	}
	for end < min(len(x), len(y))-start && x[len(x)-1-end] == y[len(y)-1-end] {
		end++
	}
	return start, end
}

// differences says of each character whether it is the text's own, by the
// shortest way from one text to the other (Myers 1986).
func differences(x, y []rune) (ownX, ownY []bool) {
	ownX, ownY = slices.Repeat([]bool{true}, len(x)), slices.Repeat([]bool{true}, len(y))
	limit := min(len(x)+len(y), maxEdits)
	reach := make([]int, 2*limit+3) // by diagonal: how far along x it goes
	middle := limit + 1
	var trace [][]int
	for d := range limit + 1 {
		trace = append(trace, slices.Clone(reach))
		for k := -d; k <= d; k += 2 {
			i := step(reach, middle, k, d)
			for i < len(x) && i-k < len(y) && x[i] == y[i-k] {
				i++
			}
			if reach[middle+k] = i; i >= len(x) && i-k >= len(y) {
				walkBack(trace, middle, len(x), len(y), ownX, ownY)
				return ownX, ownY
			}
		}
	}
	return ownX, ownY
}

// step is where a diagonal is entered with one more edit: from above, which
// adds a character of y, or from the left, which drops one of x.
func step(reach []int, middle, k, d int) int {
	if k == -d || k != d && reach[middle+k-1] < reach[middle+k+1] {
		return reach[middle+k+1]
	}
	return reach[middle+k-1] + 1
}

// walkBack follows the way from its end, and clears what both texts have.
func walkBack(trace [][]int, middle, i, j int, ownX, ownY []bool) {
	for d, reach := range slices.Backward(trace) {
		k := i - j
		entered := 0
		if d > 0 {
			entered = step(reach, middle, k, d)
		}
		for i > entered && j > 0 {
			i, j = i-1, j-1
			ownX[i], ownY[j] = false, false
		}
		if d == 0 {
			return
		}
		if k == -d || k != d && reach[middle+k-1] < reach[middle+k+1] {
			j--
		} else {
			i--
		}
	}
}

// spans cuts a text where it begins or ends to be its own. Where something is
// missing from it, a sign stands for nothing.
func spans(text []rune, start int, own []bool) []span {
	list := visible(string(text[:start]))
	if len(own) == 0 || !slices.Contains(own, true) {
		list = append(list, span{"∅", true})
	}
	for i := 0; i < len(own); {
		end := i + 1
		for end < len(own) && own[end] == own[i] {
			end++
		}
		list = append(list, span{reveal(string(text[start+i : start+end])), own[i]})
		i = end
	}
	return append(list, visible(string(text[start+len(own):]))...)
}

// visible is a text without marks, "" for none.
func visible(text string) []span {
	if text == "" {
		return nil
	}
	return []span{{reveal(text), false}}
}

// reveal shows what cannot be seen.
func reveal(text string) string {
	return strings.NewReplacer("\r", "[CR]", "\n", "↵\n", "\t", "⇥\t", "\ufeff", "[BOM]").Replace(strings.ToValidUTF8(text, "\ufffd"))
}
