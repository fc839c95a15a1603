package generate

// printEvents makes the types of the notifications in package notify.
func (m *model) printEvents(files map[string][]byte) {
	var out printer
	out.header("notify")
	m.printEventTypes(&out)
	m.printNewResource(&out)
	for _, e := range m.events {
		name := eventName(e.Event)
		if e.resource.name == name {
			e.printDoc(&out)
			e.resource.printStruct(&out)
		} else {
			e.printDoc(&out)
			out.f("type %s struct { %s }\n", name, e.resource.name)
		}
		for _, st := range e.owned {
			if st != e.resource {
				st.print(&out)
			}
		}
	}
	for _, st := range m.notify.structs {
		st.print(&out)
	}
	for _, en := range m.notify.enums {
		en.print(&out)
	}
	files["notify/event_gen.go"] = out.Bytes()
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
	out.f("func newResource(eventType string) any {\nswitch eventType {")
	for _, e := range m.events {
		out.f("case Type%s:\nreturn new(%s)", eventName(e.Event), eventName(e.Event))
	}
	out.f("}\nreturn nil\n}\n")
}

func (e *event) printDoc(out *printer) {
	out.comment("", eventName(e.Event)+" ("+e.Title+", event_type "+e.Type+") is the resource of a notification: "+lowerFirst(sentence(e.Summary)))
	if e.Doc != "" {
		out.f("//")
		out.comment("", e.Doc)
	}
	if len(e.Links) > 0 {
		out.f("//")
	}
	for _, link := range e.Links {
		out.f("// Official: %s", link)
	}
}
