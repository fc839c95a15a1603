package spec

import (
	"bytes"
	"encoding/json"
)

// UnmarshalJSON decodes a field and gives its Sample the type that Type names.
// Plain decoding would make every number a float64, which loses digits of ids.
func (f *Field) UnmarshalJSON(text []byte) error {
	type plain Field // without this method
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode((*plain)(f)); err != nil {
		return err
	}
	n, ok := f.Sample.(json.Number)
	if !ok {
		return nil
	}
	var err error
	if f.Type == "integer" {
		f.Sample, err = n.Int64()
	} else {
		f.Sample, err = n.Float64()
	}
	return err
}
