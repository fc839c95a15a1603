package emulator

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// refusal is an answer that is no success. Behaviours return it as an error.
type refusal struct {
	status  int
	code    string
	message string // Chinese, as WeChat Pay writes by default
	detail  any
	number  string // internal number at the end of Request-ID, where one is known

	// from is where the refusal comes from, if not whence its behaviour does.
	from Provenance
}

func (r *refusal) Error() string { return r.code + ": " + r.message }

// fault is the detail of a PARAM_ERROR.
//
// Source: https://pay.weixin.qq.com/docs/merchant/development/interface-rules/basic-rules.html
type fault struct {
	Field    string `json:"field"`           // JSON Pointer, or the name of a parameter
	Value    any    `json:"value,omitempty"` // what was sent, unless it is encrypted
	Issue    string `json:"issue"`
	Location string `json:"location"` // body, url or query
}

// paramError refuses one parameter. Assumed: the wording of issue, of which
// the documents show one English example.
func paramError(f fault) *refusal {
	return &refusal{status: http.StatusBadRequest, code: "PARAM_ERROR", message: "参数错误", detail: f, number: "268435461"}
}

// headerError refuses a header in the documented words.
func headerError(message string) *refusal {
	return &refusal{status: http.StatusBadRequest, code: "PARAM_ERROR", message: message, number: "268435461"}
}

// stateError refuses a request that is well-formed but against the rules of
// the business. Assumed: INVALID_REQUEST, which every page's common table
// explains as exactly this; the endpoints' own tables are not published.
func stateError(message string) *refusal {
	return &refusal{
		status: http.StatusBadRequest, code: "INVALID_REQUEST", message: message,
		from: Provenance{Assumed, "the endpoint's own error table is not published"},
	}
}

// documentedError is a stateError of a rule that a page states. Its code is
// assumed all the same.
func documentedError(message string) *refusal {
	r := stateError(message)
	r.from = Provenance{Documented, "the rule; its code and wording are assumed"}
	return r
}

// ruleLimit refuses what is too much or too often. Its code is assumed, and why.
func ruleLimit(message, why string) *refusal {
	return &refusal{status: http.StatusForbidden, code: "RULE_LIMIT", message: message, from: Provenance{Assumed, why}}
}

// errExists refuses what is there already.
func errExists(message string) error {
	return &refusal{status: http.StatusBadRequest, code: "ALREADY_EXISTS", message: message}
}

// bodyError refuses a member of the body whose value is nothing to repeat.
func bodyError(field, issue string) error {
	return paramError(fault{Field: field, Issue: issue, Location: "body"})
}

func signError(message, number string) *refusal {
	return &refusal{status: http.StatusUnauthorized, code: "SIGN_ERROR", message: message, number: number}
}

// systemError is our own failure: it never tells what went wrong inside.
func systemError() *refusal {
	return &refusal{status: http.StatusInternalServerError, code: "SYSTEM_ERROR", message: "系统异常，请稍后重试"}
}

// body writes the refusal. For English the text is the description's summary
// of the code. Assumed: the live service's English texts are not published.
func (r *refusal) body(language string) ([]byte, error) {
	message := r.message
	if known, ok := spec.LookupError(r.code); ok && language == english && known.Summary != "" {
		message = known.Summary
	}
	return json.Marshal(struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Detail  any    `json:"detail,omitempty"`
	}{r.code, message, r.detail})
}

const (
	english = "en"
	chinese = "zh-CN"
)

// language is the language of texts that a request asked for. The Traditional
// Chinese ones, which the service knows too, get Simplified Chinese here, and
// Content-Language says so.
func language(h http.Header) string {
	first, _, _ := strings.Cut(h.Get("Accept-Language"), ",")
	if first = strings.ToLower(strings.TrimSpace(first)); first == "en" || strings.HasPrefix(first, "en-") || strings.HasPrefix(first, "en;") {
		return english
	}
	return chinese
}
