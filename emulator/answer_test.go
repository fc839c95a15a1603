package emulator_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

// question is an event whose answer carries business data.
func question() invented {
	resource := object("", text("mchid", "1"), text("sp_mchid", "2"), optional(text("sub_mchid", "3")), text("id", "x"))
	answer := object("", optional(text("kind", "COUPON")), optional(object("coupon_info", text("coupon_id", "1"))))
	answer.Fields[0].Enum = []string{"COUPON"}
	return invented{events: []*spec.Event{{Type: "INVENTED.QUESTION", OriginalType: "invented", Title: "问", Within: 1, Resource: &resource, Answer: &answer}}}
}

// answering lets the merchant answer with a body.
func answering(status int, body string) func(*emulator.Config) {
	shop, into := receiving(status)
	shop.answer = func(q *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), Request: q}, nil
	}
	return into
}

func TestAnswersOfTheMerchantAreKeptAndChecked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		body   string
		kept   string
		issue  string
	}{
		{200, `{"kind":"COUPON","coupon_info":{"coupon_id":"7"}}`, `{"kind":"COUPON","coupon_info":{"coupon_id":"7"}}`, ""},
		{200, `{}`, `{}`, ""},
		{204, ``, ``, ""},
		{200, `{"kind":"CASH"}`, `{"kind":"CASH"}`, "/kind must be one of COUPON"},
		{200, `{"coupon_info":{}}`, `{"coupon_info":{}}`, "/coupon_info/coupon_id is required"},
		{200, `{"code":"SUCCESS"}`, `{"code":"SUCCESS"}`, "/code is not a parameter of this endpoint"},
		{200, `ok`, `ok`, "the body is not JSON"},
		{200, strings.Repeat("x", 1<<17), strings.Repeat("x", 1<<16), "the body is not JSON"},
		{500, `{"kind":"CASH"}`, ``, ""},
	} {
		p := newPay(t, question().use, answering(tt.status, tt.body))
		event, err := p.Trigger("INVENTED.QUESTION", "https://localhost/n", nil)
		if err != nil {
			t.Fatal(err)
		}
		p.deliver()
		if event, err = p.Event(event.ID); err != nil {
			t.Fatal(err)
		}
		got := event.Attempts[0]
		if got.Answer != tt.kept || got.Issue != tt.issue || (event.State == emulator.EventDelivered) != (tt.status < 300) {
			t.Errorf("%d %.50s: %.50s, %q, %s; want issue %q", tt.status, tt.body, got.Answer, got.Issue, event.State, tt.issue)
		}
	}
}

func TestAnOrdinaryAnswerIsNotKept(t *testing.T) {
	t.Parallel()
	p := newPay(t, answering(200, `{"code":"FAIL"}`))
	p.signMini(code)
	p.deliver()
	events, err := p.Events()
	if err != nil || events[0].Attempts[0].Answer != "" || events[0].Attempts[0].Issue != "" {
		t.Errorf("%+v, %v", events, err)
	}
}

// TestAnEventHasItsOwnAnswerTime: a second, where the description says so.
func TestAnEventHasItsOwnAnswerTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop, into := receiving(0)
		shop.answer = func(q *http.Request) (*http.Response, error) {
			<-q.Context().Done()
			return nil, q.Context().Err()
		}
		p := newPay(t, question().use, into, func(c *emulator.Config) { c.Clock = &emulator.Clock{} })
		p.clock.Set(start)
		event, err := p.Trigger("INVENTED.QUESTION", "https://localhost/n", nil)
		if err != nil {
			t.Fatal(err)
		}
		p.deliver()
		if event, err = p.Event(event.ID); err != nil || event.Attempts[0].Duration != time.Second || event.State != emulator.EventPending {
			t.Errorf("%+v, %v", event, err)
		}
	})
}

// TestARequiredMemberIsTriggeredWhoseverItIs: an event of partners alone has
// the partner's members without being asked for them.
func TestARequiredMemberIsTriggeredWhoseverItIs(t *testing.T) {
	t.Parallel()
	shop, into := receiving(200)
	p := newPay(t, question().use, into)
	if _, err := p.Trigger("INVENTED.QUESTION", "https://localhost/n", nil); err != nil {
		t.Fatal(err)
	}
	p.deliver()
	_, resource := p.open(shop.all()[0])
	if resource["sp_mchid"] != emulator.DefaultMchID || resource["mchid"] != emulator.DefaultMchID || resource["sub_mchid"] != nil {
		t.Errorf("got %v", resource)
	}
}
