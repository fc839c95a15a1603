package emulator_test

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/spec"
)

func TestCertificatesAreDownloadedEncrypted(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	a := p.send(p.request("GET", certificates, nil))
	var list struct {
		Data []struct {
			Serial    string        `json:"serial_no"`
			Effective string        `json:"effective_time"`
			Expire    string        `json:"expire_time"`
			Sealed    seal.Resource `json:"encrypt_certificate"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(a.body), &list); err != nil || len(list.Data) != 1 {
		t.Fatalf("%v: %s", err, a.body)
	}
	one := list.Data[0]
	plain, err := seal.Open([]byte(p.creds.APIv3Key), one.Sealed)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(plain)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil || !cert.Equal(p.creds.PlatformCert) {
		t.Errorf("another certificate: %v", err)
	}
	if one.Serial != p.creds.PlatformSerial() || one.Effective != "2026-09-18T09:00:00+08:00" || one.Expire != "2031-09-18T10:00:00+08:00" {
		t.Errorf("got %s from %s to %s", one.Serial, one.Effective, one.Expire)
	}
}

func TestAMerchantWithThePublicKeyAloneHasNoCertificates(t *testing.T) {
	t.Parallel()
	p := newPay(t, func(c *emulator.Config) { c.Keys = emulator.KeyPublic })
	answer := p.call("GET", certificates, nil, 404)
	if answer["code"] != "RESOURCE_NOT_EXISTS" || !strings.HasPrefix(answer["message"].(string), "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。") {
		t.Errorf("got %v", answer)
	}
}

func TestEchoEncryptsForTheMerchant(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	sealed, err := seal.EncryptField(p.creds.PublicKey(), "张三")
	if err != nil {
		t.Fatal(err)
	}
	answer := p.callWith("POST", echoPath, map[string]any{"echo_message": "hello", "encrypted_echo_message": sealed}, 200,
		http.Header{"Wechatpay-Serial": {p.creds.PublicKeyID}})
	back, err := seal.DecryptField(p.creds.MerchantKey, answer["encrypted_echo_message"].(string))
	if err != nil || back != "张三" || answer["echo_message"] != "hello" {
		t.Errorf("got %v, decrypted %q, %v", answer, back, err)
	}
}

// TestEveryOperationAnswersItsSamples sends the documented samples of every
// endpoint that needs no earlier call, and wants every member that is required
// of the answer. It also fails when the description names a behaviour that the
// emulator does not have.
func TestEveryOperationAnswersItsSamples(t *testing.T) {
	t.Parallel()
	earlier := map[string]bool{"contract.query": true, "contract.terminate": true, "order.query": true}
	tried := 0
	for op := range spec.Operations() {
		tried++
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			p := newPay(t)
			target := op.Path
			for _, f := range op.Params {
				if f.In == "path" {
					target = strings.ReplaceAll(target, "{"+f.Name+"}", strings.TrimSpace(jsonText(t, f.Sample)))
				}
			}
			want := op.Status
			if earlier[op.Behavior.Name] {
				want = 404
				target += requiredQuery(t, op, p.creds.MchID)
			}
			var body any
			if op.Request != nil && op.Method != "GET" {
				body = p.sampleBody(op.Request)
			}
			answer := p.callWith(op.Method, target, body, want, http.Header{"Wechatpay-Serial": {p.creds.PublicKeyID}})
			if want == op.Status && op.Response != nil {
				wantRequired(t, op.Response, answer, "")
			}
		})
	}
	if tried < 18 {
		t.Errorf("the description has %d operations; the first release had 18", tried)
	}
}

func jsonText(t *testing.T, v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(string(data), `"`)
}

func requiredQuery(t *testing.T, op *spec.Operation, mchID string) string {
	var pairs []string
	for _, f := range op.Params {
		if f.In != "query" || !f.Required {
			continue
		}
		value := jsonText(t, f.Sample)
		if f.Name == "mchid" || f.Name == "sp_mchid" {
			value = mchID
		}
		pairs = append(pairs, f.Name+"="+value)
	}
	if len(pairs) == 0 {
		return ""
	}
	return "?" + strings.Join(pairs, "&")
}

// sampleBody is the documented sample of a body, for this merchant, and with
// the times moved to where they can be.
func (p *pay) sampleBody(f *spec.Field) map[string]any {
	body := map[string]any{}
	for _, m := range f.Fields {
		switch {
		case m.Name == "mchid" || m.Name == "sp_mchid":
			body[m.Name] = p.creds.MchID
		case m.Name == "time_expire":
			body[m.Name] = "2026-09-18T10:34:56+08:00"
		case m.Encrypted:
			sealed, err := seal.EncryptField(p.creds.PublicKey(), m.Sample.(string))
			if err != nil {
				p.t.Fatal(err)
			}
			body[m.Name] = sealed
		case m.Type == "object":
			body[m.Name] = p.sampleBody(&m)
		case m.Type == "array" && m.Items.Type == "object":
			body[m.Name] = []any{p.sampleBody(m.Items)}
		case m.Type == "array":
			body[m.Name] = []any{m.Items.Sample}
		default:
			body[m.Name] = m.Sample
		}
	}
	return body
}

// wantRequired fails for every required member that an answer lacks, and for
// every member that is not documented.
func wantRequired(t *testing.T, f *spec.Field, got map[string]any, at string) {
	t.Helper()
	documented := map[string]bool{}
	for _, m := range f.Fields {
		documented[m.Name] = true
		value, ok := got[m.Name]
		if m.Required && (!ok || value == "") {
			t.Errorf("%s/%s is required and missing", at, m.Name)
		}
		if inner, ok := value.(map[string]any); ok {
			wantRequired(t, &m, inner, at+"/"+m.Name)
		}
		if list, ok := value.([]any); ok && m.Items.Type == "object" {
			for _, item := range list {
				wantRequired(t, m.Items, item.(map[string]any), at+"/"+m.Name)
			}
		}
	}
	for name := range got {
		if !documented[name] {
			t.Errorf("%s/%s is not documented", at, name)
		}
	}
}
