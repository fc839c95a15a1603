package openapi_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
)

// TestAdminValid holds the document of the emulator's admin interface against
// the JSON Schema of OpenAPI 3.1, by two validators.
func TestAdminValid(t *testing.T) {
	t.Parallel()
	text := emulator.AdminOpenAPI()
	if broken := validate(t, text); len(broken) > 0 {
		t.Errorf("%q", broken)
	}
	if problems := lint(t, save(t, "admin.json", text))[0]; len(problems) > 0 {
		t.Errorf("%d problems, the first of them %q", len(problems), problems[:min(5, len(problems))])
	}
}

// TestAdminAnswersAsDescribed walks the whole admin interface of a platform:
// each operation answers 200 once, and each request and answer is held against
// the document that the emulator serves.
func TestAdminAnswersAsDescribed(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	w.reads()
	w.contract()
	w.elsewhere()
	w.leaving()
	w.vehicles()
	w.combined()
	w.clock()
	w.keys()
	w.wrong()
	w.merchants()
	w.reads()
	w.keeping()
	for _, id := range slices.Sorted(maps.Keys(w.operations)) {
		if w.answered[id] == 0 {
			t.Errorf("the walk has no good answer to %s", id)
		}
	}
}

// TestAdminValidatorNotices changes answers, each in one place, to show that
// the walk would see it.
func TestAdminValidatorNotices(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	session := "/sessions/" + w.session("a")
	for _, tt := range []struct{ name, path, old, new string }{
		{"a member that is missing", "/state", `"clock_frozen":`, `"frozen":`},
		{"a number that is a text", "/state", `"orders":0`, `"orders":"0"`},
		{"a state that there is not", session, `"state":"open"`, `"state":"ajar"`},
		{"an object in the place of a list", "/orders", `[]`, `{}`},
		{"a code that there is not", "/orders/x", `"not_found"`, `"nowhere"`},
	} {
		a := w.send(http.MethodGet, tt.path, "")
		a.text = changed(t, a.text, tt.old, tt.new)
		if len(w.differs(w.request(http.MethodGet, tt.path, ""), a)) == 0 {
			t.Errorf("%s went unnoticed", tt.name)
		}
	}
}

// The steps of the walk. What a document asks for is left out once, to see that
// it is needed.

func (w *walk) reads() {
	w.Helper()
	for _, path := range []string{"/", "/openapi.json", "/state", "/credentials", "/orders", "/contracts", "/sessions", "/events", "/exchanges", "/coverage", "/export", "/behaviors", "/refunds", "/parkings", "/combined-orders", "/plans", "/faults", "/merchants", "/merchants/export"} {
		w.ok("GET", path, "")
	}
}

// contract lets users pay, sign, fail to sign and refuse, from sessions and
// after orders, and ends contracts in every way.
func (w *walk) contract() {
	w.Helper()
	signed := w.ok("POST", "/sessions/"+w.session("a")+"/agree", `{"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}`)["contract_id"].(string)
	w.ok("GET", "/contracts/"+signed, "")
	w.ok("POST", "/contracts/"+signed+"/terminate", `{"mode": "CUSTOMER_SERVICE_TERMINATE", "remark": "asked for"}`)
	w.refused(409, "POST", "/contracts/"+signed+"/terminate", "", false)
	w.ok("POST", "/sessions/"+w.session("b")+"/fail", "")
	w.ok("POST", "/sessions/"+w.session("c")+"/decline", "")
	open := w.session("d")
	w.ok("GET", "/sessions/"+open, "")
	w.ok("POST", "/scenarios/signed", `{"ref": "`+open+`"}`)
	for _, end := range []string{"agree", "fail", "decline"} {
		order := w.offered(end)
		w.ok("GET", "/orders/"+order, "")
		w.ok("POST", "/orders/"+order+"/"+end, "")
	}
	w.ok("POST", "/deliver", "")
	w.refused(404, "POST", "/scenarios/signed", `{"ref": "nobody"}`, false)
	w.refused(404, "GET", "/contracts/x", "", false)
	w.refused(400, "POST", "/orders/x/pay", `{"open_id": "o"}`, true)
}

// session pre-signs, and returns the session.
func (w *walk) session(code string) string {
	w.Helper()
	var out struct {
		ID string `json:"pre_entrustweb_id"`
	}
	w.call("v3/password-exempt-contract/contracts/normal/pre-entrust-sign/mini-program", map[string]any{
		"appid": "wxd678efh567hg6787", "service_id": 12535, "out_contract_code": "walk" + code, "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
		"notify_url": "https://shop.example/notify", "contract_display_account": "a user",
	}, &out)
	return out.ID
}

// offered makes an order that a contract is pre-signed for, lets the user pay
// it, and returns its prepay_id.
func (w *walk) offered(code string) string {
	w.Helper()
	var out struct {
		ID string `json:"prepay_id"`
	}
	w.call("v3/pay/transactions/jsapi", map[string]any{
		"appid": "wxd678efh567hg6787", "mchid": emulator.DefaultMchID, "description": "a thing", "out_trade_no": "walk" + code,
		"notify_url": "https://shop.example/notify", "amount": map[string]any{"total": 100}, "payer": map[string]any{"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
	}, &out)
	w.call("v3/password-exempt-contract/contracts/normal/pre-entrust-sign/pay-redirect-sign", map[string]any{
		"appid": "wxd678efh567hg6787", "service_id": 12535, "out_contract_code": "walk" + code, "prepay_id": out.ID, "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
		"notify_url": "https://shop.example/notify", "contract_display_account": "a user",
	}, nil)
	w.ok("POST", "/orders/"+out.ID+"/pay", "")
	return out.ID
}

func (w *walk) call(path string, in, out any) {
	w.Helper()
	if err := w.wx.Chain(path).Post(w.Context(), in, out); err != nil {
		w.Fatal(err)
	}
}

// elsewhere takes in what was signed and paid elsewhere, lets deductions fail,
// refunds, and sends events.
func (w *walk) elsewhere() {
	w.Helper()
	w.ok("POST", "/plans/12535", `{"kind": "periodic", "standard_price": 3000}`)
	w.refused(400, "POST", "/plans/x", `{}`, true)
	w.needed("/contracts", `{"plan": 12535, "out_contract_code": "old1", "appid": "wxd678efh567hg6787", "openid": "o1"}`)
	old := w.ok("POST", "/contracts", `{"plan": 12535, "out_contract_code": "old2", "appid": "wxd678efh567hg6787", "openid": "o2",
		"deduct_schedule": {"estimated_deduct_date": "2026-12-01", "estimated_deduct_amount": 100, "description": "a month"}, "expires_at": "2027-01-01T00:00:00+08:00"}`)
	id := old["contract_id"].(string)
	w.ok("POST", "/contracts/"+id+"/deductions", `{"end": "short-of-funds"}`)
	w.refused(400, "POST", "/contracts/"+id+"/deductions", `{"end": "never"}`, true)
	w.ok("POST", "/contracts/"+id+"/lapse", "")
	w.needed("/orders", `{"order": {"out_trade_no": "walk-old", "appid": "wxd678efh567hg6787", "notify_url": "https://shop.example/notify"}, "total": 100}`)
	w.call("v3/refund/domestic/refunds", map[string]any{
		"out_trade_no": "walk-old", "out_refund_no": "walk-refund", "amount": map[string]any{"refund": 1, "total": 100, "currency": "CNY"},
	}, nil)
	w.needed("/events", `{"event_type": "TRANSACTION.SUCCESS", "notify_url": "https://shop.example/notify", "resource": {"attach": null}}`)
	w.ok("POST", "/deliver", "")
	sent := w.ok("POST", "/events", `{"event_type": "ENTRUST.SIGN", "notify_url": "https://shop.example/notify"}`)["id"].(string)
	w.ok("GET", "/events/"+sent, "")
	for _, fault := range []string{"", `{"fault": "probe"}`} {
		w.ok("POST", "/events/"+sent+"/redeliver", fault)
	}
}

// leaving lets a user end a contract, and stay for a coupon that the merchant
// answers with.
func (w *walk) leaving() {
	w.Helper()
	w.ok("POST", "/plans/97", `{"kind": "periodic", "retention": true}`)
	id := w.ok("POST", "/contracts", `{"plan": 97, "out_contract_code": "left", "appid": "wxd678efh567hg6787", "openid": "o3", "notify_url": "https://shop.example/notify"}`)["contract_id"].(string)
	w.ok("POST", "/contracts/"+id+"/terminate", `{"remark": "too dear"}`)
	w.ok("POST", "/contracts/"+id+"/stay", "")
	w.refused(409, "POST", "/contracts/"+id+"/stay", "", false)
}

// vehicles opens parking for a plate, which comes in.
func (w *walk) vehicles() {
	w.Helper()
	service := `{"appid": "wxd678efh567hg6787", "openid": "o4", "plate_number": "粤B888888", "plate_color": "BLUE"}`
	w.needed("/parking-services", service)
	w.refused(409, "POST", "/parking-services", service, false)
	other := strings.Replace(service, "888888", "888889", 1)
	id := w.ok("POST", "/parking-services", other)["contract_id"].(string)
	w.ok("POST", "/contracts/"+id+"/pause", "")
	w.ok("POST", "/contracts/"+id+"/resume", "")
	w.call("v3/vehicle/parking/parkings", map[string]any{
		"out_parking_no": "walk", "plate_number": "粤B888888", "plate_color": "BLUE", "notify_url": "https://shop.example/notify",
		"start_time": "2026-11-20T12:00:00+08:00", "parking_name": "a car park", "free_duration": 3600,
	}, nil)
}

// combined deducts two orders at once.
func (w *walk) combined() {
	w.Helper()
	var session struct {
		ID string `json:"pre_entrustweb_id"`
	}
	w.call("v3/ecommerce/combine-papay/contracts/pre-entrust-sign", map[string]any{
		"appid": "wxd678efh567hg6787", "plan_id": 98, "out_contract_code": "walkcombined",
		"contract_display_account": "a user", "notify_url": "https://shop.example/notify",
	}, &session)
	id := w.ok("POST", "/sessions/"+session.ID+"/agree", `{"openid": "o5"}`)["contract_id"]
	suborder := map[string]any{
		"mchid": emulator.DefaultMchID, "sub_mchid": "1900000110", "out_trade_no": "walk-sub", "description": "a thing", "attach": "walk",
		"amount": map[string]any{"total_amount": 100, "currency": "CNY"},
	}
	w.call("v3/ecommerce/combine-papay/transactions", map[string]any{
		"combine_appid": "wxd678efh567hg6787", "combine_mchid": emulator.DefaultMchID, "combine_out_trade_no": "walk-combined",
		"contract_id": id, "sub_orders": []any{suborder, with(suborder, "out_trade_no", "walk-sub-2")},
	}, nil)
}

func with(m map[string]any, name string, value any) map[string]any {
	m = maps.Clone(m)
	m[name] = value
	return m
}

func (w *walk) clock() {
	w.Helper()
	w.needed("/clock/advance", `{"duration": "90s"}`)
	w.needed("/clock/set", `{"time": "2026-11-21T12:00:00+08:00"}`)
	w.ok("POST", "/clock/run", `{"rate": 60}`)
	w.refused(400, "POST", "/clock/run", `{"rate": -1}`, false)
	w.ok("POST", "/clock/freeze", "")
}

func (w *walk) keys() {
	w.Helper()
	w.ok("POST", "/keys/rotate", "")
	w.ok("POST", "/keys/migration/begin", "")
	w.ok("POST", "/keys/migration/end", "")
}

// wrong lets things go wrong; one stays, to be seen in the list.
func (w *walk) wrong() {
	w.Helper()
	w.needed("/faults", `{"case": "slow", "method": "GET", "path": "/v3/certificates", "after": 1, "count": 2, "chance": 0.5, "seed": "s", "delay": "3s"}`)
	id := w.ok("POST", "/faults", `{"case": "oversized", "size": 10000000}`)["id"].(string)
	w.ok("GET", "/faults", "")
	w.ok("DELETE", "/faults/"+id, "")
	w.refused(404, "DELETE", "/faults/"+id, "", false)
	w.ok("DELETE", "/faults", "")
	w.ok("POST", "/faults", `{"case": "SYSTEM_ERROR", "path": "/v3/certificates"}`)
}

// merchants makes one, changes it, asks it what every merchant is asked, and
// forgets it. A further one stays.
func (w *walk) merchants() {
	w.Helper()
	made := w.ok("POST", "/merchants", `{"role": "service-provider", "sub_merchants": ["1900000211"], "keys": "public-key", "clock": "2026-01-02T15:04:05+08:00"}`)["mchid"].(string)
	w.ok("PUT", "/merchants/"+made, `{"strict": true, "terminate_urls": {"12535": "http://127.0.0.1/ended"}}`)
	if a := w.send("GET", "/merchants/"+made+"/state", ""); a.status != http.StatusOK || !strings.Contains(string(a.text), made) {
		w.Errorf("the state of merchant %s: %d %s", made, a.status, a.text)
	}
	w.ok("DELETE", "/merchants/"+made, "")
	w.refused(404, "DELETE", "/merchants/"+made, "", false)
	w.refused(400, "POST", "/merchants", `{"role": "king"}`, true)
	w.ok("POST", "/merchants", "")
}

// keeping exports the state, forgets it, and takes it in again.
func (w *walk) keeping() {
	w.Helper()
	state := w.send(http.MethodGet, "/export", "").text
	if got := w.ok("POST", "/reset", "")["contracts"]; got != 0.0 {
		w.Errorf("after the reset there are %v contracts", got)
	}
	w.needed("/import", string(state))
	if got := w.ok("GET", "/state", "")["contracts"]; got == 0.0 {
		w.Error("nothing was imported")
	}
	all := w.send(http.MethodGet, "/merchants/export", "").text
	w.needed("/merchants/import", string(all))
	w.refused(400, "POST", "/merchants/import", strings.Replace(string(all), `"wxpay_emulator_platform": 1`, `"wxpay_emulator_platform": 0`, 1), false)
}
