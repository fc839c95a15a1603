package compat

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
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
	if err := program(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// program is what a merchant runs in production, with the official library as
// it is: no HTTP client of its own, no address. It orders, pre-signs a
// contract, says so, and once it is told to go on asks for the contract.
func program(ctx context.Context, in io.Reader, out io.Writer) error {
	key, err := utils.LoadPrivateKeyWithPath(os.Getenv("WECHATPAY_MCH_PRIVATE_KEY_FILE"))
	if err != nil {
		return err
	}
	public, err := utils.LoadPublicKeyWithPath(os.Getenv("WECHATPAY_PUBLIC_KEY_FILE"))
	if err != nil {
		return err
	}
	mchID := os.Getenv("WECHATPAY_MCHID")
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
	if _, err := bufio.NewReader(in).ReadString('\n'); err != nil {
		return err
	}
	state, err := field(client.Get(ctx, host+"/v3/password-exempt-contract/contracts/service-id/12535/out-contract-code/unmodified20261120"))("contract_state")
	fmt.Fprintln(out, state)
	return err
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
	dir := t.TempDir()
	wxpay := filepath.Join(dir, "wxpay.exe") // a name that every system runs
	build := exec.CommandContext(t.Context(), "go", "build", "-o", wxpay, "github.com/wxpay-go/wxpay/cmd/wxpay")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, text)
	}
	keys := filepath.Join(dir, "keys")
	pay := runs(t, exec.CommandContext(t.Context(), wxpay, "emulator", "--listen", "127.0.0.1:0", "--proxy", "127.0.0.1:0", "--dir", keys))
	base := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(pay.until(t, "stop with"))

	text, err := exec.CommandContext(t.Context(), wxpay, "env", "--dir", keys, "--lang", "go", "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var told struct{ Env map[string]string }
	if err := json.Unmarshal(text, &told); err != nil {
		t.Fatal(err)
	}
	self := exec.CommandContext(t.Context(), os.Args[0])
	self.Env = append(os.Environ(), asProgram+"=1")
	for name, value := range told.Env {
		self.Env = append(self.Env, name+"="+value)
	}
	merchant := runs(t, self)
	ids := strings.Fields(merchant.until(t, "wx"))
	if len(ids) != 2 {
		t.Fatalf("the program printed %q", ids)
	}
	for _, action := range []string{"/orders/" + ids[0] + "/pay", "/sessions/" + ids[1] + "/agree"} {
		asUser(t, base+"/_wxpay"+action)
	}
	if _, err := io.WriteString(merchant.in, "go on\n"); err != nil {
		t.Fatal(err)
	}
	if state := merchant.until(t, ""); state != "SIGNED\n" {
		t.Errorf("the program's contract is %q, want SIGNED", state)
	}
	if err := merchant.Wait(); err != nil {
		t.Error(err)
	}
}

// running is a program whose output is read line by line.
type running struct {
	*exec.Cmd
	in  io.Writer
	out *bufio.Reader
}

func runs(t *testing.T, cmd *exec.Cmd) *running {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return &running{cmd, in, bufio.NewReader(out)}
}

// until reads up to the line that begins with prefix.
func (r *running) until(t *testing.T, prefix string) string {
	t.Helper()
	for text := ""; ; {
		line, err := r.out.ReadString('\n')
		if text += line; err != nil {
			t.Fatalf("after %q: %v", text, err)
		}
		if strings.HasPrefix(line, prefix) {
			return text
		}
	}
}

func asUser(t *testing.T, url string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := new(http.Client).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if text, err := io.ReadAll(a.Body); err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("%s = %d %s, %v", url, a.StatusCode, text, err)
	}
}
