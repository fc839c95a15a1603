package caller_test

import (
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/caller"
)

// texts joins what is offered: a word that goes on has an ellipsis.
func texts(words []caller.Word) string {
	var list []string
	for _, w := range words {
		if w.More {
			w.Text += "…"
		}
		list = append(list, w.Text)
	}
	return strings.Join(list, " ")
}

func TestPathsGoOnBySegments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ method, begun, want string }{
		{"POST", "/v3/sec", "/v3/security/…"},
		{"post", "v3/security/", "/v3/security/echo"},
		{"GET", "/v3/security/", ""},
		{"GET", "/v3/papay/sign/contracts/", "/v3/papay/sign/contracts/harmony-plan-id/… /v3/papay/sign/contracts/plan-id/…"},
		{"GET", "/v3/pay/transactions/out-trade-no/", "/v3/pay/transactions/out-trade-no/{out_trade_no}"},
		{"GET", "/v3/pay/transactions/out-trade-no/12", "/v3/pay/transactions/out-trade-no/12"},
		{"POST", "/v3/pay/transactions/out-trade-no/12", "/v3/pay/transactions/out-trade-no/12/…"},
		{"POST", "/v3/pay/transactions/out-trade-no/12/", "/v3/pay/transactions/out-trade-no/12/close /v3/pay/transactions/out-trade-no/12/reverse"},
		{"GET", "/v3/pay//x", ""},
	} {
		if got := texts(caller.Paths(tt.method, tt.begun)); got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.method, tt.begun, got, tt.want)
		}
	}
	if got := texts(caller.Methods("p")); got != "PATCH POST PUT" {
		t.Errorf("methods = %q", got)
	}
}

func TestFieldsAreOffered(t *testing.T) {
	t.Parallel()
	const jsapi = "/v3/pay/transactions/jsapi"
	for _, tt := range []struct{ method, path, given, begun, want string }{
		{"POST", "/v3/security/echo", "", "", "echo_message=… notify_url=… encrypted_echo_message=…"},
		{"POST", "/v3/security/echo", "echo_message=x", "", "notify_url=… encrypted_echo_message=…"},
		{"POST", jsapi, "", "out", "out_trade_no=…"},
		{"POST", jsapi, "", "payer", "payer.…"},
		{"POST", jsapi, "", "payer.", "payer.openid=… payer.identity.…"},
		{"POST", jsapi, "", "support", "support_fapiao=…"},
		{"POST", jsapi, "", "support_fapiao=", "support_fapiao=false support_fapiao=true"},
		{"POST", jsapi, "", "detail.goods_detail.0.q", "detail.goods_detail.0.quantity=…"},
		{"GET", "/v3/bill/tradebill", "", "bill_type=RE", "bill_type=REFUND bill_type=RECHARGE_REFUND bill_type=REF_SPECIAL"},
		{"GET", "/v3/pay/transactions/out-trade-no/{out_trade_no}", "", "", "out_trade_no=… mchid=…"},
		{"GET", "/v3/pay/transactions/out-trade-no/12", "", "", "mchid=…"},
		{"POST", "/v3/merchant/media/upload", "", "f", "file=@… filename=…"},
		{"POST", "/v3/nowhere", "", "", ""},
		{"POST", jsapi, "", "none.", ""},
	} {
		if got := texts(caller.Fields(tt.method, tt.path, strings.Fields(tt.given), tt.begun)); got != tt.want {
			t.Errorf("%s %s %s: %q, want %q", tt.method, tt.path, tt.begun, got, tt.want)
		}
	}
}
