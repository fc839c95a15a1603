package emulator

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/wxpay-go/wxpay/spec"
)

// checkText holds a text against the rules of its field, and returns the first
// that it breaks, or "". In a path or a query a number is text too.
func checkText(f *spec.Field, text string) string {
	if f.Type == "integer" || f.Type == "number" {
		return checkNumber(f, text)
	}
	if f.Type == "boolean" {
		if text == "true" || text == "false" {
			return ""
		}
		return "must be true or false"
	}
	if issue := checkLength(f, text); issue != "" {
		return issue
	}
	switch {
	case len(f.Enum) > 0 && !slices.Contains(f.Enum, text):
		return "must be one of " + strings.Join(f.Enum, ", ")
	case f.Pattern != "" && !pattern(f.Pattern).MatchString(text):
		return "must match " + f.Pattern
	}
	return checkFormat(f.Format, text)
}

// checkLength counts characters. Every text is limited to the characters that
// UTF-8 writes in at most 3 bytes: a general rule of the protocol.
//
// Assumed: an empty text is refused everywhere. Older pages print the lengths
// as string[1,32], the newer ones print only the upper end.
func checkLength(f *spec.Field, text string) string {
	n := utf8.RuneCountInString(text)
	switch {
	case n < max(f.MinLength, 1):
		if f.MinLength > 1 {
			return "is shorter than " + strconv.Itoa(f.MinLength) + " characters"
		}
		return "must not be empty"
	case f.MaxLength > 0 && n > f.MaxLength:
		return "is longer than " + strconv.Itoa(f.MaxLength) + " characters"
	case strings.ContainsFunc(text, func(r rune) bool { return r > 0xffff }):
		return "holds a character that takes 4 bytes in UTF-8"
	}
	return ""
}

func checkNumber(f *spec.Field, text string) string {
	if f.Type == "number" {
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return "must be a number"
		}
		return ""
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return "must be an integer of 64 bits"
	case f.Minimum != nil && n < *f.Minimum:
		return "is less than " + strconv.FormatInt(*f.Minimum, 10)
	case f.Maximum != nil && n > *f.Maximum:
		return "is more than " + strconv.FormatInt(*f.Maximum, 10)
	case len(f.Enum) > 0 && !slices.Contains(f.Enum, text):
		return "must be one of " + strings.Join(f.Enum, ", ")
	}
	return ""
}

func checkFormat(format, text string) string {
	switch format {
	case "date":
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return "must be a date such as 2006-01-02"
		}
	case "date-time":
		if _, err := time.Parse(time.RFC3339, text); err != nil {
			return "must be a time such as 2006-01-02T15:04:05+08:00"
		}
	case "notify-url":
		return checkNotifyURL(text)
	}
	return ""
}

// checkNotifyURL holds the documented rules of notify URLs, but for "must be
// reachable from outside": reaching the same machine is what this is for.
func checkNotifyURL(text string) string {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return "must be a whole URL"
	case u.Scheme != "https":
		return "must begin with https://"
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "must have no query and no fragment"
	}
	return ""
}

// patterns keeps compiled patterns by their text; the description has few.
var patterns sync.Map

func pattern(text string) *regexp.Regexp {
	if known, ok := patterns.Load(text); ok {
		return known.(*regexp.Regexp)
	}
	compiled := regexp.MustCompile(text) // of our own description, never of a request
	patterns.Store(text, compiled)
	return compiled
}
