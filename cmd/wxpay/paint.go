package main

import (
	"strings"
)

// paintJSON colours the members, texts and numbers of indented JSON, where
// colours are shown.
func (o *output) paintJSON(text []byte) string {
	if !o.color {
		return string(text)
	}
	var b strings.Builder
	for s := string(text); s != ""; {
		n, style := 1, ""
		switch c := s[0]; {
		case c == '"':
			n = quotedEnd(s)
			style = "text"
			if strings.HasPrefix(s[n:], ":") {
				style = "key"
			}
		case strings.IndexByte("-0123456789", c) >= 0:
			n = strings.IndexFunc(s+",", func(r rune) bool { return !strings.ContainsRune("+-.0123456789eE", r) })
			style = "number"
		case strings.IndexByte("tfn", c) >= 0: // true, false, null
			n = strings.IndexFunc(s+",", func(r rune) bool { return r < 'a' || r > 'z' })
			style = "number"
		}
		b.WriteString(o.paint(style, s[:n]))
		s = s[n:]
	}
	return b.String()
}

// quotedEnd is the length of the quoted text that s begins with.
func quotedEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}
