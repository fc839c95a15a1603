package describe

import "github.com/wxpay-go/wxpay/spec"

// members reads what an object or an array holds.
func (o object) members(f *spec.Field, use schemaUse) {
	switch f.Type {
	case "array":
		if o.must("items") {
			f.Items = new(o.l.schema(o.file, o.at("items"), schemaUse{element: true, foreign: use.foreign}))
		}
	case "object":
		if o.has("additionalProperties") {
			o.freeForm()
			return
		}
		if !o.must("properties") {
			return
		}
		members := o.l.mapping(o.file, o.at("properties"))
		for i := 0; i+1 < len(members.node.Content); i += 2 {
			name, value := members.node.Content[i], members.node.Content[i+1]
			if known := memberName.MatchString(name.Value) || use.foreign && foreignName.MatchString(name.Value); !known {
				o.fault(name, "%q is no member name: lower case, digits and _", name.Value)
			}
			member := o.l.schema(o.file, value, schemaUse{meta: use.meta && use.top, foreign: use.foreign})
			member.Name = name.Value
			f.Fields = append(f.Fields, member)
		}
		o.requiredOf(f)
		o.anyOf(f)
	}
}

// mustTell reports what has neither an English text nor an official name.
func (o object) mustTell() {
	if !o.has("description") && !o.has("x-label") {
		o.fault(o.node, "neither \"description\" nor \"x-label\" is there")
	}
}

// freeForm reads {type: object, additionalProperties: true}: nothing is
// documented of the inside.
func (o object) freeForm() {
	if !o.yes("additionalProperties") {
		o.fault(o.at("additionalProperties"), "must be true, or properties must be there")
	}
	for _, key := range []string{"properties", "required", "anyOf"} {
		if o.has(key) {
			o.fault(o.at(key), "%q means nothing for an object that is free in form", key)
		}
	}
}

// partOf reads what a member of the "meta" of an upload says about the file.
func (o object) partOf(f *spec.Field, use schemaUse) {
	f.Digest, f.Filename = o.text("x-digest"), o.yes("x-filename")
	if f.Digest != "" && f.Digest != "sha256" && f.Digest != "sm3" {
		o.fault(o.at("x-digest"), "unknown digest %q", f.Digest)
	}
	for _, key := range []string{"x-digest", "x-filename"} {
		if o.has(key) && !use.meta {
			o.fault(o.at(key), "%q means something in the meta of an upload only", key)
		}
	}
}

func (o object) requiredOf(f *spec.Field) {
	for i, name := range o.texts("required") {
		if member := find(f.Fields, name); member != nil {
			member.Required = true
		} else {
			o.fault(o.at("required").Content[i], "no member is called %q", name)
		}
	}
}

// anyOf reads the either-or rule: a list of {required: [name, …]}.
func (o object) anyOf(f *spec.Field) {
	for _, n := range o.list("anyOf") {
		choice := o.l.object(o.file, n, "required")
		names := choice.texts("required")
		if len(names) == 0 {
			o.fault(n, "a choice of anyOf is {required: [name]}")
			continue
		}
		for _, name := range names {
			if member := find(f.Fields, name); member == nil {
				o.fault(n, "no member is called %q", name)
			} else if member.Required {
				o.fault(n, "%q is required anyway", name)
			}
		}
		f.AnyOf = append(f.AnyOf, names)
	}
	if len(f.AnyOf) == 1 {
		o.fault(o.at("anyOf"), "one choice is none: make it required")
	}
}

func find(fields []spec.Field, name string) *spec.Field {
	for i := range fields {
		if fields[i].Name == name {
			return &fields[i]
		}
	}
	return nil
}
