package describe

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/wxpay-go/wxpay/spec"
)

// sampleOf reads examples[0] and holds it against the rules beside it. Every
// scalar has a sample, because the pages, the emulator and the tests are made
// from them; an enumeration without one is sampled by its first value.
func (o object) sampleOf(f *spec.Field) {
	if f.Type == "object" || f.Type == "array" || f.Text != nil {
		return
	}
	if !o.has("examples") {
		if len(f.Enum) == 0 {
			o.fault(o.node, "\"examples\" is missing: every scalar has a sample")
			return
		}
		f.Sample = o.value(f.Type, o.at("enum").Content[0])
		return
	}
	for i, n := range o.list("examples") {
		v := o.value(f.Type, n)
		if v == nil {
			continue
		}
		if err := CheckValue(f, v); err != nil {
			o.fault(n, "the sample breaks a rule: %v", err)
		}
		if i == 0 {
			f.Sample = v
		}
	}
}

// value turns a YAML scalar into the Go value of a field: string, int64,
// float64 or bool; nil, with a fault, if it is of another type.
func (o object) value(typ string, n *yaml.Node) any {
	var v any
	var err error
	switch {
	case typ == "string" && n.Tag == "!!str":
		return n.Value
	case typ == "integer" && n.Tag == "!!int":
		v, err = strconv.ParseInt(n.Value, 10, 64)
	case typ == "number" && (n.Tag == "!!int" || n.Tag == "!!float"):
		v, err = strconv.ParseFloat(n.Value, 64)
	case typ == "boolean" && n.Tag == "!!bool":
		v, err = strconv.ParseBool(n.Value)
	default:
		err = fmt.Errorf("a sample of the type %s", typ)
	}
	if err != nil {
		o.fault(n, "%q is not %s", n.Value, "a "+typ)
		return nil
	}
	return v
}

// CheckValue reports which rule of the scalar field f the value v breaks. v is
// a string, an int64, a float64 or a bool, as in [spec.Field] Sample.
func CheckValue(f *spec.Field, v any) error {
	text := fmt.Sprint(v)
	if len(f.Enum) > 0 && !slices.Contains(f.Enum, text) {
		return fmt.Errorf("enum: %q is not listed", text)
	}
	switch v := v.(type) {
	case string:
		return checkText(f, v)
	case int64:
		return checkNumber(f, float64(v))
	case float64:
		return checkNumber(f, v)
	}
	return nil
}

func checkNumber(f *spec.Field, v float64) error {
	if f.Minimum != nil && v < float64(*f.Minimum) {
		return fmt.Errorf("minimum: %v is less than %d", v, *f.Minimum)
	}
	if f.Maximum != nil && v > float64(*f.Maximum) {
		return fmt.Errorf("maximum: %v is more than %d", v, *f.Maximum)
	}
	return nil
}

func checkText(f *spec.Field, v string) error {
	n := utf8.RuneCountInString(v)
	if n < f.MinLength {
		return fmt.Errorf("minLength: %d characters, less than %d", n, f.MinLength)
	}
	if f.MaxLength > 0 && n > f.MaxLength {
		return fmt.Errorf("maxLength: %d characters, more than %d", n, f.MaxLength)
	}
	if f.Pattern != "" && !regexp.MustCompile(f.Pattern).MatchString(v) {
		return fmt.Errorf("pattern: %q does not match", v)
	}
	return checkFormat(f.Format, v)
}

func checkFormat(format, v string) error {
	switch format {
	case "date":
		if _, err := time.Parse(time.DateOnly, v); err != nil {
			return fmt.Errorf("format: %q is no yyyy-mm-dd", v)
		}
	case "date-time":
		if _, err := time.Parse(time.RFC3339, v); err != nil {
			return fmt.Errorf("format: %q is no RFC 3339 time", v)
		}
	case "notify-url":
		u, err := url.Parse(v)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
			return fmt.Errorf("format: %q is no https URL without query and fragment", v)
		}
	case "bmp":
		for _, r := range v {
			if r > 0xFFFF || r == utf8.RuneError {
				return fmt.Errorf("format: %q holds a character of 4 bytes, or broken UTF-8", v)
			}
		}
	}
	return nil
}
