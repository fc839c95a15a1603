package generate

import (
	"strings"
)

// print prints a struct with its doc and, if it is part of a request, its rules.
func (st *structType) print(out *printer) {
	label := ""
	if st.label != "" {
		label = " (" + st.label + ")"
	}
	out.comment("", st.name+label+": "+lowerFirst(sentence(st.doc)))
	st.printStruct(out)
	if st.asked {
		st.printCheck(out)
	}
}

func (st *structType) printStruct(out *printer) {
	out.f("type %s struct {", st.name)
	for _, m := range st.members {
		out.comment("\t", m.doc())
		out.f("\t%s %s %s", m.name, m.typ, m.tag())
	}
	out.f("}\n")
}

// tag is the struct tag, which tells the runtime where the field belongs.
func (m *member) tag() string {
	if m.In != "" {
		return "`json:\"-\" " + m.In + ":\"" + m.Name + "\"`"
	}
	tag := m.Name
	switch {
	case m.Required:
	case m.typ.elem != nil || m.typ.kind == "map[string]any":
		tag += ",omitempty"
	default:
		tag += ",omitzero"
	}
	if m.Encrypted {
		return "`json:\"" + tag + "\" seal:\"oaep\"`"
	}
	return "`json:\"" + tag + "\"`"
}

// doc is the comment of a field: text, label, limits, marks.
func (m *member) doc() string {
	parts := []string{labelled(m.Doc, m.Label)}
	if !m.Required {
		parts = append(parts, "Optional.")
	}
	if l := limits(m.Field); l != "" {
		parts = append(parts, l+".")
	}
	if m.Encrypted {
		parts = append(parts, "Plain text here, encrypted on the wire.")
	}
	if len(m.Inferred) > 0 {
		parts = append(parts, "Inferred: "+strings.Join(m.Inferred, ", ")+".")
	}
	return strings.Join(parts, " ")
}
