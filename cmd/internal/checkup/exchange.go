package checkup

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/diagnose"
	"github.com/wxpay-go/wxpay/sign"
)

// maxAnswer bounds an answer, in bytes; those that are asked for here have a
// few thousand.
const maxAnswer = 1 << 20

// exchange is a request that was sent, and what came back. The client of the
// SDK is not used: it hides what is looked for here.
type exchange struct {
	method, target string
	body           []byte
	authorization  sign.Authorization

	status int
	header http.Header
	answer []byte
}

// refusal is the body of an answer that is no success.
type refusal struct {
	Code    string          `json:"code"`
	Message string          `json:"message"`
	Detail  json.RawMessage `json:"detail"`
}

// refused reads the body of a refusal; one of another form has no code.
func (x *exchange) refused() (r refusal) {
	_ = json.Unmarshal(x.answer, &r)
	return r
}

// received is the method and the URL that WeChat Pay verified with, where it
// tells them.
func (r *refusal) received() (method, url string) {
	var detail struct {
		Information struct {
			Method string `json:"method"`
			URL    string `json:"url"`
		} `json:"sign_information"`
	}
	_ = json.Unmarshal(r.Detail, &detail) // details have many forms
	return detail.Information.Method, detail.Information.URL
}

// send signs and sends one request, and reads the answer.
func (v *visit) send(ctx context.Context, method, target string, body []byte, serial string) (*exchange, error) {
	x := &exchange{method: method, target: target, body: body}
	stamp, nonce := strconv.FormatInt(v.time().Unix(), 10), sign.Nonce()
	message, err := sign.AppendRequest(nil, method, target, stamp, nonce, body)
	if err != nil {
		return nil, err
	}
	signature, err := sign.RSA.Sign(v.key.key, message)
	if err != nil {
		return nil, err
	}
	x.authorization = sign.Authorization{
		Scheme: sign.RSA.Scheme(), MchID: v.profile.MchID, Serial: v.profile.Serial,
		Timestamp: stamp, Nonce: nonce, Signature: base64.StdEncoding.EncodeToString(signature),
	}
	req, err := http.NewRequestWithContext(ctx, method, v.base()+target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", x.authorization.String())
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "wxpay-doctor/"+wxpay.Version)
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	if serial != "" {
		req.Header.Set(sign.HeaderSerial, serial)
	}
	res, err := v.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }() // it was read
	x.status, x.header = res.StatusCode, res.Header
	x.answer, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return x, err
}

// refusals ties the messages of 401 SIGN_ERROR to what they mean. The code is
// the same for all, and no other member tells them apart.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012072670
var refusals = []struct {
	text, code, what, remedy string
}{
	{"不得超过5分钟", "clock", "the time of the request is more than 5 minutes from WeChat Pay's clock", "Set the clock of this machine by NTP."},
	{"已过期", "certificate-expired", "the merchant certificate has expired", "Renew it in the merchant platform: account, API security; the new one has a new key and a new serial."},
	{"已作废", "certificate-revoked", "the merchant certificate was revoked", "Use the certificate that is in force, with its key and serial."},
	{"已更换证书", "certificate-replaced", "the merchant certificate was replaced by a newer one", "Use the newer certificate, with its key and serial."},
	{"序列号有误", "serial-unknown", "it knows no certificate of this merchant by this serial", "Give the serial and the key of a certificate of this merchant; the merchant platform lists them under API security."},
	{"未设置APIv3密钥", "no-apiv3-key", "the merchant has set no APIv3 key", "Set one in the merchant platform: account, API security."},
	{"未申请过证书", "no-certificate", "the merchant has no API certificate", "Apply for one in the merchant platform: account, API security."},
	{"格式错误", "authorization-changed", "the Authorization header did not arrive as it was sent", "Look for a proxy on the way that rewrites headers."},
}

// unsigned says why WeChat Pay did not take a signature.
func (v *visit) unsigned(x *exchange) {
	r := x.refused()
	const why = "WeChat Pay answered 401 SIGN_ERROR."
	for _, known := range refusals {
		if strings.Contains(r.Message, known.text) {
			if known.code == "clock" && v.bad(Clock) {
				return // said already
			}
			if known.code == "serial-unknown" && v.bad(Serial) {
				v.expected()
				return
			}
			v.fault(Signature, known.code, "WeChat Pay refuses the requests: "+known.what+".", why, known.remedy)
			return
		}
	}
	if _, url := r.received(); url != "" && url != x.target {
		v.fault(Signature, "url-changed", "The URL did not arrive as it was sent: "+x.target+" became "+printable(url)+".", why, "Look for a proxy on the way that rewrites URLs.")
		return
	}
	switch found := v.diagnosed(x, r); {
	case v.bad(PrivateKey):
		v.expected()
		return
	case found != "":
		text := found.Text()
		v.fault(Signature, string(found), text.English+".", why, text.EnglishRemedy)
		return
	}
	if _, url := r.received(); url == "" {
		v.fault(Signature, "merchant-unknown", "WeChat Pay does not take the signature, and does not say why.", why+" It answers so to a merchant id that it does not know.", "Compare the merchant id with that of the certificate; both must be of the same merchant and of this environment.")
		return
	}
	v.fault(Signature, "key-unknown", "The signature was made with another key than the one that WeChat Pay knows under the serial.", why, "Give the private key that belongs to the certificate of the serial. The key of another environment is the usual reason.")
}

// expected is a refusal whose reason was found before.
func (v *visit) expected() {
	v.skip(Signature, "WeChat Pay refuses the requests for that reason (401 SIGN_ERROR).", "")
}

// diagnosed looks for the cause in the request as WeChat Pay received it.
func (v *visit) diagnosed(x *exchange, r refusal) diagnose.Cause {
	method, url := r.received()
	if url == "" || !v.cert.known() {
		return ""
	}
	m := diagnose.Merchant{MchID: v.profile.MchID, Key: diagnose.Key{Owner: "merchant", Serial: sign.Serial(v.cert.cert), Public: publicOf(v.cert.cert)}}
	if v.platform.known() {
		m.Others = append(m.Others, diagnose.Key{Owner: "platform", Serial: sign.Serial(v.platform.cert), Public: publicOf(v.platform.cert)})
	}
	f := diagnose.Find(diagnose.Request{
		Method: method, Target: url, Authorization: x.authorization, Body: x.body, At: v.time(),
	}, m)
	if len(f.Causes) == 0 {
		return ""
	}
	return f.Causes[0]
}

// verify checks who signed an answer, as a program would. It returns nil when
// the answer is WeChat Pay's.
func (v *visit) verify(ctx context.Context, x *exchange, trust sign.Trust) *sign.Error {
	err := sign.Verifier{Trust: trust, Now: v.time}.Verify(ctx, sign.ReadHeader(x.header), x.answer)
	e, _ := errors.AsType[*sign.Error](err)
	return e
}
