package wxpay

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Checker is a request that knows its own documented rules. The generated
// request types implement it; [Client.Do] asks before anything is sent.
type Checker interface {
	// Check reports every field at fault to c.
	Check(c *Check)
}

// Check collects the faults of one request. The zero value is ready to use.
type Check struct {
	path   []string
	faults []Fault
}

// Rule is what the description says of a string field. The zero value allows
// everything that the protocol can carry.
type Rule struct {
	Required bool
	Min, Max int      // length in characters; 0 is no limit
	Enum     []string // the documented values; nil is any
	Pattern  *Pattern // nil is any
	Format   Format
}

// Format is a named form of a string.
type Format string

const (
	// FormatNotifyURL is an address that WeChat Pay sends notifications to:
	// https, with a host, without query and fragment.
	FormatNotifyURL Format = "notify-url"
	// FormatDate is a calendar day in Beijing time, "2006-01-02".
	FormatDate Format = "date"
	// FormatDateTime is RFC 3339, "2006-01-02T15:04:05+08:00".
	FormatDateTime Format = "date-time"
)

// Pattern is an anchored regular expression, compiled at its first use.
type Pattern struct {
	expr string
	re   func() *regexp.Regexp
}

// NewPattern returns the pattern of expr, which must be valid RE2.
func NewPattern(expr string) *Pattern {
	return &Pattern{expr: expr, re: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })}
}

// IntRule is what the description says of an integer field.
type IntRule struct {
	Min, Max *int64 // nil is no limit
	Enum     []int64
}

// String checks one string. A value that is "" is missing; it is a fault only
// where the rule requires it.
func (c *Check) String(field, value string, r Rule) {
	if value == "" {
		if r.Required {
			c.missing(field)
		}
		return
	}
	c.text(field, value)
	if r.Max > 0 || r.Min > 0 {
		c.length(field, utf8.RuneCountInString(value), r)
	}
	if r.Enum != nil && !slices.Contains(r.Enum, value) {
		c.fault(field, "must be one of "+strings.Join(r.Enum, ", "), "use a documented value, or send the request with Unchecked if WeChat Pay has a newer one")
	}
	if r.Pattern != nil && !r.Pattern.re().MatchString(value) {
		c.fault(field, "must match "+r.Pattern.expr, "remove the characters that the pattern does not allow")
	}
	r.Format.check(c, field, value)
}

// Required checks strings that must be there and have no other rule: field and
// value in turn.
func (c *Check) Required(pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		c.String(pairs[i], pairs[i+1], Rule{Required: true})
	}
}

// Optional checks strings without a rule of their own, as Required does. Not
// all of UTF-8 can be sent.
func (c *Check) Optional(pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		c.String(pairs[i], pairs[i+1], Rule{})
	}
}

// text holds for every string of the protocol: UTF-8, and only characters of
// one to three bytes.
// Source: https://pay.weixin.qq.com/docs/merchant/development/interface-rules/basic-rules.html
func (c *Check) text(field, value string) {
	for i := 0; i < len(value); i++ {
		if value[i] < utf8.RuneSelf {
			continue
		}
		switch r, size := utf8.DecodeRuneInString(value[i:]); {
		case r == utf8.RuneError && size == 1:
			c.fault(field, "must be UTF-8", "convert the text to UTF-8")
			return
		case size == 4:
			c.fault(field, "must hold only characters of up to 3 bytes in UTF-8", "remove emoji and other characters outside the Basic Multilingual Plane")
			return
		default:
			i += size - 1
		}
	}
}

func (c *Check) length(field string, n int, r Rule) {
	if r.Max > 0 && n > r.Max {
		c.fault(field, "must be at most "+strconv.Itoa(r.Max)+" characters long, has "+strconv.Itoa(n), "shorten it")
	}
	if n < r.Min {
		c.fault(field, "must be at least "+strconv.Itoa(r.Min)+" characters long, has "+strconv.Itoa(n), "use a longer value")
	}
}

func (f Format) check(c *Check, field, value string) {
	switch f {
	case FormatNotifyURL:
		checkNotifyURL(c, field, value)
	case FormatDate:
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			c.fault(field, "must be a day as yyyy-MM-dd", "format the time with time.DateOnly, in Beijing time")
		}
	case FormatDateTime:
		if _, err := ParseTime(value); err != nil {
			c.fault(field, "must be a time as RFC 3339", "format the time with time.RFC3339")
		}
	}
}

func checkNotifyURL(c *Check, field, value string) {
	host, https := strings.CutPrefix(value, "https://")
	switch {
	case !https:
		c.fault(field, "must begin with https://", "give an address that WeChat Pay can reach over https")
	case host == "" || host[0] == '/' || strings.ContainsAny(value, " \t\r\n"):
		c.fault(field, "must be a full URL with a host", "give scheme, host and path")
	case strings.ContainsAny(value, "?#"):
		c.fault(field, "must have no query and no fragment", "put what you need to recognise the notification into the path, or use out_contract_code or out_trade_no")
	}
}

// Int checks one integer that is always sent.
func (c *Check) Int(field string, value int64, r IntRule) {
	if r.Min != nil && value < *r.Min {
		if value == 0 {
			c.missing(field)
			return
		}
		c.fault(field, "must be at least "+strconv.FormatInt(*r.Min, 10), "use a larger value")
	}
	if r.Max != nil && value > *r.Max {
		c.fault(field, "must be at most "+strconv.FormatInt(*r.Max, 10), "use a smaller value")
	}
	if r.Enum != nil && !slices.Contains(r.Enum, value) {
		c.fault(field, "must be a documented value", "see the reference page of the endpoint")
	}
}

// OptionalInt checks one integer that is sent only when it is there.
func (c *Check) OptionalInt(field string, value *int64, r IntRule) {
	if value != nil {
		c.Int(field, *value, r)
	}
}

// Given reports field as missing unless it is given: for required members that
// are objects, arrays or pointers.
func (c *Check) Given(field string, given bool) {
	if !given {
		c.missing(field)
	}
}

// AnyOf reports a fault unless one of fields is given.
func (c *Check) AnyOf(given bool, fields ...string) {
	if !given {
		c.fault(fields[0], "one of "+strings.Join(fields, ", ")+" is required", "set one of them")
	}
}

// Count checks the length of an array.
func (c *Check) Count(field string, n, max int) {
	if n > max {
		c.fault(field, "must have at most "+strconv.Itoa(max)+" items, has "+strconv.Itoa(n), "send fewer items")
	}
}

// In checks a member that has rules of its own; its faults are named below
// field.
func (c *Check) In(field string, v Checker) {
	c.path = append(c.path, field)
	v.Check(c)
	c.path = c.path[:len(c.path)-1]
}

// Item is [Check.In] for one item of an array.
func (c *Check) Item(field string, i int, v Checker) {
	c.In(field+"/"+strconv.Itoa(i), v)
}

func (c *Check) missing(field string) {
	c.fault(field, "is required", "set it")
}

func (c *Check) fault(field, rule, remedy string) {
	if len(c.path) > 0 {
		field = strings.Join(c.path, "/") + "/" + field
	}
	c.faults = append(c.faults, Fault{Field: field, Rule: rule, Remedy: remedy})
}

var checks = sync.Pool{New: func() any { return new(Check) }}

// checkRequest returns an [*InputError] that names every fault of in, or nil.
func checkRequest(op *Op, in Checker) error {
	c := checks.Get().(*Check)
	defer checks.Put(c)
	in.Check(c)
	if len(c.faults) == 0 {
		return nil
	}
	err := &InputError{What: op.Method + " " + op.Path, Faults: c.faults}
	*c = Check{}
	return err
}
