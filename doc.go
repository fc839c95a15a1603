// Package wxpay calls WeChat Pay APIv3 (微信支付 APIv3).
//
// A [Client] is made of a [Config]: the merchant's number and private key, and
// the keys of WeChat Pay that it trusts. Every documented endpoint is a typed
// function in a package below api, named after its URL, and a step of the
// package chain:
//
//	out, err := passwordexemptcontract.NormalPreEntrustSignPayRedirectSign(ctx, wx, in)
//
// There are three spellings of a call, and all end in [Client.Do]:
//
//   - chained (纯链式): chain.New(wx).V3()…Post(ctx, in), the URL as code
//   - declared (声明式): wx.Chain("v3/…/{id}").Post(ctx, in, &out, Path("id", 7))
//   - indexed (属性式): wx.At("v3/…/{id}", 7).Post(ctx, in, &out)
//
// Each is also asynchronous: PostAsync and its like return a [Future].
//
// # What a nil error means
//
// The answer was signed by a key that the client trusts, over exactly the bytes
// that were decoded, within five minutes of now. After any error nothing of the
// answer is returned. There are four kinds, for [errors.As]: [*InputError],
// nothing was sent; [*NetworkError], no answer came; [*Error], WeChat Pay
// refused; [*AnswerError], the answer must not be used. The last three leave
// open whether a request that changes something took effect, except an [*Error]
// with a status of 4xx: query, or repeat with the same parameters.
//
// # What is taken care of
//
// Requests are checked against the description before they leave. Sensitive
// fields are encrypted and decrypted. What may safely be repeated is repeated,
// signed anew, and at the second domain of WeChat Pay when the first does not
// answer. Platform certificates are downloaded and refreshed if [NewCertificates]
// is used. Nothing is global, and nothing runs in the background.
//
// # Units
//
// Money is an int64 in fen (分), 1/100 of a yuan. Ids made of digits are strings
// unless the wire has a number. Times are strings as they came; see [ParseTime].
//
// This package and all that it imports are of the standard library.
package wxpay
