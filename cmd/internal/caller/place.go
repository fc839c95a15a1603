package caller

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// Set places a text, as the type that the description gives the field, or
// "@path" for the file of an upload. The error is an [*Error].
func (c *Call) Set(name, value string) error {
	if c.op.File != nil && name == c.op.File.Name {
		return c.attach(value)
	}
	f, err := c.lookup(name)
	if err != nil {
		return err
	}
	v, err := typed(name, f, value)
	if err != nil {
		return err
	}
	return c.store(name, f, v)
}

// SetJSON places a value that is written in JSON. The error is an [*Error].
func (c *Call) SetJSON(name, value string) error {
	var v any
	dec := json.NewDecoder(strings.NewReader(value))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil || dec.More() {
		return &Error{Field: name, Rule: "must be JSON after :=", Remedy: "quote it for the shell, or use = for text"}
	}
	f, err := c.lookup(name)
	if err != nil {
		return err
	}
	return c.store(name, f, v)
}

// typed reads a text as the field's type.
func typed(name string, f *spec.Field, value string) (any, error) {
	switch f.Type {
	case "integer":
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return nil, &Error{Field: name, Rule: "must be an integer", Remedy: "give digits"}
		}
		return json.Number(value), nil
	case "number":
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			return nil, &Error{Field: name, Rule: "must be a number", Remedy: "give digits"}
		}
		return json.Number(value), nil
	case "boolean":
		b, err := strconv.ParseBool(value)
		if err != nil {
			return nil, &Error{Field: name, Rule: "must be true or false", Remedy: "give one of the two"}
		}
		return b, nil
	case "object":
		return nil, &Error{Field: name, Rule: "is an object", Remedy: "give its members as " + name + ".member=value, or all of it as " + name + ":=json"}
	case "array":
		return nil, &Error{Field: name, Rule: "is a list", Remedy: "give its items as " + name + ".0=value, or all of it as " + name + ":=json"}
	}
	return value, nil
}

// lookup finds a field by its name, which may lead into objects and lists.
func (c *Call) lookup(name string) (*spec.Field, error) {
	for i := range c.op.Params {
		if c.op.Params[i].Name == name {
			return &c.op.Params[i], nil
		}
	}
	f := c.op.Request
	if f == nil {
		return nil, c.unknown(name, nil)
	}
	for part := range strings.SplitSeq(name, ".") {
		owner := f
		switch {
		case f.Type == "array" && f.Items != nil && isIndex(part):
			f = f.Items
		default:
			f = member(f, part)
		}
		if f == nil {
			return nil, c.unknown(name, owner)
		}
	}
	return f, nil
}

func isIndex(part string) bool {
	n, err := strconv.Atoi(part)
	return err == nil && n >= 0 && n < 1000
}

// unknown names the fields that were perhaps meant.
func (c *Call) unknown(name string, owner *spec.Field) error {
	unlike := map[string]int{}
	last := name[strings.LastIndexByte(name, '.')+1:]
	for i := range c.op.Params {
		unlike[c.op.Params[i].Name] = distance(last, c.op.Params[i].Name)
	}
	if c.op.File != nil {
		unlike[c.op.File.Name] = distance(last, c.op.File.Name)
	}
	if owner != nil {
		for i := range owner.Fields {
			unlike[owner.Fields[i].Name] = distance(last, owner.Fields[i].Name)
		}
	}
	if len(unlike) == 0 {
		return &Error{Field: name, Rule: "does not exist", Remedy: c.op.Method + " " + c.op.Path + " has no such fields"}
	}
	return &Error{Field: name, Rule: "does not exist", Remedy: "nearest: " + strings.Join(nearest(unlike), ", ") + "; wxpay docs " + c.op.ID + " lists all"}
}

// store puts v at its place.
func (c *Call) store(name string, f *spec.Field, v any) error {
	if f.In != "" {
		if n, ok := v.(json.Number); ok {
			v = n.String()
		}
		c.params[name] = v
		return nil
	}
	if c.body == nil {
		c.body = map[string]any{}
	}
	parts := strings.Split(name, ".")
	_, err := into(c.body, name, parts, v)
	return err
}

// into returns where with v stored below parts, making objects and lists on
// the way.
func into(where any, name string, parts []string, v any) (any, error) {
	if len(parts) == 0 {
		return v, nil
	}
	if i, err := strconv.Atoi(parts[0]); err == nil {
		list, ok := where.([]any)
		if where != nil && !ok || i > len(list) {
			return nil, &Error{Field: name, Rule: "skips an item of its list", Remedy: "number the items from 0 on, without gaps"}
		}
		if i == len(list) {
			list = append(list, nil)
		}
		list[i], err = into(list[i], name, parts[1:], v)
		return list, err
	}
	object, ok := where.(map[string]any)
	if where != nil && !ok {
		return nil, &Error{Field: name, Rule: "leads into a value that is no object", Remedy: "give the object once, by its members or as JSON"}
	}
	if object == nil {
		object = map[string]any{}
	}
	inner, err := into(object[parts[0]], name, parts[1:], v)
	if err == nil {
		object[parts[0]] = inner
	}
	return object, err
}
