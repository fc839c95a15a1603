package describe

import (
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// object is a YAML mapping under strict reading: a key that nobody declared
// is a fault, and so is one that stands twice.
type object struct {
	l    *loader
	file string
	node *yaml.Node
	keys map[string]*yaml.Node
}

// object opens node as a mapping whose keys are among known.
func (l *loader) object(file string, node *yaml.Node, known ...string) object {
	o := l.mapping(file, node)
	for i := 0; i+1 < len(o.node.Content); i += 2 {
		if key := o.node.Content[i]; !slices.Contains(known, key.Value) {
			o.fault(key, "unknown key %q", key.Value)
		}
	}
	return o
}

// mapping opens node as a mapping with names of the author's choice as keys.
func (l *loader) mapping(file string, node *yaml.Node) object {
	o := object{l: l, file: file, node: node, keys: map[string]*yaml.Node{}}
	if node.Kind != yaml.MappingNode {
		o.fault(node, "must be a mapping")
		o.node = &yaml.Node{Kind: yaml.MappingNode, Line: node.Line, Column: node.Column}
		return o
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if _, twice := o.keys[key.Value]; twice {
			o.fault(key, "key %q stands twice", key.Value)
		}
		o.keys[key.Value] = value
	}
	return o
}

func (o object) fault(at *yaml.Node, format string, args ...any) {
	o.l.faults = append(o.l.faults, Fault{
		File: o.file, Line: max(at.Line, 1), Col: max(at.Column, 1), What: fmt.Sprintf(format, args...),
	})
}

func (o object) has(key string) bool { return o.keys[key] != nil }

// at returns the node to blame for key: its value, or the whole mapping.
func (o object) at(key string) *yaml.Node {
	if n := o.keys[key]; n != nil {
		return n
	}
	return o.node
}

// must reports a key that is not there, and whether it is.
func (o object) must(key string) bool {
	if o.has(key) {
		return true
	}
	o.fault(o.node, "%q is missing", key)
	return false
}

// text returns the string at key, "" if it is absent.
func (o object) text(key string) string {
	n := o.keys[key]
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" {
		o.fault(n, "%q must be a string; quote it", key)
		return ""
	}
	if n.Value == "" {
		o.fault(n, "%q is empty", key)
	}
	return n.Value
}

// mustText is text for a key that has to be there.
func (o object) mustText(key string) string {
	if !o.must(key) {
		return ""
	}
	return o.text(key)
}

// yes returns the boolean at key, false if it is absent.
func (o object) yes(key string) bool {
	n := o.keys[key]
	if n == nil {
		return false
	}
	if n.Tag != "!!bool" {
		o.fault(n, "%q must be true or false", key)
	}
	return n.Value == "true"
}

// integer returns the number at key, nil if it is absent.
func (o object) integer(key string) *int64 {
	n := o.keys[key]
	if n == nil {
		return nil
	}
	v, err := strconv.ParseInt(n.Value, 10, 64)
	if err != nil || n.Tag != "!!int" {
		o.fault(n, "%q must be an integer", key)
		return nil
	}
	return &v
}

// size returns a length or a count at key: at least 1, 0 if it is absent.
func (o object) size(key string) int {
	v := o.integer(key)
	if v == nil {
		return 0
	}
	if *v < 1 || *v > maxSize {
		o.fault(o.at(key), "%q must be between 1 and %d", key, maxSize)
		return 0
	}
	return int(*v)
}

// maxSize is more than any length or count of the documents.
const maxSize = 1 << 20

// sizes returns the list of sizes at key, nil if it is absent.
func (o object) sizes(key string) []int {
	var list []int
	for _, n := range o.list(key) {
		v, err := strconv.Atoi(n.Value)
		if err != nil || n.Tag != "!!int" || v < 1 || v > maxSize {
			o.fault(n, "an entry of %q must be between 1 and %d", key, maxSize)
			continue
		}
		list = append(list, v)
	}
	return list
}

// texts returns the list of strings at key, nil if it is absent.
func (o object) texts(key string) []string {
	var list []string
	for _, n := range o.list(key) {
		if n.Kind != yaml.ScalarNode || n.Tag != "!!str" || n.Value == "" {
			o.fault(n, "an entry of %q must be a string; quote it", key)
			continue
		}
		if slices.Contains(list, n.Value) {
			o.fault(n, "%q stands twice in %q", n.Value, key)
			continue
		}
		list = append(list, n.Value)
	}
	return list
}

// list returns the entries at key, nil if it is absent.
func (o object) list(key string) []*yaml.Node {
	n := o.keys[key]
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		o.fault(n, "%q must be a list with at least one entry", key)
		return nil
	}
	return n.Content
}
