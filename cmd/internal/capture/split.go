package capture

import (
	"strconv"
	"strings"
)

// word is one word of a command, and the line that it begins in.
type word struct {
	text string
	line int
}

// splitter splits a command as POSIX says (2.2, Quoting), and as bash does with
// $'…', which browsers write for bodies with line breaks.
type splitter struct {
	rest string
	line int
}

// split returns the words of the first command in text, and what follows it.
func split(text string, line int) (words []word, rest string, err error) {
	s := &splitter{text, line}
	for {
		s.blanks()
		if s.rest == "" || strings.ContainsRune("\n\r;|&#", rune(s.rest[0])) {
			return words, s.rest, nil
		}
		at := s.line
		text, err := s.word()
		if err != nil {
			return nil, "", err
		}
		words = append(words, word{text, at})
	}
}

func (s *splitter) take(n int) string {
	taken := s.rest[:n]
	s.rest = s.rest[n:]
	s.line += strings.Count(taken, "\n")
	return taken
}

// continuation is the length of a backslash with the line break behind it.
func (s *splitter) continuation() int {
	for _, c := range []string{"\\\n", "\\\r\n"} {
		if strings.HasPrefix(s.rest, c) {
			return len(c)
		}
	}
	return 0
}

func (s *splitter) blanks() {
	for {
		switch n := s.continuation(); {
		case n > 0:
			s.take(n)
		case strings.HasPrefix(s.rest, " "), strings.HasPrefix(s.rest, "\t"):
			s.take(1)
		default:
			return
		}
	}
}

func (s *splitter) refuse(line int, rule, remedy string) error {
	return &Error{Curl, line, rule, remedy}
}

// word reads up to a blank that is not quoted.
func (s *splitter) word() (string, error) {
	var b strings.Builder
	for s.rest != "" {
		if n := s.continuation(); n > 0 {
			s.take(n)
			continue
		}
		var text string
		var err error
		switch c := s.rest[0]; {
		case strings.HasPrefix(s.rest, "$'"):
			text, err = s.ansi()
		case c == '\'':
			text, err = s.single()
		case c == '"':
			text, err = s.double()
		case c == '\\':
			if len(s.rest) == 1 {
				return "", s.refuse(s.line, "ends in a backslash", "copy the line whole")
			}
			text = s.take(2)[1:]
		case c == '^' && (strings.HasPrefix(s.rest, "^\n") || strings.HasPrefix(s.rest, "^\r\n") || strings.HasPrefix(s.rest, `^"`)):
			return "", s.refuse(s.line, "is quoted for Windows' cmd", "copy it as cURL (bash)")
		case strings.ContainsRune(" \t\r\n;|&", rune(c)):
			return b.String(), nil
		default:
			text = s.take(1)
		}
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func (s *splitter) single() (string, error) {
	end := strings.IndexByte(s.rest[1:], '\'')
	if end < 0 {
		return "", s.refuse(s.line, "opens a ' that is never closed", "copy the line whole")
	}
	return s.take(end + 2)[1 : end+1], nil
}

func (s *splitter) double() (string, error) {
	start := s.line
	s.take(1)
	var b strings.Builder
	for s.rest != "" {
		switch n := s.continuation(); {
		case n > 0:
			s.take(n)
		case s.rest[0] == '"':
			s.take(1)
			return b.String(), nil
		case s.rest[0] == '\\' && len(s.rest) > 1 && strings.ContainsRune("$`\"\\", rune(s.rest[1])):
			b.WriteString(s.take(2)[1:])
		case s.rest[0] == '`', strings.HasPrefix(s.rest, "$("), strings.HasPrefix(s.rest, "${"):
			return "", s.refuse(s.line, "has the shell put something in between double quotes", "write the value itself, in single quotes")
		default:
			b.WriteString(s.take(1))
		}
	}
	return "", s.refuse(start, `opens a " that is never closed`, "copy the line whole")
}

// ansiLetters are the escapes of $'…' that stand for one byte.
var ansiLetters = map[byte]string{
	'a': "\a", 'b': "\b", 'e': "\x1b", 'E': "\x1b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
	'\\': "\\", '\'': "'", '"': `"`, '?': "?",
}

func (s *splitter) ansi() (string, error) {
	start := s.line
	s.take(2)
	var b strings.Builder
	for s.rest != "" {
		switch {
		case s.rest[0] == '\'':
			s.take(1)
			return b.String(), nil
		case s.rest[0] == '\\' && len(s.rest) > 1:
			b.WriteString(s.escape())
		default:
			b.WriteString(s.take(1))
		}
	}
	return "", s.refuse(start, "opens a $' that is never closed", "copy the line whole")
}

func (s *splitter) escape() string {
	letter := s.rest[1]
	if text, ok := ansiLetters[letter]; ok {
		s.take(2)
		return text
	}
	switch letter {
	case 'x':
		return s.number(2, 2, 16, false)
	case 'u':
		return s.number(2, 4, 16, true)
	case 'U':
		return s.number(2, 8, 16, true)
	}
	if letter >= '0' && letter <= '7' {
		return s.number(1, 3, 8, false)
	}
	return s.take(2)
}

// number reads up to most digits behind skip bytes: the code of a byte, or of
// a character.
func (s *splitter) number(skip, most, base int, character bool) string {
	n := 0
	for n < most && skip+n < len(s.rest) {
		if _, err := strconv.ParseUint(s.rest[skip+n:skip+n+1], base, 8); err != nil {
			break
		}
		n++
	}
	if n == 0 {
		return s.take(2)
	}
	code, _ := strconv.ParseInt(s.rest[skip:skip+n], base, 32) // digits; what is too great is no character either
	s.take(skip + n)
	if !character {
		return string([]byte{byte(code & 0xff)})
	}
	return string(rune(code))
}
