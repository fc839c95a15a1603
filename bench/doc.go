// Package bench holds wxpay side by side with other ways to call WeChat Pay
// APIv3 from Go:
//
//   - floor: what a careful engineer writes by hand on net/http, with one
//     signature, one verification and encoding/json, and nothing else;
//   - wxpay: this library, by its generated function;
//   - wechatpay-go v0.2.21: the official library;
//   - gopay v1.5.123.
//
// All four answer to one mock over one transport, with the same keys, the same
// request and the same answer, and all four verify that answer.
//
//	go test -bench . -benchtime 2s
//
// prints times, processor time, bytes and allocations. [TestBudget] is the
// part that fails: it compares wxpay with the floor in the same run. What the
// others need is printed and judges nothing.
//
// The module is imported by nothing.
package bench
