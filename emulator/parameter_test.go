package emulator_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/seal"
)

// refuse sends a body as it is and wants the exact answer, signed.
func (p *pay) refuse(t *testing.T, method, target, body, want string) {
	t.Helper()
	a := p.send(p.request(method, target, []byte(body)))
	if a.status != 400 || a.body != want {
		t.Errorf("got %d %s\nwant 400 %s", a.status, a.body, want)
	}
	if err := p.signed(a); err != nil {
		t.Errorf("a refused parameter comes after a good signature, and is signed: %v", err)
	}
}

func paramError(field, value, issue, location string) string {
	if value != "" {
		value = `"value":` + value + `,`
	}
	return `{"code":"PARAM_ERROR","message":"参数错误","detail":{"field":"` + field + `",` + value + `"issue":"` + issue + `","location":"` + location + `"}}`
}

func TestParametersOfTheBody(t *testing.T) {
	t.Parallel()
	const extra = `{"code":"PARAM_ERROR","message":"参数中含有非法的额外参数","detail":{"field":"/plan_id","issue":"is not a parameter of this endpoint","location":"body"}}`
	long := strings.Repeat("微", 33)
	tests := []struct {
		name  string
		pairs []any
		want  string
	}{
		{"missing", []any{"prepay_id", nil}, paramError("/prepay_id", "", "is required", "body")},
		{"null", []any{"prepay_id", json.RawMessage("null")}, paramError("/prepay_id", "", "must not be null; leave it out instead", "body")},
		{"empty", []any{"appid", ""}, paramError("/appid", `""`, "must not be empty", "body")},
		{"number for a string", []any{"appid", 12}, paramError("/appid", "12", "must be of type string", "body")},
		{"string for a number", []any{"service_id", "12535"}, paramError("/service_id", `"12535"`, "must be of type integer", "body")},
		{"fraction for an integer", []any{"service_id", 1.5}, paramError("/service_id", "1.5", "must be an integer of 64 bits", "body")},
		{"too small", []any{"service_id", 0}, paramError("/service_id", "0", "is less than 1", "body")},
		{"too long, in characters", []any{"contract_display_account", long}, paramError("/contract_display_account", `"`+long+`"`, "is longer than 32 characters", "body")},
		{"pattern", []any{"out_contract_code", "a_b"}, paramError("/out_contract_code", `"a_b"`, "must match ^[0-9A-Za-z]+$", "body")},
		{"4-byte character", []any{"contract_display_account", "😀"}, paramError("/contract_display_account", `"😀"`, "holds a character that takes 4 bytes in UTF-8", "body")},
		{"notify URL without https", []any{"notify_url", "http://a.example/n"}, paramError("/notify_url", `"http://a.example/n"`, "must begin with https://", "body")},
		{"notify URL with a query", []any{"notify_url", "https://a.example/n?x=1"}, paramError("/notify_url", `"https://a.example/n?x=1"`, "must have no query and no fragment", "body")},
		{"notify URL that is none", []any{"notify_url", "notify"}, paramError("/notify_url", `"notify"`, "must be a whole URL", "body")},
		{"unknown member", []any{"plan_id", 1}, extra},
		{"a fault comes before an unknown member", []any{"plan_id", 1, "openid", nil}, paramError("/openid", "", "is required", "body")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			body, err := json.Marshal(with(presignBody, tt.pairs...))
			if err != nil {
				t.Fatal(err)
			}
			newPay(t).refuse(t, "POST", normalAfterPay, string(body), tt.want)
		})
	}
}

func TestParametersInDepth(t *testing.T) {
	t.Parallel()
	device := harmonyBody["device_info"].(map[string]any)
	for _, tt := range []struct {
		name, target string
		body         map[string]any
		want         string
	}{
		{"nested enumeration", harmony, with(harmonyBody, "device_info", with(device, "device_type", "FRIDGE")),
			paramError("/device_info/device_type", `"FRIDGE"`, "must be one of DEVICE_TYPE_UNKNOW, DEVICE_TYPE_PHONE, DEVICE_TYPE_PAD, DEVICE_TYPE_TV, DEVICE_TYPE_WATCH", "body")},
		{"nested and missing", harmony, with(harmonyBody, "device_info", with(device, "device_os", nil)),
			paramError("/device_info/device_os", "", "is required", "body")},
		{"boolean", harmony, with(harmonyBody, "device_info", with(device, "weixin_installed", "yes")),
			paramError("/device_info/weixin_installed", `"yes"`, "must be of type boolean", "body")},
		{"item of an array", jsapi, with(orderBody, "limit_pay", []string{"no_credit", "no_money"}),
			paramError("/limit_pay/1", `"no_money"`, "must be one of no_balance, no_credit, no_debit, balance_only", "body")},
		{"time", jsapi, with(orderBody, "time_expire", "tomorrow"),
			paramError("/time_expire", `"tomorrow"`, "must be a time such as 2006-01-02T15:04:05+08:00", "body")},
		{"time in the past", jsapi, with(orderBody, "time_expire", "2018-06-08T10:34:56+08:00"),
			paramError("/time_expire", `"2018-06-08T10:34:56+08:00"`, "must be a time in the future such as 2006-01-02T15:04:05+08:00", "body")},
		{"neither openid nor sub_openid", providerMini, with(providerBody, "sub_openid", nil),
			paramError("/sp_openid", "", "one of these is required: sp_openid, sub_openid", "body")},
		{"another merchant in the body", jsapi, with(orderBody, "mchid", "1900000001"),
			`{"code":"PARAM_ERROR","message":"http header中的mchid与post payload中的mchid不匹配"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			body, err := json.Marshal(tt.body)
			if err != nil {
				t.Fatal(err)
			}
			newPay(t).refuse(t, "POST", tt.target, string(body), tt.want)
		})
	}
}

func TestBodiesThatAreNoObject(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	for body, want := range map[string]string{
		"":                                     paramError("", "", "the body is empty", "body"),
		"[]":                                   paramError("", "", "the body is not a JSON object", "body"),
		"{":                                    paramError("", "", "the body is not JSON", "body"),
		`{"a":1,}`:                             paramError("", "", "the body is not JSON", "body"),
		`{} {}`:                                paramError("", "", "the body is not JSON", "body"),
		"{\"echo_message\":\"\xff\"}":          paramError("", "", "the body is not UTF-8", "body"),
		`{"echo_message":"","echo_message":1}`: paramError("/echo_message", "", "is given twice", "body"),
		`{"a/b~":1,"a/b~":1}`:                  paramError("/a~1b~0", "", "is given twice", "body"),
		`{"x":` + deep + `}`:                   paramError("/x"+strings.Repeat("/0", 32), "", "is nested too deeply", "body"),
	} {
		p.refuse(t, "POST", echoPath, body, want)
	}
}

func TestParametersOfPathAndQuery(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, target, want string }{
		{"path of the wrong type", "/v3/password-exempt-contract/contracts/service-id/abc/out-contract-code/a1", paramError("service_id", `"abc"`, "must be an integer of 64 bits", "url")},
		{"path against its pattern", contractPath("a_1"), paramError("out_contract_code", `"a_1"`, "must match ^[0-9A-Za-z]+$", "url")},
		{"path too long", contractPath(strings.Repeat("a", 33)), paramError("out_contract_code", `"`+strings.Repeat("a", 33)+`"`, "is longer than 32 characters", "url")},
		{"query missing", "/v3/pay/transactions/out-trade-no/123456", paramError("mchid", "", "is required", "query")},
		{"query against its enumeration", certificates + "?algorithm_type=DSA", paramError("algorithm_type", `"DSA"`, "must be one of RSA, SM2, ALL", "query")},
		{"query twice", certificates + "?algorithm_type=RSA&algorithm_type=ALL", paramError("algorithm_type", "", "is given twice", "query")},
		{"query that is malformed", certificates + "?a=%zz", paramError("", "", "the query is not well-formed", "query")},
		{"query that is unknown", certificates + "?sub_mchid=1", `{"code":"PARAM_ERROR","message":"参数中含有非法的额外参数","detail":{"field":"sub_mchid","value":"1","issue":"is not a parameter of this endpoint","location":"query"}}`},
		{"another merchant in the query", "/v3/pay/transactions/out-trade-no/123456?mchid=1900000001", `{"code":"PARAM_ERROR","message":"http header中的mchid与post payload中的mchid不匹配"}`},
		{"another partner in the query", "/v3/pay/partner/transactions/out-trade-no/123456?sp_mchid=1900000001&sub_mchid=1", `{"code":"PARAM_ERROR","message":"http header中的mchid与post payload中的mchid不匹配"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			newPay(t).refuse(t, "GET", tt.target, "", tt.want)
		})
	}
}

func TestEncryptedFields(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	sealed, err := seal.EncryptField(p.creds.PublicKey(), "张三")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, serial, text, want string }{
		{"no Wechatpay-Serial", "", sealed, `{"code":"PARAM_ERROR","message":"HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)"}`},
		{"unknown Wechatpay-Serial", "00FF", sealed, `{"code":"PARAM_ERROR","message":"平台证书序列号Wechatpay-Serial错误"}`},
		{"made for the other key", p.creds.PlatformSerial(), sealed, `{"code":"PARAM_ERROR","message":"平台私钥解密失败","detail":{"field":"/encrypted_echo_message","issue":"cannot be decrypted with the key that Wechatpay-Serial names","location":"body"}}`},
		{"not encrypted at all", p.creds.PublicKeyID, "张三", `{"code":"PARAM_ERROR","message":"平台私钥解密失败","detail":{"field":"/encrypted_echo_message","issue":"cannot be decrypted with the key that Wechatpay-Serial names","location":"body"}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			body, err := json.Marshal(map[string]any{"echo_message": "a", "encrypted_echo_message": tt.text})
			if err != nil {
				t.Fatal(err)
			}
			r := p.request("POST", echoPath, body)
			if tt.serial != "" {
				r.Header.Set("Wechatpay-Serial", tt.serial)
			}
			if a := p.send(r); a.status != 400 || a.body != tt.want {
				t.Errorf("got %d %s\nwant 400 %s", a.status, a.body, tt.want)
			}
		})
	}
}
