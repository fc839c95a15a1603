package emulator

import (
	"net/http"

	"github.com/wxpay-go/wxpay/seal"
)

// listCertificates answers the platform certificates (平台证书列表), encrypted
// with the APIv3 key. There is one, of RSA.
func listCertificates(e *Emulator, _ Tx, c *call) (map[string]any, error) {
	if e.cfg.Keys == KeyPublic || c.query["algorithm_type"] == "SM2" {
		return nil, &refusal{
			status: http.StatusNotFound, code: "RESOURCE_NOT_EXISTS",
			message: "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。可查看指引https://pay.weixin.qq.com/docs/merchant/products/platform-certificate/wxp-pub-key-guide.html",
		}
	}
	nonce, err := e.random.hex(seal.NonceSize)
	if err != nil {
		return nil, err
	}
	cert := e.creds.PlatformCert
	sealed, err := seal.Close([]byte(e.creds.APIv3Key), encodePEM("CERTIFICATE", cert.Raw), "certificate", nonce)
	if err != nil {
		return nil, err
	}
	return values{"data": []any{values{
		"serial_no":      e.creds.PlatformSerial(),
		"effective_time": stamp(cert.NotBefore),
		"expire_time":    stamp(cert.NotAfter),
		"encrypt_certificate": values{
			"algorithm": sealed.Algorithm, "nonce": sealed.Nonce,
			"associated_data": sealed.AssociatedData, "ciphertext": sealed.Ciphertext,
		},
	}}}, nil
}
