package generate

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/describe"
)

func TestExported(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"sub_mchid":                "SubMchID",
		"sp_appid":                 "SpAppID",
		"openid":                   "OpenID",
		"sub_openid":               "SubOpenID",
		"pre_entrustweb_id":        "PreEntrustwebID",
		"device_ip":                "DeviceIP",
		"device_os":                "DeviceOS",
		"out_trade_no":             "OutTradeNo",
		"mask_wxid":                "MaskWxID",
		"harmony-plan-id":          "HarmonyPlanID",
		"pay-redirect-sign":        "PayRedirectSign",
		"qs":                       "QS",
		"jsapi":                    "JSAPI",
		"jsapi-with-contract":      "JSAPIWithContract",
		"h5":                       "H5",
		"v3":                       "V3",
		"return_url":               "ReturnURL",
		"SIGN_SCENE_QRCODE":        "SignSceneQRCode",
		"PARAM_ERROR":              "ParamError",
		"WITHIN_7_DAYS":            "Within7Days",
		"payerClientIp":            "PayerClientIP",
		"password-exempt-contract": "PasswordExemptContract",
		"identity":                 "Identity", // holds "id" and is no id
		"":                         "",
	} {
		if got := exported(name); got != want {
			t.Errorf("exported(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestUnexported(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"service_id":        "serviceID",
		"out_contract_code": "outContractCode",
		"id":                "id",
		"type":              "typeValue", // a keyword
		"in":                "inValue",   // a parameter of every call
	} {
		if got := unexported(name); got != want {
			t.Errorf("unexported(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestConstant(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ typ, value, want string }{
		{"SignScene", "SIGN_SCENE_APP", "SignSceneApp"},
		{"DeviceType", "DEVICE_TYPE_UNKNOW", "DeviceTypeUnknow"},
		{"PreEntrustSignDeviceType", "DEVICE_TYPE_TV", "PreEntrustSignDeviceTypeTV"},
		{"ContractState", "SIGNED", "ContractStateSigned"},
		{"ContractTerminationMode", "MCH_API_TERMINATE", "ContractTerminationModeMchAPITerminate"},
		{"State", "STATE", "StateState"}, // something has to be left
		{"Currency", "CNY", "CurrencyCNY"},
		{"Kind", "1", "Kind1"},
	} {
		if got := constant(tt.typ, tt.value); got != tt.want {
			t.Errorf("constant(%q, %q) = %q, want %q", tt.typ, tt.value, got, tt.want)
		}
	}
}

func TestFileName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"QSPreEntrustSignPayRedirectSign": "qs_pre_entrust_sign_pay_redirect_sign",
		"TransactionsJSAPI":               "transactions_jsapi",
		"GetTransactionByOutTradeNo":      "get_transaction_by_out_trade_no",
		"Echo":                            "echo",
		"GetMchID":                        "get_mch_id",
	} {
		if got := fileName(name); got != want {
			t.Errorf("fileName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestMerges(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		literal, param string
		want           bool
	}{
		{"service-id", "{service_id}", true},
		{"harmony-plan-id", "{plan_id}", true},
		{"id", "{transaction_id}", true},
		{"out-contract-code", "{out_contract_code}", true},
		{"stocks", "{stock_id}", false},
		{"paid", "{id}", false}, // ends in the letters, not in the word
	} {
		if got := merges(tt.literal, tt.param); got != tt.want {
			t.Errorf("merges(%q, %q) = %t, want %t", tt.literal, tt.param, got, tt.want)
		}
	}
}

// TestNamesAgree: the description is held to naming rules by describe, and
// named here; a URL must not have two spellings.
func TestNamesAgree(t *testing.T) {
	t.Parallel()
	seen := 0
	err := fs.WalkDir(os.DirFS("../../../spec"), "v3", func(path string, entry fs.DirEntry, err error) error {
		name := strings.TrimSuffix(entry.Name(), ".yaml")
		if a, b := describe.GoName(strings.Trim(name, "{}")), exported(name); a != b {
			t.Errorf("%s is %s for describe and %s for generate", path, a, b)
		}
		seen++
		return err
	})
	if err != nil || seen < 20 {
		t.Fatalf("looked at %d names: %v", seen, err)
	}
}
