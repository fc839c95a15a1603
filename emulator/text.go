package emulator

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"strconv"
)

// text returns the first of the named members that is there as a text.
func text(object map[string]any, names ...string) string {
	for _, name := range names {
		if v, ok := object[name].(string); ok && v != "" {
			return v
		}
	}
	return ""
}

// text returns the first of the named members of the body that is there.
func (c *call) text(names ...string) string { return text(c.body, names...) }

// named returns the first of the named members of the body that is there or,
// where none is, the first parameter of the query.
func (c *call) named(names ...string) string {
	given := c.text(names...)
	for _, name := range names {
		given = cmp.Or(given, c.query[name])
	}
	return given
}

// number returns an integer of the body, which may be written as a text, or 0.
func (c *call) number(name string) (int64, error) {
	if written := c.text(name); written != "" {
		return planNumber(written, "/"+name)
	}
	return c.integer(name), nil
}

// planNumber reads the number of a plan that is written as a text. Assumed: the
// numbers that WeChat Pay gives out are integers, as all samples are.
func planNumber(written, pointer string) (int64, error) {
	n, err := strconv.ParseInt(written, 10, 64)
	if err != nil {
		return 0, paramError(fault{Field: pointer, Value: written, Issue: "must be an integer of 64 bits", Location: "body"})
	}
	return n, nil
}

// integer returns an integer of the body, or 0.
func (c *call) integer(name string) int64 {
	number, _ := c.body[name].(json.Number)
	n, _ := number.Int64() // the check has refused what is none
	return n
}

// pseudonym is the id under one appid of the user whom the parts name: the
// same parts give the same id. It is made like a real one, "o" and 27
// characters.
func pseudonym(parts ...string) string {
	digest := sha256.Sum256([]byte(key(parts...)))
	id := []byte{'o'}
	for _, b := range digest[:27] {
		id = append(id, base62[int(b)%len(base62)])
	}
	return string(id)
}
