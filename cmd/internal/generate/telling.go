package generate

import "fmt"

// use does something with the answer, so that a sample shows what it gives.
func (o *operation) use() string {
	m := o.telling()
	switch {
	case m == nil:
		return ""
	case m.typ.elem != nil:
		return "fmt.Fprintln(w, len(out." + m.name + "))\n"
	}
	return "fmt.Fprintln(w, out." + m.name + ")\n"
}

// telling is the member of the answer that a sample prints: one that repeats
// the request if there is one, because a test then knows its value; best a
// string, because it names something.
func (o *operation) telling() *member {
	if o.response == nil {
		return nil
	}
	var best *member
	rank := func(m *member) int {
		switch {
		case m == nil:
			return 0
		case m.Required && m.Type == "string" && o.asked(m.Name) != "":
			return 5
		case m.Required && m.Type == "string":
			return 4
		case m.Required && m.typ.elem != nil:
			return 3
		case m.Type != "object":
			return 2
		}
		return 1
	}
	for _, m := range o.response.members {
		if rank(m) > rank(best) {
			best = m
		}
	}
	return best
}

// asked is what the samples give for a field of the request, "" if nothing.
func (o *operation) asked(name string) string {
	if o.request == nil {
		return ""
	}
	for _, m := range o.request.members {
		if m.Name == name && shown(m.Field, o.request.anyOf) && m.typ.ref == nil && m.typ.elem == nil && !m.Encrypted {
			return fmt.Sprint(m.Sample)
		}
	}
	return ""
}

// expected is what a sample prints, "" if the test cannot know.
func (o *operation) expected() string {
	if m := o.telling(); m != nil && m.typ.elem == nil && m.Name != "" {
		return o.asked(m.Name)
	}
	return ""
}
