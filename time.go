package wxpay

import (
	"errors"
	"time"
)

// Beijing is the time zone of WeChat Pay: UTC+8, no summer time. Dates and
// daily windows of the protocol are meant in it.
var Beijing = time.FixedZone("UTC+8", 8*60*60)

// ParseTime reads a time of the protocol: RFC 3339, with or without
// milliseconds, with "Z" or an offset; and the form 20060102150405, in Beijing
// time, that a few notifications use.
//
// Source: https://pay.weixin.qq.com/docs/merchant/development/interface-rules/basic-rules.html
func ParseTime(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t, nil
	}
	if t, err := time.ParseInLocation("20060102150405", s, Beijing); err == nil {
		return t, nil
	}
	return time.Time{}, errors.New("wxpay: not a time of the protocol: want RFC 3339")
}
