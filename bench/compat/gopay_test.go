package compat

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-pay/gopay"
	"github.com/go-pay/gopay/wechat/v3"

	"github.com/wxpay-go/wxpay/emulator"
)

// gopayModes: gopay takes its public key as a PEM text, or downloads the
// certificates by itself.
var gopayModes = []struct {
	name string
	keys emulator.KeyMode
	set  func(*service, *wechat.ClientV3) error
}{
	{"public key", emulator.KeyPublic, func(s *service, c *wechat.ClientV3) error {
		der, err := x509.MarshalPKIXPublicKey(s.creds.PublicKey())
		if err != nil {
			return err
		}
		return c.AutoVerifySignByPublicKey(encodePEM("PUBLIC KEY", der), s.creds.PublicKeyID)
	}},
	{"certificates", emulator.KeyCertificate, func(_ *service, c *wechat.ClientV3) error {
		return c.AutoVerifySign(false)
	}},
}

// TestGopay: gopay has none of the five endpoints and no untyped call, so it
// orders, asks for the order, and opens the notification of its payment.
func TestGopay(t *testing.T) {
	t.Parallel()
	for _, mode := range gopayModes {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			opened := make(chan *wechat.V3DecryptPayResult, 1)
			var client *wechat.ClientV3
			inbox := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(gopayOpens(t, client, r, opened))
			}))
			t.Cleanup(inbox.Close)
			s := start(t, emulator.Config{Keys: mode.keys, ForwardTo: inbox.URL}, false)
			client = gopayClient(t, s)
			if err := mode.set(s, client); err != nil {
				t.Fatalf("gopay, keys of WeChat Pay: %v", err)
			}
			prepayID := gopayOrders(t, client)
			if _, err := s.Pay(prepayID, ""); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
			select {
			case got := <-opened:
				if got.TradeState != "SUCCESS" || got.OutTradeNo != "compat-gopay-0001" {
					t.Errorf("the notification says %+v", got)
				}
			default:
				t.Error("no notification was accepted")
			}
		})
	}
}

func gopayClient(t *testing.T, s *service) *wechat.ClientV3 {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(s.creds.MerchantKey)
	if err != nil {
		t.Fatal(err)
	}
	client, err := wechat.NewClientV3(s.creds.MchID, s.creds.MerchantSerial(), s.creds.APIv3Key, string(encodePEM("PRIVATE KEY", der)))
	if err != nil {
		t.Fatal(err)
	}
	client.SetProxyHost(s.server.URL)
	return client
}

// gopayOrders makes an order and reads it. gopay answers an HTTP error with a
// nil error and a code.
func gopayOrders(t *testing.T, client *wechat.ClientV3) (prepayID string) {
	t.Helper()
	order, err := client.V3TransactionJsapi(t.Context(), gopay.BodyMap{
		"appid": "wxd678efh567hg6787", "description": "Image形象店-深圳腾大-QQ公仔", "out_trade_no": "compat-gopay-0001",
		"notify_url": "https://yourapp.com/notify", "amount": gopay.BodyMap{"total": 100, "currency": "CNY"},
		"payer": gopay.BodyMap{"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
	})
	if err != nil || order.Code != wechat.Success {
		t.Fatalf("gopay's V3TransactionJsapi: %+v, %v", order, err)
	}
	state, err := client.V3TransactionQueryOrder(t.Context(), wechat.OutTradeNo, "compat-gopay-0001")
	if err != nil || state.Code != wechat.Success || state.Response.TradeState != "NOTPAY" {
		t.Fatalf("gopay's V3TransactionQueryOrder: %+v, %v", state, err)
	}
	return order.Response.PrepayId
}

// gopayOpens opens a notification in gopay's three steps and returns the
// status to answer with.
func gopayOpens(t *testing.T, client *wechat.ClientV3, r *http.Request, opened chan<- *wechat.V3DecryptPayResult) int {
	t.Helper()
	parsed, err := wechat.V3ParseNotify(r)
	if err != nil {
		t.Errorf("gopay's V3ParseNotify: %v", err)
		return http.StatusBadRequest
	}
	keys := map[string]*rsa.PublicKey{}
	client.SnCertMap.Range(func(serial string, key *rsa.PublicKey) bool {
		keys[serial] = key
		return true
	})
	if err := parsed.VerifySignByPKMap(keys); err != nil {
		t.Errorf("gopay's VerifySignByPKMap: %v", err)
		return http.StatusUnauthorized
	}
	result, err := parsed.DecryptPayCipherText(string(client.ApiV3Key))
	if err != nil {
		t.Errorf("gopay's DecryptPayCipherText: %v", err)
		return http.StatusBadRequest
	}
	opened <- result
	return http.StatusNoContent
}

func encodePEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
