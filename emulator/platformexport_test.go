package emulator_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

func exportedAll(t *testing.T, p *emulator.Platform) string {
	t.Helper()
	var b strings.Builder
	if err := p.Export(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// crowd is a platform of two merchants, each with a state and a time of its
// own, and a notification that waits.
func crowd(t *testing.T) *emulator.Platform {
	t.Helper()
	_, into := receiving(500)
	platform := newPlatform(t, func(c *emulator.PlatformConfig) { into(&c.Config) })
	merchantOf(t, platform, emulator.DefaultMchID).signMini(code)
	two := added(t, platform, emulator.Merchant{
		MchID: secondMch, Role: emulator.RoleDirect, Keys: emulator.KeyPublic, Seed: "7", Clock: start.AddDate(0, 1, 0),
		TerminateURLs: map[int64]string{12535: "https://localhost/ended"},
	})
	two.signMini(code)
	two.deliver()
	if err := two.Advance(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	return platform
}

// stranger is a platform with a merchant that the crowd does not have.
func stranger(t *testing.T, change ...func(*emulator.PlatformConfig)) *emulator.Platform {
	t.Helper()
	platform := newPlatform(t, change...)
	merchantOf(t, platform, emulator.DefaultMchID).signMini("lost1")
	added(t, platform, emulator.Merchant{MchID: thirdMch}).signMini("lost2")
	return platform
}

func TestAllMerchantsAreExportedAndImported(t *testing.T) {
	t.Parallel()
	document := exportedAll(t, crowd(t))
	for name, platform := range map[string]*emulator.Platform{
		"without the second merchant": stranger(t),
		"with another one":            withSecond(t, stranger(t)),
	} {
		if err := platform.Import(strings.NewReader(document)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := exportedAll(t, platform); got != document {
			t.Errorf("%s: exported again it reads\n%s\nwant\n%s", name, got, document)
		}
		two := merchantOf(t, platform, secondMch)
		if got := two.call("GET", contractPath(code), nil, 200); got["contract_state"] != "SIGNED" {
			t.Errorf("%s: %v", name, got)
		}
		two.call("POST", providerMini, providerBody, 403) // it is a direct merchant
		if platform.Merchant(thirdMch) != nil {
			t.Errorf("%s: the third merchant is still there", name)
		}
		if s, err := added(t, platform, emulator.Merchant{MchID: thirdMch}).Summary(); err != nil || s.Contracts != 0 {
			t.Errorf("%s: a new third merchant has the old one's contracts: %+v, %v", name, s, err)
		}
	}
}

// Keys stay where they are: a merchant that is there keeps its own, and one
// that is made has new ones.
func TestImportedMerchantsHaveKeysOfTheirOwn(t *testing.T) {
	t.Parallel()
	document := exportedAll(t, crowd(t))
	for _, secret := range []string{"PRIVATE KEY", "private_key", credentials().APIv3Key, mustWallet(t, secondMch).APIv3Key} {
		if strings.Contains(document, secret) {
			t.Errorf("the export holds %s", secret)
		}
	}
	shop, into := receiving(204)
	store := emulator.NewMemory()
	platform := newPlatform(t, func(c *emulator.PlatformConfig) { into(&c.Config); c.Make = emulator.NewCredentials; c.Store = store })
	for range 2 { // the second time it is there
		if err := platform.Import(strings.NewReader(document)); err != nil {
			t.Fatal(err)
		}
	}
	two := merchantOf(t, platform, secondMch)
	if two.creds.MerchantSerial() == mustWallet(t, secondMch).MerchantSerial() {
		t.Error("the keys came with the export")
	}
	if err := two.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	if all := shop.all(); len(all) != 1 {
		t.Errorf("%d notifications, want the one that waited", len(all))
	} else if _, resource := two.open(all[0]); resource["out_contract_code"] != code {
		t.Errorf("the resource is %v", resource)
	}
	keys := two.creds
	if err := platform.Import(strings.NewReader(document)); err != nil || platform.Merchant(secondMch).Credentials() != keys {
		t.Errorf("the keys changed, %v", err)
	}
	again := merchantOf(t, newPlatform(t, func(c *emulator.PlatformConfig) { c.Store = store }), secondMch)
	again.call("GET", contractPath(code), nil, 200)
}

func withSecond(t *testing.T, platform *emulator.Platform) *emulator.Platform {
	t.Helper()
	added(t, platform, emulator.Merchant{MchID: secondMch, Role: emulator.RoleProvider}).signMini("another")
	return platform
}

// A document that is wrong anywhere changes nothing, nor does a store that
// fails.
func TestImportOfAllMerchantsIsAllOrNothing(t *testing.T) {
	t.Parallel()
	document := exportedAll(t, crowd(t))
	store := emulator.NewMemory()
	platform := stranger(t, func(c *emulator.PlatformConfig) { c.Store = unclosed{store} })
	before := exportedAll(t, platform)
	change := func(from, to string) string {
		if !strings.Contains(document, from) {
			t.Fatalf("the export has no %s", from)
		}
		return strings.Replace(document, from, to, 1)
	}
	for name, tt := range map[string]struct{ document, want string }{
		"the export of one merchant": {exported(t, platform.First()), "wxpay_emulator_state"},
		"two documents":              {document + document, "follows"},
		"another format":             {change(`"wxpay_emulator_platform": 1`, `"wxpay_emulator_platform": 2`), "wxpay_emulator_platform"},
		"a state of another format":  {change(`"wxpay_emulator_state": 1`, `"wxpay_emulator_state": 2`), "wxpay_emulator_state"},
		"nobody":                     {`{"wxpay_emulator_platform": 1, "merchants": []}`, "no merchant"},
		"another first merchant":     {change(`"mchid": "1900000109"`, `"mchid": "1900000110"`), "start an emulator"},
		"a first one that is told":   {change(`"merchants": [`+"\n    {", `"merchants": [{"merchant": {},`), "merchants[0]"},
		"one that is not told":       {change(`"merchant": {`, `"merchant": null, "merchant": null, "x": {`), "unknown field"},
		"another one's state":        {change(`"mchid": "`+secondMch, `"mchid": "1900000203`), "merchants[1]"},
		"one that is no merchant":    {strings.ReplaceAll(document, `"mchid": "`+secondMch, `"mchid": "shop`), "MchID"},
		"one that is there twice":    {strings.ReplaceAll(document, `"mchid": "`+secondMch, `"mchid": "1900000109`), "twice"},
		"a role that is none":        {change(`"role": "direct"`, `"role": "king"`), "Role"},
		"a thing of a wrong kind":    {change(`"event": "1"`, `"event": "one"`), `bucket "meta"`},
	} {
		err := platform.Import(strings.NewReader(tt.document))
		if bad, ok := errors.AsType[*emulator.ActionError](err); !ok || bad.Code != "invalid" || !strings.Contains(bad.Message, tt.want) {
			t.Errorf("%s: %v, want that it is invalid for %q", name, err, tt.want)
		}
	}
	broken := newPlatform(t, func(c *emulator.PlatformConfig) {
		c.Store = brokenStore{unclosed{store}, "merchant/" + secondMch + "/events"}
	})
	if err := broken.Import(strings.NewReader(document)); err == nil || broken.Merchant(secondMch) != nil || broken.Merchant(thirdMch) == nil {
		t.Errorf("the broken store imported: %v", err)
	}
	if got := exportedAll(t, platform); got != before {
		t.Errorf("the state became\n%s", got)
	}
}

// What is due in an imported state is delivered by a platform that runs.
func TestImportedMerchantsRun(t *testing.T) {
	t.Parallel()
	document := strings.ReplaceAll(exportedAll(t, crowd(t)), `"rate": 0`, `"rate": 20000`)
	shop, into := receiving(204)
	heard := make(chan struct{}, 10)
	shop.answer = func(*http.Request) (*http.Response, error) {
		heard <- struct{}{}
		return &http.Response{StatusCode: 204, Header: http.Header{}, Body: http.NoBody}, nil
	}
	platform := withSecond(t, stranger(t, func(c *emulator.PlatformConfig) { into(&c.Config) }))
	for _, m := range platform.Merchants() {
		merchantOf(t, platform, m.MchID).deliver() // so that what comes later was imported
		<-heard
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- platform.Run(ctx) }()
	if err := platform.Import(strings.NewReader(document)); err != nil {
		t.Fatal(err)
	}
	<-heard
	<-heard
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Run = %v", err)
	}
	serials := map[string]bool{}
	for _, n := range shop.all()[3:] {
		serials[n.header.Get("Wechatpay-Serial")] = true
	}
	if len(serials) != 2 {
		t.Errorf("signed with %v, want a key of each merchant", serials)
	}
}
