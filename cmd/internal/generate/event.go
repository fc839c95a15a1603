package generate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// byHand are the names of package notify that are not made from the
// description: what it is built of, and what it will be.
var byHand = []string{
	"Config", "ContractChange", "Digits", "Error", "Event", "Handler", "Handle", "JSONText",
	"MaxBody", "New", "Open", "Receiver", "Resource", "TerminateInfo",
}

// handwritten took a name that is not made from the description.
const handwritten = "what is written by hand"

// printEvents makes the types of the notifications in package notify: one file
// for the table and what the events share, one for the events of each product.
func (m *model) printEvents(files map[string][]byte) {
	var out printer
	m.printEventTypes(&out)
	m.printNewResource(&out)
	for _, en := range m.notify.enums {
		en.print(&out)
	}
	for _, st := range m.notify.structs {
		st.print(&out)
	}
	m.putEvents(files, "notify/event_gen.go", out)
	byProduct := map[string]*printer{}
	for _, e := range m.events {
		if byProduct[e.Product] == nil {
			byProduct[e.Product] = new(printer)
		}
		e.print(byProduct[e.Product])
	}
	for _, product := range slices.Sorted(maps.Keys(byProduct)) {
		name := strings.NewReplacer("-", "", "/", "", "_", "").Replace(product)
		m.putEvents(files, "notify/event_"+name+"_gen.go", *byProduct[product])
	}
}

// putEvents makes a file of package notify, which has its own JSONText: it
// does not import the client.
func (m *model) putEvents(files map[string][]byte, path string, body printer) {
	var out printer
	out.header("notify")
	out.WriteString(strings.ReplaceAll(body.String(), "wxpay.JSONText[", "JSONText["))
	files[path] = out.Bytes()
}

// print prints the type of the event, that of its answer, and what they hold.
func (e *event) print(out *printer) {
	name := eventName(e.Event)
	e.printDoc(out)
	switch {
	case e.same != "":
		out.f("type %s %s\n", name, e.same)
	case e.resource.name == name:
		e.resource.printStruct(out)
	default:
		out.f("type %s struct { %s }\n", name, e.resource.name)
	}
	if e.answer != nil {
		out.comment("", e.answer.name+" is the answer to ["+name+"], for [Event.Answer].")
		e.answer.printStruct(out)
	}
	for _, st := range e.owned {
		if st != e.resource && st != e.answer {
			st.print(out)
		}
	}
}

func (m *model) printEventTypes(out *printer) {
	out.comment("", "The documented values of event_type (通知类型).")
	out.f("const (")
	for _, e := range m.events {
		out.f("Type%s = %q // %s", eventName(e.Event), e.Type, e.Title)
	}
	out.f(")\n")
}

func (m *model) printNewResource(out *printer) {
	out.comment("", "newResource returns a pointer to the type that the resource of an event of eventType decodes into, or nil if the type is not documented.")
	out.f("func newResource(eventType string) any {\nif empty := resources[eventType]; empty != nil {\nreturn empty()\n}\nreturn nil\n}\n")
	out.f("var resources = map[string]func() any{")
	for _, e := range m.events {
		out.f("Type%s: func() any { return new(%s) },", eventName(e.Event), eventName(e.Event))
	}
	out.f("}\n")
}

func (e *event) printDoc(out *printer) {
	out.comment("", eventName(e.Event)+" ("+e.Title+", event_type "+e.Type+") "+lowerFirst(sentence(e.Summary))+" "+e.rule())
	if e.Doc != "" {
		out.f("//")
		out.comment("", e.Doc)
	}
	out.official(e.Links)
}

// rule says how the event is to be answered.
func (e *event) rule() string {
	text := "Answer"
	if e.Within > 0 {
		text = fmt.Sprintf("Answer within %d s", e.Within)
	}
	if e.answer != nil {
		return text + ", with " + article(e.answer.name) + " [" + e.answer.name + "]."
	}
	return text + "."
}

func article(name string) string {
	if strings.ContainsRune("AEIOU", rune(name[0])) {
		return "an"
	}
	return "a"
}
