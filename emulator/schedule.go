package emulator

import (
	"time"

	"github.com/wxpay-go/wxpay/spec"
)

// schedule is how long WeChat Pay waits after each failed attempt: 24 hours
// and 4 minutes in all, the general rule. Where the page of an event prints
// another one, its description has it. (One page prints 4 hours for
// ENTRUST events; the pages of the events themselves print this.)
//
// "At most 15 times" is read as 15 repetitions after the first attempt: 15
// waits add up to the printed total, and each ends in an attempt.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791836
var schedule = [...]time.Duration{
	15 * time.Second, 15 * time.Second, 30 * time.Second,
	3 * time.Minute, 10 * time.Minute, 20 * time.Minute,
	30 * time.Minute, 30 * time.Minute, 30 * time.Minute, time.Hour,
	3 * time.Hour, 3 * time.Hour, 3 * time.Hour, 6 * time.Hour, 6 * time.Hour,
}

// after returns when the next attempt to deliver an event is due once attempts
// of them have failed, or false when there is none left. described may be nil.
func after(described *spec.Event, attempts int, now time.Time) (time.Time, bool) {
	waits := schedule[:]
	if described != nil && described.Again != nil {
		waits = nil
		for _, seconds := range described.Again {
			waits = append(waits, time.Duration(seconds)*time.Second)
		}
	}
	if attempts < 1 || attempts > len(waits) {
		return time.Time{}, false
	}
	return now.Add(waits[attempts-1]), true
}
