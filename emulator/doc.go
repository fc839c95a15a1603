// Package emulator is WeChat Pay APIv3 (微信支付 APIv3) on your own machine: an
// [net/http.Handler] that checks, remembers, answers, signs and notifies as
// the live service does, for tests and for development.
//
// It is an independent witness: it shares the signature code with the client
// and nothing else, and it is driven by the description in package spec. An
// endpoint of the description that names a behaviour is answered from the
// state; any other one is answered with its documented samples, after the
// same checks.
//
// In an answer of samples the caller sees its own numbers: a member that the
// request has too takes the value from there. A list has the one record of
// its samples, and is empty past that. A download is a text made of its own
// address; the digest that came with the address is that text's.
//
// # What a request meets, in order
//
//	path               404, empty body
//	method             405, empty body, Allow
//	Accept, User-Agent 400 INVALID_REQUEST
//	Authorization      401 SIGN_ERROR: grammar, scheme, clock
//	multipart          400 PARAM_ERROR, of an upload without a part meta to verify
//	signature          401 SIGN_ERROR: serial, signature
//	parameters         400 PARAM_ERROR, the field as a JSON Pointer in detail
//	state              the error of the endpoint
//
// An answer is signed once the request's own signature was found good, errors
// included. Everything refused before that is unsigned, and so are files; of a
// statement (对账单) the digest is signed.
//
// # What goes wrong on purpose
//
// [Emulator.Disrupt] lets requests meet any documented error, slow and cut
// connections, and answers that must not be used. The header
// Wechatpay-Negative-Test asks for the same of one request. What happens by
// chance is drawn by [Config.Seed].
//
// # Scenarios
//
// [Emulator.Play] lets something happen by name: a signing that is abandoned, a
// contract that the platform ends, a notification that is lost. A pre-sign
// asks for one itself by the text "test:" and its name, such as
// "test:user-terminated", as openid or contract_display_account: then a test
// in any language needs no call but the merchant's own. [Scenarios] lists them,
// as does GET /_wxpay/.
//
// # Several merchants
//
// A [Platform] holds an emulator for each of several merchants, and hands each
// request to the one that its Authorization names.
//
// # What it assumes
//
// Where no document says what WeChat Pay does, the emulator chooses, and the
// line of code that chooses carries a comment that begins with "Assumed". It
// chooses the strict reading, because a mistake that passes here would be
// found in production. Any sub-merchant id, appid, service id and plan id is
// accepted: those are given out by WeChat Pay, and there is nothing to look
// them up in. What kind a deduction plan is, can be said; see
// [Emulator.SetPlan].
//
// The header Wxpay-Provenance of an answer says where its behaviour comes
// from: documented, with the page, observed, or assumed, with the reason.
// [Behaviors] lists all of them, with their rules.
//
// # Time
//
// [Clock] is the only time there is. [Emulator.Advance] moves it and does what
// falls due on the way, each thing at its own time; [Emulator.Run] does what
// falls due while the clock runs by itself. Nobody sees a state that the clock
// has left behind: a deduction whose time has come is made before anything
// reads or changes the state.
//
// # Safety
//
// Notifications are sent to loopback addresses only; see [Config.ForwardTo].
// The admin interface below /_wxpay/ is for the same machine only; see
// [Config.AllowRemote]. The emulator's keys are made at random and mean
// nothing to anybody else.
package emulator
