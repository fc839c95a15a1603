package generate

import "testing"

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
		{"Kind", "-1", "KindMinus1"},
		{"Kind", "一级", ""}, // a value without a constant
		{"Kind", "***", ""},
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
