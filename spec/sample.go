package spec

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// Sample makes a value of a field: its documented sample or, where there is
// none, the plainest value that obeys the rules for its type; a pattern or a
// format is not obeyed. An object has all its members, an array one item, and
// a string with Text is the value in it, not yet written as a string.
//
// It is a string, int64, float64, json.Number, bool, map[string]any or []any,
// and the caller's to change.
func Sample(f *Field) any {
	switch {
	case f.Text != nil:
		return Sample(f.Text)
	case len(f.Fields) > 0:
		members := make(map[string]any, len(f.Fields))
		for i := range f.Fields {
			members[f.Fields[i].Name] = Sample(&f.Fields[i])
		}
		return members
	case f.Type == "array" && f.Items != nil && f.Sample == nil:
		return []any{Sample(f.Items)}
	case f.Sample != nil && f.Sample != "":
		return f.Sample
	case len(f.Enum) > 0 && f.Type == "string":
		return f.Enum[0]
	case len(f.Enum) > 0:
		return json.Number(f.Enum[0])
	}
	return plainest(f)
}

// plainest is a value of a field without sample.
func plainest(f *Field) any {
	switch f.Type {
	case "integer", "number":
		n := int64(1)
		if f.Minimum != nil {
			n = max(n, *f.Minimum)
		}
		if f.Maximum != nil {
			n = min(n, *f.Maximum)
		}
		return n
	case "boolean":
		return true
	case "array":
		return []any{}
	case "object":
		return map[string]any{}
	}
	if f.MaxLength > 0 && len(f.Name) > f.MaxLength {
		return f.Name[:f.MaxLength]
	}
	return f.Name
}

// decode reads one entry and gives each Sample in it the type that its field
// names: as float64, which plain decoding makes of every number, ids would
// lose digits.
//
// The samples are mended after the entry was decoded, and not by an
// UnmarshalJSON of [Field]: that would have the text of each field read again
// at every depth that it stands in.
func decode(text string, value any) error {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(value); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("more text follows the value")
	}
	switch v := value.(type) {
	case *Operation:
		return mend(v.Params, v.File, v.Request, v.Response)
	case *Event:
		return mend(nil, v.Resource, v.Answer)
	}
	return nil
}

// mend types the samples of members, of others, and of all that is inside.
func mend(members []Field, others ...*Field) error {
	for i := range members {
		if err := members[i].mend(); err != nil {
			return err
		}
	}
	for _, f := range others {
		if f == nil {
			continue
		}
		if err := f.mend(); err != nil {
			return err
		}
	}
	return nil
}

func (f *Field) mend() (err error) {
	if n, ok := f.Sample.(json.Number); ok {
		if f.Type == "integer" {
			f.Sample, err = n.Int64()
		} else {
			f.Sample, err = n.Float64()
		}
		if err != nil {
			return err
		}
	}
	return mend(f.Fields, f.Items, f.Text)
}
