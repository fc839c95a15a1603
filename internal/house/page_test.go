package house

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// page is a document that tells what to type, and what comes of it.
type page struct {
	steps  []step
	quoted []string // what stands in backticks
}

// step is a command and what is shown of its effects.
type step struct {
	number  int
	command string
	shows   map[string]string // "text": what it prints; else what the window of that command prints then
}

// server is the command of wxpay that serves until it is interrupted, if it is
// one that does.
func (s step) server() string {
	words := strings.Fields(s.command)
	if !strings.Contains(s.shows["text"], "stop with Ctrl-C") || len(words) < 2 {
		return ""
	}
	return words[1]
}

var pageStep = regexp.MustCompile(`(?m)^### (\d+)\. `)

// readPage reads the numbered steps of a page: each has one command, in a block
// of sh. There are ten of them.
func readPage(t *testing.T, file string) page {
	t.Helper()
	text := read(t, file)
	p := page{quoted: captured(code.FindAllStringSubmatch(prose(text), -1))}
	heads := pageStep.FindAllStringSubmatchIndex(text, -1)
	for i, at := range heads {
		end := len(text)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		p.steps = append(p.steps, readStep(t, text[at[2]:at[3]], text[at[0]:end]))
		if p.steps[i].number != i+1 {
			t.Fatalf("step %d is numbered %d", i+1, p.steps[i].number)
		}
	}
	if len(p.steps) != 10 {
		t.Fatalf("%s has %d commands, and promises ten", file, len(p.steps))
	}
	return p
}

func readStep(t *testing.T, number, text string) step {
	t.Helper()
	n, err := strconv.Atoi(number)
	if err != nil {
		t.Fatal(err)
	}
	s := step{number: n, shows: map[string]string{}}
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		switch kind := m[1]; {
		case kind != "sh" && s.shows[kind] == "" && s.command != "":
			s.shows[kind] = m[2]
		case kind == "sh" && s.command == "" && strings.Count(m[2], "\n") == 1:
			s.command = strings.TrimSpace(m[2])
		default:
			t.Fatalf("step %d: want one line of sh, and then one block of what each window shows", n)
		}
	}
	if s.command == "" {
		t.Fatalf("step %d has no command", n)
	}
	return s
}

// volatiles are what is other at each run.
var volatiles = []struct {
	what *regexp.Regexp
	name string
}{
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)`), "TIME"},
	{regexp.MustCompile(`\b\d{4}-\d\d-\d\d\b`), "DATE"},
	{regexp.MustCompile(`\b\d\d:\d\d:\d\d\b`), "TIME"},
	{regexp.MustCompile(`[0-9A-Za-z]{20,}`), "ID"},
}

// volatile puts a name in the place of times and ids.
func volatile(text string) string {
	for _, v := range volatiles {
		text = v.what.ReplaceAllString(text, v.name)
	}
	return text
}

// alike matches what is printed, with [volatile] names in it, if it is what is
// shown: … on a line of its own stands for any lines, and within a line for any
// part of it. All else is as it is shown, to the letter.
func alike(shown string) *regexp.Regexp {
	var b strings.Builder
	for line := range strings.Lines(volatile(shown)) {
		if strings.TrimSpace(line) == "…" {
			b.WriteString(`(?:.*\n)*`)
			continue
		}
		b.WriteString(strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*"))
	}
	return regexp.MustCompile(`^` + strings.TrimSuffix(b.String(), "\n") + `\n?$`)
}

func TestAlike(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		shown, printed string
		want           bool
	}{
		{"a\n", "a\n", true},
		{"a\n", "a", true},
		{"a\n", "a\nb\n", false},
		{"", "a\n", false},
		{"a\n…\nd\n", "a\nb\nc\nd\n", true},
		{"a\n…\nd\n", "a\nd\n", true},
		{"a\n…\nd\n", "a\nb\n", false},
		{"a … d\n", "a b c d\n", true},
		{"a … d\n", "a\nd\n", false},
		{"10:30:44  EV-20261121103044000000000164425615\n", "09:00:00  EV-20270101090000000000000100000000\n", true},
		{"at 10:30:44\n", "at noon\n", false},
		{"id 20261121103044000000000164425615\n", "id 7\n", false},
	} {
		if got := alike(tt.shown).MatchString(volatile(tt.printed)); got != tt.want {
			t.Errorf("%q shows %q: %t, want %t", tt.shown, tt.printed, got, tt.want)
		}
	}
}
