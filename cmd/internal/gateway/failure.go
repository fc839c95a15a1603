package gateway

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// Code says why the gateway answers itself.
type Code string

// The codes, as they stand in the member code of an answer and in the header
// Wxpay-Error.
const (
	CodeToken       Code = "WXPAY_TOKEN"       // 401: the token is missing or wrong
	CodeRequest     Code = "WXPAY_REQUEST"     // 400: the request cannot be signed
	CodeTooLong     Code = "WXPAY_TOO_LONG"    // 413: the request is longer than 64 MiB
	CodeKey         Code = "WXPAY_KEY"         // 500: there is no key of WeChat Pay, or the merchant's does not sign
	CodeUnreachable Code = "WXPAY_UNREACHABLE" // 502: no answer came; what was asked may have happened
	CodeTimeout     Code = "WXPAY_TIMEOUT"     // 504: no answer came in time; what was asked may have happened
	CodeUnverified  Code = "WXPAY_UNVERIFIED"  // 502: the answer must not be used; what was asked may have happened
)

var statuses = map[Code]int{
	CodeToken: http.StatusUnauthorized, CodeRequest: http.StatusBadRequest, CodeTooLong: http.StatusRequestEntityTooLarge,
	CodeKey: http.StatusInternalServerError, CodeUnreachable: http.StatusBadGateway, CodeTimeout: http.StatusGatewayTimeout,
	CodeUnverified: http.StatusBadGateway,
}

// failure is an answer of the gateway itself.
type failure struct {
	code   Code
	text   string
	detail string // for the report alone; never of a body
}

func (f *failure) Error() string { return string(f.code) + ": " + f.text }

func failed(code Code, text string) *failure { return &failure{code: code, text: text} }

// because keeps the cause for whoever runs the gateway. The program is not
// told: it can do nothing about a connection.
func (f *failure) because(err error) *failure {
	if err != nil {
		f.detail = err.Error()
	}
	return f
}

func (x *exchange) fail(f *failure) {
	status := statuses[f.code]
	body, err := json.Marshal(struct {
		Code    Code   `json:"code"`
		Message string `json:"message"`
	}{f.code, f.text})
	if err != nil {
		body = nil // two texts cannot fail
	}
	x.report.Status, x.report.Error, x.report.Detail = status, string(f.code), f.detail
	h := x.w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Wxpay-Error", string(f.code))
	if f.code == CodeToken {
		h.Set("WWW-Authenticate", `Bearer realm="wxpay proxy"`)
	}
	x.w.WriteHeader(status)
	_, _ = x.w.Write(body) // the status says it too
}
