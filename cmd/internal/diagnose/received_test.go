package diagnose_test

import (
	"bytes"
	"compress/gzip"
	"crypto"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/diagnose"
	"github.com/wxpay-go/wxpay/sign"
)

// received is what WeChat Pay signed, and what was done to it on the way.
type received struct {
	header  sign.Header
	body    string
	at      time.Time
	key     int
	signed  string // instead of the right text
	changed func(*received)
}

const notice = `{"id":"EV-1","create_time":"2026-09-18T18:00:00+08:00","summary":"<支付>成功","resource":{"nonce":"n"}}`

func (r received) find(t *testing.T) diagnose.Finding {
	t.Helper()
	k := keys()
	r.header.Timestamp, r.header.Nonce = strconv.FormatInt(now.Unix(), 10), "d824f2e086d3c1df967785d13fcd22ef"
	if r.header.Serial == "" {
		r.header.Serial = "PUB_KEY_ID_1"
	}
	if r.body == "" {
		r.body = notice
	}
	text := r.signed
	if text == "" {
		text = string(sign.AppendAnswer(nil, r.header.Timestamp, r.header.Nonce, []byte(r.body)))
	}
	r.header.Signature = base64.StdEncoding.EncodeToString(pkcs1(t, k[r.key], crypto.SHA256, sum256(text)))
	if r.at = now; r.changed != nil {
		r.changed(&r)
	}
	return diagnose.FindReceived(diagnose.Message{Header: r.header, Body: []byte(r.body), At: r.at}, diagnose.Platform{
		Keys:   []diagnose.Key{{Owner: "public key", Serial: "PUB_KEY_ID_1", Public: &k[0].PublicKey}, {Owner: "certificate", Serial: "BB22", Public: &k[1].PublicKey}},
		Others: []diagnose.Key{{Owner: "merchant", Serial: "CC33", Public: &k[2].PublicKey}},
	})
}

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.String()
}

// Each thing that happens to an answer on its way is named, and nothing else.
func TestEveryChangeOnTheWayIsNamed(t *testing.T) {
	t.Parallel()
	change := func(f func(string) string) received {
		return received{changed: func(r *received) { r.body = f(r.body) }}
	}
	for name, tt := range map[string]struct {
		received
		want  []diagnose.Cause
		owner string
	}{
		"nothing":                        {received{}, nil, ""},
		"the certificate's key":          {received{key: 1, header: sign.Header{Serial: "bb22"}}, nil, ""},
		"pretty-printed":                 {change(func(string) string { return "{\n  \"a\": 1\n}" }), c(diagnose.OtherText), ""},
		"indented":                       {received{body: `{"a":1}`, changed: func(r *received) { r.body = "{\n  \"a\": 1\n}" }}, c(diagnose.BodyCompacted), ""},
		"compacted":                      {received{body: `{"a": 1, "b": 2}`, changed: func(r *received) { r.body = `{"a":1,"b":2}` }}, c(diagnose.BodySpaced), ""},
		"escaped by Go":                  {change(func(s string) string { return strings.NewReplacer("<", `\u003c`, ">", `\u003e`).Replace(s) }), c(diagnose.BodyEscaped), ""},
		"a byte order mark":              {change(func(s string) string { return "\ufeff" + s }), c(diagnose.BodyMark), ""},
		"a line break more":              {change(func(s string) string { return s + "\n" }), c(diagnose.BodyTrimmed), ""},
		"a line break less":              {received{body: "{}\n", changed: func(r *received) { r.body = "{}" }}, c(diagnose.BodyNewline), ""},
		"a second line break":            {received{body: "{ \"a\" : 1}\n", changed: func(r *received) { r.body += "\n" }}, c(diagnose.NoLastBreak), ""},
		"packed":                         {change(gzipped), c(diagnose.BodyPacked), ""},
		"read as ISO 8859-1":             {change(func(s string) string { return mojibake(s) }), c(diagnose.BodyCharset), ""},
		"line breaks of Windows":         {received{body: "{\n}", changed: func(r *received) { r.body = "{\r\n}" }}, c(diagnose.BodyBreaks), ""},
		"quoted":                         {change(strconv.Quote), c(diagnose.BodyQuoted), ""},
		"read twice":                     {change(func(string) string { return "" }), c(diagnose.OtherText), ""},
		"headers in each other's place":  {received{changed: func(r *received) { r.header.Timestamp, r.header.Nonce = r.header.Nonce, r.header.Timestamp }}, c(diagnose.WrongTimestamp, diagnose.Swapped), ""},
		"a nonce in capitals":            {received{changed: func(r *received) { r.header.Nonce = strings.ToUpper(r.header.Nonce) }}, c(diagnose.CasedNonce), ""},
		"an old one":                     {received{changed: func(r *received) { r.at = now.Add(time.Hour) }}, c(diagnose.WrongClock), ""},
		"an old one, its age not judged": {received{changed: func(r *received) { r.at = time.Time{} }}, nil, ""},
		"the other key's id":             {received{key: 1}, c(diagnose.OthersKey), "certificate"},
		"an unknown id":                  {received{header: sign.Header{Serial: "PUB_KEY_ID_2"}}, c(diagnose.UnknownSerial), ""},
		"the merchant's serial and key":  {received{key: 2, header: sign.Header{Serial: "CC33"}}, c(diagnose.OthersSerial, diagnose.OthersKey), "merchant"},
		"an unknown key":                 {received{key: 3}, c(diagnose.UnknownKey), ""},
		"another scheme":                 {received{header: sign.Header{Type: "WECHATPAY2-SM2-WITH-SM3"}}, c(diagnose.WrongScheme), ""},
		"a probe":                        {received{changed: func(r *received) { r.header.Signature = sign.ProbePrefix + r.header.Signature }}, c(diagnose.Probe), ""},
		"a header less":                  {received{changed: func(r *received) { r.header.Nonce = "" }}, c(diagnose.MissingHeader), ""},
		"no last line feed, of a mock":   {received{signed: strconv.FormatInt(now.Unix(), 10) + "\nd824f2e086d3c1df967785d13fcd22ef\n" + notice}, c(diagnose.NoLastBreak), ""},
		"a signature through a form":     {received{changed: func(r *received) { r.header.Signature = strings.ReplaceAll(r.header.Signature, "+", " ") }}, c(diagnose.FormSignature), ""},
		"a signature that is no base64":  {received{changed: func(r *received) { r.header.Signature = "???" }}, c(diagnose.NotBase64), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := tt.find(t)
			if !slices.Equal(f.Causes, tt.want) || f.Owner != tt.owner {
				t.Errorf("got %q of %q, want %q of %q", f.Causes, f.Owner, tt.want, tt.owner)
			}
		})
	}
}

// mojibake reads UTF-8 as ISO 8859-1.
func mojibake(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

// The texts of the receiver tell it what to do, and not the sender.
func TestReceivedTextsSpeakToTheReceiver(t *testing.T) {
	t.Parallel()
	if got := diagnose.BodyIndented.Received(); !strings.Contains(got.EnglishRemedy, "as they came") || strings.Contains(got.Chinese, "请求体") || got.English == "" {
		t.Errorf("got %+v", got)
	}
	if diagnose.UnknownSerial.Received() == diagnose.UnknownSerial.Text() {
		t.Error("a receiver is told of the merchant's certificate")
	}
}

func TestDifference(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		received, signed string
		answer           bool
		want             diagnose.Difference
	}{
		"in the body":     {"POST\n/v3/x\n1\nn\n{\"a\":1}\n", "POST\n/v3/x\n1\nn\n{\"a\": 1}\n", false, diagnose.Difference{Line: "body", At: 5, Before: `{"a":`, Received: "1}\n", Signed: " 1}\n"}},
		"in the URL":      {"GET\n/x?a=1\n1\nn\n\n", "GET\n/x\n1\nn\n\n", false, diagnose.Difference{Line: "URL", At: 2, Before: "/x", Received: "?a=1\n1\nn\n\n", Signed: "\n1\nn\n\n"}},
		"in a character":  {"1\nn\n支\n", "1\nn\n攀\n", true, diagnose.Difference{Line: "body", At: 0, Before: "", Received: "支\n", Signed: "攀\n"}},
		"in a later line": {"1\nn\n{\n\n}\n", "1\nn\n{\n}\n", true, diagnose.Difference{Line: "body", At: 2, Before: "{\n", Received: "\n}\n", Signed: "}\n"}},
	} {
		f := diagnose.Finding{Received: tt.received, Signed: tt.signed}
		if got, ok := f.Difference(tt.answer); !ok || got != tt.want {
			t.Errorf("%s: got %+v, want %+v", name, got, tt.want)
		}
	}
	f := diagnose.Finding{Received: "a", Signed: "a"}
	if _, ok := f.Difference(false); ok {
		t.Error("equal texts differ")
	}
}
