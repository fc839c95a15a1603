package generate

import "fmt"

// use does something with the answer, so that a sample shows what it gives.
func (o *operation) use() string {
	m := o.telling()
	switch {
	case o.response == nil:
		return ""
	case m == nil:
		return "fmt.Fprintln(w, len(out) > 0)\n"
	case m.typ.pointer:
		return "fmt.Fprintln(w, out." + m.name + " != nil)\n"
	case m.typ.elem != nil && !m.typ.text, m.typ.kind == "map[string]any":
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
	for _, m := range o.response.members {
		if best == nil || o.rank(m) > o.rank(best) {
			best = m
		}
	}
	return best
}

func (o *operation) rank(m *member) int {
	text := m.Type == "string" && m.typ.elem == nil
	switch {
	case m.Required && text && o.asked(m.Name) != "":
		return 6
	case m.Required && text:
		return 5
	case m.Required && m.typ.elem != nil && !m.typ.text:
		return 4
	case text:
		return 3
	case m.Type != "object" && !m.typ.pointer:
		return 2
	}
	return 1
}

// asked is what the samples give for a field of the request, "" if nothing, or
// if the parts of the request give different things for it.
func (o *operation) asked(name string) string {
	if o.request == nil {
		return ""
	}
	value := ""
	for _, m := range o.request.members {
		if m.Name != name || !shown(m.Field, o.request.anyOf) || m.typ.ref != nil || m.typ.elem != nil || m.Encrypted {
			continue
		}
		sample := fmt.Sprint(m.Sample)
		if value != "" && value != sample {
			return ""
		}
		value = sample
	}
	return value
}

// expected is what a sample prints, "" if the test cannot know: a name that the
// request and the answer have in common need not stand for the same thing.
func (o *operation) expected() string {
	m := o.telling()
	if m == nil || m.typ.elem != nil || m.typ.pointer {
		return ""
	}
	if f := m.among(o.Response.Fields); f == nil || o.asked(m.Name) != fmt.Sprint(f.Sample) {
		return ""
	}
	return o.asked(m.Name)
}
