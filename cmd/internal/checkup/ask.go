package checkup

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// certificates asks for the platform certificates: the signature is tried, and
// the APIv3 key decrypts them. False is an answer after which there is no more
// to ask.
func (v *visit) certificates(ctx context.Context) bool {
	x, err := v.send(ctx, http.MethodGet, "/v3/certificates", nil, "")
	if err != nil {
		v.unanswered(err)
		return false
	}
	switch r := x.refused(); {
	case x.status == http.StatusOK:
		v.good(Signature, "WeChat Pay takes the merchant's signature.")
		return v.list(x)
	case x.status == http.StatusNotFound && r.Code == "RESOURCE_NOT_EXISTS":
		v.good(Signature, "WeChat Pay takes the merchant's signature.")
		v.retired = true
		if v.apiKey != "" {
			v.skip(APIv3Key, "The APIv3 key could not be tried: WeChat Pay has no platform certificate to decrypt for this merchant.", "Let a notification try it: wxpay call POST /v3/security/echo echo_message=hello notify_url=https://…, received with wxpay listen.")
		}
		return true
	case x.status == http.StatusUnauthorized:
		v.unsigned(x)
	default:
		v.unexpected(x, r)
	}
	return false
}

// unexpected is an answer that WeChat Pay does not give here.
func (v *visit) unexpected(x *exchange, r refusal) {
	switch {
	case r.Code == "" && x.status >= 300 && x.status < 500:
		v.fault(Address, "not-wechat-pay", fmt.Sprintf("What answers at the base URL is not WeChat Pay: /v3/certificates answers %d without a code.", x.status), "", "Give scheme and host of the API, https://api.mch.weixin.qq.com, or leave the base URL out.")
	case x.status >= 500:
		v.fault(Signature, "service", fmt.Sprintf("WeChat Pay answers %d.", x.status), "The fault is on its side.", "Ask again in a while.")
	default:
		v.fault(Signature, "refused", fmt.Sprintf("WeChat Pay answers %d %s.", x.status, printable(r.Code+" "+r.Message)), "", "Look the code up: wxpay docs "+printable(r.Code)+".")
	}
}

// list opens the certificates that came, and compares what the profile has.
func (v *visit) list(x *exchange) bool {
	var body struct {
		Data []struct {
			Serial string        `json:"serial_no"`
			Sealed seal.Resource `json:"encrypt_certificate"`
		} `json:"data"`
	}
	if err := json.Unmarshal(x.answer, &body); err != nil || len(body.Data) == 0 {
		v.fault(Address, "not-wechat-pay", "What answers at the base URL is not WeChat Pay: /v3/certificates answers no list of certificates.", "", "Give scheme and host of the API, https://api.mch.weixin.qq.com, or leave the base URL out.")
		return false
	}
	has := false
	for _, entry := range body.Data {
		has = has || v.platform.known() && sign.SameSerial(entry.Serial, sign.Serial(v.platform.cert))
		if v.apiKey == "" {
			continue
		}
		cert, err := openCertificate([]byte(v.apiKey), entry.Sealed)
		if err != nil {
			v.fault(APIv3Key, "wrong-key", "The APIv3 key does not decrypt the platform certificates of WeChat Pay.", "It would decrypt no notification either.",
				"Take the APIv3 key (APIv3密钥) of this merchant; the APIv2 key (APIv2密钥) has 32 letters too and is another. It cannot be looked up, only set anew in the merchant platform.")
			v.apiKey = ""
			continue
		}
		v.listed = append(v.listed, cert)
	}
	if len(v.listed) > 0 {
		v.good(APIv3Key, "The APIv3 key decrypts what WeChat Pay encrypts.")
	}
	if v.platform.known() && !has {
		v.fault(Platform, "not-in-use", "The platform certificate is none of those that WeChat Pay uses.", "Answers that are signed with a newer one would be refused.", "Download the present one, or leave it out and let it be downloaded.")
	}
	return true
}

func openCertificate(key []byte, r seal.Resource) (*x509.Certificate, error) {
	text, err := seal.Open(key, r)
	if err != nil {
		return nil, err
	}
	return sign.ParseCertificate(text)
}

// signedWith says which of its keys WeChat Pay signed with.
type signedWith string

const (
	withPublicKey   signedWith = "public key"
	withCertificate signedWith = "certificate"
)

// named is a key of WeChat Pay, by the serial that names it.
type named struct {
	serial string
	key    *rsa.PublicKey
}

// theirs are WeChat Pay's keys that can be named in a request, the public key
// first, and the trust in all.
func (v *visit) theirs() (keys []named, trust sign.Trust) {
	var trusts []sign.Trust
	if v.public.known() && !v.bad(PublicKeyID) && !v.bad(PublicKey) {
		keys = append(keys, named{v.profile.PublicKeyID, v.public.public})
		trusts = append(trusts, sign.PublicKey(v.profile.PublicKeyID, v.public.public))
	}
	certs := v.listed
	if len(certs) == 0 && v.platform.known() && !v.bad(Platform) && !v.retired {
		certs = append(certs, v.platform.cert)
	}
	if len(certs) > 0 {
		keys = append(keys, named{sign.Serial(certs[0]), publicOf(certs[0])})
		if set, err := sign.CertificatesAt(v.time, certs...); err == nil {
			trusts = append(trusts, set)
		}
	}
	return keys, sign.AnyOf(trusts...)
}

// echo makes the round trip: signed there and back, encrypted there and back.
func (v *visit) echo(ctx context.Context) {
	keys, trust := v.theirs()
	if len(keys) == 0 {
		if !v.retired {
			v.skip(Answer, "WeChat Pay's answer could not be checked, for no key of WeChat Pay is left to check it with.", "Put right what is said above, and ask again.")
		}
		return
	}
	message := "wxpay doctor " + sign.Nonce()
	x, err := v.sendEcho(ctx, message, keys[0])
	if err == nil && len(keys) > 1 && x.status == http.StatusBadRequest && strings.Contains(x.refused().Message, sign.HeaderSerial) {
		v.notTaken = true
		x, err = v.sendEcho(ctx, message, keys[1])
	}
	if err != nil {
		v.unanswered(err)
		return
	}
	serial := keys[0].serial
	if v.notTaken {
		serial = keys[1].serial
	}
	if x.status != http.StatusOK {
		v.echoRefused(x, serial)
		return
	}
	if e := v.verify(ctx, x, trust); e != nil {
		v.untrusted(e)
		return
	}
	v.answered = withCertificate
	if strings.HasPrefix(x.header.Get(sign.HeaderSerial), sign.PublicKeyPrefix) {
		v.answered = withPublicKey
	}
	v.good(Answer, "WeChat Pay's answer is signed with its %s, and the signature holds.", v.answered)
	v.decrypt(x, message)
}

// sendEcho sends the message plain and encrypted. An answer whose signature is
// wrong on purpose is asked for again, once.
func (v *visit) sendEcho(ctx context.Context, message string, to named) (*exchange, error) {
	sealed, err := seal.EncryptField(to.key, message)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(map[string]string{"echo_message": message, "encrypted_echo_message": sealed})
	if err != nil {
		return nil, err
	}
	x, err := v.send(ctx, http.MethodPost, "/v3/security/echo", body, to.serial)
	if err == nil && strings.HasPrefix(x.header.Get(sign.HeaderSignature), sign.ProbePrefix) {
		x, err = v.send(ctx, http.MethodPost, "/v3/security/echo", body, to.serial)
	}
	return x, err
}

// echoRefused says what a refusal of the echo tells of the key.
func (v *visit) echoRefused(x *exchange, serial string) {
	r := x.refused()
	public := strings.HasPrefix(serial, sign.PublicKeyPrefix)
	switch {
	case x.status == http.StatusUnauthorized:
		v.unsigned(x)
	case strings.Contains(r.Message, sign.HeaderSerial) && public:
		v.fault(PublicKeyID, "unknown", "WeChat Pay does not know the public key's id for this merchant.", "It may be that of another merchant.", "Copy id and key from the merchant platform of "+v.profile.MchID+": account, API security, WeChat Pay public key.")
	case strings.Contains(r.Message, sign.HeaderSerial):
		v.fault(Platform, "unknown", "WeChat Pay does not know the platform certificate.", "", "Download the present one, or leave it out and let it be downloaded.")
	case strings.Contains(r.Message, "解密失败") && public:
		v.wrongPublicKey()
	case strings.Contains(r.Message, "解密失败"):
		v.fault(Encryption, "wrong-key", "WeChat Pay cannot decrypt what was encrypted for its certificate.", "", "Download the present certificate.")
	default:
		v.unexpected(x, r)
	}
}

func (v *visit) wrongPublicKey() {
	v.fault(PublicKey, "not-of-id", "The public key is not the one that its id names.", "It may be that of another merchant: each has its own.", "Download pub_key.pem anew, together with its id, from the merchant platform of "+v.profile.MchID+".")
}

// untrusted says why an answer is not to be believed.
func (v *visit) untrusted(e *sign.Error) {
	switch e.Code {
	case sign.CodeMissing:
		v.fault(Answer, "no-signature", "WeChat Pay's answer came without its signature.", "Nobody vouches for it.", "Look for a proxy on the way that strips the headers that begin with Wechatpay-.")
	case sign.CodeSerial:
		v.fault(Answer, "unknown-key", "WeChat Pay signs its answers with a key that the profile does not have.", "They would be refused.", "Give the public key with its id, or the APIv3 key so that certificates can be downloaded.")
	case sign.CodeSignature:
		if strings.HasPrefix(e.Serial, sign.PublicKeyPrefix) {
			v.wrongPublicKey()
			return
		}
		v.fault(Answer, "wrong-signature", "The signature of WeChat Pay's answer does not hold.", "The answer was changed on the way, or the key is not the one that it names.", "Look for a proxy on the way that rewrites bodies.")
	case sign.CodeClock:
		v.fault(Answer, "stale", "WeChat Pay's answer was signed at another time than now.", "It would be refused, for it could be an old one that somebody sends again.", "Look for a cache on the way.")
	default:
		v.fault(Answer, string(e.Code), "WeChat Pay's answer cannot be believed: "+e.Detail+".", "", "Ask again; if it stays so, look for a proxy on the way.")
	}
}

// decrypt opens the message that came back, now encrypted for the merchant.
func (v *visit) decrypt(x *exchange, message string) {
	var body struct {
		Encrypted string `json:"encrypted_echo_message"`
	}
	if err := json.Unmarshal(x.answer, &body); err != nil || body.Encrypted == "" {
		v.skip(Encryption, "WeChat Pay sent no encrypted message back.", "")
		return
	}
	plain, err := seal.DecryptField(v.key.key, body.Encrypted)
	if err != nil || plain != message {
		v.fault(Encryption, "not-for-this-key", "What WeChat Pay encrypts for the merchant does not decrypt.", "It encrypts for the newest merchant certificate.", "Use the key of the newest certificate.")
		return
	}
	v.good(Encryption, "Sensitive fields are encrypted and decrypted both ways.")
}

// migration says where the merchant stands between certificates and the
// public key (平台证书切换微信支付公钥).
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012154180
func (v *visit) migration() {
	public := v.public.known() && !v.bad(PublicKeyID) && !v.bad(PublicKey)
	switch {
	case v.retired && public && v.platform.known():
		v.note(Migration, "certificate-left-over", "WeChat Pay signs with its public key alone; the platform certificate is no longer used.", "Leave it out.")
	case v.retired && public:
		v.good(Migration, "WeChat Pay signs with its public key alone.")
	case v.retired && v.public.file == "":
		v.fault(Migration, "public-key-needed", "WeChat Pay has no platform certificates for this merchant: it signs with its public key alone.", "None of its answers and notifications can be checked.", wants[publicKey]+" Give its id too.")
	case public && v.notTaken:
		v.warn(Migration, "not-taken", "WeChat Pay does not take the public key's id: it is not switched on yet, or not this merchant's.", "Requests that name it are refused where they hold encrypted fields.", "Compare id and key with the merchant platform: account, API security, WeChat Pay public key; switch it on there, and keep the certificates meanwhile.")
	case public && v.answered == "": // what stands in the way was said
	case public && v.answered == withCertificate:
		v.warn(Migration, "not-switched-on", "The public key was asked for, and WeChat Pay signed with its certificate: the public key is not switched on yet.", "", "Switch it on in the merchant platform: account, API security, WeChat Pay public key; keep the certificates meanwhile.")
	case public && !v.platform.known() && v.apiKey == "":
		v.warn(Migration, "certificates-needed", "WeChat Pay has platform certificates for this merchant still, and the profile has none.", "Until the move is finished, notifications come signed by either.", "Give the platform certificate or the APIv3 key.")
	case public:
		v.note(Migration, "under-way", "WeChat Pay signs with either key, as the request asks; notifications come with both.", "Trust both until the platform certificate is given up in the merchant platform.")
	case len(v.listed) > 0 && v.public.file == "":
		v.note(Migration, "certificates", "WeChat Pay signs with platform certificates; the present one ends on "+newest(v.listed).UTC().Format(time.DateOnly)+".", "Apply for the public key, which does not expire, in the merchant platform: account, API security.")
	}
}

func newest(certs []*x509.Certificate) (end time.Time) {
	for _, c := range certs {
		if c.NotAfter.After(end) {
			end = c.NotAfter
		}
	}
	return end
}

// printable makes text of others fit for one line.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.TrimSpace(text))
	if len(text) > 200 {
		text = strings.ToValidUTF8(text[:200], "") + "…"
	}
	return text
}
