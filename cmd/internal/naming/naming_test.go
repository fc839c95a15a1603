package naming

import "testing"

func TestExported(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"sub_mchid":                  "SubMchID",
		"sp_appid":                   "SpAppID",
		"openid":                     "OpenID",
		"sub_openid":                 "SubOpenID",
		"pre_entrustweb_id":          "PreEntrustwebID",
		"device_ip":                  "DeviceIP",
		"device_os":                  "DeviceOS",
		"out_trade_no":               "OutTradeNo",
		"mask_wxid":                  "MaskWxID",
		"harmony-plan-id":            "HarmonyPlanID",
		"pay-redirect-sign":          "PayRedirectSign",
		"qs":                         "QS",
		"jsapi":                      "JSAPI",
		"jsapi-with-contract":        "JSAPIWithContract",
		"h5":                         "H5",
		"hk":                         "HK",
		"v3":                         "V3",
		"iOS":                        "IOS",
		"return_url":                 "ReturnURL",
		"sha256":                     "SHA256",
		"id_card_copy":               "IDCardCopy",
		"IDENTIFICATION_TYPE_IDCARD": "IdentificationTypeIDCard",
		"apply4subject":              "Apply4Subject",
		"user-id/{user_id}":          "UserIDUserID",
		"SIGN_SCENE_QRCODE":          "SignSceneQRCode",
		"PARAM_ERROR":                "ParamError",
		"WITHIN_7_DAYS":              "Within7Days",
		"payerClientIp":              "PayerClientIP",
		"Idempotency-Key":            "IdempotencyKey",
		"password-exempt-contract":   "PasswordExemptContract",
		"identity":                   "Identity", // holds "id" and is no id
		"一级":                         "一级",
		"-1":                         "1",
		"":                           "",
	} {
		if got := Exported(name); got != want {
			t.Errorf("Exported(%q) = %q, want %q", name, got, want)
		}
	}
}
