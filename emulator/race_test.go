package emulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/wxpay-go/wxpay/spec"
)

// TestConcurrentMerchantsSignEachContractOnce: many goroutines walk contracts
// of their own and fight for one, while notifications are delivered. Run with
// -race.
func TestConcurrentMerchantsSignEachContractOnce(t *testing.T) {
	t.Parallel()
	const workers, each = 4, 5
	shop, into := receiving(204)
	p := newPay(t, into)
	contested := p.call("POST", normalMini, with(miniBody, "out_contract_code", "one"), 200)["pre_entrustweb_id"].(string)
	won := make(chan string, workers)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			if c, err := p.Agree(contested, ""); err == nil {
				won <- c.ContractID
			}
			for i := range each {
				code := fmt.Sprintf("w%dn%d", w, i)
				body, err := json.Marshal(with(miniBody, "out_contract_code", code))
				if err != nil {
					t.Error(err)
				}
				a := p.send(p.request("POST", normalMini, body))
				if _, err := p.Agree(decode(t, a.body)["pre_entrustweb_id"].(string), ""); err != nil {
					t.Error(err)
				}
				if _, err := p.Deliver(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	p.deliver()
	if len(won) != 1 {
		t.Errorf("%d signed the one contract", len(won))
	}
	seen := map[string]int{}
	for _, n := range shop.all() {
		seen[decode(t, n.body)["id"].(string)]++
	}
	if len(seen) != workers*each+1 {
		t.Errorf("%d notifications, want %d", len(seen), workers*each+1)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s was sent %d times", id, n)
		}
	}
}

// FuzzServe sends any method, path, header and body, signed and unsigned. The
// law: the emulator never panics, never fails by itself (5xx), and whatever it
// answers to a request that is not the merchant's is unsigned.
func FuzzServe(f *testing.F) {
	f.Add("GET", certificates, "Accept", "x", []byte(nil), true)
	f.Add("POST", normalAfterPay, "Wechatpay-Serial", "PUB_KEY_ID_1", []byte(`{"appid":"😀"}`), true)
	f.Add("POST", harmony, "Authorization", "WECHATPAY2-SHA256-RSA2048 mchid=\"1\"", []byte(`{"device_info":[]}`), false)
	f.Add("POST", jsapi, "Accept-Language", "en", []byte(`{"amount":{"total":1e99}}`), true)
	f.Add("GET", orderQuery, "", "", []byte("{}"), true)
	f.Add("POST", contractPath("a")+"/terminate", "", "", []byte(`{"contract_termination_remark":"x"}`), true)
	f.Add("POST", "/_wxpay/clock/advance", "Origin", "null", []byte(`{"duration":"1h"}`), false)
	for _, body := range []map[string]any{presignBody, harmonyBody, orderBody} {
		data, err := json.Marshal(body)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("POST", normalAfterPay, "Accept", "*/*", data, true)
		f.Add("POST", harmony, "Accept", "*/*", data, true)
		f.Add("POST", jsapi, "Accept", "*/*", data, true)
	}
	for op := range spec.Operations() {
		if op.File != nil || op.Verify != "" {
			f.Add(op.Method, op.Path, "Content-Type", "multipart/form-data; boundary=b", []byte("--b\r\nContent-Disposition: form-data; name=meta\r\n\r\n{}\r\n--b--"), true)
		}
	}
	p := newPay(f)
	f.Fuzz(func(t *testing.T, method, target, name, value string, body []byte, genuine bool) {
		if !sendable(method, target) {
			return
		}
		r := httptest.NewRequest("GET", "/", bytes.NewReader(body))
		if genuine {
			signer := *p
			signer.t = t
			r = signer.request(method, target, body)
		}
		r.Method, r.RequestURI, r.Host = method, target, "127.0.0.1"
		r.Header.Set(name, value)
		a := p.send(r)
		if a.status >= 500 {
			t.Errorf("%d %s", a.status, a.body)
		}
		if !genuine && a.header.Get("Wechatpay-Signature") != "" {
			t.Errorf("signed: %s", a.body)
		}
	})
}

// sendable leaves out what the HTTP server would refuse before the handler,
// and what the test's own signing would.
func sendable(method, target string) bool {
	if method == "" || strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || !strings.HasPrefix(target, "/") {
		return false
	}
	if strings.ContainsFunc(target, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return false
	}
	_, err := url.ParseRequestURI(target)
	return err == nil
}
