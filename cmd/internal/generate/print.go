package generate

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// printer collects the text of one file.
type printer struct{ bytes.Buffer }

// f prints a line.
func (p *printer) f(format string, args ...any) {
	fmt.Fprintf(p, format, args...)
	p.WriteByte('\n')
}

// header begins a Go file.
func (p *printer) header(pkg string) {
	p.WriteString(goMarker)
	p.f("\npackage %s\n", pkg)
}

const docWidth = 96

// comment prints text as a comment. Paragraphs are kept apart and wrapped;
// items of a list stay items.
func (p *printer) comment(indent, text string) {
	first := true
	for _, para := range paragraphs(text) {
		if !first {
			p.f("%s//", indent)
		}
		first = false
		for _, line := range para {
			p.f("%s// %s", indent, line)
		}
	}
}

// paragraphs wraps text: a slice of lines for each paragraph.
func paragraphs(text string) [][]string {
	var out [][]string
	for para := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		var lines []string
		for _, item := range items(para) {
			lead, rest := "", ""
			if strings.HasPrefix(item, "- ") {
				item, lead, rest = item[2:], "  - ", "    "
			}
			for i, line := range wrap(item, docWidth-len(lead)) {
				if i > 0 {
					lead = rest
				}
				lines = append(lines, lead+line)
			}
		}
		out = append(out, lines)
	}
	return out
}

// items splits a paragraph before each line that begins a list item.
func items(para string) []string {
	var out []string
	for line := range strings.Lines(para) {
		line = strings.TrimSpace(line)
		if len(out) == 0 || strings.HasPrefix(line, "- ") {
			out = append(out, line)
			continue
		}
		out[len(out)-1] += " " + line
	}
	return out
}

func wrap(text string, width int) []string {
	var lines []string
	var line string
	for w := range strings.FieldsSeq(text) {
		if line != "" && columns(line)+1+columns(w) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	return append(lines, line)
}

// columns is the width of text in a terminal, where Chinese takes two cells.
func columns(text string) int {
	n := utf8.RuneCountInString(text)
	for _, r := range text {
		if unicode.Is(unicode.Han, r) || r >= 0xFF00 && r < 0xFFF0 {
			n++
		}
	}
	return n
}

// lowerFirst lets a sentence follow a name: "Pre-signs …" after "X".
func lowerFirst(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if len(first) > 1 && strings.ToUpper(first) == first {
		return s
	}
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

// labelled puts the Chinese label behind the first sentence of an English text,
// or gives the label where there is no text.
func labelled(doc, label string) string {
	doc = strings.Join(strings.Fields(doc), " ")
	if doc == "" {
		return sentence(label)
	}
	if label == "" || strings.Contains(doc, label) {
		return sentence(doc)
	}
	head, rest, ok := strings.Cut(sentence(doc), ". ")
	if !ok {
		return strings.TrimSuffix(head, ".") + " (" + label + ")."
	}
	return head + " (" + label + "). " + rest
}

// what goes on after "X is": the label, and the English text if there is one.
func what(doc, label, otherwise string) string {
	switch doc = strings.Join(strings.Fields(doc), " "); {
	case doc == "" && label == "":
		return otherwise + "."
	case doc == "":
		return sentence(label)
	case label == "" || strings.Contains(doc, label):
		return "this: " + lowerFirst(sentence(doc))
	}
	return label + ": " + lowerFirst(sentence(doc))
}

func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "。") {
		return s
	}
	return s + "."
}
