package caller

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/spec"
)

// check lists what breaks a documented rule, each an [*Error].
func (c *Call) check() []error {
	var errs []error
	for i := range c.op.Params {
		p := &c.op.Params[i]
		if v, ok := c.params[p.Name]; ok {
			errs = append(errs, broken(p, p.Name, v)...)
		}
	}
	if c.op.Request != nil && c.body != nil {
		errs = append(errs, broken(c.op.Request, "", c.body)...)
	}
	return errs
}

// Try places a value with [Call.Set] or [Call.SetJSON], and takes it back if it
// breaks a documented rule. The error is an [*Error], or several joined.
func (c *Call) Try(name, value string, set func(name, value string) error) error {
	params, body := maps.Clone(c.params), copied(c.body)
	err := set(name, value)
	if err == nil && !c.unchecked {
		err = errors.Join(c.check()...)
	}
	if err != nil {
		c.params, c.body = params, body.(map[string]any)
	}
	return err
}

// copied copies objects and lists.
func copied(v any) any {
	switch x := v.(type) {
	case map[string]any:
		out := maps.Clone(x)
		for name, value := range out {
			out[name] = copied(value)
		}
		return out
	case []any:
		out := slices.Clone(x)
		for i, value := range out {
			out[i] = copied(value)
		}
		return out
	}
	return v
}

// broken checks v, the value of f that is called name.
func broken(f *spec.Field, name string, v any) (errs []error) {
	below := func(part string) string { return strings.TrimPrefix(name+"."+part, ".") }
	switch x := v.(type) {
	case map[string]any:
		for i := range f.Fields { // in documented order
			if inner, ok := x[f.Fields[i].Name]; ok {
				errs = append(errs, broken(&f.Fields[i], below(f.Fields[i].Name), inner)...)
			}
		}
	case []any:
		if f.MaxItems > 0 && len(x) > f.MaxItems {
			errs = append(errs, &Error{name, fmt.Sprintf("must have at most %d items", f.MaxItems), "leave some out"})
		}
		for i, inner := range x {
			if f.Items != nil {
				errs = append(errs, broken(f.Items, below(strconv.Itoa(i)), inner)...)
			}
		}
	case string:
		if rule, remedy := text(f, x); rule != "" {
			errs = append(errs, &Error{name, rule, remedy})
		}
	case json.Number:
		if rule, remedy := number(f, x); rule != "" {
			errs = append(errs, &Error{name, rule, remedy})
		}
	}
	return errs
}

// unchecked is the way out for values newer than the description.
const unchecked = "or send it with --unchecked if WeChat Pay has changed the rule"

// text checks a string; rule is "" if nothing is wrong with it. Numbers of the
// path and the query are text too.
func text(f *spec.Field, s string) (rule, remedy string) {
	if f.Type == "integer" {
		return number(f, json.Number(s))
	}
	n := utf8.RuneCountInString(s)
	switch {
	case f.Enum != nil && !slices.Contains(f.Enum, s):
		return "must be one of " + strings.Join(f.Enum, ", "), "give one of them, " + unchecked
	case n < f.MinLength:
		return fmt.Sprintf("must have at least %d characters, has %d", f.MinLength, n), "make it longer, " + unchecked
	case f.MaxLength > 0 && n > f.MaxLength:
		return fmt.Sprintf("must have at most %d characters, has %d", f.MaxLength, n), "shorten it, " + unchecked
	case f.Pattern != "" && !matches(f.Pattern, s):
		return "must match " + f.Pattern, "leave out what the pattern does not allow, " + unchecked
	}
	return form(f.Format, s)
}

func matches(pattern, s string) bool {
	re, err := regexp.Compile(pattern)
	return err != nil || re.MatchString(s)
}

func form(format, s string) (rule, remedy string) {
	switch format {
	case "date":
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return "must be a day", "write it as 2026-01-02, in Beijing time"
		}
	case "date-time":
		if _, err := wxpay.ParseTime(s); err != nil {
			return "must be a time", "write it as 2026-01-02T15:04:05+08:00"
		}
	case "notify-url":
		if !strings.HasPrefix(s, "https://") || strings.ContainsAny(s, "?# ") {
			return "must be an address that begins with https:// and has no query", "give one that WeChat Pay can reach"
		}
	}
	return "", ""
}

func number(f *spec.Field, v json.Number) (rule, remedy string) {
	n, err := v.Int64()
	switch {
	case err != nil:
		return "", "" // a fraction: nothing is documented of its size
	case f.Minimum != nil && n < *f.Minimum:
		return fmt.Sprintf("must be at least %d", *f.Minimum), "give a larger number, " + unchecked
	case f.Maximum != nil && n > *f.Maximum:
		return fmt.Sprintf("must be at most %d", *f.Maximum), "give a smaller number, " + unchecked
	case f.Enum != nil && !slices.Contains(f.Enum, v.String()):
		return "must be one of " + strings.Join(f.Enum, ", "), "give one of them, " + unchecked
	}
	return "", ""
}
