package shell

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Curl is a request as a command of curl, for people to copy.
type Curl struct {
	Options []string // of curl, before the others, as they are
	Method  string
	URL     string // sent as it is, whatever curl would like to change in it
	Header  http.Header
	Body    []byte // without a zero byte
	Parts   []Part // of a form (multipart), in place of Body
}

// Part is one part of a form: a text, or a file that curl reads.
type Part struct{ Name, Text, Type, File string }

// String writes the command, without a line break at its end.
func (c *Curl) String() string {
	words := append([]string{"curl"}, c.Options...)
	if strings.Contains(c.URL, "/.") {
		words = append(words, "--path-as-is") // or /../ is left out
	}
	if strings.ContainsAny(c.URL, "[]{}") {
		words = append(words, "--globoff") // or they are taken for patterns
	}
	lines := []string{strings.Join(append(words, "-X", c.Method, Quote(c.URL)), " ")}
	for _, name := range slices.Sorted(maps.Keys(c.Header)) {
		if c.itself(name) {
			continue
		}
		for _, value := range c.Header[name] {
			lines = append(lines, "-H "+Quote(header(name, value)))
		}
	}
	return strings.Join(append(lines, c.content()...), " \\\n  ")
}

// itself reports whether curl has to write a header itself: the length, and
// the boundary of a form.
func (c *Curl) itself(name string) bool {
	return name == "Content-Length" || name == "Content-Type" && len(c.Parts) > 0
}

func header(name, value string) string {
	if value == "" {
		return name + ";" // curl's way to send it nevertheless
	}
	return name + ": " + value
}

// content are the options that send the body.
func (c *Curl) content() (lines []string) {
	for _, p := range c.Parts {
		lines = append(lines, "-F "+Quote(p.String()))
	}
	writes := c.Method == http.MethodPost || c.Method == http.MethodPut || c.Method == http.MethodPatch
	if len(c.Parts) > 0 || len(c.Body) == 0 && !writes {
		return lines
	}
	if c.Header.Get("Content-Type") == "" {
		lines = append(lines, "-H 'Content-Type:'") // or curl sends that of a form
	}
	return append(lines, "--data-raw "+Quote(string(c.Body)))
}

// String is the part as curl reads it behind -F.
func (p Part) String() string {
	text := p.Name + "="
	if p.File != "" {
		text += "@" + formWord(p.File)
	} else {
		text += formWord(p.Text)
	}
	if p.Type != "" {
		text += ";type=" + p.Type
	}
	return text
}

func formWord(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
