package wxpay_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/api/passwordexemptcontract"
	"github.com/wxpay-go/wxpay/api/security"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/sign"
)

// The examples call an emulated WeChat Pay on this machine. For the live
// service leave BaseURL out and load your own keys.
var (
	weChatPay = newEmulator()
	baseURL   = httptest.NewServer(weChatPay).URL
	keys      = weChatPay.Credentials()
	ctx       = context.Background()
)

func newEmulator() *emulator.Emulator {
	e, err := emulator.New(emulator.Config{})
	if err != nil {
		log.Fatal(err)
	}
	return e
}

// exampleConfig is what a merchant has.
func exampleConfig() wxpay.Config {
	return wxpay.Config{
		MchID:   keys.MchID,
		Serial:  keys.MerchantSerial(),
		Signer:  keys.MerchantKey,
		Trust:   sign.PublicKey(keys.PublicKeyID, keys.PublicKey()),
		BaseURL: baseURL,
	}
}

func exampleClient() *wxpay.Client {
	wx, err := wxpay.New(exampleConfig())
	if err != nil {
		log.Fatal(err)
	}
	return wx
}

func ExampleNew() {
	wx, err := wxpay.New(wxpay.Config{
		MchID:   keys.MchID,
		Serial:  keys.MerchantSerial(),
		Signer:  keys.MerchantKey, // sign.ParsePrivateKey reads apiclient_key.pem
		Trust:   sign.PublicKey(keys.PublicKeyID, keys.PublicKey()),
		BaseURL: baseURL, // leave it out for the live service
	})
	if err != nil {
		log.Fatal(err)
	}
	out, err := security.Echo(ctx, wx, &security.EchoRequest{EchoMessage: "hello"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.EchoMessage)
	// Output: hello
}

// Every fault is named at once, before anything is sent.
func ExampleInputError() {
	_, err := wxpay.New(wxpay.Config{MchID: "wx123", Trust: sign.PublicKey(keys.PublicKeyID, keys.PublicKey())})
	if e, ok := errors.AsType[*wxpay.InputError](err); ok {
		for _, f := range e.Faults {
			fmt.Println(f.Field, f.Rule)
		}
	}
	// Output:
	// MchID must be the merchant number, digits only
	// Serial must be the serial number of the merchant's API certificate, in hex
	// Signer is required
}

func ExampleError() {
	_, err := passwordexemptcontract.GetContract(ctx, exampleClient(), &passwordexemptcontract.GetContractRequest{ServiceID: 12535, OutContractCode: "unknown"})
	if e, ok := errors.AsType[*wxpay.Error](err); ok {
		fmt.Println(e.Status, e.Code, e.Signed)
	}
	fmt.Println(wxpay.IsCode(err, wxpay.CodeResourceNotExists))
	// Output:
	// 404 RESOURCE_NOT_EXISTS true
	// true
}

func ExampleConfigFromEnv() {
	dir, err := os.MkdirTemp("", "wxpay")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := keys.WriteFolder(dir, baseURL); err != nil { // wxpay emulator does this
		log.Fatal(err)
	}
	for _, v := range keys.Env(dir, baseURL) { // set -a; . .wxpay/wxpay.env
		os.Setenv(v[0], v[1])
		defer os.Unsetenv(v[0])
	}
	cfg, err := wxpay.ConfigFromEnv()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cfg.MchID, filepath.Base(os.Getenv(wxpay.EnvMchPrivateKey)))
	// Output: 1900000109 apiclient_key.pem
}

func ExampleNewCertificates() {
	cfg := exampleConfig()
	certs, err := wxpay.NewCertificates(cfg, keys.APIv3Key)
	if err != nil {
		log.Fatal(err)
	}
	cfg.Trust = certs // or, during the migration, sign.AnyOf(sign.PublicKey(id, key), certs)
	wx, err := wxpay.New(cfg)
	if err != nil {
		log.Fatal(err)
	}
	var answer wxpay.Answer
	if _, err := security.Echo(ctx, wx, &security.EchoRequest{EchoMessage: "hello"}, wxpay.Into(&answer)); err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Serial == keys.PlatformSerial())
	// Output: true
}

func ExampleCertificates_Refresh() {
	certs, err := wxpay.NewCertificates(exampleConfig(), keys.APIv3Key)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(certs.Refresh(ctx)) // now, for instance at the start of the program
	// Output: <nil>
}

func ExampleClient_Do() {
	op := &wxpay.Op{Method: "POST", Path: "/v3/security/echo", Idempotent: true}
	var out struct {
		Message string `json:"echo_message"`
	}
	if err := exampleClient().Do(ctx, op, map[string]string{"echo_message": "hello"}, &out); err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Message)
	// Output: hello
}

func ExampleCall() {
	type echo struct {
		Message string `json:"echo_message"`
	}
	op := &wxpay.Op{Method: "POST", Path: "/v3/security/echo"}
	out, err := wxpay.Call[echo](ctx, exampleClient(), op, echo{"hello"}, nil)
	fmt.Println(out.Message, err)
	// Output: hello <nil>
}

func ExampleClient_Chain() {
	var out map[string]any
	err := exampleClient().Chain("v3/password-exempt-contract/contracts/service-id/{service_id}/out-contract-code/{out_contract_code}").
		Get(ctx, &out, wxpay.Path("service_id", 12535), wxpay.Path("out_contract_code", "wxwtdk20200910100000"))
	fmt.Println(wxpay.IsCode(err, wxpay.CodeResourceNotExists))
	// Output: true
}

func ExampleClient_At() {
	var out struct {
		Message string `json:"echo_message"`
	}
	err := exampleClient().At("v3/security/echo").Post(ctx, map[string]string{"echo_message": "hello"}, &out)
	fmt.Println(out.Message, err)
	// Output: hello <nil>
}

func ExampleNode_PostAsync() {
	var out struct {
		Message string `json:"echo_message"`
	}
	future := exampleClient().At("v3/security/echo").PostAsync(ctx, map[string]string{"echo_message": "hello"}, &out)
	if _, err := future.Wait(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Message)
	// Output: hello
}

func ExampleQuery() {
	var out struct {
		State string `json:"trade_state"`
	}
	err := exampleClient().At("v3/pay/transactions/out-trade-no/{out_trade_no}", "order-1").Get(ctx, &out, wxpay.Query("mchid", keys.MchID))
	fmt.Println(wxpay.IsCode(err, wxpay.CodeOrderNotExist))
	// Output: true
}

func ExampleGo() {
	wx := exampleClient()
	echo := func(text string) *wxpay.Future[*security.EchoResponse] {
		return wxpay.Go(ctx, func(ctx context.Context) (*security.EchoResponse, error) {
			return security.Echo(ctx, wx, &security.EchoRequest{EchoMessage: text})
		})
	}
	answers, err := wxpay.All(echo("one"), echo("two"), echo("three")).Wait(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, a := range answers {
		fmt.Println(a.EchoMessage)
	}
	// Output:
	// one
	// two
	// three
}

func ExampleThen() {
	answer := wxpay.Go(ctx, func(ctx context.Context) (*security.EchoResponse, error) {
		return security.Echo(ctx, exampleClient(), &security.EchoRequest{EchoMessage: "hello"})
	})
	length := wxpay.Then(answer, func(a *security.EchoResponse) (int, error) { return len(a.EchoMessage), nil })
	fmt.Println(length.Wait(ctx))
	// Output: 5 <nil>
}

func ExampleFuture_Then() {
	answer := wxpay.Go(ctx, func(context.Context) (string, error) { return "", errors.New("no luck") })
	fmt.Println(answer.Then(func(_ string, err error) (string, error) { return "instead of: " + err.Error(), nil }).Wait(ctx))
	// Output: instead of: no luck <nil>
}

func ExampleAll() {
	one := wxpay.Go(ctx, func(context.Context) (int, error) { return 1, nil })
	two := wxpay.Go(ctx, func(context.Context) (int, error) { return 2, nil })
	fmt.Println(wxpay.All(one, two).Wait(ctx))
	// Output: [1 2] <nil>
}

func ExampleInto() {
	var answer wxpay.Answer
	if _, err := security.Echo(ctx, exampleClient(), &security.EchoRequest{EchoMessage: "hello"}, wxpay.Into(&answer)); err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Status, string(answer.Body))
	// Output: 200 {"echo_message":"hello"}
}

func ExampleUnchecked() {
	wx := exampleClient()
	in := &security.EchoRequest{} // echo_message is required
	_, err := security.Echo(ctx, wx, in)
	fmt.Printf("%T\n", err)
	_, err = security.Echo(ctx, wx, in, wxpay.Unchecked())
	fmt.Printf("%T\n", err)
	// Output:
	// *wxpay.InputError
	// *wxpay.Error
}

func ExampleIdempotent() {
	err := exampleClient().At("v3/security/echo").Post(ctx, map[string]string{"echo_message": "x"}, nil, wxpay.Idempotent())
	fmt.Println(err)
	// Output: <nil>
}

func ExampleHeader() {
	err := exampleClient().At("v3/security/echo").Post(ctx, map[string]string{"echo_message": "x"}, nil, wxpay.Header("X-Trace", "7"))
	fmt.Println(err)
	// Output: <nil>
}

func ExampleClient_Encrypt() {
	wx := exampleClient()
	ciphertext, serial, err := wx.Encrypt(ctx, "张三")
	if err != nil {
		log.Fatal(err)
	}
	var out struct {
		Message string `json:"echo_message"`
	}
	err = wx.At("v3/security/echo").Post(ctx, map[string]string{"echo_message": "x", "encrypted_echo_message": ciphertext}, &out, wxpay.Serial(serial))
	fmt.Println(out.Message, err)
	// Output: x <nil>
}

func ExampleNewTransport() {
	cfg := exampleConfig()
	transport := wxpay.NewTransport()
	transport.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil } // or http.ProxyURL(u)
	cfg.Transport = transport
	_, err := wxpay.New(cfg)
	fmt.Println(err)
	// Output: <nil>
}

// Logs and traces see templates and results, never values, headers or bodies.
func ExampleConfig_hooks() {
	cfg := exampleConfig()
	cfg.Logger = slog.New(slog.DiscardHandler)
	cfg.Trace = func(ctx context.Context, a wxpay.Attempt) (context.Context, func(wxpay.Outcome)) {
		return ctx, func(o wxpay.Outcome) { fmt.Println(a.Method, a.Path, a.Number, o.Status) }
	}
	wx, err := wxpay.New(cfg)
	if err != nil {
		log.Fatal(err)
	}
	_, _ = security.Echo(ctx, wx, &security.EchoRequest{EchoMessage: "hello"})
	// Output: POST /v3/security/echo 1 200
}

// A check of a request type of your own, for an endpoint newer than this
// release.
func ExampleChecker() {
	err := exampleClient().At("v3/security/echo").Post(ctx, &echoRequest{Message: "far too long"}, nil)
	fmt.Println(err)
	// Output: wxpay: POST /v3/security/echo: echo_message must be at most 8 characters long, has 12: shorten it
}

func ExampleParseTime() {
	t, err := wxpay.ParseTime("2020-09-10T13:29:35+08:00")
	fmt.Println(t.In(wxpay.Beijing).Format(time.DateTime), err)
	// Output: 2020-09-10 13:29:35 <nil>
}
