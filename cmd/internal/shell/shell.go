// Package shell writes words and commands for a shell of POSIX, and reads back
// the lines of variables that were written so.
//
// Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02
package shell

import (
	"errors"
	"fmt"
	"strings"
)

// Quote writes a word so that a shell takes it as it is. A word cannot hold a
// zero byte, which no argument of a program can.
func Quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// Word is [Quote], but leaves plain what a shell takes as it is anyway.
func Word(text string) string {
	plain := func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("/._-:+=@,%", r)
	}
	if text != "" && strings.TrimFunc(text, plain) == "" {
		return text
	}
	return Quote(text)
}

// Variable is one line NAME=VALUE.
type Variable struct{ Name, Value string }

// Variables reads lines NAME=VALUE as a shell would: the value plain, or within
// single or double quotes; blank lines and comments are left out, and so is an
// export before the name. An error names the line, never its content.
func Variables(text string) (list []Variable, err error) {
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			return nil, fmt.Errorf("line %d is no NAME=VALUE; put one variable in a line, without blanks around the equals sign", number)
		}
		if value, err = unquote(value); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		list = append(list, Variable{name, value})
	}
	return list, nil
}

// unquote reads a value that is quoted whole, or not at all.
func unquote(text string) (string, error) {
	if text == "" || text[0] != '\'' && text[0] != '"' {
		return text, nil
	}
	quote := text[:1]
	if len(text) < 2 || !strings.HasSuffix(text, quote) {
		return "", errors.New("the value begins with a quote and does not end with it; close the quote")
	}
	inner := text[1 : len(text)-1]
	if quote == "'" {
		return strings.ReplaceAll(inner, `'\''`, "'"), nil
	}
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\$`, `$`, "\\`", "`").Replace(inner), nil
}
