package emulator_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

// far is a time that nobody runs these tests at, and farCredentials are of
// then: certificates and the key's id tell when they were made.
var (
	far            = time.Date(2131, 3, 4, 12, 0, 0, 0, time.FixedZone("CST", 8*3600))
	farCredentials = sync.OnceValues(func() (*emulator.Credentials, error) { return emulator.NewCredentials(emulator.DefaultMchID, far) })
)

func atFar(t *testing.T) func(*emulator.Config) {
	t.Helper()
	made, err := farCredentials()
	if err != nil {
		t.Fatal(err)
	}
	return func(c *emulator.Config) { c.Clock, c.Credentials = emulator.NewClock(far), made }
}

// TestNoWallClockTimeLeaksIntoAnAnswer asks every endpoint, with a clock that
// stands still far from today, and looks for today in every header and member:
// as a date, as a time of HTTP, and as seconds or milliseconds.
func TestNoWallClockTimeLeaksIntoAnAnswer(t *testing.T) {
	t.Parallel()
	for op := range spec.Operations() {
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			p := newPay(t, atFar(t))
			for _, r := range [][2]bool{{true, true}, {true, false}, {false, true}} {
				request := p.sampleRequest(op)
				if !r[0] {
					request.Header.Del("Authorization")
				}
				if !r[1] {
					request.Header.Set("Wechatpay-Negative-Test", "SYSTEM_ERROR")
				}
				a := p.send(request)
				for name, values := range a.header {
					if name != "Request-Id" { // 44 digits at random, which now and then read as today
						noToday(t, name, strings.Join(values, " "))
					}
				}
				noToday(t, "body", a.body)
				if got := a.header.Get("Date"); got != far.UTC().Format(http.TimeFormat) {
					t.Errorf("Date %s", got)
				}
				if got := a.header.Get("Wechatpay-Timestamp"); got != "" && got != strconv.FormatInt(far.Unix(), 10) {
					t.Errorf("Wechatpay-Timestamp %s", got)
				}
			}
		})
	}
}

// TestNoWallClockTimeLeaksIntoTheState does the same for what is kept, told by
// the admin interface and notified.
func TestNoWallClockTimeLeaksIntoTheState(t *testing.T) {
	t.Parallel()
	shop, into := receiving(500)
	p := newPay(t, into, atFar(t))
	id := p.order()
	p.call("POST", normalAfterPay, with(presignBody, "prepay_id", id), 200)
	p.play("user-terminated", p.play("signed", id).Contract.ContractID)
	p.deliver()
	for _, path := range []string{"/", "/state", "/orders", "/contracts", "/sessions", "/events", "/faults"} {
		a := p.admin("GET", path, "")
		noToday(t, path, a.body)
		for name, values := range a.header {
			noToday(t, path+" "+name, strings.Join(values, " "))
		}
	}
	for _, n := range shop.all() {
		noToday(t, "notification", n.body)
		for name, values := range n.header {
			noToday(t, "notification "+name, strings.Join(values, " "))
		}
		_, resource := p.open(n)
		noToday(t, "resource", string(marshal(t, resource)))
	}
}

var numbers = regexp.MustCompile(`\d+`)

// noToday fails for a text that names a day around the machine's today. A long
// identifier may hold any digits, so that numbers are looked at whole and from
// their beginning.
func noToday(t *testing.T, where, text string) {
	t.Helper()
	now := time.Now()
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("CST", 8*3600)} {
		for _, day := range []time.Time{now.Add(-24 * time.Hour), now, now.Add(24 * time.Hour)} {
			for _, layout := range []string{"2006-01-02", "02 Jan 2006"} {
				if today := day.In(zone).Format(layout); strings.Contains(text, today) {
					t.Errorf("%s holds %s: %s", where, today, text)
				}
			}
		}
	}
	for _, digits := range numbers.FindAllString(text, -1) {
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			continue
		}
		for _, unit := range []int64{1, 1e3, 1e6, 1e9} {
			if away := n/unit - now.Unix(); away > -86400 && away < 86400 {
				t.Errorf("%s holds %s, which is about now: %s", where, digits, text)
			}
		}
		if today := now.Format("20060102"); len(digits) >= 14 && strings.HasPrefix(digits, today) {
			t.Errorf("%s holds %s, which begins with today: %s", where, digits, text)
		}
	}
}
