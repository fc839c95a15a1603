package capture

import (
	"net/url"
	"regexp"
	"strings"
)

// ValidWords reports whether these can stand in the head of a request.
func ValidWords(method, target, value string) bool {
	u, err := url.ParseRequestURI(target)
	return regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE)$`).MatchString(method) && strings.HasPrefix(target, "/") && err == nil && u.Path != "" &&
		!strings.ContainsAny(target, "# \t\r\n\x00") && !strings.ContainsAny(value, "\r\n\x00") && value == strings.Trim(value, " \t")
}
