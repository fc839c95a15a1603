package emulator_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// asking is an emulator whose merchant answers every notification so.
func asking(t *testing.T, status int, body string) (*pay, *receiver) {
	t.Helper()
	shop, into := receiving(status)
	shop.answer = func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
	return newPay(t, into), shop
}

func (p *pay) signHarmony() *emulator.Contract {
	p.t.Helper()
	contract := p.agree(p.call("POST", harmony, harmonyBody, 200))
	p.deliver()
	return contract
}

// leaves lets the user end a contract.
func (p *pay) leaves(contract *emulator.Contract) *emulator.Contract {
	p.t.Helper()
	after, err := p.Terminate(contract.ContractID, "", "不用了")
	if err != nil {
		p.t.Fatal(err)
	}
	p.deliver()
	return after
}

func TestTheMerchantIsAskedFirst(t *testing.T) {
	t.Parallel()
	p, _ := asking(t, 200, "")
	contract := p.signHarmony()
	after := p.leaves(contract)
	if after.State != emulator.Terminated || after.Termination.Mode != "USER_TERMINATE" || after.Termination.Remark != "不用了" || after.Inquiry.Outcome != emulator.InquiryAnswered {
		t.Errorf("%+v, %+v", after, after.Inquiry)
	}
	if p.types() != "ENTRUST.SIGN ENTRUST.TERMINATE_INQUIRY ENTRUST.TERMINATE" {
		t.Errorf("told %s", p.types())
	}
	asked := p.told("ENTRUST.TERMINATE_INQUIRY")[0]
	if asked["contract_id"] != contract.ContractID || asked["out_user_code"] != "用户A" || asked["contract_state"] != "SIGNED" || asked["messsage"] == nil {
		t.Errorf("asked %v", asked)
	}
	other := p.agree(p.call("POST", harmony, with(harmonyBody, "out_contract_code", "other"), 200))
	p.call("POST", planContract+"other/terminate", map[string]any{"contract_termination_remark": "r"}, 200)
	if _, err := p.Terminate(p.signScheduled("out_contract_code", "scheduled").ContractID, "", ""); err != nil {
		t.Fatal(err)
	}
	if n := len(p.told("ENTRUST.TERMINATE_INQUIRY")); n != 1 {
		t.Errorf("asked %d times: nobody is about %s that the merchant ends, or another one", n, other.Code)
	}
}

func TestTheMerchantRefuses(t *testing.T) {
	t.Parallel()
	p, _ := asking(t, 400, `{"code":"FAIL","message":"有未完成的订单"}`)
	contract := p.signHarmony()
	after := p.leaves(contract)
	if after.State != emulator.Signed || after.Inquiry.Outcome != emulator.InquiryRefused || len(p.told("ENTRUST.TERMINATE")) != 0 {
		t.Errorf("%+v, told %s", after.Inquiry, p.types())
	}
	if err := p.Advance(t.Context(), 48*time.Hour); err != nil {
		t.Fatal(err)
	}
	events, err := p.Events()
	if err != nil || len(events[1].Attempts) != 1 || events[1].State != emulator.EventFailed {
		t.Errorf("asked again: %+v, %v", events[1], err)
	}
	if _, err := p.Terminate(contract.ContractID, "SYSTEM_TERMINATE", ""); err != nil {
		t.Errorf("the platform asks nobody: %v", err)
	}
}

func TestAQuestionWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	shop, into := receiving(200)
	silent := newPay(t, into)
	contract := silent.signHarmony()
	shop.answer = func(r *http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }
	if after, err := silent.Terminate(contract.ContractID, "", ""); err != nil || after.State != emulator.Terminated || after.Inquiry.Outcome != emulator.InquiryUnanswered {
		t.Errorf("silence: %+v, %v", after, err)
	}
	unreachable := newPay(t)
	contract = unreachable.agree(unreachable.call("POST", harmony, with(harmonyBody, "contract_notify_url", "https://yourapp.com/notify"), 200))
	if after, err := unreachable.Terminate(contract.ContractID, "", ""); err != nil || after.State != emulator.Terminated {
		t.Errorf("nowhere to ask: %+v, %v", after, err)
	}
	lost, _ := asking(t, 400, "")
	contract = lost.signHarmony()
	lost.play("notification-lost", "")
	if after := lost.leaves(contract); after.State != emulator.Terminated || after.Inquiry.EventID != "" {
		t.Errorf("lost on the way: %+v", after.Inquiry)
	}
}

// A question that a scenario loses after it was asked holds nobody for ever.
func TestALostQuestionHoldsNobody(t *testing.T) {
	t.Parallel()
	p, _ := asking(t, 400, "")
	p.call("POST", harmony, with(harmonyBody, "contract_display_account", "test:user-terminated"), 200)
	events, err := p.Events() // the chore asks; nothing delivers
	if err != nil || events[1].Type != "ENTRUST.TERMINATE_INQUIRY" {
		t.Fatalf("%v, %v", events, err)
	}
	if _, err := p.Terminate(events[1].About, "", ""); codeOf(err) != "conflict" {
		t.Errorf("asked twice: %v", err)
	}
	p.play("notification-lost", events[1].ID)
	if after, err := p.Terminate(events[1].About, "", ""); err != nil || after.Inquiry.Outcome != emulator.InquiryRefused {
		t.Errorf("%+v, %v", after, err)
	}
}

// retaining is a plan that takes part in 解约挽留, and a contract under it.
func retaining(t *testing.T, status int, body string) (*pay, *emulator.Contract) {
	t.Helper()
	p, _ := asking(t, status, body)
	p.adminOK("POST", "/plans/12535", `{"retention":true}`)
	contract := p.signScheduled()
	p.deliver()
	return p, contract
}

func TestTheMerchantOffersACoupon(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]emulator.InquiryOutcome{
		`{"retention_type":"COUPON","coupon_info":{"state":"SEND_COUPON","coupon_id":"c1"}}`: emulator.InquiryOffered,
		`{"retention_type":"COUPON","coupon_info":{"state":"UNUSED_COUPON"}}`:                emulator.InquiryOffered,
		`{"retention_type":"COUPON","coupon_info":{"state":"NOT_SEND_COUPON"}}`:              emulator.InquiryAnswered,
		`{"retention_type":"COUPON"}`:                                      emulator.InquiryAnswered,
		`{"retention_type":"MONEY","coupon_info":{"state":"SEND_COUPON"}}`: emulator.InquiryAnswered,
		`{`: emulator.InquiryAnswered,
		``:  emulator.InquiryAnswered,
	} {
		p, contract := retaining(t, 200, body)
		after := p.leaves(contract)
		if after.Inquiry.Outcome != want || (after.State == emulator.Signed) != (want == emulator.InquiryOffered) {
			t.Errorf("%s: %s, %+v", body, after.State, after.Inquiry)
		}
	}
	p, contract := retaining(t, 500, "")
	if after := p.leaves(contract); after.State != emulator.Terminated {
		t.Errorf("an error: %s", after.State)
	}
}

// TestARetentionIsAnsweredWithinASecond: the context of the attempt ends then.
func TestARetentionIsAnsweredWithinASecond(t *testing.T) {
	t.Parallel()
	shop, into := receiving(200)
	p := newPay(t, into)
	if err := p.SetPlan(12535, emulator.Plan{Retention: true}); err != nil {
		t.Fatal(err)
	}
	contract := p.signScheduled()
	p.deliver()
	var left time.Duration
	shop.answer = func(r *http.Request) (*http.Response, error) {
		end, _ := r.Context().Deadline()
		left = time.Until(end)
		return nil, context.DeadlineExceeded
	}
	if after, err := p.Terminate(contract.ContractID, "", ""); err != nil || after.State != emulator.Terminated || left <= 0 || left > time.Second {
		t.Errorf("%v, %v left", err, left)
	}
}

func TestTheUserDecidesAboutTheOffer(t *testing.T) {
	t.Parallel()
	const offer = `{"retention_type":"COUPON","coupon_info":{"state":"SEND_COUPON","coupon_id":"c1"}}`
	p, contract := retaining(t, 200, offer)
	if after := p.leaves(contract); after.Inquiry.CouponID != "c1" || after.Inquiry.CouponState != "SEND_COUPON" {
		t.Errorf("%+v", after.Inquiry)
	}
	got := p.adminOK("POST", "/contracts/"+contract.ContractID+"/stay", "")
	if got["contract_state"] != "SIGNED" || got["inquiry"].(map[string]any)["outcome"] != "stayed" {
		t.Errorf("%v", got)
	}
	if _, err := p.Stay(contract.ContractID); codeOf(err) != "conflict" {
		t.Errorf("nothing is offered any more: %v", err)
	}
	p.leaves(contract) // asked and offered again
	if after := p.leaves(contract); after.State != emulator.Terminated {
		t.Errorf("all the same: %s", after.State)
	}
	if n := len(p.told("ENTRUST.TERMINATE_RETENTION")); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

// A HarmonyOS contract under such a plan asks both, in order.
func TestBothQuestionsAreAsked(t *testing.T) {
	t.Parallel()
	p, _ := asking(t, 200, "")
	if err := p.SetPlan(12535, emulator.Plan{Retention: true}); err != nil {
		t.Fatal(err)
	}
	p.leaves(p.signHarmony())
	if p.types() != "ENTRUST.SIGN ENTRUST.TERMINATE_INQUIRY ENTRUST.TERMINATE_RETENTION ENTRUST.TERMINATE" {
		t.Errorf("told %s", p.types())
	}
}

// A scenario asks too: at once by Play, and by a text of the pre-sign with the
// delivery of what is due.
func TestScenariosAsk(t *testing.T) {
	t.Parallel()
	p, _ := asking(t, 400, "")
	contract := p.signHarmony()
	if played := p.play("user-terminated", contract.ContractID); played.Contract.Inquiry.Outcome != emulator.InquiryRefused {
		t.Errorf("%+v", played.Contract.Inquiry)
	}
	magic, shop := asking(t, 200, "")
	magic.call("POST", harmony, with(harmonyBody, "contract_display_account", "test:user-terminated"), 200)
	magic.deliver()
	if got := magic.call("GET", planContract+code, nil, 200); got["contract_state"] != "TERMINATED" || len(shop.all()) != 3 {
		t.Errorf("%v after %d notifications", got, len(shop.all()))
	}
}

// While Run delivers, a question is asked once all the same.
func TestAQuestionIsAskedOnceWhileRunDelivers(t *testing.T) {
	t.Parallel()
	p, shop := asking(t, 200, "")
	contract := p.signHarmony()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	after, err := p.Terminate(contract.ContractID, "", "")
	if err != nil || after.State != emulator.Terminated {
		t.Errorf("%+v, %v", after, err)
	}
	cancel()
	<-done
	n := 0
	for _, got := range shop.all() {
		if strings.Contains(got.body, "ENTRUST.TERMINATE_INQUIRY") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// The merchant ends the contract while it is asked: that counts.
func TestTheMerchantEndsItWhileAsked(t *testing.T) {
	t.Parallel()
	shop, into := receiving(200)
	p := newPay(t, into)
	contract := p.signHarmony()
	shop.answer = func(*http.Request) (*http.Response, error) {
		if _, err := p.Terminate(contract.ContractID, "", ""); codeOf(err) != "conflict" {
			t.Errorf("asked twice at once: %v", err)
		}
		p.call("POST", planContract+code+"/terminate", map[string]any{"contract_termination_remark": "r"}, 200)
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
	}
	after, err := p.Terminate(contract.ContractID, "", "")
	if err != nil || after.Termination.Mode != "MCH_API_TERMINATE" || len(p.told("ENTRUST.TERMINATE")) != 1 {
		t.Errorf("%+v, %v", after, err)
	}
}
