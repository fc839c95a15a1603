package caller

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// Word is what can stand next on a command line.
type Word struct {
	Text string
	Help string // one line, or ""
	More bool   // the word goes on: no blank follows
}

// Methods are the methods that begin with a text, which may be in lower case.
func Methods(prefix string) (words []Word) {
	seen := map[string]bool{}
	for method := range spec.Addresses() {
		if !seen[method] && strings.HasPrefix(method, strings.ToUpper(prefix)) {
			seen[method] = true
			words = append(words, Word{Text: method})
		}
	}
	slices.SortFunc(words, byText)
	return words
}

func byText(a, b Word) int { return cmp.Compare(a.Text, b.Text) }

// Paths are the next segments of the paths that have a method and begin with
// a text, which may hold values for parameters.
func Paths(method, prefix string) []Word {
	method, prefix = strings.ToUpper(method), "/"+strings.TrimPrefix(prefix, "/")
	typed := strings.Split(prefix[1:], "/")
	head := prefix[:strings.LastIndexByte(prefix, '/')+1]
	found := map[Word]string{} // the template of a word that is a whole path
	for m, template := range spec.Addresses() {
		segments := strings.Split(template[1:], "/")
		if m != method || len(segments) < len(typed) || !fits(segments, typed[:len(typed)-1]) {
			continue
		}
		text, ok := segment(segments[len(typed)-1], typed[len(typed)-1])
		if !ok {
			continue
		}
		w := Word{Text: head + text}
		if len(segments) > len(typed) {
			w.Text, w.More, template = w.Text+"/", true, ""
		}
		found[w] = template
	}
	words := make([]Word, 0, len(found))
	for w, template := range found {
		if op, ok := spec.Lookup(method, template); ok {
			w.Help = op.Title
		}
		words = append(words, w)
	}
	slices.SortFunc(words, byText)
	return words
}

// fits reports whether the first segments of a template can be what was typed.
func fits(template, typed []string) bool {
	for i, s := range typed {
		isParam := strings.HasPrefix(template[i], "{")
		if s != template[i] && (!isParam || s == "") {
			return false
		}
	}
	return true
}

// segment completes one segment: a value that was begun in the place of a
// parameter stays as it is.
func segment(template, typed string) (string, bool) {
	if strings.HasPrefix(template, typed) {
		return template, true
	}
	return typed, strings.HasPrefix(template, "{") && !strings.HasPrefix(typed, "{")
}

// Fields are the fields that can follow a method, a path and other fields:
// names that begin with a text, those that are required first, or the values
// of a field that has a closed list of them.
func Fields(method, path string, given []string, prefix string) []Word {
	c, err := Place(Request{Method: method, Path: path, Unchecked: true})
	if err != nil {
		return nil
	}
	if name, value, ok := strings.Cut(prefix, "="); ok {
		return c.values(strings.TrimSuffix(name, ":"), name, value)
	}
	used := map[string]bool{}
	for _, g := range given {
		name, _, _ := strings.Cut(g, "=")
		used[strings.TrimSuffix(name, ":")] = true
	}
	owner, members := "", c.members()
	if i := strings.LastIndexByte(prefix, '.'); i >= 0 {
		owner = prefix[:i+1]
		f, err := c.lookup(prefix[:i])
		if err != nil {
			return nil
		}
		members = f.Fields
	}
	var words []Word
	for i := range members {
		m := &members[i]
		name := owner + m.Name
		if _, inPath := c.params[name]; strings.HasPrefix(name, prefix) && !used[name] && !inPath {
			words = append(words, Word{Text: name + ending(m), Help: describe(m), More: true})
		}
	}
	return words
}

// members are the fields of the first level, those that are required first.
func (c *Call) members() []spec.Field {
	list := slices.Clone(c.op.Params)
	if c.op.File != nil {
		file := *c.op.File
		file.Required, file.Type = true, "file"
		list = append(list, file)
	}
	if c.op.Request != nil {
		list = append(list, c.op.Request.Fields...)
	}
	slices.SortStableFunc(list, func(a, b spec.Field) int {
		switch {
		case a.Required == b.Required:
			return 0
		case a.Required:
			return -1
		}
		return 1
	})
	return list
}

// ending is what follows a name.
func ending(f *spec.Field) string {
	switch {
	case f.Type == "file":
		return "=@"
	case f.Type == "object" && len(f.Fields) > 0:
		return "."
	case f.Type == "array" && f.Items != nil && len(f.Items.Fields) > 0:
		return ".0."
	case f.Type == "array":
		return ".0="
	case f.Type == "object":
		return ":="
	}
	return "="
}

func describe(f *spec.Field) string {
	text := f.Label + ", " + f.Type
	if f.Required {
		text += ", required"
	}
	return strings.TrimPrefix(text, ", ")
}

func (c *Call) values(name, typed, prefix string) (words []Word) {
	f, err := c.lookup(name)
	if err != nil {
		return nil
	}
	values := f.Enum
	if f.Type == "boolean" {
		values = []string{"false", "true"}
	}
	for _, v := range values {
		if strings.HasPrefix(v, prefix) {
			words = append(words, Word{Text: typed + "=" + v})
		}
	}
	return words
}
