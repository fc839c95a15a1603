package inbox

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// hidden stands in the place of a value that is not shown.
const hidden = `"***"`

// personal are parts of the names of members that tell who somebody is.
var personal = []string{
	"openid", "unionid", "phone", "mobile", "id_card", "id_number", "email", "address", "recv_account", "received_account",
	"display_account", "account_number", "account_name", "user_name", "display_name", "out_user_code", "plate_number",
}

// Hide returns the plaintext of an event with its sensitive members hidden:
// those that the description marks, and those whose names say so. All else
// stays as it is, in its order. What is no JSON is hidden whole.
func Hide(eventType string, plain []byte) []byte {
	var f *spec.Field
	if e, ok := spec.LookupEvent(eventType); ok {
		f = e.Resource
	}
	var b bytes.Buffer
	if !json.Valid(plain) || hide(&b, f, plain) != nil {
		return []byte(hidden)
	}
	return b.Bytes()
}

func hide(dst *bytes.Buffer, f *spec.Field, raw json.RawMessage) error {
	if f == nil {
		f = &spec.Field{}
	}
	raw = bytes.TrimSpace(raw)
	switch {
	case f.Encrypted:
		dst.WriteString(hidden)
		return nil
	case raw[0] == '{', raw[0] == '[':
		return hideInside(dst, f, raw)
	}
	dst.Write(raw)
	return nil
}

// hideInside copies an object or a list, member by member.
func hideInside(dst *bytes.Buffer, f *spec.Field, raw json.RawMessage) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		return err
	}
	dst.WriteByte(raw[0])
	for n := 0; dec.More(); n++ {
		if n > 0 {
			dst.WriteByte(',')
		}
		if err := hideNext(dst, f, dec, raw[0] == '{'); err != nil {
			return err
		}
	}
	dst.WriteByte(raw[len(raw)-1])
	return nil
}

func hideNext(dst *bytes.Buffer, f *spec.Field, dec *json.Decoder, object bool) error {
	inner, secret := f.Items, false
	if object {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		text, err := json.Marshal(name)
		if err != nil {
			return err
		}
		dst.Write(append(text, ':'))
		inner, secret = described(f, name.(string)), isPersonal(name.(string)) //nolint:errcheck // the key of an object is a text
	}
	var value json.RawMessage
	if err := dec.Decode(&value); err != nil {
		return err
	}
	if text := value[0] == '"'; secret && text {
		dst.WriteString(hidden)
		return nil
	}
	return hide(dst, inner, value)
}

func described(f *spec.Field, name string) *spec.Field {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return &f.Fields[i]
		}
	}
	return nil
}

func isPersonal(name string) bool {
	for _, part := range personal {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}
