package emulator

import (
	"crypto/rsa"
	"encoding/base64"

	"github.com/wxpay-go/wxpay/sign"
)

// platformKey is one of the two keys of WeChat Pay, and the name that
// Wechatpay-Serial gives it.
type platformKey struct {
	serial string
	key    *rsa.PrivateKey
}

func (e *Emulator) publicKey() *platformKey {
	return &platformKey{e.creds.PublicKeyID, e.creds.PublicKeySigner}
}

func (e *Emulator) certificateKey() *platformKey {
	return &platformKey{e.creds.PlatformSerial(), e.creds.PlatformKey}
}

// defaultKey signs the answer to a request that names no key. A merchant that
// has certificates gets the certificate, as documented for the migration.
func (e *Emulator) defaultKey() *platformKey {
	if e.cfg.Keys == KeyPublic {
		return e.publicKey()
	}
	return e.certificateKey()
}

// notifyKey signs notifications.
func (e *Emulator) notifyKey() *platformKey {
	if e.cfg.NotifyKeys == KeyCertificate {
		return e.certificateKey()
	}
	return e.publicKey()
}

// chooseKey decides which key signs the answer, from the Wechatpay-Serial of
// the request. The public key is passed over, not refused, where the merchant
// has not switched it on.
//
// Assumed: a serial that names no key at all, or a certificate that is no
// longer in use, is refused with the documented words whether or not the
// request has encrypted fields; the answer could not be verified anyway.
func (e *Emulator) chooseKey(c *call) error {
	c.key = e.defaultKey()
	serial := c.header.Get(sign.HeaderSerial)
	switch {
	case serial == "":
	case serial == e.creds.PublicKeyID:
		if e.cfg.Keys != KeyCertificate {
			c.key = e.publicKey()
		}
	case e.cfg.Keys != KeyPublic && sign.SameSerial(serial, e.creds.PlatformSerial()):
		c.key = e.certificateKey()
	default:
		return headerError(wrongSerial)
	}
	return nil
}

const (
	wrongSerial   = "平台证书序列号Wechatpay-Serial错误"
	missingSerial = "HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)"
)

// encryptionKey is the key that the request's encrypted fields were made for:
// the one that Wechatpay-Serial names.
func (e *Emulator) encryptionKey(c *call) (*rsa.PrivateKey, error) {
	serial := c.header.Get(sign.HeaderSerial)
	if serial == "" {
		return nil, headerError(missingSerial)
	}
	// Assumed: a public key that is not switched on does not decrypt either.
	if !sign.SameSerial(serial, c.key.serial) {
		return nil, headerError(wrongSerial)
	}
	return c.key.key, nil
}

// sign makes the headers that sign a body at this moment.
func (e *Emulator) sign(k *platformKey, timestamp string, body []byte) (sign.Header, error) {
	nonce, err := e.random.hex(32)
	if err != nil {
		return sign.Header{}, err
	}
	signature, err := sign.RSA.Sign(k.key, sign.AppendAnswer(nil, timestamp, nonce, body))
	if err != nil {
		return sign.Header{}, err
	}
	return sign.Header{
		Timestamp: timestamp,
		Nonce:     nonce,
		Serial:    k.serial,
		Signature: base64.StdEncoding.EncodeToString(signature),
		Type:      sign.RSA.Scheme(),
	}, nil
}
