package seal

import "strconv"

// CheckAPIv3Key returns nil if key can be an APIv3 key (APIv3密钥): 32 bytes,
// the text that the merchant set in the console, neither hexadecimal nor
// base64 of it. Else the error is an [*Error] whose Field is "key".
//
// Source: https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_2_5.shtml
func CheckAPIv3Key(key string) error {
	if len(key) != 32 {
		return keySize("key", len(key))
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return &Error{Op: "key", Field: "key", Rule: "holds a blank or a byte that is no ASCII letter or digit", Remedy: "copy the APIv3 key (APIv3密钥) again, without what stands around it"}
		}
	}
	return nil
}

func keySize(op string, size int) error {
	return &Error{
		Op: op, Field: "key", Rule: "has " + strconv.Itoa(size) + " bytes, not 32",
		Remedy: "give the APIv3 key (APIv3密钥) as it was set in the merchant console, without blanks or a line break",
	}
}
