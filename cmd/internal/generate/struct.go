package generate

import (
	"strings"
)

// print prints a struct with its doc and, if it is part of a request, its rules.
func (st *structType) print(out *printer) {
	out.comment("", st.name+" is "+what(st.doc, st.label, "a part of the message"))
	st.printStruct(out)
	if st.asked {
		st.printCheck(out)
	}
}

func (st *structType) printStruct(out *printer) {
	out.f("type %s struct {", st.name)
	for _, m := range st.members {
		if doc := m.doc(st.asked); doc != "" {
			out.comment("\t", doc)
		}
		out.f("\t%s %s %s", m.name, m.typ, m.tag())
	}
	out.f("}\n")
}

// tag is the struct tag, which tells the runtime where the field belongs.
func (m *member) tag() string {
	switch {
	case m.kindOfFile():
		return "`json:\"-\" file:\"" + m.file + "\"`"
	case m.In != "" && m.Encrypted:
		return "`json:\"-\" " + m.In + ":\"" + m.Name + "\" seal:\"oaep\"`"
	case m.In != "":
		return "`json:\"-\" " + m.In + ":\"" + m.Name + "\"`"
	}
	tag := m.Name
	switch {
	case m.Required || m.Digest != "":
	case !m.typ.text && m.typ.elem != nil || m.typ.kind == "map[string]any":
		tag += ",omitempty"
	default:
		tag += ",omitzero"
	}
	tag = "json:\"" + tag + "\""
	if m.Encrypted || m.Items != nil && m.Items.Encrypted {
		tag += " seal:\"oaep\""
	}
	if m.file != "" {
		tag += " file:\"" + m.file + "\""
	}
	return "`" + tag + "`"
}

// doc is the comment of a field: text, label, limits, marks. That a member of
// an answer may be absent is in its tag and in its type.
func (m *member) doc(asked bool) string {
	label := m.Label
	if m.blended {
		label = ""
	}
	parts := []string{labelled(m.Doc, label)}
	if !m.Required && asked {
		parts = append(parts, "Optional.")
	}
	if l := limits(m.Field); l != "" && asked {
		parts = append(parts, l+".")
	}
	switch {
	case m.kindOfFile():
		parts = append(parts, "Read to its end, once.")
	case m.Digest != "":
		parts = append(parts, "Filled from the file if it is empty.")
	case m.Encrypted:
		parts = append(parts, "Encrypted on the wire.")
	}
	if len(m.Inferred) > 0 {
		parts = append(parts, "Inferred: "+strings.Join(m.Inferred, ", ")+".")
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}
