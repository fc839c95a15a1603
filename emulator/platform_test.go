package emulator_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/sign"
)

// wallets are the credentials of further merchants, made once for all tests.
var wallets sync.Map

func wallet(mchID string, _ time.Time) (*emulator.Credentials, error) {
	once := sync.OnceValues(func() (*emulator.Credentials, error) { return emulator.NewCredentials(mchID, start) })
	made, _ := wallets.LoadOrStore(mchID, once)
	return made.(func() (*emulator.Credentials, error))()
}

const (
	secondMch = "1900000201"
	thirdMch  = "1900000202"
)

func newPlatform(t testing.TB, change ...func(*emulator.PlatformConfig)) *emulator.Platform {
	t.Helper()
	cfg := emulator.PlatformConfig{Make: wallet, Config: emulator.Config{
		Credentials: credentials(), Clock: emulator.NewClock(start), BaseURL: "http://127.0.0.1:1",
	}}
	for _, f := range change {
		f(&cfg)
	}
	p, err := emulator.NewPlatform(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// merchantOf is a merchant of the platform whose requests go through it.
func merchantOf(t testing.TB, platform *emulator.Platform, mchID string) *pay {
	t.Helper()
	e := platform.Merchant(mchID)
	if e == nil {
		t.Fatalf("no merchant %s", mchID)
	}
	return &pay{Emulator: e, t: t, clock: e.Clock(), creds: e.Credentials(), through: platform}
}

func added(t testing.TB, platform *emulator.Platform, m emulator.Merchant) *pay {
	t.Helper()
	if _, err := platform.Add(m); err != nil {
		t.Fatal(err)
	}
	return merchantOf(t, platform, m.MchID)
}

func TestMerchantsShareNothing(t *testing.T) {
	t.Parallel()
	platform := newPlatform(t)
	one := merchantOf(t, platform, emulator.DefaultMchID)
	two := added(t, platform, emulator.Merchant{MchID: secondMch})
	id := one.order()
	one.signMini(code)
	if other := two.call("POST", jsapi, with(orderBody, "mchid", secondMch), 200)["prepay_id"]; other == id {
		t.Error("two merchants have one prepay_id")
	}
	two.signMini(code) // the same code is another contract
	if _, err := two.Pay(id, ""); codeOf(err) != "not_found" {
		t.Errorf("the second merchant paid the first one's order: %v", err)
	}
	if err := two.Advance(t.Context(), 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	if !one.Clock().Now().Equal(start) {
		t.Error("one clock moved the other")
	}
	if err := two.Reset(); err != nil {
		t.Fatal(err)
	}
	if s, err := one.Summary(); err != nil || s.Orders != 1 || s.Contracts != 1 || s.Events != 1 {
		t.Errorf("after the other's reset: %+v, %v", s, err)
	}
	if s, err := two.Summary(); err != nil || s.Orders+s.Contracts+s.Events+s.Sessions+s.Due != 0 {
		t.Errorf("after its reset: %+v, %v", s, err)
	}
}

// TestARequestBelongsToTheMerchantThatItNames, and one that names nobody gets
// the documented 401.
func TestARequestBelongsToTheMerchantThatItNames(t *testing.T) {
	t.Parallel()
	platform := newPlatform(t)
	two := added(t, platform, emulator.Merchant{MchID: secondMch})
	stranger := *two
	stranger.creds = mustWallet(t, thirdMch)
	for name, tt := range map[string]struct {
		request *http.Request
		status  int
		message string
	}{
		"its own":            {two.request("GET", certificates, nil), 200, ""},
		"an unknown one":     {stranger.request("GET", certificates, nil), 401, "签名错误"},
		"none":               {unsigned(), 401, "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》"},
		"another one's name": {renamed(two.request("GET", certificates, nil), secondMch, emulator.DefaultMchID), 401, "商户证书序列号有误。请使用签名私钥匹配的证书序列号"},
	} {
		a := two.send(tt.request)
		if a.status != tt.status || tt.message != "" && (decode(t, a.body)["code"] != "SIGN_ERROR" || decode(t, a.body)["message"] != tt.message) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		if signed := a.header.Get("Wechatpay-Signature") != ""; signed != (tt.status == 200) {
			t.Errorf("%s: signed %t", name, signed)
		}
	}
}

func mustWallet(t *testing.T, mchID string) *emulator.Credentials {
	t.Helper()
	made, err := wallet(mchID, start)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func unsigned() *http.Request {
	r := httptest.NewRequest("GET", certificates, nil)
	r.Header.Set("Accept", "*/*")
	r.Header.Set("User-Agent", "test")
	return r
}

func renamed(r *http.Request, from, to string) *http.Request {
	r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), from, to, 1))
	return r
}

func TestTheAdminInterfaceOfEachMerchant(t *testing.T) {
	t.Parallel()
	platform := newPlatform(t)
	first := merchantOf(t, platform, emulator.DefaultMchID)
	made := first.adminOK("POST", "/merchants", `{"role":"service-provider","sub_merchants":["1900000211"],"keys":"certificate","clock":"2027-01-01T00:00:00+08:00"}`)
	id := made["mchid"].(string)
	if len(id) != 10 || made["role"] != nil || !strings.HasPrefix(made["apiv3_key"].(string)+made["merchant_private_key"].(string), platform.Merchant(id).Credentials().APIv3Key+"-----BEGIN PRIVATE KEY-----") {
		t.Errorf("made %v", made)
	}
	if _, err := sign.ParsePrivateKey([]byte(made["merchant_private_key"].(string))); err != nil {
		t.Error(err)
	}
	if got := first.adminOK("GET", "/merchants/"+id+"/state", ""); got["mchid"] != id || got["now"] != "2027-01-01T00:00:00+08:00" || got["keys"] != "certificate" {
		t.Errorf("its state: %v", got)
	}
	if got := first.adminOK("GET", "/state", ""); got["mchid"] != emulator.DefaultMchID || got["now"] != "2026-09-18T10:00:00+08:00" {
		t.Errorf("the first one's state: %v", got)
	}
	if got := first.adminOK("GET", "/merchants/"+emulator.DefaultMchID+"/state", ""); got["mchid"] != emulator.DefaultMchID {
		t.Errorf("the first one's state by its name: %v", got)
	}
	list := first.adminOK("GET", "/merchants", "")["list"].([]any)
	if len(list) != 2 || list[0].(map[string]any)["mchid"] != emulator.DefaultMchID || list[1].(map[string]any)["role"] != "service-provider" {
		t.Errorf("merchants: %v", list)
	}
	first.adminOK("PUT", "/merchants/"+id, `{"role":"direct"}`)
	if got := first.adminOK("GET", "/merchants/"+id+"/credentials", "")["merchant_serial"]; got != made["merchant_serial"] {
		t.Error("a change made other keys")
	}
	first.adminOK("DELETE", "/merchants/"+id, "")
	for path, want := range map[string]int{
		"GET /merchants/" + id + "/state": 404, "DELETE /merchants/" + id: 404, "DELETE /merchants/" + emulator.DefaultMchID: 409,
		"PUT /merchants/" + emulator.DefaultMchID: 409, "PUT /merchants/abc": 400, "PUT /merchants/..%2Fabc": 400, "POST /merchants/" + emulator.DefaultMchID + "/nothing": 404,
	} {
		method, path, _ := strings.Cut(path, " ")
		if a := first.admin(method, path, ""); a.status != want {
			t.Errorf("%s %s = %d %s, want %d", method, path, a.status, a.body, want)
		}
	}
	if a := first.admin("POST", "/merchants", `{"role":"king"}`); a.status != 400 || !strings.Contains(a.body, "clearing-institution") {
		t.Errorf("a role that is none: %d %s", a.status, a.body)
	}
	if a := first.admin("GET", "/merchants", "", func(r *http.Request) { r.Host = "evil.example" }); a.status != 403 {
		t.Errorf("under a foreign name: %d", a.status)
	}
}

func TestThePlatformsRoutesAreListed(t *testing.T) {
	t.Parallel()
	a := merchantOf(t, newPlatform(t), emulator.DefaultMchID).admin("GET", "/", "")
	contains(t, a.body, `"/merchants/{mchid}"`, `"/orders/{prepay_id}/pay"`)
}

// TestLinksLeadToTheirMerchant: the QR code of a later merchant's session is
// found under its name.
func TestLinksLeadToTheirMerchant(t *testing.T) {
	t.Parallel()
	platform := newPlatform(t)
	two := added(t, platform, emulator.Merchant{MchID: secondMch})
	answer := two.call("POST", harmony, harmonyBody, 200)
	path, ok := strings.CutPrefix(answer["redirect_url"].(string), "http://127.0.0.1:1/_wxpay")
	if !ok {
		t.Fatalf("redirect_url %v", answer["redirect_url"])
	}
	if got := two.adminOK("GET", path, ""); got["id"] != answer["pre_entrustweb_id"] {
		t.Errorf("the link shows %v", got)
	}
}

func TestASubMerchantMustBeTheCallers(t *testing.T) {
	t.Parallel()
	platform := newPlatform(t)
	provider := added(t, platform, emulator.Merchant{MchID: secondMch, Role: emulator.RoleProvider, SubMerchants: []string{"1900000110"}})
	direct := added(t, platform, emulator.Merchant{MchID: thirdMch, Role: emulator.RoleDirect})
	provider.call("POST", providerMini, providerBody, 200)
	if got := provider.call("POST", providerMini, with(providerBody, "sub_mchid", "1900000111"), 403); got["code"] != "NO_AUTH" || got["message"] != "受理关系不存在" {
		t.Errorf("a stranger's sub-merchant: %v", got)
	}
	if got := provider.call("POST", qsAfterPay, with(presignBody, "sub_mchid", "1900000110", "sub_appid", "wxd678efh567hg6788"), 403); got["code"] != "NO_AUTH" {
		t.Errorf("an endpoint of institutions: %v", got)
	}
	direct.call("POST", normalMini, miniBody, 200)
	if got := direct.call("POST", providerMini, providerBody, 403); got["code"] != "NO_AUTH" {
		t.Errorf("a direct merchant as a provider: %v", got)
	}
	anybody := merchantOf(t, platform, emulator.DefaultMchID)
	anybody.call("POST", providerMini, providerBody, 200)
	if _, err := platform.Add(emulator.Merchant{MchID: "1900000203", Role: emulator.RoleDirect, SubMerchants: []string{"1"}}); err == nil {
		t.Error("a direct merchant with sub-merchants was made")
	}
}

// TestAStoreRemembersTheMerchants: a platform on the store of an earlier one
// has its merchants and their state.
func TestAStoreRemembersTheMerchants(t *testing.T) {
	t.Parallel()
	store := unclosed{emulator.NewMemory()}
	keep := func(c *emulator.PlatformConfig) { c.Store = store }
	earlier := newPlatform(t, keep)
	two := added(t, earlier, emulator.Merchant{MchID: secondMch, Role: emulator.RoleDirect})
	two.signMini(code)
	if err := earlier.Close(); err != nil {
		t.Fatal(err)
	}
	again := merchantOf(t, newPlatform(t, keep), secondMch)
	if got := again.call("GET", contractPath(code), nil, 200); got["contract_state"] != "SIGNED" {
		t.Errorf("after a restart: %v", got)
	}
	again.call("POST", providerMini, providerBody, 403)
}

// unclosed survives the emulator that closes it, as a file does.
type unclosed struct{ emulator.Store }

func (unclosed) Close() error { return nil }

func TestAPlatformRunsMerchantsThatComeLater(t *testing.T) {
	t.Parallel()
	shop, into := receiving(204)
	platform := newPlatform(t, func(c *emulator.PlatformConfig) { into(&c.Config) })
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- platform.Run(ctx) }()
	two := added(t, platform, emulator.Merchant{MchID: secondMch})
	two.signMini(code)
	for len(shop.all()) == 0 {
		select {
		case err := <-ended:
			t.Fatalf("Run ended: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	if err := platform.Run(t.Context()); err == nil {
		t.Error("it ran twice at once")
	}
	if err := platform.Remove(secondMch); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Run = %v", err)
	}
}

func TestARunEndsWithTheStoreOfAnyMerchant(t *testing.T) {
	t.Parallel()
	_, into := receiving(204)
	store := emulator.NewMemory()
	platform := newPlatform(t, func(c *emulator.PlatformConfig) {
		into(&c.Config)
		c.Store = brokenStore{store, "merchant/" + secondMch + "/events"}
	})
	sound := newPlatform(t, func(c *emulator.PlatformConfig) { c.Store = store })
	added(t, sound, emulator.Merchant{MchID: secondMch}).signMini(code)
	if _, err := platform.Set(emulator.Merchant{MchID: secondMch}); err != nil {
		t.Fatal(err)
	}
	if err := platform.Run(t.Context()); err == nil || err.Error() != "the disk is full" {
		t.Errorf("Run = %v", err)
	}
}

// TestMerchantsAreMadeAndRemovedWhileOthersWork is for the race detector.
func TestMerchantsAreMadeAndRemovedWhileOthersWork(t *testing.T) {
	t.Parallel()
	platform := newPlatform(t)
	first := merchantOf(t, platform, emulator.DefaultMchID)
	var group sync.WaitGroup
	for i := range 4 {
		id := fmt.Sprintf("19000003%02d", i)
		group.Go(func() {
			for range 5 {
				if _, err := platform.Add(emulator.Merchant{MchID: id}); err != nil {
					t.Error(err)
				}
				if err := platform.Remove(id); err != nil {
					t.Error(err)
				}
			}
		})
		group.Go(func() {
			for n := range 10 {
				if a := first.send(first.request("POST", normalMini, marshal(t, with(miniBody, "out_contract_code", fmt.Sprintf("c%d%d", i, n))))); a.status != 200 {
					t.Errorf("%d %s", a.status, a.body)
				}
			}
		})
	}
	group.Wait()
	if n := len(platform.Merchants()); n != 1 {
		t.Errorf("%d merchants are left", n)
	}
}

func TestReadMerchants(t *testing.T) {
	t.Parallel()
	list, err := emulator.ReadMerchants(strings.NewReader(`[{"mchid":"1","role":"direct"},{"mchid":"2","terminate_urls":{"12535":"https://localhost/x"}}]`))
	if err != nil || len(list) != 2 || list[1].TerminateURLs[12535] != "https://localhost/x" {
		t.Errorf("%+v, %v", list, err)
	}
	for text, field := range map[string]string{
		`{}`: "merchants", `[{"mchid":"1","rol":"x"}]`: "merchants", `[{"mchid":"1"},{}]`: "merchants[1].mchid",
		`[{"mchid":"1"},{"mchid":"1"}]`: "merchants[1].mchid", `[] []`: "merchants", ``: "merchants",
	} {
		_, err := emulator.ReadMerchants(strings.NewReader(text))
		if bad, ok := errors.AsType[*emulator.ConfigError](err); !ok || bad.Field != field {
			t.Errorf("%s: %v, want %s", text, err, field)
		}
	}
}
