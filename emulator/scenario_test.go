package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

func (p *pay) play(name, ref string) *emulator.Played {
	p.t.Helper()
	played, err := p.Play(p.t.Context(), name, ref)
	if err != nil {
		p.t.Fatalf("%s: %v", name, err)
	}
	if played.Scenario != name {
		p.t.Errorf("%s says that it is %s", name, played.Scenario)
	}
	return played
}

func (p *pay) miniSession(pairs ...any) string {
	p.t.Helper()
	return p.call("POST", normalMini, with(miniBody, pairs...), 200)["pre_entrustweb_id"].(string)
}

// state is what the query tells of the contract, or the error code.
func (p *pay) contractState() string {
	p.t.Helper()
	body := decode(p.t, p.send(p.request("GET", contractPath(code), nil)).body)
	if state, ok := body["contract_state"].(string); ok {
		return state
	}
	return body["code"].(string)
}

// outcomes are what the merchant sees of each scenario of a signing or of a
// contract: the contract's state, and the events.
var outcomes = map[string]struct{ state, events string }{
	"signed":              {"SIGNED", "ENTRUST.SIGN"},
	"abandoned":           {"RESOURCE_NOT_EXISTS", ""},
	"failed":              {"SIGN_FAILED", ""},
	"expired":             {"RESOURCE_NOT_EXISTS", ""},
	"user-terminated":     {"TERMINATED", "ENTRUST.SIGN ENTRUST.TERMINATE"},
	"merchant-terminated": {"TERMINATED", "ENTRUST.SIGN ENTRUST.TERMINATE"},
	"platform-terminated": {"TERMINATED", "ENTRUST.SIGN ENTRUST.TERMINATE"},
	"expiring":            {"SIGNED", "ENTRUST.SIGN"},
	"to-be-renewed":       {"TO_BE_RENEWED", "ENTRUST.SIGN"},
	"paid":                {"SIGNED", "ENTRUST.SIGN"},
	"short-of-funds":      {"SIGNED", "ENTRUST.SIGN"},
	"over-limit":          {"SIGNED", "ENTRUST.SIGN"},
	"account-closed":      {"SIGNED", "ENTRUST.SIGN"},
	"failing-late":        {"SIGNED", "ENTRUST.SIGN"},
}

func (p *pay) types() string {
	p.t.Helper()
	events, err := p.Events()
	if err != nil {
		p.t.Fatal(err)
	}
	var types []string
	for _, e := range events {
		types = append(types, e.Type)
	}
	return strings.Join(types, " ")
}

// TestEveryScenarioByGo plays each from the state that it starts from, and
// once more from one that it does not start from.
func TestEveryScenarioByGo(t *testing.T) {
	t.Parallel()
	for _, s := range emulator.Scenarios() {
		if strings.HasPrefix(s.Name, "notification-") || strings.HasPrefix(s.Name, "refund-") || strings.Contains(s.From, "of a vehicle") || s.Name == "debts-paid" {
			continue // see TestARefundThatFails, TestAnEntryFollowsTheService and TestADebtBarsTheUserUntilItIsPaidBack
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			want, ok := outcomes[s.Name]
			if !ok {
				t.Fatal("no test says what it comes to")
			}
			p := newPay(t)
			ref := p.miniSession()
			if strings.HasPrefix(s.Ref, "contract_id") {
				ref = p.play("signed", ref).Contract.ContractID
			}
			p.play(s.Name, ref)
			if got := p.contractState(); got != want.state || p.types() != want.events {
				t.Errorf("%s and %q, want %s and %q", got, p.types(), want.state, want.events)
			}
			if _, err := p.Play(t.Context(), s.Name, "nothing"); codeOf(err) != "not_found" {
				t.Errorf("of nothing: %v", err)
			}
			if want.state == "SIGNED" && s.Name != "signed" {
				return // it can be played again
			}
			if _, err := p.Play(t.Context(), s.Name, ref); codeOf(err) != "conflict" || !strings.Contains(err.Error(), s.From) {
				t.Errorf("from another state: %v", err)
			}
		})
	}
}

// TestEveryScenarioByAMagicText needs nothing but the merchant's own calls.
func TestEveryScenarioByAMagicText(t *testing.T) {
	t.Parallel()
	for _, s := range emulator.Scenarios() {
		if strings.HasPrefix(s.Name, "refund-") {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			for _, member := range []string{"contract_display_account", "openid"} {
				shop, into := receiving(204)
				p := newPay(t, into)
				if len(s.Text) > 32 {
					t.Errorf("%s does not fit into a display account", s.Text)
				}
				p.miniSession(member, s.Text)
				want, ok := outcomes[s.Name]
				if !ok {
					want = outcomes["signed"]
				}
				if got := p.contractState(); got != want.state {
					t.Errorf("by %s: %s, want %s", member, got, want.state)
				}
				if err := p.Advance(t.Context(), 2*time.Hour); err != nil {
					t.Fatal(err)
				}
				n := len(strings.Fields(want.events))
				switch s.Name {
				case "notification-lost":
					n = 0
				case "notification-twice":
					n = 2
				}
				if got := len(shop.all()); got != n {
					t.Errorf("by %s: %d notifications, want %d", member, got, n)
				}
			}
		})
	}
}

func TestAMagicTextOfNothingIsRefused(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	got := p.call("POST", normalMini, with(miniBody, "contract_display_account", "test:sined"), 400)
	if got["code"] != "PARAM_ERROR" || got["detail"].(map[string]any)["field"] != "/contract_display_account" {
		t.Errorf("got %v", got)
	}
}

// TestAScenarioPaysTheOrderThatItFollows: a signing after a payment needs no
// further help either.
func TestAScenarioPaysTheOrderThatItFollows(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	id := p.order()
	p.call("POST", normalAfterPay, with(presignBody, "prepay_id", id), 200)
	if played := p.play("signed", id); played.Contract.State != emulator.Signed || played.Session.State != emulator.SessionSigned {
		t.Errorf("played %+v", played)
	}
	if got := p.types(); got != "TRANSACTION.SUCCESS ENTRUST.SIGN" {
		t.Errorf("events %s", got)
	}
	p = newPay(t)
	id = p.order()
	p.call("POST", normalAfterPay, with(presignBody, "prepay_id", id, "contract_display_account", "test:abandoned"), 200)
	if got := p.contractState(); got != "RESOURCE_NOT_EXISTS" {
		t.Errorf("abandoned: %s", got)
	}
	if order, err := p.Order(id); err != nil || order.State != emulator.TradeSuccess {
		t.Errorf("order %+v, %v", order, err)
	}
}

func TestScenariosByTheAdminInterface(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	ref := p.miniSession()
	got := p.adminOK("POST", "/scenarios/signed", `{"ref":"`+ref+`"}`)
	id := got["contract"].(map[string]any)["contract_id"].(string)
	if a := p.admin("POST", "/scenarios/signed", `{"ref":"`+ref+`"}`); a.status != 409 || !strings.Contains(a.body, "starts from: a session that the user can answer") {
		t.Errorf("signed twice: %d %s", a.status, a.body)
	}
	if got := p.adminOK("POST", "/scenarios/expiring", `{"ref":"`+id+`"}`); got["contract"].(map[string]any)["expires_at"] != "2026-09-19T10:00:00+08:00" {
		t.Errorf("expiring: %v", got)
	}
	if got := p.adminOK("POST", "/scenarios/notification-lost", ""); got["event"] != nil {
		t.Errorf("the next one: %v", got)
	}
	if a := p.admin("POST", "/scenarios/nothing", ""); a.status != 404 {
		t.Errorf("nothing: %d %s", a.status, a.body)
	}
	contains(t, p.admin("GET", "/", "").body, `"scenario":"short-of-funds"`, `"magic":"test:signed"`, `"magic_members":["contract_display_account"`)
}

// TestDeductionsEndAsTheScenarioSays applies for one after each.
func TestDeductionsEndAsTheScenarioSays(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	id := p.play("signed", p.miniSession()).Contract.ContractID
	for _, name := range []string{"paid", "short-of-funds", "over-limit", "account-closed", "failing-late"} {
		p.play(name, id)
		if got := p.adminOK("GET", "/contracts/"+id, ""); !strings.Contains(string(marshal(t, got)), `"`+name+`"`) {
			t.Errorf("after %s: %v", name, got)
		}
	}
}
