package emulator

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/spec"
)

// bodyChecker holds a decoded body against its description, and puts the
// plaintext in the place of every encrypted field.
type bodyChecker struct {
	e *Emulator
	c *call
}

func (b bodyChecker) object(f *spec.Field, object map[string]any, pointer string) error {
	known := 0
	for i := range f.Fields {
		member := &f.Fields[i]
		at := pointer + "/" + escapePointer(member.Name)
		value, ok := object[member.Name]
		if !ok {
			if member.Required {
				return bodyError(at, "is required")
			}
			continue
		}
		known++
		checked, err := b.value(member, value, at)
		if err != nil {
			return err
		}
		object[member.Name] = checked
	}
	if err := checkAnyOf(f, object, pointer); err != nil {
		return err
	}
	if known < len(object) && len(f.Fields) > 0 {
		return firstUnknown(f, object, pointer)
	}
	return nil
}

// checkAnyOf holds the either-or rules: one of the listed groups of members
// must be there as a whole.
func checkAnyOf(f *spec.Field, object map[string]any, pointer string) error {
	if len(f.AnyOf) == 0 {
		return nil
	}
	var names []string
	for _, group := range f.AnyOf {
		if !slices.ContainsFunc(group, func(name string) bool { return object[name] == nil }) {
			return nil
		}
		names = append(names, strings.Join(group, " and "))
	}
	return paramError(fault{
		Field:    pointer + "/" + f.AnyOf[0][0],
		Issue:    "one of these is required: " + strings.Join(names, ", "),
		Location: "body",
	})
}

func firstUnknown(f *spec.Field, object map[string]any, pointer string) error {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.ContainsFunc(f.Fields, func(m spec.Field) bool { return m.Name == name }) {
			return unknownMember(fault{Field: pointer + "/" + escapePointer(name), Location: "body"})
		}
	}
	return nil
}

func (b bodyChecker) value(f *spec.Field, value any, pointer string) (any, error) {
	switch v := value.(type) {
	case nil:
		// One page says that null is not allowed, an older one that it may be
		// left out; the newer one counts.
		return nil, b.fault(f, pointer, nil, "must not be null; leave it out instead")
	case map[string]any:
		if f.Type == "object" {
			return v, b.object(f, v, pointer)
		}
	case []any:
		if f.Type == "array" {
			return v, b.array(f, v, pointer)
		}
	case string:
		if f.Type == "string" {
			return b.text(f, v, pointer)
		}
	case bool:
		if f.Type == "boolean" {
			return v, nil
		}
	case json.Number:
		if f.Type == "integer" || f.Type == "number" {
			return v, b.checked(f, pointer, v, checkNumber(f, v.String()))
		}
	}
	return nil, b.fault(f, pointer, value, "must be of type "+f.Type)
}

func (b bodyChecker) array(f *spec.Field, array []any, pointer string) (err error) {
	if f.MaxItems > 0 && len(array) > f.MaxItems {
		return b.fault(f, pointer, nil, "has more than "+strconv.Itoa(f.MaxItems)+" items")
	}
	if f.Items == nil {
		return nil
	}
	for i, item := range array {
		if array[i], err = b.value(f.Items, item, indexPointer(pointer, i)); err != nil {
			return err
		}
	}
	return nil
}

// text checks a string; an encrypted one is decrypted first, and the rules are
// those of the plaintext.
func (b bodyChecker) text(f *spec.Field, text, pointer string) (any, error) {
	if f.Encrypted {
		plain, err := b.e.unseal(b.c, fault{Field: pointer, Location: "body"}, text)
		if err != nil {
			return nil, err
		}
		return plain, b.checked(f, pointer, nil, checkText(f, plain))
	}
	if err := b.checked(f, pointer, text, checkText(f, text)); err != nil || f.Text == nil {
		return text, err
	}
	return text, b.inner(f.Text, text, pointer)
}

// inner checks the JSON that a text holds. Its members go on the pointer, as
// if they stood in the body itself.
func (b bodyChecker) inner(f *spec.Field, text, pointer string) error {
	value, err := decodeJSON([]byte(text), pointer, "the text")
	if err != nil {
		return err
	}
	_, err = b.value(f, value, pointer)
	return err
}

// unseal decrypts an encrypted field; at names it.
func (e *Emulator) unseal(c *call, at fault, text string) (string, error) {
	key, err := e.encryptionKey(c)
	if err != nil {
		return "", err
	}
	if at.Issue = "must not be empty"; text == "" {
		return "", paramError(at)
	}
	plain, err := seal.DecryptField(key, text)
	if err != nil {
		// Assumed: the code; the message is the title of the official answer
		// to this question.
		at.Issue = "cannot be decrypted with the key that Wechatpay-Serial names"
		r := paramError(at)
		r.message = "平台私钥解密失败"
		return "", r
	}
	return plain, nil
}

// checked turns an issue into an error, and the absence of one into nil.
func (b bodyChecker) checked(f *spec.Field, pointer string, value any, issue string) error {
	if issue == "" {
		return nil
	}
	return b.fault(f, pointer, value, issue)
}

// fault names a value that breaks a rule. Encrypted values are not repeated.
func (b bodyChecker) fault(f *spec.Field, pointer string, value any, issue string) error {
	if f.Encrypted {
		value = nil
	}
	return paramError(fault{Field: pointer, Value: value, Issue: issue, Location: "body"})
}

func indexPointer(pointer string, i int) string { return pointer + "/" + strconv.Itoa(i) }
