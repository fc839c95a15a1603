package sign_test

import (
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/sign"
)

var whole = sign.Authorization{
	Scheme: sign.SchemeRSA, MchID: "1900007291", Nonce: "593BEC0C930BF1AFEB40B4A08C8FB242",
	Timestamp: "1554208460", Serial: "408B07E7", Signature: "a+/b==",
}

func TestParseAuthorizationAccepts(t *testing.T) {
	t.Parallel()
	with := func(change func(*sign.Authorization)) sign.Authorization {
		a := whole
		change(&a)
		return a
	}
	tests := []struct {
		name, header string
		want         sign.Authorization
	}{
		{"our own order", whole.String(), whole},
		{
			"the order of wechatpay-php",
			sign.SchemeRSA + ` mchid="1900007291",serial_no="408B07E7",timestamp="1554208460",nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242",signature="a+/b=="`, whole,
		},
		{
			"an unknown scheme, left to the caller",
			strings.Replace(whole.String(), sign.SchemeRSA, "Bearer", 1), with(func(a *sign.Authorization) { a.Scheme = "Bearer" }),
		},
		{
			"a nonce of 36 with hyphens",
			strings.Replace(whole.String(), whole.Nonce, "3119dfba-e649-5eec-ab1e-3412bc4d2e17", 1),
			with(func(a *sign.Authorization) { a.Nonce = "3119dfba-e649-5eec-ab1e-3412bc4d2e17" }),
		},
		{
			"a nonce of 12 with a dot",
			strings.Replace(whole.String(), whole.Nonce, "ab1cdefg.h2i", 1), with(func(a *sign.Authorization) { a.Nonce = "ab1cdefg.h2i" }),
		},
		{
			"commas and equals signs inside a value",
			strings.Replace(whole.String(), whole.Nonce, "a=,mchid=", 1), with(func(a *sign.Authorization) { a.Nonce = "a=,mchid=" }),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, err := sign.ParseAuthorization(tt.header); err != nil || got != tt.want {
				t.Errorf("ParseAuthorization(%q) = %+v, %v", tt.header, got, err)
			}
		})
	}
}

func TestParseAuthorizationRefuses(t *testing.T) {
	t.Parallel()
	good := whole.String()
	tests := []struct {
		name, header string
		code         sign.Code
		says         string
	}{
		{"nothing", "", sign.CodeMissing, "missing"},
		{"a scheme alone", sign.SchemeRSA, sign.CodeMessage, "one space"},
		{"no scheme", good[len(sign.SchemeRSA):], sign.CodeMessage, "want a scheme"},
		{"two spaces", strings.Replace(good, " ", "  ", 1), sign.CodeMessage, "without blanks"},
		{"a tab for the space", strings.Replace(good, " ", "\t", 1), sign.CodeMessage, "control"},
		{"a blank after a comma", strings.Replace(good, ",", ", ", 1), sign.CodeMessage, "without blanks"},
		{"single quotes", strings.ReplaceAll(good, `"`, `'`), sign.CodeMessage, "ASCII double quotes"},
		{"full-width quotes", strings.Replace(good, `"1900007291"`, `“1900007291”`, 1), sign.CodeMessage, "mchid is not in ASCII double quotes"},
		{"no quotes", strings.ReplaceAll(good, `"`, ``), sign.CodeMessage, "ASCII double quotes"},
		{"an open quote", good[:len(good)-1], sign.CodeMessage, "signature has no closing quote"},
		{"a key twice", good + `,mchid="1"`, sign.CodeMessage, "mchid comes twice"},
		{"an unknown key", good + `,serial="1"`, sign.CodeMessage, "serial is unknown"},
		{"a key in upper case", strings.Replace(good, "mchid", "MCHID", 1), sign.CodeMessage, "key=\"value\""},
		{"a missing key", strings.Replace(good, `,serial_no="408B07E7"`, ``, 1), sign.CodeMissing, "serial_no is missing"},
		{"an empty value", strings.Replace(good, `"408B07E7"`, `""`, 1), sign.CodeMessage, "serial_no is empty"},
		{"a comma at the end", good + ",", sign.CodeMessage, "key=\"value\""},
		{"garbage at the end", good + "x", sign.CodeMessage, "after the value of signature"},
		{"a blank at the end", good + " ", sign.CodeMessage, "after the value of signature"},
		{"semicolons", strings.ReplaceAll(good, `",`, `";`), sign.CodeMessage, "after the value of mchid"},
		{"a line feed in a value", strings.Replace(good, "408B07E7", "408B\n07E7", 1), sign.CodeMessage, "control"},
		{"a nonce over the limit", strings.Replace(good, whole.Nonce, strings.Repeat("n", sign.MaxNonce+1), 1), sign.CodeMessage, "longer than 128"},
		{"a header over the limit", good + strings.Repeat("x", sign.MaxAuthorization), sign.CodeMessage, "longer than 4096"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := sign.ParseAuthorization(tt.header)
			wantCode(t, err, tt.code)
			if got != (sign.Authorization{}) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("ParseAuthorization = %+v, %v; want it to say %q", got, err, tt.says)
			}
		})
	}
}
