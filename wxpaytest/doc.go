// Package wxpaytest is WeChat Pay (微信支付) for the tests of a program that uses
// wxpay, as net/http/httptest is a server for the tests of one that uses
// net/http:
//
//	func TestShop(t *testing.T) {
//		srv := wxpaytest.NewServer(t)
//		shop := NewShop(srv.Client())
//		srv.Notify("https://shop.example/notify", shop.Webhook(srv.NotifyConfig()))
//
//		session := shop.PreSign(t.Context())   // calls the server
//		srv.Agree(session)                     // the user signs; the webhook is called
//	}
//
// A [Server] lives in memory: requests reach it without a port, and it calls
// the handlers that [Server.Notify] registered, whatever their host. Its clock
// stands still until [Server.Advance]. Servers share nothing, so that tests
// run in parallel.
//
// [Server.Scenario] lets something happen by name, and [Server.Fault] lets the
// client's requests go wrong. [Server.Merchant] adds a merchant to a server, for
// parallel tests that share one: by its port, if they are programs of their own.
//
// What the server does is package emulator's, where its rules are told.
package wxpaytest
