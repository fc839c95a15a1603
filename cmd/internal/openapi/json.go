package openapi

import (
	"encoding/json"
	"fmt"

	"go.yaml.in/yaml/v4"
)

// appendJSON writes a node as JSON, which keeps the order of its members.
func appendJSON(b []byte, n *yaml.Node) ([]byte, error) {
	var err error
	switch n.Kind {
	case yaml.MappingNode:
		b = append(b, '{')
		for i := 0; i+1 < len(n.Content); i += 2 {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = appendValue(b, n.Content[i].Value); err != nil {
				return nil, err
			}
			if b, err = appendJSON(append(b, ':'), n.Content[i+1]); err != nil {
				return nil, err
			}
		}
		return append(b, '}'), nil
	case yaml.SequenceNode:
		b = append(b, '[')
		for i, item := range n.Content {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = appendJSON(b, item); err != nil {
				return nil, err
			}
		}
		return append(b, ']'), nil
	case yaml.ScalarNode:
		var v any
		if err := n.Decode(&v); err != nil {
			return nil, err
		}
		return appendValue(b, v)
	}
	return nil, fmt.Errorf("openapi: a node of kind %d cannot be JSON", n.Kind)
}

func appendValue(b []byte, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	return append(b, text...), err
}
