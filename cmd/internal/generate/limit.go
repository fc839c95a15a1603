package generate

import (
	"fmt"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// limits says in words what the rules of a field allow, "" if everything.
func limits(f *spec.Field) string {
	var parts []string
	switch {
	case f.MinLength > 0 && f.MaxLength > 0:
		parts = append(parts, fmt.Sprintf("%d to %d characters", f.MinLength, f.MaxLength))
	case f.MaxLength > 0:
		parts = append(parts, fmt.Sprintf("up to %d characters", f.MaxLength))
	case f.MinLength > 0:
		parts = append(parts, fmt.Sprintf("from %d characters", f.MinLength))
	}
	if f.Pattern != "" {
		parts = append(parts, "matches "+f.Pattern)
	}
	switch f.Format {
	case "date":
		parts = append(parts, "a day as yyyy-MM-dd")
	case "date-time":
		parts = append(parts, "a time as RFC 3339")
	case "notify-url":
		parts = append(parts, "an https URL without a query")
	}
	if f.Minimum != nil {
		parts = append(parts, fmt.Sprintf("at least %d", *f.Minimum))
	}
	if f.Maximum != nil {
		parts = append(parts, fmt.Sprintf("at most %d", *f.Maximum))
	}
	if f.MaxItems > 0 {
		parts = append(parts, fmt.Sprintf("at most %d items", f.MaxItems))
	}
	return upperFirst(strings.Join(parts, ", "))
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
