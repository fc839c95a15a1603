package checkup

import (
	"fmt"
	"math/big"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/internal/loopback"
	"github.com/wxpay-go/wxpay/sign"
)

// Hosts of WeChat Pay's API; the sub-domains of the first belong to it too.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012081606
var hosts = []string{"mch.weixin.qq.com", "api.wechatpay.cn", "api2.wechatpay.cn"}

// address checks the base URL.
func (s *setup) address() {
	text := s.profile.BaseURL
	if text == "" {
		s.good(Address, "The address is WeChat Pay's own, %s.", wxpay.BaseURL)
		return
	}
	const why, remedy = "Paths such as /v3/certificates are put behind it.", "Give scheme and host alone, " + wxpay.BaseURL + ", or leave it out."
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		s.fault(Address, "no-url", "The base URL is no URL of scheme and host.", why, remedy)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		s.fault(Address, "more-than-host", "The base URL has more than scheme and host.", why, remedy)
	case loopback.Host(u.Hostname()):
		s.good(Address, "The address is on this machine, %s.", u.Scheme+"://"+u.Host)
	case u.Hostname() == "pay.weixin.qq.com":
		s.fault(Address, "website", "The base URL is that of the merchant platform's website.", "The API has a host of its own.", "Use "+wxpay.BaseURL+", or leave it out.")
	case u.Scheme == "http":
		s.fault(Address, "plain-http", "The base URL is http.", "WeChat Pay answers HTTPS alone, and what is sent could be read on the way.", "Begin it with https.")
	case !slices.ContainsFunc(hosts, func(h string) bool { return u.Hostname() == h || strings.HasSuffix(u.Hostname(), ".mch.weixin.qq.com") }):
		s.warn(Address, "other-host", "The base URL names a host that is not WeChat Pay's.", "Requests would go there.", "Make sure that it is a proxy of yours, or leave it out.")
	default:
		s.good(Address, "The address is %s.", u.Scheme+"://"+u.Host)
	}
}

var appID = regexp.MustCompile(`^wx[0-9a-z]{16}$`)

func (s *setup) mchID() {
	const where = "It is the number of the merchant platform's login, account, merchant information (商户信息), such as 1900000109."
	id := s.profile.MchID
	switch {
	case id == "":
		s.fault(MchID, "missing", "No merchant id (商户号) is given.", "", where)
	case appID.MatchString(id):
		s.fault(MchID, "appid-for-mchid", "An app id is given as the merchant id.", "The app id (wx…) names the app or mini program, the merchant id who is paid.", where)
	case !isDigits(id) || len(id) > 32:
		s.fault(MchID, "no-number", "The merchant id is no number.", "", where)
	case s.cert.known() && isDigits(s.cert.cert.Subject.CommonName) && s.cert.cert.Subject.CommonName != id:
		s.fault(MchID, "mchid-of-another", "The merchant id is "+id+", and the merchant certificate is that of "+s.cert.cert.Subject.CommonName+".",
			"WeChat Pay would answer 401 SIGN_ERROR.", "Give the id of the certificate's merchant, or the certificate and key of "+id+". A service provider signs as itself; the sub-merchant's id goes into the body.")
	default:
		s.good(MchID, "The merchant id is %s.", id)
	}
}

func (s *setup) serial() {
	const consequence = "WeChat Pay would answer 401 SIGN_ERROR (商户证书序列号有误)."
	given, right := s.profile.Serial, ""
	remedy := "Read it from apiclient_cert.pem: openssl x509 -in apiclient_cert.pem -noout -serial."
	if s.cert.known() {
		right = sign.Serial(s.cert.cert)
		remedy = "The certificate's is " + right + "; wxpay init reads it from there by itself."
	}
	switch {
	case given == "" && right == "":
		s.fault(Serial, "missing", "The serial of the merchant certificate is not given, and there is no certificate to read it from.", "Each request names it.", remedy)
	case given == "":
		s.fault(Serial, "missing", "The serial of the merchant certificate is not given.", "Each request names it.", remedy)
	case strings.HasPrefix(given, sign.PublicKeyPrefix):
		s.fault(Serial, "public-key-id-for-serial", "The id of the WeChat Pay public key is given as the serial of the merchant certificate.", consequence, remedy)
	case sign.SameSerial(given, sign.Serial(s.certificate(platformCert))):
		s.fault(Serial, "platform-serial-for-serial", "The serial is that of the platform certificate.", "The merchant names its own certificate in each request; the platform's goes into Wechatpay-Serial. "+consequence, remedy)
	case plainHex(given) == "":
		s.fault(Serial, "no-serial", "The serial is no hexadecimal number.", consequence, remedy)
	case plainHex(given) != given:
		s.fault(Serial, "spelling", "The serial has colons or blanks.", consequence, "Write it without them: "+plainHex(given)+".")
	case right == "" && s.cert.file != "": // it has to be put right first
	case right == "":
		s.note(Serial, "unchecked", "The serial was not compared, for no merchant certificate is given.", "Give apiclient_cert.pem to have it compared.")
	case isDecimal(given, right):
		s.fault(Serial, "decimal", "The serial is written in decimal.", consequence, remedy)
	case !sign.SameSerial(given, right):
		s.fault(Serial, "serial-of-another", "The serial is not that of the merchant certificate.", consequence, remedy)
	default:
		s.good(Serial, "The serial is that of the merchant certificate.")
	}
}

// plainHex drops the colons and blanks that other programs write between the
// bytes; "" for what is no hexadecimal number then.
func plainHex(text string) string {
	text = strings.NewReplacer(":", "", " ", "").Replace(text)
	if strings.Trim(text, "0123456789abcdefABCDEF") != "" {
		return ""
	}
	return text
}

func isDecimal(given, right string) bool {
	a, ok := new(big.Int).SetString(given, 10)
	b, fine := new(big.Int).SetString(right, 16)
	return ok && fine && a.Cmp(b) == 0
}

var publicKeyID = regexp.MustCompile(`^PUB_KEY_ID_[0-9]+$`)

func (s *setup) publicKey() {
	const where = "Copy it whole, PUB_KEY_ID_…, from the merchant platform: account, API security, WeChat Pay public key."
	id := s.profile.PublicKeyID
	if s.public.file == "" && id == "" {
		return
	}
	switch {
	case id == "":
		s.fault(PublicKeyID, "missing", "A public key is given without its id.", "Answers name their key by it.", where)
	case publicKeyID.MatchString(id):
		s.good(PublicKeyID, "The public key's id has the right form.")
	case isDigits(id):
		s.fault(PublicKeyID, "no-prefix", "The public key's id lacks its beginning, "+sign.PublicKeyPrefix+".", "It is compared letter by letter.", where)
	case plainHex(id) != "":
		s.fault(PublicKeyID, "serial-for-public-key-id", "A certificate's serial is given as the public key's id.", "The public key is no certificate, and has an id instead of a serial.", where)
	default:
		s.fault(PublicKeyID, "no-public-key-id", "The public key's id is none.", "It is "+sign.PublicKeyPrefix+" and digits.", where)
	}
	switch {
	case s.public.file == "":
		s.fault(PublicKey, "missing", "The public key's id is given without the key.", "", wants[publicKey])
	case !s.public.known():
	case s.key.known() && same(&s.key.key.PublicKey, s.public.public), same(publicOf(s.certificate(merchantCert)), s.public.public):
		s.fault(PublicKey, "own-public-key", "The public key is the merchant's own.", "Answers are signed by WeChat Pay, and checked with WeChat Pay's key.", wants[publicKey])
	case same(publicOf(s.certificate(platformCert)), s.public.public):
		s.fault(PublicKey, "public-key-of-platform-certificate", "The public key is that of the platform certificate.", "The WeChat Pay public key is another one.", wants[publicKey])
	default:
		s.good(PublicKey, "The public key is an RSA key of %d bits.", s.public.public.N.BitLen())
	}
}

func (s *setup) platformCert() {
	if !s.platform.known() {
		return
	}
	if given := s.profile.PlatformSerial; given != "" && !sign.SameSerial(given, sign.Serial(s.platform.cert)) {
		s.fault(Platform, "serial-of-another", "The platform certificate's serial is "+sign.Serial(s.platform.cert)+", and another one is given.", "", "Leave "+wxpay.EnvPlatformSerial+" out: it is read from the certificate.")
		return
	}
	s.validity(Platform, "platform certificate", s.platform.cert, "Download the present one: wxpay call GET /v3/certificates, or leave it out and let it be downloaded.")
}

var lowerHex = regexp.MustCompile(`^[0-9a-f]{32}$`)

func (s *setup) secret() {
	const where = "Take the one that was set in the merchant platform: account, API security, APIv3 key (APIv3密钥). It cannot be looked up there, only set anew."
	from := s.profile.APIv3
	if from.IsZero() {
		s.warn(APIv3Key, "missing", "No APIv3 key is given.", "Notifications and platform certificates cannot be decrypted.", "Give it in a file, with --apiv3-key-file.")
		return
	}
	if from.File != "" {
		private(s.Report, APIv3Key, from.File)
	}
	key, err := from.Read()
	switch {
	case err != nil:
		s.fault(APIv3Key, "unreadable", "The APIv3 key cannot be read from "+from.Where()+": "+reason(err)+".", "", "Put it there, or make the profile again with wxpay init.")
	case key == "":
		s.fault(APIv3Key, "empty", "The APIv3 key in "+from.Where()+" is empty.", "", where)
	case strings.Contains(key, "-----BEGIN"):
		s.fault(APIv3Key, "pem-for-apiv3-key", "A key or a certificate in PEM is given as the APIv3 key.", "The APIv3 key is a word of 32 letters and digits.", where)
	case strings.TrimSpace(key) != key:
		s.fault(APIv3Key, "blanks", "The APIv3 key has blanks or line breaks around it.", "Each byte counts.", "Leave only its 32 letters and digits.")
	case len(key) != 32:
		s.fault(APIv3Key, "wrong-length", fmt.Sprintf("The APIv3 key has %d bytes, and not 32.", len(key)), "AES-256 takes a key of 32 bytes and no other.", where)
	default:
		s.apiKey = key
		s.good(APIv3Key, "The APIv3 key has 32 bytes.")
	}
	if lowerHex.MatchString(key) {
		s.note(APIv3Key, "looks-like-apiv2", "The APIv3 key looks like an MD5 sum, as APIv2 keys (APIv2密钥) often do. Both have 32 letters; only WeChat Pay can tell them apart.", "wxpay doctor tries it on a platform certificate.")
	}
}

// trust says whether there is anything to check answers with.
func (s *setup) trust() {
	switch {
	case s.public.file != "" || s.platform.file != "":
	case s.apiKey != "":
		s.note(Trust, "downloaded", "Answers are checked with platform certificates that are downloaded.", "A merchant that has the public key alone (every one since 2024) gives --public-key-file and --public-key-id.")
	default:
		s.fault(Trust, "none", "There is nothing to check WeChat Pay's answers with.", "An answer that is not checked may come from anybody.", wants[publicKey]+" Its id is shown there too.")
	}
}

func days(d time.Duration) string {
	if d < 24*time.Hour {
		return "less than a day"
	}
	return spell(d)
}
