package emulator

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/spec"
)

// values are what the state knows about a thing, by the names of the protocol.
// An absent value is left out, nil or "".
type values map[string]any

// render writes the documented members of an object, in documented order, from
// what is known. What is known and not documented is left out; a documented
// member that is required and not known is an error, and a bug of ours.
// Encrypted members are encrypted for the merchant's certificate.
func (e *Emulator) render(f *spec.Field, known map[string]any) ([]byte, error) {
	return e.renderObject(nil, f, known, "")
}

func (e *Emulator) renderObject(dst []byte, f *spec.Field, known map[string]any, at string) (_ []byte, err error) {
	dst = append(dst, '{')
	first := true
	for i := range f.Fields {
		member := &f.Fields[i]
		value, pointer := known[member.Name], at+"/"+member.Name
		if value == nil || value == "" {
			if member.Required {
				return nil, fmt.Errorf("emulator: answer: %s is required and not known", pointer)
			}
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(strconv.AppendQuote(dst, member.Name), ':')
		if dst, err = e.renderValue(dst, member, value, pointer); err != nil {
			return nil, err
		}
	}
	return append(dst, '}'), nil
}

func (e *Emulator) renderValue(dst []byte, f *spec.Field, value any, at string) (_ []byte, err error) {
	if _, isText := value.(string); f.Text != nil && !isText {
		inner, err := e.renderValue(nil, f.Text, value, at)
		if err != nil {
			return nil, err
		}
		value = string(inner)
	}
	switch v := value.(type) {
	case values:
		return e.renderValue(dst, f, map[string]any(v), at)
	case map[string]any:
		if len(f.Fields) > 0 {
			return e.renderObject(dst, f, v, at)
		}
	case []any:
		if f.Items != nil {
			return e.renderArray(dst, f, v, at)
		}
	case string:
		return e.renderText(dst, f, v)
	case int64, json.Number:
		if f.Type == "string" {
			value = fmt.Sprint(v)
		}
	}
	text, err := json.Marshal(value)
	return append(dst, text...), err
}

func (e *Emulator) renderArray(dst []byte, f *spec.Field, items []any, at string) (_ []byte, err error) {
	dst = append(dst, '[')
	for i, item := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = e.renderValue(dst, f.Items, item, indexPointer(at, i)); err != nil {
			return nil, err
		}
	}
	return append(dst, ']'), nil
}

func (e *Emulator) renderText(dst []byte, f *spec.Field, text string) (_ []byte, err error) {
	if f.Encrypted {
		if text, err = seal.EncryptField(e.creds.MerchantCert.PublicKey, text); err != nil {
			return nil, err
		}
	}
	quoted, err := json.Marshal(text)
	return append(dst, quoted...), err
}

// samples makes the answer of an endpoint without behaviour: every documented
// member with its documented sample.
func samples(f *spec.Field) map[string]any {
	known, _ := spec.Sample(f).(map[string]any)
	return known
}
