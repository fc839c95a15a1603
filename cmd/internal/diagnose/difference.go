package diagnose

import (
	"strings"
	"unicode/utf8"
)

// Difference is the first place where what was received and what was signed
// part.
type Difference struct {
	Line     string // of the text: "method", "URL", "timestamp", "nonce", "body"
	At       int    // in bytes, from the beginning of the line
	Before   string // what both have just before it
	Received string // what the one has from there on, some of it
	Signed   string // what the other has
}

// reach is how much of a text a difference shows before and behind it, in
// bytes.
const (
	reachBefore = 24
	reachBehind = 48
)

var lineNames = []string{"method", "URL", "timestamp", "nonce", "body"}

// Difference compares the two texts; false if they are equal, or the one that
// was signed was not found.
func (f *Finding) Difference(answer bool) (Difference, bool) {
	a, b := f.Received, f.Signed
	if b == "" || a == b {
		return Difference{}, false
	}
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	for at > 0 && at < len(a) && !utf8.RuneStart(a[at]) {
		at--
	}
	names := lineNames
	if answer {
		names = names[2:]
	}
	line := min(strings.Count(a[:at], "\n"), len(names)-1)
	start := 0
	for range line {
		start += strings.IndexByte(a[start:], '\n') + 1
	}
	return Difference{
		Line: names[line], At: at - start, Before: tail(a[start:at]), Received: head(a[at:]), Signed: head(b[at:]),
	}, true
}

func tail(s string) string {
	if len(s) <= reachBefore {
		return s
	}
	s = s[len(s)-reachBefore:]
	for s != "" && !utf8.RuneStart(s[0]) {
		s = s[1:]
	}
	return s
}

func head(s string) string {
	if len(s) <= reachBehind {
		return s
	}
	at := reachBehind
	for at > 0 && !utf8.RuneStart(s[at]) {
		at--
	}
	return s[:at]
}
