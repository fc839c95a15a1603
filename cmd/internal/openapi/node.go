package openapi

import (
	"maps"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v4"
)

// mapping is a YAML mapping that grows, in the order of its growing.
type mapping struct{ node *yaml.Node }

func newMapping() mapping { return mapping{&yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}} }

// put adds a member, whatever its value.
func (m mapping) put(key string, value *yaml.Node) {
	m.node.Content = append(m.node.Content, text(key), value)
}

// text adds a member unless its value is "".
func (m mapping) text(key, value string) {
	if value != "" {
		m.put(key, text(value))
	}
}

// texts adds a list in one line unless it is empty.
func (m mapping) texts(key string, values []string) {
	if len(values) > 0 {
		m.put(key, line(values))
	}
}

// yes adds true, and nothing for false.
func (m mapping) yes(key string, value bool) {
	if value {
		m.put(key, plain("!!bool", "true"))
	}
}

// size adds a number unless it is 0, which says that there is no limit.
func (m mapping) size(key string, value int) {
	if value != 0 {
		m.put(key, scalar(value))
	}
}

// sizes adds a list of numbers in one line unless it is empty.
func (m mapping) sizes(key string, values []int) {
	if len(values) == 0 {
		return
	}
	list := inLine()
	for _, v := range values {
		list.Content = append(list.Content, scalar(v))
	}
	m.put(key, list)
}

// bound adds a number that is there.
func (m mapping) bound(key string, value *int64) {
	if value != nil {
		m.put(key, scalar(*value))
	}
}

// pairs adds a mapping of texts, by key, unless it is empty.
func (m mapping) pairs(key string, values map[string]string) {
	if len(values) == 0 {
		return
	}
	sub := newMapping()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		sub.put(name, text(values[name]))
	}
	m.put(key, sub.node)
}

// child returns the value of a member of the frame, which has it.
func (m mapping) child(keys ...string) mapping {
	for _, key := range keys {
		for i := 0; i < len(m.node.Content); i += 2 {
			if m.node.Content[i].Value == key {
				m = mapping{m.node.Content[i+1]}
				break
			}
		}
	}
	m.node.Style &^= yaml.FlowStyle // "{}" in the frame holds the place only
	return m
}

// otherwise matches texts that YAML 1.1, which many programs still read, takes
// for a truth value, for a number to the base of sixty, or for an octal one.
var otherwise = regexp.MustCompile(`^(?i:y|n|yes|no|on|off|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9]*)?|[-+]?0[0-9_]+|=|<<)$`)

func text(value string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(value)
	if otherwise.MatchString(value) {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// scalar is a number, a truth value or a text.
func scalar(value any) *yaml.Node {
	if s, ok := value.(string); ok {
		return text(s)
	}
	n := &yaml.Node{}
	if err := n.Encode(value); err != nil {
		panic("openapi: a sample is no scalar: " + err.Error()) // spec promises that it is one
	}
	return n
}

func plain(tag, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}

// list is a sequence, an item a line.
func list(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items}
}

// line is a sequence of texts in one line.
func line(values []string) *yaml.Node {
	n := inLine()
	for _, v := range values {
		n.Content = append(n.Content, text(v))
	}
	return n
}

// inLine is a sequence in one line.
func inLine(items ...*yaml.Node) *yaml.Node {
	n := list(items...)
	n.Style = yaml.FlowStyle
	return n
}
