// Package sign builds and checks the signatures of WeChat Pay APIv3
// (微信支付 APIv3).
//
// [AppendRequest] lays out what a merchant signs and [Authorization] carries
// it; [Verifier] checks what WeChat Pay sent, an answer (应答) or a
// notification (回调通知) alike. Nothing here does I/O: callers pass bytes and
// raw header text, and get bytes or an error. The one exception is a [Trust]
// or a [crypto.Signer] of the caller's own, which may ask a server.
//
// # Trust
//
// A nil error of [Verifier.Verify] means: the platform key that the serial
// names signed exactly these bytes, inside the time window. Any other result
// is an [*Error] that matches [ErrUntrusted], and then nobody may read the body.
//
// # Raw text
//
// The signed lines are bound by line feeds and by nothing else. So no text is
// trimmed, decoded, re-cased or printed anew on its way into them: the target
// is the one on the wire, the timestamp is the header's own text, the body is
// the bytes that were sent. A line that holds a line break is refused.
//
// # Vectors
//
// testdata/vectors holds cases that other programs than ours made, one a file,
// in a format that any language can read. A change here that needs a vector
// edited is a breaking change.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012365342
package sign
