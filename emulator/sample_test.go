package emulator_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/spec"
)

// aFile is what the tests upload.
var aFile = []byte("\x89PNG\r\n\x1a\nnot really a picture")

// aFileSM3 is its SM3 digest, made by OpenSSL.
const aFileSM3 = "23ac14bc72cfc7872ea030d20acc20be54fe35af9795c3909b0e7751661d6342"

// sampleRequest is the documented request of an endpoint: every member,
// optional ones too, with its sample, for this merchant.
func (p *pay) sampleRequest(op *spec.Operation) *http.Request {
	p.t.Helper()
	target, header := p.sampleTarget(op)
	var body []byte
	if op.Request != nil {
		meta := p.sampleBody(op.Request)
		for _, m := range op.Request.Fields {
			if m.Digest == "sha256" {
				sum := sha256.Sum256(aFile)
				meta[m.Name] = hex.EncodeToString(sum[:])
			}
			if m.Digest == "sm3" {
				meta[m.Name] = aFileSM3
			}
		}
		body = marshal(p.t, meta)
	}
	r := p.request(op.Method, target, body)
	if op.File != nil {
		r = p.upload(r, form(p.t, string(body), op.File.Name, aFile))
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	r.Header.Set("Wechatpay-Serial", p.creds.PublicKeyID) // some pages list it as a parameter
	return r
}

// withoutOptional is an endpoint of which nothing is known but what is
// required, and what a rule of alternatives asks for.
func withoutOptional(op *spec.Operation) *spec.Operation {
	short := *op
	short.Params = slices.DeleteFunc(slices.Clone(op.Params), func(f spec.Field) bool { return !f.Required })
	if op.Request != nil {
		request := requiredOf(*op.Request)
		short.Request = &request
	}
	return &short
}

func requiredOf(f spec.Field) spec.Field {
	kept := []spec.Field{}
	for _, m := range f.Fields {
		if m.Required || len(f.AnyOf) > 0 && slices.Contains(f.AnyOf[0], m.Name) {
			kept = append(kept, requiredOf(m))
		}
	}
	f.Fields = kept
	if f.Items != nil {
		f.Items = new(requiredOf(*f.Items))
	}
	if f.Text != nil {
		f.Text = new(requiredOf(*f.Text))
	}
	return f
}

// sampleTarget is path and query, and the headers, of the documented request.
func (p *pay) sampleTarget(op *spec.Operation) (string, map[string]string) {
	target, query, header := op.Path, url.Values{}, map[string]string{}
	for _, f := range op.Params {
		value := p.paramText(&f)
		switch f.In {
		case "path":
			target = strings.ReplaceAll(target, "{"+f.Name+"}", url.PathEscape(value))
		case "query":
			query.Set(f.Name, value)
		case "header":
			header[f.Name] = value
		}
	}
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	return target, header
}

func (p *pay) paramText(f *spec.Field) string {
	switch {
	case f.Type == "array":
		return p.paramText(f.Items)
	case f.Name == "mchid" || f.Name == "sp_mchid":
		return p.creds.MchID
	case f.Encrypted:
		return p.seal(f.Sample)
	}
	return fmt.Sprint(f.Sample)
}

// seal encrypts a sample as a merchant does.
func (p *pay) seal(sample any) string {
	p.t.Helper()
	text, err := seal.EncryptField(p.creds.PublicKey(), sample.(string))
	if err != nil {
		p.t.Fatal(err)
	}
	return text
}

// sampleBody is the documented sample of a body, for this merchant, and with
// the times moved to where they can be.
func (p *pay) sampleBody(f *spec.Field) map[string]any {
	body := map[string]any{}
	for _, m := range f.Fields {
		switch m.Name {
		case "mchid", "sp_mchid":
			body[m.Name] = p.creds.MchID
		case "time_expire", "expired_time":
			body[m.Name] = "2026-09-18T10:34:56+08:00"
		case "estimated_deduct_date", "repayment_date":
			body[m.Name] = "2026-09-19"
		case "policy_periods":
			body[m.Name] = p.samplePeriods(m.Items, slices.ContainsFunc(f.Fields, func(f spec.Field) bool { return f.Name == "amount" }))
		default:
			body[m.Name] = p.sampleValue(&m)
		}
	}
	return body
}

// samplePeriods is a list of one period, or of the two that a payment needs.
func (p *pay) samplePeriods(f *spec.Field, paying bool) []any {
	list := []any{p.sampleValue(f)}
	if paying {
		list = append(list, with(p.sampleBody(f), "policy_period_id", 2, "estimated_deduct_date", "2026-10-19"))
	}
	return list
}

func (p *pay) sampleValue(f *spec.Field) any {
	switch {
	case f.Text != nil:
		return string(marshal(p.t, p.sampleValue(f.Text)))
	case f.Encrypted:
		return p.seal(f.Sample)
	case f.Type == "object":
		return p.sampleBody(f)
	case f.Type == "array":
		return []any{p.sampleValue(f.Items)}
	}
	return f.Sample
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
