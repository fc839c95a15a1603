package emulator_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/sign"
)

const day = 24 * time.Hour

// serials downloads the platform certificates and returns their serials.
func (p *pay) serials() []string {
	p.t.Helper()
	a := p.send(p.request("GET", certificates, nil))
	var list struct {
		Data []struct {
			Serial string `json:"serial_no"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(a.body), &list); err != nil || a.status != 200 {
		p.t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	var serials []string
	for _, c := range list.Data {
		serials = append(serials, c.Serial)
	}
	return serials
}

// answeredBy counts which keys sign n answers to requests that name a serial,
// or none.
func (p *pay) answeredBy(n int, serial string) map[string]int {
	p.t.Helper()
	count := map[string]int{}
	for range n {
		r := p.request("GET", certificates, nil)
		if serial != "" {
			r.Header.Set("Wechatpay-Serial", serial)
		}
		a := p.send(r)
		if a.status != 200 {
			p.t.Fatalf("%d %s", a.status, a.body)
		}
		count[a.header.Get("Wechatpay-Serial")]++
	}
	return count
}

// TestACertificateIsReplacedInTenDays: five days beside the old one, five in
// which it takes over, then alone.
func TestACertificateIsReplacedInTenDays(t *testing.T) {
	t.Parallel()
	p := newPay(t, func(c *emulator.Config) { c.Keys, c.Seed = emulator.KeyCertificate, "rotation" })
	old := p.creds.PlatformSerial()
	cert, err := p.RotateCertificate()
	if err != nil {
		t.Fatal(err)
	}
	fresh := sign.Serial(cert)
	const n = 40
	for _, tt := range []struct {
		age      time.Duration
		listed   string
		min, max int // answers that the new one signs, of n
	}{
		{0, old + " " + fresh, 0, 0},
		{5*day - time.Second, old + " " + fresh, 0, 0},
		{7*day + 12*time.Hour, old + " " + fresh, n / 4, n * 3 / 4},
		{10*day - time.Second, old + " " + fresh, n - 1, n},
		{10 * day, fresh, n, n},
	} {
		p.clock.Set(start.Add(tt.age))
		if got := strings.Join(p.serials(), " "); got != tt.listed {
			t.Errorf("after %v: listed %s, want %s", tt.age, got, tt.listed)
		}
		count := p.answeredBy(n, "")
		if count[fresh] < tt.min || count[fresh] > tt.max || count[fresh]+count[old] != n {
			t.Errorf("after %v the new one signed %d of %v, want %d to %d", tt.age, count[fresh], count, tt.min, tt.max)
		}
	}
	p.clock.Set(start.Add(7 * day))
	if certs := p.PlatformCertificates(); len(certs) != 2 || !certs[1].Equal(cert) {
		t.Errorf("%d certificates", len(certs))
	}
	if count := p.answeredBy(3, old); count[old] != 3 {
		t.Errorf("a request that names the old one is answered by %v", count)
	}
	if count := p.answeredBy(3, strings.ToLower(fresh)); count[fresh] != 3 {
		t.Errorf("a request that names the new one is answered by %v", count)
	}
	if _, err := p.RotateCertificate(); codeOf(err) != "conflict" {
		t.Errorf("a second replacement at once: %v", err)
	}
	p.clock.Set(start.Add(11 * day))
	r := p.request("GET", certificates, nil)
	r.Header.Set("Wechatpay-Serial", old)
	if a := p.send(r); a.status != 400 || decode(t, a.body)["message"] != "平台证书序列号Wechatpay-Serial错误" {
		t.Errorf("named after its end: %d %s", a.status, a.body)
	}
}

// TestNotificationsMoveToThePublicKeyInSevenDays counts, of the attempts of
// each day, those that the public key signed.
func TestNotificationsMoveToThePublicKeyInSevenDays(t *testing.T) {
	t.Parallel()
	shop, into := receiving(204)
	p := newPay(t, into, func(c *emulator.Config) { c.Keys, c.Seed = emulator.KeyCertificate, "migration" })
	if err := p.BeginMigration(); err != nil {
		t.Fatal(err)
	}
	const n = 300
	for i, share := range []float64{0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 1} {
		p.clock.Set(start.Add(time.Duration(i)*day + 12*time.Hour))
		before := len(shop.all())
		for range n {
			if _, err := p.Trigger("ENTRUST.SIGN", "https://localhost/n", nil); err != nil {
				t.Fatal(err)
			}
		}
		p.deliver()
		public := 0
		for _, got := range shop.all()[before:] {
			if got.header.Get("Wechatpay-Serial") == p.creds.PublicKeyID {
				public++
			}
		}
		within := 4*math.Sqrt(n*share*(1-share)) + 1 // four standard deviations
		if math.Abs(float64(public)-n*share) > within {
			t.Errorf("day %d: %d of %d by the public key, want about %.0f", i+1, public, n, n*share)
		}
	}
	if count := p.answeredBy(2, p.creds.PublicKeyID); count[p.creds.PublicKeyID] != 2 {
		t.Errorf("answers do not follow the request: %v", count)
	}
	if count := p.answeredBy(2, ""); count[p.creds.PlatformSerial()] != 2 {
		t.Errorf("a request that names no key is answered by %v", count)
	}
	if err := p.EndMigration(); err != nil {
		t.Fatal(err)
	}
	if got := p.call("GET", certificates, nil, 404); got["code"] != "RESOURCE_NOT_EXISTS" {
		t.Errorf("after the end: %v", got)
	}
	if certs := p.PlatformCertificates(); len(certs) != 0 {
		t.Errorf("%d certificates are left", len(certs))
	}
	for what, err := range map[string]error{"begin": p.BeginMigration(), "end": p.EndMigration()} {
		if codeOf(err) != "conflict" {
			t.Errorf("%s with the public key alone: %v", what, err)
		}
	}
	if _, err := p.RotateCertificate(); codeOf(err) != "conflict" {
		t.Errorf("rotate with the public key alone: %v", err)
	}
}

// TestKeysOutliveAResetAndARestart: a merchant's keys are no state of a test.
func TestKeysOutliveAResetAndARestart(t *testing.T) {
	t.Parallel()
	store := unclosed{emulator.NewMemory()}
	keep := func(c *emulator.Config) { c.Store, c.Keys = store, emulator.KeyCertificate }
	p := newPay(t, keep)
	made := p.adminOK("POST", "/keys/rotate", "")
	if got := p.adminOK("POST", "/keys/migration/begin", ""); got["keys"] != "both" {
		t.Errorf("begun: %v", got)
	}
	if err := p.Reset(); err != nil {
		t.Fatal(err)
	}
	if got := p.serials(); len(got) != 2 || got[1] != made["serial"] {
		t.Errorf("after a reset: %v", got)
	}
	p = newPay(t, keep)
	if got := p.serials(); len(got) != 2 || got[1] != made["serial"] {
		t.Errorf("after a restart: %v", got)
	}
	if got := p.adminOK("POST", "/keys/migration/end", ""); got["keys"] != "public-key" {
		t.Errorf("ended: %v", got)
	}
	if a := p.admin("POST", "/keys/rotate", ""); a.status != 409 {
		t.Errorf("rotate: %d %s", a.status, a.body)
	}
}
