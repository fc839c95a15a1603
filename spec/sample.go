package spec

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

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
