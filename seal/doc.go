// Package seal encrypts and decrypts what WeChat Pay APIv3 (微信支付 APIv3)
// protects beyond TLS: the resource of a notification and a platform
// certificate, with AES-256-GCM under the merchant's APIv3 key (APIv3密钥); and
// sensitive fields (敏感信息字段), with RSA-OAEP.
//
// Decryption alone proves nothing about who sent a notification: check its
// signature first, with package sign. For the first download of platform
// certificates, where no key is known yet, it is the proof: only WeChat Pay
// and the merchant know the APIv3 key.
//
// Every error is an [*Error] and names the field, the rule and the remedy; none
// holds a key, a plaintext or a ciphertext. Nothing here panics on any input.
package seal
