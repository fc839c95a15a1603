package emulator

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/wxpay-go/wxpay/sign"
)

// maxKept is how much of a body an [Exchange] keeps, in bytes.
const maxKept = 64 << 10

// headersKept are the headers that matter to a merchant's program. None of
// them is a secret.
var (
	headersKept  = []string{"Accept", "Accept-Language", "Content-Type", "User-Agent", sign.HeaderSerial, "Wechatpay-Negative-Test"}
	answersKept  = []string{"Allow", "Content-Language", "Content-Type", "Date", "Request-Id", sign.HeaderTimestamp, sign.HeaderNonce, sign.HeaderSerial, "Wxpay-Provenance"}
	stageAsValue = map[stage]string{stageAddress: "there is no such address", stageHeaders: "Accept or User-Agent is missing"}
)

// witness sees an answer go out, and writes the exchange down. Nil sees
// nothing.
type witness struct {
	http.ResponseWriter
	e      *Emulator
	call   *call // nil for an address that is none
	status int
	body   bytes.Buffer
	size   int
}

// witness begins an exchange, if exchanges are kept.
func (e *Emulator) witness(w http.ResponseWriter) (http.ResponseWriter, *witness) {
	if e.journal == nil {
		return w, nil
	}
	seen := &witness{ResponseWriter: w, e: e}
	return seen, seen
}

// sees tells what the request turned out to be.
func (w *witness) sees(c *call) {
	if w != nil {
		w.call = c
	}
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *witness) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader notes the status.
func (w *witness) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write notes the beginning of the body.
func (w *witness) Write(p []byte) (int, error) {
	w.size += len(p)
	if room := maxKept - w.body.Len(); room > 0 {
		w.body.Write(p[:min(room, len(p))])
	}
	return w.ResponseWriter.Write(p)
}

// end writes the exchange down, even while a cut connection unwinds.
func (w *witness) end(r *http.Request, target string) {
	if w == nil {
		return
	}
	x := &Exchange{
		At: w.e.clock.Now(), Method: r.Method, Host: r.Host, Target: target, Header: keep(r.Header, headersKept),
		Status: w.status, AnswerHeader: keep(w.Header(), answersKept),
		Answer: w.body.String(), AnswerSize: w.size, SignedBy: w.Header().Get(sign.HeaderSerial),
	}
	x.Caller, x.Signature = callerOf(r.Header.Get("Authorization"))
	ended, detail := stageAddress, ""
	if w.call != nil {
		ended = w.call.stage
		x.request(w.call)
	}
	x.Code, detail = x.refused()
	if detail == "" {
		detail = stageAsValue[ended]
	}
	x.Checks = checksAt(ended, detail)
	w.e.journal.add(x)
	w.e.coverage.sawExchange(x)
}

// request writes down what is known of the request once its address is.
func (x *Exchange) request(c *call) {
	x.At = c.now
	x.Operation = c.op.Method + " " + c.op.Path
	x.BodySize = len(c.raw)
	x.Body = string(c.raw[:min(len(c.raw), maxKept)])
	if c.stage < stageSignature || x.Caller == nil || len(c.raw) > maxKept {
		return
	}
	// What cannot be put into lines has no text to be signed.
	message, err := sign.AppendRequest(nil, c.method, c.target, x.Caller.Timestamp, x.Caller.Nonce, c.signedBody())
	if err == nil {
		x.Canonical = string(message)
	}
}

// refused reads the code out of an answer that is no success, and what it says.
func (x *Exchange) refused() (code, detail string) {
	if x.Status < http.StatusBadRequest {
		return "", ""
	}
	var answer struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Detail  fault  `json:"detail"`
	}
	_ = json.Unmarshal([]byte(x.Answer), &answer) // an empty answer says nothing
	return answer.Code, strings.Join(strings.Fields(answer.Message+" "+answer.Detail.Field+" "+answer.Detail.Issue), " ")
}

func keep(h http.Header, names []string) http.Header {
	kept := http.Header{}
	for _, name := range names {
		if v := h.Values(name); len(v) > 0 {
			kept[name] = v
		}
	}
	return kept
}
