package emulator

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep a body may nest. Documented ones nest four deep.
const maxDepth = 32

// decodeBody reads a JSON object: objects as map[string]any, numbers as
// [json.Number], so that no digit is lost. It is stricter than encoding/json,
// which lets a second member of one name replace the first and mends broken
// UTF-8: a merchant that sends either has a bug to find.
func decodeBody(body []byte) (map[string]any, error) {
	if len(body) == 0 {
		return nil, paramError(fault{Issue: "the body is empty", Location: "body"})
	}
	value, err := decodeJSON(body, "", "the body")
	if err != nil {
		return nil, err
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, paramError(fault{Issue: "the body is not a JSON object", Location: "body"})
	}
	return object, nil
}

// decodeJSON reads one JSON value that stands at a pointer; what is its name in
// an issue.
func decodeJSON(text []byte, pointer, what string) (any, error) {
	if !utf8.Valid(text) {
		return nil, bodyError(pointer, what+" is not UTF-8")
	}
	if !json.Valid(text) {
		return nil, bodyError(pointer, what+" is not JSON")
	}
	d := bodyDecoder{json.NewDecoder(bytes.NewReader(text))}
	d.UseNumber()
	return d.value(pointer, 0)
}

type bodyDecoder struct{ *json.Decoder }

// value reads one value. Syntax errors were found before, so that the tokens
// come in the order of the grammar.
func (d bodyDecoder) value(pointer string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, bodyError(pointer, "is nested too deeply")
	}
	token, err := d.Token()
	if err != nil {
		return nil, bodyError(pointer, "the body is not JSON")
	}
	switch token {
	case json.Delim('{'):
		return d.object(pointer, depth)
	case json.Delim('['):
		return d.array(pointer, depth)
	}
	return token, nil
}

func (d bodyDecoder) object(pointer string, depth int) (any, error) {
	object := map[string]any{}
	for d.More() {
		token, err := d.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return nil, bodyError(pointer, "the body is not JSON")
		}
		at := pointer + "/" + escapePointer(name)
		if _, twice := object[name]; twice {
			return nil, bodyError(at, "is given twice")
		}
		if object[name], err = d.value(at, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token() // the closing brace
	return object, err
}

func (d bodyDecoder) array(pointer string, depth int) (any, error) {
	array := []any{}
	for d.More() {
		item, err := d.value(indexPointer(pointer, len(array)), depth+1)
		if err != nil {
			return nil, err
		}
		array = append(array, item)
	}
	_, err := d.Token() // the closing bracket
	return array, err
}

// escapePointer writes a member's name as a step of a JSON Pointer (RFC 6901).
func escapePointer(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name
	}
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}
