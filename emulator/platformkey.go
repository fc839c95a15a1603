package emulator

import (
	"crypto/rsa"
	"encoding/base64"
	"time"

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

// keyMode is the mode as it stands now: a migration changes it.
func (e *Emulator) keyMode() KeyMode {
	state, _ := e.keys(e.clock.Now())
	return state.Mode
}

// rotatingKey is the certificate's key that signs what names none, drawn for a
// stream while one certificate takes over from another.
func (e *Emulator) rotatingKey(now time.Time, draw func() float64) *platformKey {
	_, certs := e.keys(now)
	newest := certs[len(certs)-1]
	if len(certs) == 1 {
		return newest.platformKey()
	}
	old := certs[len(certs)-2]
	if share := 1 - old.ends.Sub(now).Hours()/rotationMix.Hours(); draw() >= share {
		return old.platformKey()
	}
	return newest.platformKey()
}

// defaultKey signs the answer to a request that names no key. A merchant that
// has certificates gets the certificate, as documented for the migration.
func (e *Emulator) defaultKey(now time.Time) *platformKey {
	if e.keyMode() == KeyPublic {
		return e.publicKey()
	}
	return e.rotatingKey(now, func() float64 { return e.draws.next(e.cfg.Seed, "answer") })
}

// notifyKey signs an attempt to deliver an event. What is drawn depends on the
// event and the attempt alone, so that a restart draws the same.
func (e *Emulator) notifyKey(event *Event, now time.Time) *platformKey {
	state, _ := e.keys(now)
	draw := func(what string) float64 {
		return chance(e.cfg.Seed, what+"/"+event.ID, uint64(len(event.Attempts)))
	}
	public := e.cfg.NotifyKeys != KeyCertificate
	if !state.Migrates.IsZero() {
		public = draw("migration") < migrationShare(state.Migrates, now)
	}
	if public || state.Mode == KeyPublic {
		return e.publicKey()
	}
	return e.rotatingKey(now, func() float64 { return draw("rotation") })
}

// chooseKey decides which key signs the answer, from the Wechatpay-Serial of
// the request. The public key is passed over, not refused, where the merchant
// has not switched it on.
//
// Assumed: a serial that names no key at all, or a certificate that is no
// longer in use, is refused with the documented words whether or not the
// request has encrypted fields; the answer could not be verified anyway.
func (e *Emulator) chooseKey(c *call) error {
	c.key = e.defaultKey(c.now)
	serial := c.header.Get(sign.HeaderSerial)
	state, certs := e.keys(c.now)
	switch serial {
	case "":
		return nil
	case e.creds.PublicKeyID:
		if state.Mode != KeyCertificate {
			c.key = e.publicKey()
		}
		return nil
	}
	for _, cert := range certs {
		if state.Mode != KeyPublic && sign.SameSerial(serial, cert.serial()) {
			c.key = cert.platformKey()
			return nil
		}
	}
	return headerError(wrongSerial)
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
