package generate

import (
	"fmt"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// cell makes text fit for a cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", "\\|")
}

func fieldType(f *spec.Field) string {
	switch {
	case f.Text != nil:
		return fieldType(f.Text) + " as JSON in a string"
	case f.Type == "array":
		return "array of " + f.Items.Type
	}
	return f.Type
}

// table prints fields with their members indented, and reports whether any rule
// is inferred.
func table(out *printer, fields []spec.Field) (inferred bool) {
	if len(fields) == 0 {
		out.f("None.\n")
		return false
	}
	out.f("| Field | Type | Required | Limits | Description |\n| --- | --- | --- | --- | --- |")
	inferred = rows(out, fields, "")
	out.f("")
	return inferred
}

func rows(out *printer, fields []spec.Field, indent string) (inferred bool) {
	for i := range fields {
		f := &fields[i]
		name := indent + "`" + f.Name + "`"
		if f.In != "" {
			name += " (" + f.In + ")"
		}
		required := ""
		if f.Required {
			required = "yes"
		}
		out.f("| %s | %s | %s | %s | %s |", name, fieldType(f), required, cell(limitsCell(f)), cell(describeCell(f)))
		inferred = inferred || len(f.Inferred) > 0
		members := f.Fields
		switch {
		case f.Text != nil && f.Text.Items != nil:
			members = f.Text.Items.Fields
		case f.Text != nil:
			members = f.Text.Fields
		case f.Items != nil:
			members = f.Items.Fields
		}
		inferred = rows(out, members, indent+"&emsp;") || inferred
	}
	return inferred
}

func limitsCell(f *spec.Field) string {
	text := limits(f)
	if len(f.Enum) > 0 {
		text = strings.TrimPrefix(text+"; `"+strings.Join(f.Enum, "`, `")+"`", "; ")
	}
	if len(f.Inferred) > 0 {
		text = fmt.Sprintf("%s (%s inferred[^inferred])", text, strings.Join(f.Inferred, ", "))
	}
	return strings.TrimSpace(text)
}

func describeCell(f *spec.Field) string {
	text := labelled(f.Doc, f.Label)
	if f.Encrypted {
		text += " Encrypted on the wire (敏感信息加密)."
	}
	return text
}

func footnote(out *printer, inferred bool) {
	if inferred {
		out.f("[^inferred]: No source states this rule; it is concluded from samples and sibling endpoints.")
	}
}
