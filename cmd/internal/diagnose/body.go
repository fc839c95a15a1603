package diagnose

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// bodies are the bodies that may have been signed in place of the one that was
// sent, those with the fewest mistakes first.
func (s *search) bodies() []variant {
	sent := s.right.body
	b := &bodyList{seen: map[string]bool{sent: true}}
	if sent == "" {
		if s.right.method == http.MethodGet {
			b.add(string(s.unsigned), BodyOfGet)
		}
		for _, text := range []string{"{}", "null", "[]", `""`, "undefined"} {
			b.add(text, BodyNotSent)
		}
		return b.list
	}
	b.add("", BodyNotSigned)
	b.add(strings.TrimSpace(sent), BodyTrimmed)
	for _, end := range []string{"\n", "\r\n", " "} {
		b.add(sent+end, BodyNewline)
	}
	b.add(strings.ReplaceAll(sent, "\r\n", "\n"), BodyBreaks)
	b.add(strings.ReplaceAll(sent, "\n", "\r\n"), BodyBreaks)
	b.add("\ufeff"+sent, BodyMark)
	b.add(strings.TrimPrefix(sent, "\ufeff"), BodyMark)
	b.addPacked(sent)
	b.add(latin(sent), BodyCharset)
	b.addJSON(sent)
	if quoted, err := json.Marshal(sent); err == nil {
		b.add(string(quoted), BodyQuoted)
	}
	var text string
	if json.Unmarshal([]byte(sent), &text) == nil {
		b.add(text, BodyQuoted)
	}
	b.addForm(sent)
	return b.list
}

// latin undoes the reading of UTF-8 as ISO 8859-1, which makes two or three
// characters of each Chinese one.
func latin(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return s
		}
		b = append(b, byte(r&0xff))
	}
	return string(b)
}

// maxPacked bounds what a packed body is unpacked to, in bytes.
const maxPacked = 8 << 20

// addPacked adds what is inside, if the body came packed.
func (b *bodyList) addPacked(sent string) {
	z, err := gzip.NewReader(strings.NewReader(sent))
	if err != nil {
		return
	}
	if plain, err := io.ReadAll(io.LimitReader(z, maxPacked)); err == nil {
		b.add(string(plain), BodyPacked)
	}
}

type bodyList struct {
	list []variant
	seen map[string]bool
}

func (b *bodyList) add(body string, causes ...Cause) {
	if b.seen[body] {
		return
	}
	b.seen[body] = true
	b.list = append(b.list, variant{causes, func(l lines) lines { l.body = body; return l }})
}

// step is one thing that a JSON library does otherwise than another.
type step struct {
	cause Cause
	do    func(string) string
}

// The five things, each with the ways to do it, in the order in which a library
// does them.
var steps = [][]step{
	{{BodySorted, sorted}},
	{{BodyNumbers, numbers}},
	{{BodyEscaped, strictly(escapeHTML)}, {BodyEscaped, strictly(escapeNothing)}, {BodyEscaped, strictly(escapeASCII)}, {BodySlashes, strictly(escapeSlash)}, {BodySlashes, strictly(escapePHP)}},
	spacings,
	{{BodyNewline, func(s string) string { return s + "\n" }}},
}

var spacings = []step{{BodyCompacted, compact}, {BodySpaced, spaced}, {BodyIndented, indented("  ")}, {BodyIndented, indented("    ")}, {BodyIndented, indented("\t")}}

// addJSON adds what another JSON library makes of the same object: each thing
// by itself, then two of them, and so on.
func (b *bodyList) addJSON(sent string) {
	if !json.Valid([]byte(sent)) {
		return
	}
	for count := 1; count <= len(steps); count++ {
		b.combine(sent, sent, nil, steps, count)
	}
}

// combine applies count of the steps. A step that does to the sent body
// nothing is how that was made itself, and no mistake.
func (b *bodyList) combine(sent, made string, why []Cause, rest [][]step, count int) {
	if count == 0 {
		b.add(made, why...)
		return
	}
	for i, ways := range slices.Backward(rest) { // the harmless ones first
		for _, way := range ways {
			now := slices.Clone(why)
			if way.do(sent) != sent {
				now = append(now, way.cause)
			}
			b.combine(sent, way.do(made), now, rest[i+1:], count-1)
		}
	}
}

func compact(s string) string {
	var b bytes.Buffer
	if json.Compact(&b, []byte(s)) != nil {
		return s
	}
	return b.String()
}

func indented(with string) func(string) string {
	return func(s string) string {
		var b bytes.Buffer
		if json.Indent(&b, []byte(s), "", with) != nil {
			return s
		}
		return b.String()
	}
}

// spaced writes a blank behind each colon and comma, as Python does.
func spaced(s string) string {
	return literals(compact(s), func(text string) string { return text }, func(b byte) string {
		if b == ':' || b == ',' {
			return string(b) + " "
		}
		return string(b)
	})
}

// sorted writes the members in the order of their names, and leaves the rest
// as it is: the literals, and the spacing if that is a usual one.
func sorted(s string) string {
	made := sortedRaw(json.RawMessage(s))
	for _, spacing := range spacings {
		if spacing.do(s) == s {
			return spacing.do(made)
		}
	}
	return made
}

func sortedRaw(raw json.RawMessage) string {
	var parts []string
	switch trimmed := bytes.TrimSpace(raw); {
	case bytes.HasPrefix(trimmed, []byte("[")):
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			return string(trimmed)
		}
		for _, item := range items {
			parts = append(parts, sortedRaw(item))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case bytes.HasPrefix(trimmed, []byte("{")):
		var members map[string]json.RawMessage
		if json.Unmarshal(raw, &members) != nil {
			return string(trimmed)
		}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			parts = append(parts, `"`+escaped(name, escapeNothing)+`":`+sortedRaw(members[name]))
		}
		return "{" + strings.Join(parts, ",") + "}"
	default:
		return string(trimmed)
	}
}

func escaped(plain string, escape func(rune) string) string {
	var b strings.Builder
	for _, r := range plain {
		b.WriteString(escape(r))
	}
	return b.String()
}

// numbers writes each number as a program does that reads it as a double.
func numbers(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		switch n := numberLength(s[i:]); {
		case s[i] == '"':
			end := i + stringLength(s[i:])
			b.WriteString(s[i:end])
			i = end
		case n > 0:
			f, _ := strconv.ParseFloat(s[i:i+n], 64) // out of range is infinite, and no match
			text, err := json.Marshal(f)
			if err != nil {
				text = []byte(s[i : i+n])
			}
			b.Write(text)
			i += n
		default:
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

func numberLength(s string) int {
	if s[0] != '-' && (s[0] < '0' || s[0] > '9') {
		return 0
	}
	return len(s) - len(strings.TrimLeft(s, "-+.eE0123456789"))
}

// stringLength is the length of the literal that s begins with.
func stringLength(s string) int {
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

// literals writes the string literals and the other bytes of a JSON text anew.
func literals(s string, text func(string) string, other func(byte) string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '"' {
			b.WriteString(other(s[i]))
			i++
			continue
		}
		end := i + stringLength(s[i:])
		b.WriteString(text(s[i:end]))
		i = end
	}
	return b.String()
}

// strictly writes each character of every string as escape says.
func strictly(escape func(rune) string) func(string) string {
	return func(s string) string {
		return literals(s, func(literal string) string {
			var plain string
			if json.Unmarshal([]byte(literal), &plain) != nil {
				return literal
			}
			return `"` + escaped(plain, escape) + `"`
		}, func(b byte) string { return string(b) })
	}
}

// escapeNothing escapes what JSON requires.
func escapeNothing(r rune) string {
	switch r {
	case '"', '\\':
		return `\` + string(r)
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	case '\b':
		return `\b`
	case '\f':
		return `\f`
	}
	if r < ' ' {
		return unicoded(r)
	}
	return string(r)
}

// escapeHTML is how Go escapes unless told otherwise.
func escapeHTML(r rune) string {
	switch r {
	case '<', '>', '&', '\u2028', '\u2029':
		return unicoded(r)
	}
	return escapeNothing(r)
}

// escapeASCII is how Python escapes unless told otherwise.
func escapeASCII(r rune) string {
	if r > '~' {
		return unicoded(r)
	}
	return escapeNothing(r)
}

// escapePHP is how PHP escapes unless told otherwise.
func escapePHP(r rune) string {
	if r == '/' {
		return `\/`
	}
	return escapeASCII(r)
}

// escapeSlash is PHP told to leave Chinese alone.
func escapeSlash(r rune) string {
	if r == '/' {
		return `\/`
	}
	return escapeNothing(r)
}

func unicoded(r rune) string {
	if r <= 0xffff {
		return `\u` + hex4(r)
	}
	high, low := utf16.EncodeRune(r)
	return `\u` + hex4(high) + `\u` + hex4(low)
}

func hex4(r rune) string { return strconv.FormatInt(int64(r)+0x10000, 16)[1:] }

// addForm adds the body as pairs of name and value, sorted and joined, which is
// how APIv2 signs.
func (b *bodyList) addForm(sent string) {
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(sent), &object) != nil {
		return
	}
	values := url.Values{}
	var plain []string
	for name, raw := range object {
		text := string(raw)
		if inner, err := strconv.Unquote(text); err == nil {
			text = inner
		}
		values.Set(name, text)
		plain = append(plain, name+"="+text)
	}
	slices.Sort(plain)
	b.add(strings.Join(plain, "&"), BodyForm)
	b.add(values.Encode(), BodyForm)
}
