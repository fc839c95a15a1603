package generate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// printCheck prints the method that knows the documented rules of st.
func (st *structType) printCheck(out *printer) {
	if !st.checked() {
		return
	}
	var body printer
	st.printRules(&body)
	if len(st.anyOf) > 0 {
		st.printAnyOf(&body)
	}
	text := strings.TrimSuffix(body.String(), "\n")
	out.f("// Check reports every field that breaks a documented rule.")
	if strings.Contains(text, "\n") {
		text = "\n" + text + "\n"
	}
	out.f("func (r *%s) Check(c *wxpay.Check) { %s }\n", st.name, text)
}

// together is how many strings with the same simple rule stand in one line.
const together = 4

// printRules prints the rules in the order of the members. Neighbours of which
// only is known whether they are required share a line.
func (st *structType) printRules(out *printer) {
	var method string
	var args []string
	flush := func() {
		if len(args) > 0 {
			out.f("c.%s(%s)", method, strings.Join(args, ", "))
		}
		args = nil
	}
	for _, m := range st.members {
		simple := m.simpleRule()
		if simple != method || simple == "" || len(args) == together {
			flush()
		}
		if method = simple; simple == "" {
			m.printRule(out)
			continue
		}
		args = append(args, strconv.Quote(m.Name)+", r."+m.name)
	}
	flush()
}

// simpleRule is the method for a string without limits, "" for all others.
func (m *member) simpleRule() string {
	if m.typ.kind != "string" || m.stringRule(m.Field, m.typ, false) != "" {
		return ""
	}
	if m.Required && !m.filled() {
		return "Required"
	}
	return "Optional"
}

// checked: st has something to be held against. Every string has: not all of
// UTF-8 is allowed.
func (st *structType) checked() bool {
	for _, m := range st.members {
		if m.rule() {
			return true
		}
	}
	return len(st.anyOf) > 0
}

func (m *member) rule() bool {
	switch t := m.typ; {
	case m.kindOfFile():
		return false // the upload cannot begin without it
	case t.text:
		return t.elem.ref != nil && t.elem.ref.checked()
	case t.elem != nil:
		return m.Required || m.MaxItems > 0 || itemChecked(t.elem)
	case t.ref != nil:
		return t.ref.checked()
	case t.kind == "int64":
		return m.intRule() != ""
	default:
		return t.enum != nil || t.kind == "string"
	}
}

func itemChecked(t *goType) bool {
	return t.kind == "string" || t.enum != nil || t.ref != nil && t.ref.checked()
}

func (m *member) printRule(out *printer) {
	if !m.rule() {
		return
	}
	value := "r." + m.name
	switch t := m.typ; {
	case t.text:
		m.printText(out, value)
	case t.elem != nil:
		m.printItems(out)
	case t.ref != nil && t.pointer:
		out.f("if %s != nil {\nc.In(%q, %s)\n}", value, m.Name, value)
	case t.ref != nil:
		out.f("c.In(%q, &%s)", m.Name, value)
	case t.kind == "int64" && t.pointer:
		out.f("c.OptionalInt(%q, %s, wxpay.IntRule{%s})", m.Name, value, m.intRule())
	case t.kind == "int64" && !m.Required:
		out.f("if %s != 0 {\nc.Int(%q, %s, wxpay.IntRule{%s})\n}", value, m.Name, value, m.intRule())
	case t.kind == "int64":
		out.f("c.Int(%q, %s, wxpay.IntRule{%s})", m.Name, value, m.intRule())
	default:
		out.f("c.String(%q, %s, wxpay.Rule{%s})", m.Name, t.asString(value), m.stringRule(m.Field, t, m.Required && !m.filled()))
	}
}

// printText prints the rules of what stands inside a string.
func (m *member) printText(out *printer, value string) {
	if m.typ.elem.ref == nil || !m.typ.elem.ref.checked() {
		return
	}
	if m.typ.pointer {
		out.f("if %s != nil {\nc.In(%q, &%s.Value)\n}", value, m.Name, value)
		return
	}
	out.f("c.In(%q, &%s.Value)", m.Name, value)
}

// asString is value as the plain string that the rules are for.
func (t *goType) asString(value string) string {
	if t.enum != nil {
		return "string(" + value + ")"
	}
	return value
}

func (m *member) printItems(out *printer) {
	value := "r." + m.name
	if m.Required {
		out.f("c.Given(%q, len(%s) > 0)", m.Name, value)
	}
	if m.MaxItems > 0 {
		out.f("c.Count(%q, len(%s), %d)", m.Name, value, m.MaxItems)
	}
	switch t := m.typ.elem; {
	case !itemChecked(t):
	case t.ref != nil:
		out.f("for i := range %s {\nc.Item(%q, i, &%s[i])\n}", value, m.Name, value)
	default:
		out.f("for i, v := range %s {", value)
		out.f("c.String(%q+strconv.Itoa(i), %s, wxpay.Rule{%s})\n}", m.Name+"/", t.asString("v"), m.stringRule(m.Items, t, true))
	}
}

func (m *member) stringRule(f *spec.Field, t *goType, required bool) string {
	var parts []string
	if required {
		parts = append(parts, "Required: true")
	}
	if f.MinLength > 0 {
		parts = append(parts, fmt.Sprintf("Min: %d", f.MinLength))
	}
	if f.MaxLength > 0 {
		parts = append(parts, fmt.Sprintf("Max: %d", f.MaxLength))
	}
	if t.enum != nil {
		parts = append(parts, "Enum: "+t.enum.list(f.Enum))
	}
	if f.Pattern != "" {
		parts = append(parts, "Pattern: "+m.pattern)
	}
	if format, ok := formats[f.Format]; ok {
		parts = append(parts, "Format: wxpay."+format)
	}
	return strings.Join(parts, ", ")
}

// formats are the formats with a rule of their own. The format bmp has none:
// it holds for every string.
var formats = map[string]string{
	"date":       "FormatDate",
	"date-time":  "FormatDateTime",
	"notify-url": "FormatNotifyURL",
}

func (m *member) intRule() string {
	var parts []string
	if m.Minimum != nil {
		parts = append(parts, fmt.Sprintf("Min: new(int64(%d))", *m.Minimum))
	}
	if m.Maximum != nil {
		parts = append(parts, fmt.Sprintf("Max: new(int64(%d))", *m.Maximum))
	}
	if len(m.Enum) > 0 {
		parts = append(parts, "Enum: []int64{"+strings.Join(m.Enum, ", ")+"}")
	}
	return strings.Join(parts, ", ")
}

// printAnyOf prints the either-or rule: one of the choices has to be whole.
func (st *structType) printAnyOf(out *printer) {
	var choices, names []string
	for _, choice := range st.anyOf {
		var given []string
		for _, name := range choice {
			given = append(given, st.given(name))
		}
		choices = append(choices, strings.Join(given, " && "))
		names = append(names, strconv.Quote(strings.Join(choice, " and ")))
	}
	out.f("c.AnyOf(%s, %s)", strings.Join(choices, " || "), strings.Join(names, ", "))
}

// given is the Go expression for "the field called name is there".
func (st *structType) given(name string) string {
	for _, m := range st.members {
		if m.Name != name {
			continue
		}
		value := "r." + m.name
		switch t := m.typ; {
		case t.pointer:
			return value + " != nil"
		case t.text:
			return "true" // always sent
		case t.elem != nil, t.kind == "map[string]any":
			return "len(" + value + ") > 0"
		case t.kind == "int64":
			return value + " != 0"
		}
		return value + ` != ""`
	}
	return "false" // the description is read strictly, so a choice names a member
}
