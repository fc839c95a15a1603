package sign

import (
	"crypto/x509"
	"encoding/hex"
	"strings"
)

// PublicKeyPrefix begins every WeChat Pay public key id (微信支付公钥ID), and no
// certificate serial.
const PublicKeyPrefix = "PUB_KEY_ID_"

// Serial returns a certificate's serial number (证书序列号) as WeChat Pay writes
// it: upper-case hexadecimal, two digits a byte, a leading zero kept.
// A nil certificate has the serial "".
func Serial(cert *x509.Certificate) string {
	if cert == nil || cert.SerialNumber == nil {
		return ""
	}
	if cert.SerialNumber.Sign() == 0 {
		return "00"
	}
	return strings.ToUpper(hex.EncodeToString(cert.SerialNumber.Bytes()))
}

// SameSerial reports whether a and b name the same key. Certificate serials
// are numbers: case and leading zeros do not matter, for libraries differ in
// them. Public key ids, and all that is no hexadecimal, must be equal byte for
// byte. An empty serial names nothing and is the same as none.
func SameSerial(a, b string) bool {
	return a != "" && b != "" && plainSerial(a) == plainSerial(b)
}

// plainSerial is the form under which a serial is compared. It allocates
// nothing for the usual spelling.
func plainSerial(serial string) string {
	if !isHex(serial) {
		return serial
	}
	if plain := strings.TrimLeft(serial, "0"); plain != "" {
		return strings.ToUpper(plain)
	}
	return "0"
}

func isHex(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return s != ""
}
