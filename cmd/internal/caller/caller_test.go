package caller_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/caller"
	"github.com/wxpay-go/wxpay/emulator"
)

const order = `appid=wxd678efh567hg6787 mchid=1900000109 description=d out_trade_no=order-1 notify_url=https://yourapp.com/notify`

// client is a client of a new emulator, and its merchant's key.
func client(t *testing.T) (*wxpay.Client, *emulator.Credentials) {
	t.Helper()
	keys, err := emulator.NewCredentials(emulator.DefaultMchID, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	e, err := emulator.New(emulator.Config{Credentials: keys})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	trust, err := keys.Trust(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	wx, err := wxpay.New(wxpay.Config{MchID: keys.MchID, Certificate: keys.MerchantCert, Signer: keys.MerchantKey, Trust: trust, BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	return wx, keys
}

// TestCalls makes calls one after the other, each as it stands on a command
// line, and looks for a part of the answer.
func TestCalls(t *testing.T) {
	t.Parallel()
	wx, keys := client(t)
	for _, tt := range []struct{ name, method, words, body, want string }{
		{"members of objects, numbers by type", "POST", "v3/pay/transactions/jsapi " + order + " amount.total=100 payer.openid=oUpF8", "", `"prepay_id": "wx`},
		{"values in the path, the query behind it", "get", "/v3/pay/transactions/out-trade-no/order-1?mchid=1900000109", "", `"trade_state": "NOTPAY"`},
		{"the same by a template", "GET", "/v3/pay/transactions/out-trade-no/{out_trade_no} out_trade_no=order-1 mchid=1900000109", "", `"total": 100`},
		{"sensitive fields there and back", "POST", "/v3/security/echo echo_message=hello encrypted_echo_message=你好", "", `"encrypted_echo_message": "你好"`},
		{"a body, and a field on top", "POST", "/v3/security/echo echo_message=b", `{"echo_message":"a"}`, `"echo_message": "b"`},
		{"lists, and values as JSON", "POST", "v3/pay/transactions/jsapi " + strings.Replace(order, "order-1", "order-2", 1) + ` amount:={"total":1} payer.openid=o detail.goods_detail.0.merchant_goods_id=g detail.goods_detail.0.quantity=2 detail.goods_detail.0.unit_price=3 support_fapiao=true`, "", `"prepay_id": "wx`},
		{"an endpoint without behaviour", "GET", "/v3/bill/tradebill?bill_date=2026-01-02", "", `"download_url"`},
	} {
		words := strings.Fields(tt.words)
		r := caller.Request{Method: tt.method, Path: words[0], Fields: words[1:]}
		if tt.body != "" {
			r.Body = []byte(tt.body)
		}
		c, err := caller.Prepare(r)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		out, err := c.Do(t.Context(), wx, keys.MerchantKey)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if !strings.Contains(string(out.Body), tt.want) || !json.Valid(out.Body) {
			t.Errorf("%s: %s; want %s", tt.name, out.Body, tt.want)
		}
	}
}

func TestNoContentHasNoAnswer(t *testing.T) {
	t.Parallel()
	wx, keys := client(t)
	for _, words := range []string{"v3/pay/transactions/jsapi " + order + " amount.total=1 payer.openid=o", "v3/pay/transactions/out-trade-no/order-1/close mchid=1900000109"} {
		f := strings.Fields(words)
		c, err := caller.Prepare(caller.Request{Method: "POST", Path: f[0], Fields: f[1:]})
		if err != nil {
			t.Fatal(err)
		}
		out, err := c.Do(t.Context(), wx, keys.MerchantKey)
		if err != nil || (len(out.Body) == 0) != strings.Contains(words, "close") {
			t.Errorf("%s: %+v, %v", f[0], out, err)
		}
	}
}

func TestPrepareRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, method, words, body, want string }{
		{"unknown path, the nearest named", "POST", "/v3/security/ecko echo_message=x", "", "POST /v3/security/echo"},
		{"another method", "GET", "/v3/security/echo", "", "it has POST"},
		{"unknown field, the nearest named", "POST", "/v3/security/echo echo_massage=x", "", "nearest: echo_message"},
		{"unknown member", "POST", "/v3/pay/transactions/jsapi payer.opened=x", "", "nearest: openid"},
		{"required, all at once", "POST", "/v3/pay/transactions/jsapi appid=wx", "", "notify_url is required: give notify_url=value\npayer.openid is required"},
		{"no field", "POST", "/v3/security/echo hello", "", `"hello" is no field`},
		{"no integer", "POST", "/v3/pay/transactions/jsapi amount.total=much", "", "amount.total must be an integer"},
		{"no boolean", "POST", "/v3/pay/transactions/jsapi support_fapiao=perhaps", "", "support_fapiao must be true or false"},
		{"an object as text", "POST", "/v3/pay/transactions/jsapi payer=x", "", "payer is an object"},
		{"a list as text", "POST", "/v3/pay/transactions/jsapi limit_pay=x", "", "limit_pay is a list"},
		{"a gap in a list", "POST", "/v3/pay/transactions/jsapi limit_pay.1=no_credit", "", "skips an item"},
		{"into a text", "POST", "/v3/pay/transactions/jsapi payer:=\"x\" payer.openid=o", "", "leads into a value that is no object"},
		{"no JSON after :=", "POST", "/v3/pay/transactions/jsapi payer:={", "", "payer must be JSON"},
		{"a body that is no object", "POST", "/v3/security/echo", `[1]`, "must be a JSON object"},
		{"a body that is null", "POST", "/v3/security/echo", `null`, "must be a JSON object"},
		{"a body where none is wanted", "GET", "/v3/certificates", `{}`, "is not wanted"},
		{"an upload without its file", "POST", "/v3/merchant/media/upload", "", "file is required: give file=@path"},
		{"an upload of a text", "POST", "/v3/merchant/media/upload file=x", "", "file is a file: write file=@path"},
		{"two bodies", "POST", "/v3/security/echo", `{}{}`, "must be a JSON object"},
		{"not in the list", "GET", "/v3/bill/tradebill?bill_date=2026-01-02&bill_type=SOME", "", "bill_type must be one of ALL, SUCCESS"},
		{"too small", "POST", "v3/pay/transactions/jsapi " + order + " amount.total=0 payer.openid=o", "", "amount.total must be at least 1"},
		{"too long", "POST", "v3/pay/transactions/jsapi " + strings.Replace(order, "order-1", strings.Repeat("x", 33), 1) + " amount.total=1 payer.openid=o", "", "out_trade_no must have at most 32 characters, has 33"},
		{"no day", "GET", "/v3/ecommerce/fund/enddaybalance/1900000109?date=yesterday", "", "date must be a day"},
		{"no address", "POST", "v3/pay/transactions/jsapi " + order + " notify_url=http://x amount.total=1 payer.openid=o", "", "notify_url must be an address"},
		{"a bad query", "GET", "/v3/certificates?%zz", "", "the query cannot be read"},
	} {
		words := strings.Fields(tt.words)
		r := caller.Request{Method: tt.method, Path: words[0], Fields: words[1:]}
		if tt.body != "" {
			r.Body = []byte(tt.body)
		}
		if _, err := caller.Prepare(r); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v; want %q", tt.name, err, tt.want)
		}
	}
}
