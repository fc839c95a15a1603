package notify

import "encoding/json"

// JSONText is a value that travels as JSON inside a JSON string: some members
// of resources are texts that hold objects.
type JSONText[T any] struct {
	Value T
}

// UnmarshalJSON reads a string that holds JSON. An empty string is the zero
// value.
func (t *JSONText[T]) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	t.Value = *new(T)
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), &t.Value)
}

// MarshalJSON writes the JSON of the value as a string.
func (t JSONText[T]) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(t.Value)
	if err != nil {
		return nil, err
	}
	return json.Marshal(string(text))
}
