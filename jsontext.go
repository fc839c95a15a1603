package wxpay

import "encoding/json"

// JSONText is a value that travels as JSON inside a JSON string: some fields of
// the protocol are texts that hold objects.
type JSONText[T any] struct {
	Value T
}

// MarshalJSON writes the JSON of the value as a string.
func (t JSONText[T]) MarshalJSON() ([]byte, error) {
	inner, err := json.Marshal(t.Value)
	if err != nil {
		return nil, err
	}
	return json.Marshal(string(inner))
}

// UnmarshalJSON reads a string that holds JSON. An empty string is the zero
// value.
func (t *JSONText[T]) UnmarshalJSON(b []byte) error {
	var inner string
	if err := json.Unmarshal(b, &inner); err != nil {
		return err
	}
	if inner == "" {
		var zero T
		t.Value = zero
		return nil
	}
	return json.Unmarshal([]byte(inner), &t.Value)
}

// MarshalText writes the JSON of the value as it stands inside the string: for
// a parameter of a query, which needs no quotes around it.
func (t JSONText[T]) MarshalText() ([]byte, error) { return json.Marshal(t.Value) }
