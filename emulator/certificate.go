package emulator

import (
	"net/http"

	"github.com/wxpay-go/wxpay/seal"
)

// listCertificates answers the platform certificates (平台证书列表), encrypted
// with the APIv3 key. There is one, of RSA, or two while one replaces the
// other.
func listCertificates(e *Emulator, _ Tx, c *call) (map[string]any, error) {
	state, certs := e.keys(c.now)
	if state.Mode == KeyPublic || c.query["algorithm_type"] == "SM2" {
		return nil, &refusal{
			status: http.StatusNotFound, code: "RESOURCE_NOT_EXISTS",
			message: "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。可查看指引https://pay.weixin.qq.com/docs/merchant/products/platform-certificate/wxp-pub-key-guide.html",
		}
	}
	data := make([]any, len(certs))
	for i, cert := range certs {
		sealed, err := e.sealedCertificate(cert)
		if err != nil {
			return nil, err
		}
		data[i] = values{
			"serial_no":           cert.serial(),
			"effective_time":      stamp(cert.cert.NotBefore),
			"expire_time":         stamp(cert.ends),
			"encrypt_certificate": sealed,
		}
	}
	return values{"data": data}, nil
}

func (e *Emulator) sealedCertificate(cert *platformCert) (values, error) {
	nonce, err := e.random.hex(seal.NonceSize)
	if err != nil {
		return nil, err
	}
	sealed, err := seal.Close([]byte(e.creds.APIv3Key), encodePEM("CERTIFICATE", cert.cert.Raw), "certificate", nonce)
	if err != nil {
		return nil, err
	}
	return values{
		"algorithm": sealed.Algorithm, "nonce": sealed.Nonce,
		"associated_data": sealed.AssociatedData, "ciphertext": sealed.Ciphertext,
	}, nil
}
