package checkup

import (
	"fmt"
	"io"
	"strings"
)

// marks stand before the findings, by their grades.
var marks = map[Grade]string{Good: "ok", Skipped: "skipped", Note: "note", Warning: "warning", Faulty: "FAULT"}

// Write writes the report as a text to be read from top to bottom. paint
// colours a mark by its grade; nil leaves it as it is.
func (r *Report) Write(w io.Writer, paint func(Grade, string) string) error {
	for _, f := range r.Findings {
		mark := fmt.Sprintf("%-8s", marks[f.Grade])
		if paint != nil {
			mark = paint(f.Grade, mark)
		}
		lines := wrap(f.What+" "+f.Why, 70)
		if f.Remedy != "" {
			lines = append(lines, wrap("→ "+f.Remedy, 70)...)
		}
		for i, line := range lines {
			if i > 0 {
				mark = strings.Repeat(" ", 8)
			}
			if _, err := fmt.Fprintf(w, "%s%s\n", mark, line); err != nil {
				return err
			}
		}
	}
	return nil
}

// columns is how wide a text is on a terminal: Chinese takes two a character.
func columns(text string) (n int) {
	for _, r := range text {
		if n++; r >= 0x2e80 {
			n++
		}
	}
	return n
}

// wrap breaks a text into lines of about so many columns.
func wrap(text string, width int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && columns(line)+1+columns(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
