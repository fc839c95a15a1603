// Package naming turns the names of the protocol into Go names.
//
// There is one table, and both sides use it: the description is held to the
// names that it gives (package describe), and the generated code carries them
// (package generate). A name that is published stays: a word is added to the
// table when the first endpoint needs it, and none is taken out.
package naming

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// initialisms are the words that Go writes in one case, or that WeChat Pay
// writes together and Go does not. A word that is not in the table gets a
// capital first letter. The table ends at words that everybody says letter by
// letter; codes of banks and tax offices read no better in capitals.
var initialisms = map[string]string{
	"aead": "AEAD", "aes": "AES", "ai": "AI", "api": "API", "apiv3": "APIv3",
	"appid": "AppID", "appids": "AppIDs", "apply4sub": "Apply4Sub",
	"apply4subject": "Apply4Subject", "applyment4sub": "Applyment4Sub",
	"b2c": "B2C", "bmp": "BMP", "brandid": "BrandID", "c2c": "C2C", "cn": "CN",
	"cny": "CNY", "corpid": "CorpID", "csv": "CSV", "ecny": "ECNY", "etc": "ETC",
	"gcm": "GCM", "gps": "GPS", "h5": "H5", "hk": "HK", "html": "HTML",
	"http": "HTTP", "https": "HTTPS", "id": "ID", "idcard": "IDCard", "ids": "IDs",
	"imei": "IMEI", "imei1": "IMEI1", "imei2": "IMEI2", "ip": "IP",
	"iotmanage": "IoTManage", "jpeg": "JPEG", "jpg": "JPG", "jsapi": "JSAPI",
	"json": "JSON", "mac": "MAC", "mcc": "MCC", "mchid": "MchID", "md5": "MD5",
	"mp": "MP", "mp4": "MP4", "nfc": "NFC", "ofd": "OFD", "openid": "OpenID",
	"openids": "OpenIDs", "orderid": "OrderID", "os": "OS", "pc": "PC", "pdf": "PDF",
	"png": "PNG", "pos": "POS", "qq": "QQ", "qr": "QR", "qrcode": "QRCode",
	"qrcodes": "QRCodes", "qs": "QS", "rsa": "RSA", "sha1": "SHA1",
	"sha256": "SHA256", "sku": "SKU", "sm2": "SM2", "sm3": "SM3", "sm4": "SM4",
	"sms": "SMS", "sn": "SN", "tv": "TV", "ubo": "UBO", "uid": "UID", "uiid": "UIID",
	"uin": "UIN", "unionid": "UnionID", "uri": "URI", "url": "URL", "urls": "URLs",
	"userid": "UserID", "vat": "VAT", "vin": "VIN", "vip": "VIP", "wxid": "WxID",
}

// Words splits a name of the protocol, in lower case: at anything that is no
// letter or digit, and where a small letter is followed by a capital one.
func Words(name string) []string {
	var out []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			out = append(out, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	small := false
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			small = false
			continue
		case small && unicode.IsUpper(r):
			end()
		}
		word.WriteRune(r)
		small = unicode.IsLower(r)
	}
	end()
	return out
}

// Exported is the Go name of a name of the protocol: "sub_mchid" is SubMchID,
// "pre-entrust-sign/h5" is PreEntrustSignH5. It may be no identifier: a name
// without letters or digits gives "", one that begins with a digit begins so.
func Exported(name string) string { return Join(Words(name)) }

// Join is [Exported] for words that are split already.
func Join(words []string) string {
	var b strings.Builder
	for _, w := range words {
		if s, ok := initialisms[w]; ok {
			b.WriteString(s)
			continue
		}
		first, size := utf8.DecodeRuneInString(w)
		b.WriteRune(unicode.ToUpper(first))
		b.WriteString(w[size:])
	}
	return b.String()
}
