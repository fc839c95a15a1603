// Package notify receives the notifications (回调通知) of WeChat Pay APIv3: it
// takes the raw bytes of a request to values that can be trusted.
//
// A [Receiver] checks, in this order, the size of the body, the signature over
// the raw bytes, the clock, the envelope, and then decrypts the resource. What
// it returns without an error was sent by WeChat Pay to the owner of the APIv3
// key within the last five minutes. It was perhaps sent before: WeChat Pay
// repeats a notification until it is accepted, so keep [Event.ID] or check the
// state of what it is about.
//
// [Receiver.Handler] is an [net/http.Handler] that answers as WeChat Pay
// expects: 204 only after the caller's function has returned nil, 401 for what
// cannot be trusted, 400 for what cannot be read, 500 for the caller's error.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791836
package notify
