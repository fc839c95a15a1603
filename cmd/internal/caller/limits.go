package caller

import (
	"fmt"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// Limits says in words what the description allows in a field.
func Limits(f *spec.Field) string {
	parts := []string{f.Type}
	switch {
	case f.Minimum != nil && f.Maximum != nil:
		parts = append(parts, fmt.Sprintf("%d to %d", *f.Minimum, *f.Maximum))
	case f.Minimum != nil:
		parts = append(parts, fmt.Sprintf("at least %d", *f.Minimum))
	case f.Maximum != nil:
		parts = append(parts, fmt.Sprintf("at most %d", *f.Maximum))
	}
	switch {
	case f.MinLength > 0 && f.MaxLength > 0:
		parts = append(parts, fmt.Sprintf("%d to %d characters", f.MinLength, f.MaxLength))
	case f.MaxLength > 0:
		parts = append(parts, fmt.Sprintf("at most %d characters", f.MaxLength))
	}
	if f.Format != "" {
		parts = append(parts, f.Format)
	}
	if f.Pattern != "" {
		parts = append(parts, "matching "+f.Pattern)
	}
	if len(f.Enum) > 0 {
		parts = append(parts, "one of "+strings.Join(f.Enum, ", "))
	}
	if f.Encrypted {
		parts = append(parts, "sent encrypted")
	}
	return strings.Join(parts, ", ")
}
