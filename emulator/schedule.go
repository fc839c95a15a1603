package emulator

import "time"

// schedule is how long WeChat Pay waits after each failed attempt: 24 hours
// and 4 minutes in all, the general rule. (One page prints 4 hours for
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

// after returns when the next attempt is due once attempts of them have
// failed, or false when there is none left.
func after(attempts int, now time.Time) (time.Time, bool) {
	if attempts < 1 || attempts > len(schedule) {
		return time.Time{}, false
	}
	return now.Add(schedule[attempts-1]), true
}
