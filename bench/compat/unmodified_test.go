package compat

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/notify"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"
	"github.com/wechatpay-apiv3/wechatpay-go/services/payments/jsapi"
	"github.com/wechatpay-apiv3/wechatpay-go/utils"
)

// asProgram is the variable that makes this test binary the program below.
const asProgram = "COMPAT_UNMODIFIED_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "" {
		os.Exit(m.Run())
	}
	if err := program(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// program is what a merchant runs in production, with the official library as
// it is: no HTTP client of its own, no address. It orders, pre-signs a
// contract, says so, waits for the notification that the contract is signed,
// and asks for the contract.
func program(ctx context.Context, out io.Writer) error {
	key, err := utils.LoadPrivateKeyWithPath(os.Getenv("WECHATPAY_MCH_PRIVATE_KEY_FILE"))
	if err != nil {
		return err
	}
	public, err := utils.LoadPublicKeyWithPath(os.Getenv("WECHATPAY_PUBLIC_KEY_FILE"))
	if err != nil {
		return err
	}
	mchID := os.Getenv("WECHATPAY_MCHID")
	signed, err := receives(out, public)
	if err != nil {
		return err
	}
	client, err := core.NewClient(ctx, option.WithWechatPayPublicKeyAuthCipher(
		mchID, os.Getenv("WECHATPAY_MCH_SERIAL"), key, os.Getenv("WECHATPAY_PUBLIC_KEY_ID"), public))
	if err != nil {
		return err
	}
	service := jsapi.JsapiApiService{Client: client}
	order, _, err := service.Prepay(ctx, jsapi.PrepayRequest{
		Appid: new("wxd678efh567hg6787"), Mchid: &mchID, Description: new("a test"), OutTradeNo: new("unmodified20261120"),
		NotifyUrl: new("https://yourapp.com/notify"), Amount: &jsapi.Amount{Total: new(int64(100))},
		Payer: &jsapi.Payer{Openid: new("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")},
	})
	if err != nil {
		return err
	}
	session, err := field(client.Post(ctx, host+"/v3/password-exempt-contract/contracts/normal/pre-entrust-sign/mini-program", map[string]any{
		"appid": "wxd678efh567hg6787", "service_id": 12535, "out_contract_code": "unmodified20261120", "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
		"notify_url": "https://yourapp.com/notify", "contract_display_account": "a",
	}))("pre_entrustweb_id")
	if err != nil {
		return err
	}
	fmt.Fprintln(out, *order.PrepayId, session)
	select {
	case state := <-signed:
		fmt.Fprintln(out, "notified", state)
	case <-time.After(time.Minute):
		return errors.New("no notification came")
	}
	state, err := field(client.Get(ctx, host+"/v3/password-exempt-contract/contracts/service-id/12535/out-contract-code/unmodified20261120"))("contract_state")
	fmt.Fprintln(out, state)
	return err
}

// receives opens notifications with the library's own handler, says where, and
// gives the state of each contract that one is about.
func receives(out io.Writer, public *rsa.PublicKey) (<-chan string, error) {
	certificate, err := utils.LoadCertificateWithPath(os.Getenv("WECHATPAY_PLATFORM_CERT_FILE"))
	if err != nil {
		return nil, err
	}
	handler, err := notify.NewRSANotifyHandler(os.Getenv("WECHATPAY_APIV3_KEY"), verifiers.NewSHA256WithRSACombinedVerifier(
		core.NewCertificateMapWithList([]*x509.Certificate{certificate}), os.Getenv("WECHATPAY_PUBLIC_KEY_ID"), *public))
	if err != nil {
		return nil, err
	}
	states := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var contract struct {
			State string `json:"contract_state"`
		}
		event, err := handler.ParseNotifyRequest(r.Context(), r, &contract)
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if event.EventType == "ENTRUST.SIGN" {
			states <- contract.State
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	fmt.Fprintln(out, "listening on", server.URL)
	return states, nil // the server ends with the program
}

// field reads one member of an answer that the library has verified.
func field(result *core.APIResult, err error) func(string) (string, error) {
	return func(name string) (string, error) {
		if err != nil {
			return "", err
		}
		var answer map[string]any
		if err := core.UnMarshalResponse(result.Response, &answer); err != nil {
			return "", err
		}
		text, ok := answer[name].(string)
		if !ok {
			return "", errors.New("the answer has no " + name)
		}
		return text, nil
	}
}

// TestUnmodifiedProgram lets the official library, in a process of its own,
// complete a contract with `wxpay emulator --proxy`. It is told nothing but
// what `wxpay env --lang go` prints.
func TestUnmodifiedProgram(t *testing.T) {
	t.Parallel()
	wxpay, shop := buildProgram(t), newForwarder(t)
	keys := filepath.Join(t.TempDir(), "keys")
	base := emulates(t, wxpay, keys, shop, "--proxy", "127.0.0.1:0")

	self := exec.CommandContext(t.Context(), os.Args[0])
	self.Env = append(os.Environ(), asProgram+"=1")
	self.Env = append(self.Env, told(t, wxpay, keys, "go")...)
	merchant := runs(t, self)
	shop.leadTo(merchant.listening(t))
	ids := strings.Fields(merchant.until(t, "wx"))
	if len(ids) != 2 {
		t.Fatalf("the program printed %q", ids)
	}
	for _, action := range []string{"/orders/" + ids[0] + "/pay", "/sessions/" + ids[1] + "/agree"} {
		administer(t, http.MethodPost, base+"/_wxpay"+action)
	}
	for _, want := range []string{"notified SIGNED\n", "SIGNED\n"} {
		if got := merchant.until(t, ""); got != want {
			t.Errorf("the program says %q, want %q", got, want)
		}
	}
	if err := merchant.Wait(); err != nil {
		t.Error(err)
	}
}
