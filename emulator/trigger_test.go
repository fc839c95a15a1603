package emulator_test

import (
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

func TestEveryEventCanBeTriggered(t *testing.T) {
	t.Parallel()
	n := 0
	for event := range spec.Events() {
		n++
		t.Run(event.Type, func(t *testing.T) {
			t.Parallel()
			shop, into := receiving(200)
			p := newPay(t, into)
			if _, err := p.Trigger(event.Type, "https://localhost/n", nil); err != nil {
				t.Fatal(err)
			}
			p.deliver()
			_, resource := p.open(shop.all()[0])
			p.fits(t, event.Resource, decodeValue(t, string(marshal(t, resource))), "")
		})
	}
	if n < 4 {
		t.Errorf("%d events", n)
	}
}

func TestATriggeredEventIsOfOneKindOfMerchant(t *testing.T) {
	t.Parallel()
	shop, into := receiving(200)
	p := newPay(t, into)
	for i, typ := range []string{"ENTRUST.SIGN", "TRANSACTION.SUCCESS"} {
		if _, err := p.Trigger(typ, "https://localhost/n", nil); err != nil {
			t.Fatal(err)
		}
		p.deliver()
		_, resource := p.open(shop.all()[i])
		if resource["mchid"] != emulator.DefaultMchID || resource["sp_mchid"] != nil || resource["sub_mchid"] != nil {
			t.Errorf("%s names a partner and a direct merchant, or neither: %v", typ, resource)
		}
	}
}

func TestTriggerOverrides(t *testing.T) {
	t.Parallel()
	shop, into := receiving(200)
	p := newPay(t, into)
	got := p.adminOK("POST", "/events", `{"event_type":"ENTRUST.SIGN","notify_url":"https://localhost/n","resource":{"service_id":7,"sub_mchid":"1900000110","out_user_code":null,"out_contract_code":"mine"}}`)
	if got["state"] != "pending" {
		t.Errorf("got %v", got)
	}
	p.deliver()
	_, resource := p.open(shop.all()[0])
	if resource["service_id"] != 7.0 || resource["plan_id"] != nil || resource["sub_mchid"] != "1900000110" || resource["sp_mchid"] != emulator.DefaultMchID ||
		resource["mchid"] != nil || resource["out_user_code"] != nil || resource["out_contract_code"] != "mine" {
		t.Errorf("got %v", resource)
	}
}

// An event that documents both a plan and a service keeps both: in others the
// service stands in the place of the plan.
func TestTriggerOfAPlanAndAService(t *testing.T) {
	t.Parallel()
	shop, into := receiving(200)
	p := newPay(t, into)
	overrides := map[string]any{"service_id": "500001", "plan_id": "p-1"}
	if _, err := p.Trigger("PAYSCORE.USER_ACCEPTED", "https://localhost/n", overrides); err != nil {
		t.Fatal(err)
	}
	p.deliver()
	_, resource := p.open(shop.all()[0])
	if resource["service_id"] != "500001" || resource["plan_id"] != "p-1" {
		t.Errorf("got %v", resource)
	}
}

func TestTriggerRefuses(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for name, try := range map[string]struct {
		typ, url  string
		overrides map[string]any
		code      string
	}{
		"an unknown event":           {"ENTRUST.DANCE", "https://localhost/n", nil, "not_found"},
		"no URL":                     {"ENTRUST.SIGN", "", nil, "invalid"},
		"a member that is none":      {"ENTRUST.SIGN", "https://localhost/n", map[string]any{"contractid": "1"}, "invalid"},
		"a required member left out": {"ENTRUST.SIGN", "https://localhost/n", map[string]any{"contract_id": nil}, "invalid"},
	} {
		if _, err := p.Trigger(try.typ, try.url, try.overrides); codeOf(err) != try.code {
			t.Errorf("%s: %v, want %s", name, err, try.code)
		}
	}
}
