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
