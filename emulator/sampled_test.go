package emulator_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/spec"
)

// TestAnAnswerShowsTheCallersOwnNumbers: what was sent comes back where the
// answer has a member of its name, if it obeys the rules there.
func TestAnAnswerShowsTheCallersOwnNumbers(t *testing.T) {
	t.Parallel()
	state := text("state", "DONE")
	state.Enum = []string{"DONE", "OPEN"}
	request := object("", text("out_trade_no", "r1"), optional(text("state", "OPEN")), optional(integer("count", 2)), optional(text("name", "x")),
		optional(object("amount", integer("total", 7), text("name", "x"))), optional(list("items", text("out_item_no", "i0"), integer("total", 5))),
		optional(sealed(text("phone", "x"))), optional(sealed(text("card_no", "x"))))
	answer := object("", text("out_trade_no", "a1"), text("order_id", "a2"), state, text("count", "a3"), optional(text("mchid", "a4")), text("name", "a5"),
		object("amount", integer("total", 1), text("currency", "CNY"), text("name", "a6"), text("out_trade_no", "a7")),
		list("items", text("out_item_no", "a8"), integer("total", 2), text("order_id", "a9")),
		list("logs", text("order_id", "a10"), text("state", "a11")), optional(text("phone", "a12")), optional(sealed(text("card_no", "a13"))))
	d := invented{operations: []*spec.Operation{{
		Method: "POST", Path: "/v3/invented/orders/{order_id}", Status: 200, Request: &request, Response: &answer,
		Params: []spec.Field{path(text("order_id", "p1"))},
	}}}
	const rest = `"logs":[{"order_id":"o1","state":"a11"}],"phone":"a12"`
	for _, tt := range []struct{ name, body, want string }{
		{"nothing but what is required", `{"out_trade_no":"n1"}`,
			`{"out_trade_no":"n1","order_id":"o1","state":"DONE","count":"a3","mchid":"1900000109","name":"a5","amount":{"total":1,"currency":"CNY","name":"a6","out_trade_no":"n1"},"items":[{"out_item_no":"a8","total":2,"order_id":"o1"}],` + rest},
		{"everything", `{"out_trade_no":"n1","state":"OPEN","count":12,"name":"top","amount":{"total":9,"name":"inner"},"items":[{"out_item_no":"i1","total":3},{"out_item_no":"i2","total":4}]}`,
			`{"out_trade_no":"n1","order_id":"o1","state":"OPEN","count":"12","mchid":"1900000109","name":"top","amount":{"total":9,"currency":"CNY","name":"inner","out_trade_no":"n1"},"items":[{"out_item_no":"i1","total":3,"order_id":"o1"},{"out_item_no":"i2","total":4,"order_id":"o1"}],` + rest},
		{"a value that the answer does not have", `{"out_trade_no":"n1","state":"GONE"}`, `"state":"DONE"`},
	} {
		p := newPay(t, d.use)
		a := p.send(p.request("POST", "/v3/invented/orders/o1", []byte(tt.body)))
		if a.status != 200 || !strings.HasPrefix(a.body, strings.TrimPrefix(tt.want, `"state":"DONE"`)) || !strings.Contains(a.body, tt.want) {
			t.Errorf("%s: %d %s\nwant %s", tt.name, a.status, a.body, tt.want)
		}
	}
	p := newPay(t, d.use)
	body := marshal(t, map[string]any{"out_trade_no": "n1", "phone": p.seal("13800000000"), "card_no": p.seal("6222")})
	r := p.request("POST", "/v3/invented/orders/o1", body)
	r.Header.Set("Wechatpay-Serial", p.creds.PublicKeyID)
	got := decode(t, p.send(r).body)
	card, err := seal.DecryptField(p.creds.MerchantKey, got["card_no"].(string))
	if err != nil || card != "6222" || got["phone"] != "a12" {
		t.Errorf("what came encrypted goes encrypted or not at all: %v, card %q, %v", got, card, err)
	}
}

func TestListsEnd(t *testing.T) {
	t.Parallel()
	request := object("", integer("offset", 0), optional(integer("limit", 10)))
	answer := object("", list("data", text("id", "1")), integer("total_count", 30), optional(integer("offset", 5)))
	page := spec.Page{Offset: "offset", Limit: "limit", Items: "data", Total: "total_count"}
	d := invented{operations: []*spec.Operation{
		{Method: "GET", Path: "/v3/invented/list", Status: 200, Response: &answer, Page: page, Params: []spec.Field{query(optional(integer("offset", 0))), query(optional(integer("limit", 10)))}},
		{Method: "POST", Path: "/v3/invented/list", Status: 200, Request: &request, Response: &answer, Page: page},
	}}
	p := newPay(t, d.use)
	const first, empty = `{"data":[{"id":"1"}],"total_count":1,"offset":`, `{"data":[],"total_count":1,"offset":`
	for target, want := range map[string]string{
		"": first + "5}", "?offset=0&limit=1": first + "0}", "?offset=1": empty + "1}", "?offset=1000": empty + "1000}", "?limit=20": first + "5}",
	} {
		if a := p.send(p.request("GET", "/v3/invented/list"+target, nil)); a.status != 200 || a.body != want {
			t.Errorf("GET %s: %d %s, want %s", target, a.status, a.body, want)
		}
	}
	for body, want := range map[string]string{`{"offset":0,"limit":5}`: first + "0}", `{"offset":1}`: empty + "1}"} {
		if a := p.send(p.request("POST", "/v3/invented/list", []byte(body))); a.status != 200 || a.body != want {
			t.Errorf("POST %s: %d %s, want %s", body, a.status, a.body, want)
		}
	}
}

// TestTextsThatHoldJSON: the rules of the inner shape hold, the pointer goes
// on inside, and the answer's text is made of the samples.
func TestTextsThatHoldJSON(t *testing.T) {
	t.Parallel()
	kind := text("kind", "A")
	kind.Enum = []string{"A", "B"}
	inner := object("", kind, optional(list("entries", integer("n", 1))))
	holder := spec.Field{Name: "data", Type: "string", Required: true, Text: &inner, MaxLength: 200}
	array := spec.Field{Name: "photos", Type: "string", Text: &spec.Field{Type: "array", Items: &spec.Field{Type: "string", Sample: "p"}}}
	request, answer := object("", holder, array), object("", holder, array)
	d := invented{operations: []*spec.Operation{{Method: "PUT", Path: "/v3/invented/text", Status: 200, Request: &request, Response: &answer}}}
	for _, tt := range []struct{ body, want string }{
		{`{"data":"{\"kind\":\"B\"}","photos":"[\"a\"]"}`, `{"data":"{\"kind\":\"A\",\"entries\":[{\"n\":1}]}","photos":"[\"p\"]"}`},
		{`{"data":{"kind":"B"}}`, paramError("/data", `{"kind":"B"}`, "must be of type string", "body")},
		{`{"data":"{"}`, paramError("/data", "", "the text is not JSON", "body")},
		{`{"data":"[]"}`, paramError("/data", "[]", "must be of type object", "body")},
		{`{"data":"{}"}`, paramError("/data/kind", "", "is required", "body")},
		{`{"data":"{\"kind\":\"C\"}"}`, paramError("/data/kind", `"C"`, "must be one of A, B", "body")},
		{`{"data":"{\"kind\":\"A\",\"kind\":\"A\"}"}`, paramError("/data/kind", "", "is given twice", "body")},
		{`{"data":"{\"kind\":\"A\",\"entries\":[{\"n\":1},{\"n\":\"1\"}]}"}`, paramError("/data/entries/1/n", `"1"`, "must be of type integer", "body")},
		{`{"data":"{\"kind\":\"A\",\"x\":1}"}`, `"field":"/data/x"`},
		{`{"data":"{\"kind\":\"A\"}","photos":"[1]"}`, paramError("/photos/0", "1", "must be of type string", "body")},
		{`{"data":""}`, paramError("/data", `""`, "must not be empty", "body")},
	} {
		p := newPay(t, d.use)
		a := p.send(p.request("PUT", "/v3/invented/text", []byte(tt.body)))
		if a.body != tt.want && (tt.want[0] == '{' || !strings.Contains(a.body, tt.want)) {
			t.Errorf("%s: %d %s\nwant %s", tt.body, a.status, a.body, tt.want)
		}
	}
}

// TestUncommonParameters: a list in the query, an encrypted parameter, a
// header, a DELETE with a body, a path that ends in a slash, and another root.
func TestUncommonParameters(t *testing.T) {
	t.Parallel()
	kinds := spec.Field{Name: "kinds", In: "query", Type: "array", Items: &spec.Field{Type: "string", Enum: []string{"A", "B"}}}
	phone := query(optional(sealed(text("phone", "x"))))
	phone.MaxLength = 11
	header := spec.Field{Name: "Idempotency-Key", In: "header", Type: "string", Required: true, MaxLength: 5}
	request, answer := object("", text("reason", "x")), object("", text("phone", "a"), text("kinds", "b"))
	answer.Fields[0].Encrypted = true
	d := invented{operations: []*spec.Operation{
		{Method: "GET", Path: "/hk/v3/invented/", Status: 200, Response: &answer, Params: []spec.Field{kinds, phone}},
		{Method: "DELETE", Path: "/v3/invented", Status: 204, Request: &request, Params: []spec.Field{header}},
	}}
	p := newPay(t, d.use)
	escaped := url.QueryEscape(p.seal("13800000000"))
	for _, tt := range []struct {
		method, target, body, key string
		status                    int
		want                      string
	}{
		{"GET", "/hk/v3/invented/?kinds=A", "", "", 200, `"kinds":"b"`},
		{"GET", "/hk/v3/invented/?kinds=A%2CB", "", "", 200, `"phone"`},
		{"GET", "/hk/v3/invented/?kinds=A&kinds=B", "", "", 200, `"phone"`},
		{"GET", "/hk/v3/invented/?kinds=A,C", "", "", 400, paramError("kinds", `"A,C"`, "must be one of A, B", "query")},
		{"GET", "/hk/v3/invented/?phone=" + escaped, "", "", 200, `"phone"`},
		{"GET", "/hk/v3/invented/?phone=13800000000", "", "", 400, `"field":"phone","issue":"cannot be decrypted`},
		{"GET", "/hk/v3/invented/?phone=" + url.QueryEscape(p.seal("138000000001")), "", "", 400, paramError("phone", "", "is longer than 11 characters", "query")},
		{"GET", "/hk/v3/invented?kinds=A", "", "", 404, ""},
		{"GET", "/v3/invented/?kinds=A", "", "", 404, ""},
		{"DELETE", "/v3/invented", `{"reason":"r"}`, "k", 204, ""},
		{"DELETE", "/v3/invented", `{"reason":1}`, "k", 400, paramError("/reason", "1", "must be of type string", "body")},
		{"DELETE", "/v3/invented", `{"reason":"r"}`, "", 400, paramError("Idempotency-Key", "", "is required", "header")},
		{"DELETE", "/v3/invented", `{"reason":"r"}`, "longer", 400, paramError("Idempotency-Key", `"longer"`, "is longer than 5 characters", "header")},
	} {
		r := p.request(tt.method, tt.target, []byte(tt.body))
		r.Header.Set("Wechatpay-Serial", p.creds.PublicKeyID)
		if tt.key != "" {
			r.Header.Set("Idempotency-Key", tt.key)
		}
		a := p.send(r)
		if a.status != tt.status || !strings.Contains(a.body, tt.want) || tt.want == "" && a.body != "" {
			t.Errorf("%s %s %s: %d %s\nwant %d %s", tt.method, tt.target, tt.body, a.status, a.body, tt.status, tt.want)
		}
		if a.status != 404 && p.signed(a) != nil {
			t.Errorf("%s %s is not signed", tt.method, tt.target)
		}
	}
	got := decode(t, p.callBody("GET", "/hk/v3/invented/?phone="+escaped))
	plain, err := seal.DecryptField(p.creds.MerchantKey, got["phone"].(string))
	if err != nil || plain != "13800000000" {
		t.Errorf("the phone comes back as %q, %v", plain, err)
	}
}

func (p *pay) callBody(method, target string) string {
	p.t.Helper()
	r := p.request(method, target, nil)
	r.Header.Set("Wechatpay-Serial", p.creds.PublicKeyID)
	return p.send(r).body
}

// TestWhoseMerchantID: mchid is the caller's where a direct merchant calls,
// sp_mchid always.
func TestWhoseMerchantID(t *testing.T) {
	t.Parallel()
	request := object("", optional(text("mchid", "1")), optional(text("sp_mchid", "1")))
	op := func(path string, roles ...string) *spec.Operation {
		return &spec.Operation{Method: "POST", Path: path, Status: 204, Request: &request, Roles: roles}
	}
	d := invented{operations: []*spec.Operation{op("/v3/all"), op("/v3/direct", "直连商户", "服务商"), op("/v3/partner", "服务商")}}
	p := newPay(t, d.use)
	const own, other = emulator.DefaultMchID, "1900000001"
	for _, tt := range []struct {
		target string
		body   map[string]any
		status int
	}{
		{"/v3/all", map[string]any{"mchid": other}, 400},
		{"/v3/direct", map[string]any{"mchid": other}, 400},
		{"/v3/direct", map[string]any{"mchid": own}, 204},
		{"/v3/direct", map[string]any{"mchid": other, "sp_mchid": own}, 204},
		{"/v3/direct", map[string]any{"mchid": own, "sp_mchid": other}, 400},
		{"/v3/partner", map[string]any{"mchid": other}, 204},
		{"/v3/partner", map[string]any{"sp_mchid": other}, 400},
	} {
		p.call("POST", tt.target, tt.body, tt.status)
	}
}
