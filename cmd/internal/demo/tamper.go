package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/api/security"
	"github.com/wxpay-go/wxpay/chain"
	"github.com/wxpay-go/wxpay/sign"
)

// wire is the way to WeChat Pay. It can change a body on the way, as a proxy
// does that parses JSON and writes it anew, and keeps what was signed.
type wire struct {
	next   *http.Transport
	change func([]byte) []byte

	signed []byte // canonical string of the changed request
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	if w.change == nil {
		return w.next.RoundTrip(req)
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	auth, err := sign.ParseAuthorization(req.Header.Get("Authorization"))
	if err != nil {
		return nil, err
	}
	w.signed, err = sign.AppendRequest(nil, req.Method, req.URL.RequestURI(), auth.Timestamp, auth.Nonce, body)
	if err != nil {
		return nil, err
	}
	changed := w.change(body)
	out := req.Clone(req.Context())
	out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(changed)), int64(len(changed))
	out.GetBody = nil
	return w.next.RoundTrip(out)
}

// indent writes JSON anew, with the same meaning and other bytes.
func indent(b []byte) []byte {
	var out bytes.Buffer
	if json.Indent(&out, b, "", "  ") != nil {
		return b
	}
	return out.Bytes()
}

// tamper sends a request whose body is written anew after it was signed, and
// explains the refusal.
func (w *world) tamper(ctx context.Context) error {
	const call = "POST /v3/security/echo"
	w.wire.change = indent
	defer func() { w.wire.change = nil }()
	return w.step(Step{Who: "merchant", What: "sends a body that a proxy wrote anew", Call: call, Spelling: "chained"}, func() (string, error) {
		_, err := chain.New(w.wx).V3().Security().Echo().Post(ctx, &security.EchoRequest{EchoMessage: "hello"})
		e, ok := errors.AsType[*wxpay.Error](err)
		if !ok || e.Code != "SIGN_ERROR" {
			return "", errors.Join(errors.New("want SIGN_ERROR"), err)
		}
		w.report.Refused = Refused{
			Call: call, Status: e.Status, Code: e.Code, Message: e.Message, Explanation: explain(string(w.wire.signed), e.Detail),
		}
		return "refused: " + strconv.Itoa(e.Status) + " " + e.Code, nil
	})
}

// received is what WeChat Pay says of the request that it got.
type received struct {
	Info struct {
		Message string `json:"truncated_sign_message"`
		Length  int    `json:"sign_message_length"`
	} `json:"sign_information"`
}

// lineNames are the five lines of the canonical string.
var lineNames = [...]string{"method", "URL", "timestamp", "nonce", "body"}

// explain compares the string that was signed with the one that WeChat Pay
// made of what it got, of which it shows all but the end of the body.
func explain(signed string, detail json.RawMessage) []string {
	var got received
	if json.Unmarshal(detail, &got) != nil || got.Info.Message == "" {
		return []string{"the answer does not say what WeChat Pay received"}
	}
	ours, theirs := strings.SplitN(signed, "\n", 5), strings.SplitN(got.Info.Message, "\n", 5)
	text := []string{
		"we signed " + strconv.Itoa(len(signed)) + " bytes, WeChat Pay received " + strconv.Itoa(got.Info.Length),
	}
	for i, name := range lineNames {
		if i >= len(ours) || i >= len(theirs) {
			return append(text, "the line of the "+name+" is missing")
		}
		a, b := ours[i], strings.TrimSuffix(theirs[i], "\n")
		if i == len(lineNames)-1 {
			a = strings.TrimSuffix(a, "\n")
			a = a[:min(len(a), len(b))] // theirs is cut
		}
		if a != b {
			return append(text, "first difference in the "+name+": signed "+strconv.Quote(a)+", received "+strconv.Quote(b), cause(i))
		}
	}
	if len(signed) != got.Info.Length {
		return append(text, "method, URL, timestamp and nonce agree, and so does the beginning of the body: the rest of it differs", cause(4))
	}
	return append(text, "all that is shown agrees: the key may not belong to the serial number")
}

func cause(line int) string {
	switch line {
	case 1:
		return "cause: path or query were encoded anew after signing; sign what is sent"
	case 4:
		return "cause: the body was written anew after signing; sign the very bytes that are sent"
	}
	return "cause: the header and the signature are of different requests"
}
