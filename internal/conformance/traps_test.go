package conformance

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/api/certificates"
	"github.com/wxpay-go/wxpay/api/papay"
	"github.com/wxpay-go/wxpay/api/passwordexemptcontract"
	"github.com/wxpay-go/wxpay/api/pay"
	"github.com/wxpay-go/wxpay/api/security"
	"github.com/wxpay-go/wxpay/internal/conformance/stage"
	"github.com/wxpay-go/wxpay/notify"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
	"github.com/wxpay-go/wxpay/spec"
)

// spy keeps the body of what goes to the emulator.
type spy struct {
	next http.RoundTripper
	body []byte
}

func (s *spy) RoundTrip(r *http.Request) (*http.Response, error) {
	s.body = nil
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		s.body = b
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(b))
	}
	return s.next.RoundTrip(r)
}

// spied is a client of a new emulator, and what it sends.
func spied(t *testing.T) (*wxpay.Client, *spy) {
	t.Helper()
	e, _ := stage.NewServer(t, "1900000109")
	keys, s := e.Credentials(), &spy{next: stage.Direct{Handler: e}}
	wx, err := wxpay.New(wxpay.Config{
		MchID: keys.MchID, Signer: keys.MerchantKey, Certificate: keys.MerchantCert,
		Trust: sign.PublicKey(keys.PublicKeyID, keys.PublicKey()), Transport: s, Now: e.Clock().Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return wx, s
}

// Trap 7: null and "" are refused by WeChat Pay, so optional members that are
// not given are not sent.
func TestTrap07NothingEmptyIsSent(t *testing.T) {
	t.Parallel()
	wx, s := spied(t)
	_, err := pay.TransactionsJSAPI(t.Context(), wx, &pay.TransactionsJSAPIRequest{
		AppID: "wxd678efh567hg6787", MchID: "1900000109", Description: "d", OutTradeNo: "order-1", NotifyURL: "https://yourapp.com/notify",
		Amount: pay.OrderAmount{Total: 1}, Payer: pay.TransactionsJSAPIPayer{OpenID: "o"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"appid":"wxd678efh567hg6787","mchid":"1900000109","description":"d","out_trade_no":"order-1","notify_url":"https://yourapp.com/notify","amount":{"total":1},"payer":{"openid":"o"}}`
	if got := sorted(t, s.body); got != sorted(t, []byte(want)) {
		t.Errorf("sent %s", s.body)
	}
	if err := wx.At("v3/security/echo").Post(t.Context(), json.RawMessage(`{"echo_message":"x","notify_url":null}`), nil); !wxpay.IsCode(err, wxpay.CodeParamError) {
		t.Errorf("null: %v", err)
	}
	if err := wx.At("v3/security/echo").Post(t.Context(), json.RawMessage(`{"echo_message":"x","unheard_of":1}`), nil); !wxpay.IsCode(err, wxpay.CodeParamError) {
		t.Errorf("unknown member: %v", err)
	}
}

// sorted writes JSON with its keys in order.
func sorted(t *testing.T, b []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// wireNames lists the members of a struct as they stand on the wire.
func wireNames(v any) []string {
	var names []string
	for f := range reflect.TypeOf(v).Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

// Trap 15: the same thing has another name from one endpoint to the next.
func TestTrap15NamesThatDiffer(t *testing.T) {
	t.Parallel()
	tests := []struct {
		where     string
		in        any
		want, not string
	}{
		{"password-exempt request", passwordexemptcontract.NormalPreEntrustSignPayRedirectSignRequest{}, "notify_url", "contract_notify_url"},
		{"papay request", papay.PreEntrustSignRequest{}, "contract_notify_url", "notify_url"},
		{"Harmony answer", papay.PreEntrustSignResponse{}, "mini_program_username", "miniprogram_username"},
		{"Harmony answer", papay.PreEntrustSignResponse{}, "mini_program_path", "sign_mp_path"},
		{"mini program answer", passwordexemptcontract.ServiceProviderPreEntrustSignMiniProgramResponse{}, "sign_mp_appid", "redirect_appid"},
		{"mini program answer", passwordexemptcontract.ServiceProviderPreEntrustSignMiniProgramResponse{}, "pre_entrustweb_id", "pre_entrust_web_id"},
		{"echo request", security.EchoRequest{}, "encrypted_echo_message", "encrypt_echo_message"},
		{"echo event", notify.SecurityEchoSuccess{}, "encrypt_echo_message", "encrypted_echo_message"},
	}
	for _, tt := range tests {
		if names := wireNames(tt.in); !slices.Contains(names, tt.want) || slices.Contains(names, tt.not) {
			t.Errorf("%s has %v, want %s and not %s", tt.where, names, tt.want, tt.not)
		}
	}
}

// Trap 16: some misspellings are the protocol.
func TestTrap16Misspellings(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		string(papay.DeviceTypeUnknow):                   "DEVICE_TYPE_UNKNOW",
		string(papay.DaysSinceFirstLoginUnknow):          "DAYS_SINCE_FIRST_LOGIN_UNKNOW",
		string(papay.DaysSinceFirstLoginMoreThen180Days): "DAYS_SINCE_FIRST_LOGIN_MORE_THEN_180_DAYS",
		string(notify.ContractTerminationModeAPI):        "API",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// Trap 25: a notify URL has no query, on either side of the wire.
func TestTrap25NotifyURLHasNoQuery(t *testing.T) {
	t.Parallel()
	wx, _ := spied(t)
	in := &security.EchoRequest{EchoMessage: "x", NotifyURL: "https://yourapp.com/notify?order=1"}
	if _, err := security.Echo(t.Context(), wx, in); err == nil || !strings.Contains(err.Error(), "notify_url") {
		t.Errorf("the client: %v", err)
	}
	if _, err := security.Echo(t.Context(), wx, in, wxpay.Unchecked()); !wxpay.IsCode(err, wxpay.CodeParamError) {
		t.Errorf("the emulator: %v", err)
	}
}

// Trap 32: there is no sandbox; two endpoints are safe to call on the live
// service, and both are here and leave nothing behind.
func TestTrap32SafeLiveChecks(t *testing.T) {
	t.Parallel()
	e, wx := stage.NewServer(t, "1900000109")
	keys := e.Credentials()
	list, err := certificates.List(t.Context(), wx, &certificates.ListRequest{})
	if err != nil {
		t.Fatal(err)
	}
	sealed := list.Data[0].EncryptCertificate
	text, err := seal.Open([]byte(keys.APIv3Key), seal.Resource{Algorithm: sealed.Algorithm, Ciphertext: sealed.Ciphertext, AssociatedData: sealed.AssociatedData, Nonce: sealed.Nonce})
	if err != nil {
		t.Fatal(err)
	}
	if cert, err := sign.ParseCertificate(text); err != nil || !cert.Equal(keys.PlatformCert) {
		t.Errorf("certificate: %v", err)
	}
	out, err := security.Echo(t.Context(), wx, &security.EchoRequest{EchoMessage: "hello", EncryptedEchoMessage: "你好"})
	if err != nil || out.EchoMessage != "hello" || out.EncryptedEchoMessage != "你好" {
		t.Errorf("echo = %+v, %v", out, err)
	}
	s, err := e.Summary()
	if err != nil || s.Orders+s.Contracts+s.Sessions+s.Events != 0 {
		t.Errorf("left behind: %+v, %v", s, err)
	}
	for op := range spec.Operations() {
		if (op.Path == "/v3/certificates" || op.Path == "/v3/security/echo") && !op.Idempotent {
			t.Errorf("%s is not marked idempotent", op.Path)
		}
	}
}
