package compat

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/downloader"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"

	"github.com/wxpay-go/wxpay/emulator"
)

// official is the official library, set up in one of its two modes.
type official struct {
	client   *core.Client
	verifier auth.Verifier // for notifications
}

// officialModes are the two ways in which a merchant trusts WeChat Pay.
var officialModes = []struct {
	name string
	keys emulator.KeyMode
	set  func(*testing.T, *service) official
}{
	{"public key", emulator.KeyPublic, withPublicKey},
	{"certificates", emulator.KeyCertificate, withDownloader},
	{"public key during the migration", emulator.KeyBoth, withPublicKey},
	{"certificates during the migration", emulator.KeyBoth, withDownloader},
}

func withPublicKey(t *testing.T, s *service) official {
	t.Helper()
	client, err := core.NewClient(t.Context(),
		option.WithWechatPayPublicKeyAuthCipher(s.creds.MchID, s.creds.MerchantSerial(), s.creds.MerchantKey, s.creds.PublicKeyID, s.creds.PublicKey()),
		option.WithHTTPClient(s.client()),
	)
	if err != nil {
		t.Fatal(err)
	}
	return official{client, verifiers.NewSHA256WithRSAPubkeyVerifier(s.creds.PublicKeyID, *s.creds.PublicKey())}
}

// withDownloader is the library's own certificate download, and a client that
// verifies with what it fetched.
func withDownloader(t *testing.T, s *service) official {
	t.Helper()
	bare, err := core.NewClient(t.Context(),
		option.WithMerchantCredential(s.creds.MchID, s.creds.MerchantSerial(), s.creds.MerchantKey),
		option.WithoutValidator(),
		option.WithHTTPClient(s.client()),
	)
	if err != nil {
		t.Fatal(err)
	}
	manager := downloader.NewCertificateDownloaderMgr(context.WithoutCancel(t.Context()))
	t.Cleanup(manager.Stop)
	if err := manager.RegisterDownloaderWithClient(t.Context(), bare, s.creds.MchID, s.creds.APIv3Key); err != nil {
		t.Fatalf("the official downloader: %v", err)
	}
	// Again, now that the answer is verified with the certificates fetched.
	manager.DownloadCertificates(t.Context())
	if got := manager.GetNewestCertificateSerial(t.Context(), s.creds.MchID); got != s.creds.PlatformSerial() {
		t.Fatalf("downloaded certificate has the serial %q, want %q", got, s.creds.PlatformSerial())
	}
	client, err := core.NewClient(t.Context(),
		option.WithWechatPayAutoAuthCipherUsingDownloaderMgr(s.creds.MchID, s.creds.MerchantSerial(), s.creds.MerchantKey, manager),
		option.WithHTTPClient(s.client()),
	)
	if err != nil {
		t.Fatal(err)
	}
	visitor := manager.GetCertificateVisitor(s.creds.MchID)
	return official{client, verifiers.NewSHA256WithRSACombinedVerifier(visitor, s.creds.PublicKeyID, *s.creds.PublicKey())}
}

func TestOfficialLibrary(t *testing.T) {
	t.Parallel()
	for _, mode := range officialModes {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			inbox := newInbox(t)
			s := start(t, emulator.Config{Keys: mode.keys, ForwardTo: inbox.URL}, true)
			lib := mode.set(t, s)
			inbox.accept(t, s.creds.APIv3Key, lib.verifier)

			prepayID := orderAndQuery(t, s, lib.client)
			var session string
			for _, sample := range samples(t) {
				answer := post(t, lib.client, &sample, sample.Body)
				if id, ok := answer["pre_entrustweb_id"].(string); ok && sample.Name == "papay pre-entrust-sign" {
					session = id
				}
			}
			notifies(t, s, inbox, prepayID, session)
		})
	}
}

// post sends a sample with the library's untyped call, which returns no error
// unless the status is 2xx and the signature good.
func post(t *testing.T, client *core.Client, s *sample, body any) map[string]any {
	t.Helper()
	result, err := client.Post(t.Context(), host+s.Path, body)
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	var answer map[string]any
	if err := core.UnMarshalResponse(result.Response, &answer); err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	if result.Response.StatusCode != http.StatusOK {
		t.Errorf("%s: status %d, want 200", s.Name, result.Response.StatusCode)
	}
	if name := s.missing(answer); name != "" {
		t.Errorf("%s: the answer has no %s: %v", s.Name, name, answer)
	}
	return answer
}

// orderAndQuery makes an order with the library's typed service, and reads it.
func orderAndQuery(t *testing.T, s *service, client *core.Client) (prepayID string) {
	t.Helper()
	service := jsapi.JsapiApiService{Client: client}
	const outTradeNo = "compat-20261120-0001"
	order, _, err := service.Prepay(t.Context(), jsapi.PrepayRequest{
		Appid: new("wxd678efh567hg6787"), Mchid: &s.creds.MchID, Description: new("Image形象店-深圳腾大-QQ公仔"),
		OutTradeNo: new(outTradeNo), NotifyUrl: new("https://yourapp.com/notify"),
		Amount: &jsapi.Amount{Total: new(int64(100)), Currency: new("CNY")},
		Payer:  &jsapi.Payer{Openid: new("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")},
	})
	if err != nil {
		t.Fatalf("the official Prepay: %v", err)
	}
	if order.PrepayId == nil || *order.PrepayId == "" {
		t.Fatal("the order has no prepay_id")
	}
	state, _, err := service.QueryOrderByOutTradeNo(t.Context(), jsapi.QueryOrderByOutTradeNoRequest{OutTradeNo: new(outTradeNo), Mchid: &s.creds.MchID})
	if err != nil {
		t.Fatalf("the official QueryOrderByOutTradeNo: %v", err)
	}
	if state.TradeState == nil || *state.TradeState != "NOTPAY" {
		t.Errorf("the unpaid order is %v, want NOTPAY", state)
	}
	return *order.PrepayId
}

// TestPHPEscapes sends the samples as PHP's json_encode writes them: slashes
// escaped, and everything beyond ASCII as \u.
func TestPHPEscapes(t *testing.T) {
	t.Parallel()
	s := start(t, emulator.Config{Keys: emulator.KeyPublic}, true)
	lib := withPublicKey(t, s)
	for _, sample := range samples(t) {
		body := asPHP(sample.Body)
		if !json.Valid([]byte(body)) {
			t.Fatalf("%s: %s is no JSON", sample.Name, body)
		}
		post(t, lib.client, &sample, body)
	}
}

// TestOfficialLibraryRefuses shows that the library does verify here: one that
// trusts another key refuses the same answer.
func TestOfficialLibraryRefuses(t *testing.T) {
	t.Parallel()
	s := start(t, emulator.Config{Keys: emulator.KeyPublic}, true)
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	client, err := core.NewClient(t.Context(),
		option.WithWechatPayPublicKeyAuthCipher(s.creds.MchID, s.creds.MerchantSerial(), s.creds.MerchantKey, s.creds.PublicKeyID, &stranger.PublicKey),
		option.WithHTTPClient(s.client()),
	)
	if err != nil {
		t.Fatal(err)
	}
	sample := samples(t)[0]
	if _, err := client.Post(t.Context(), host+sample.Path, sample.Body); err == nil {
		t.Error("an answer was accepted under another key than the one that signed it")
	}
}
