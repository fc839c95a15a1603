package emulator

import (
	"bytes"
	"crypto/x509"
	"errors"
	"net/http"
	"reflect"
	"strings"
)

// adminMerchants is where the merchants of a platform are.
const adminMerchants = adminPath + "/merchants"

// adminRoutes is what the platform has beside the routes of each merchant.
func (p *Platform) adminRoutes() []adminRoute {
	const members = "role (direct, service-provider, clearing-institution), sub_merchants, keys (both, public-key, certificate), notify_keys, strict, forward_to, terminate_urls, clock, seed"
	return []adminRoute{
		{Method: "GET", Path: "/merchants", Does: "the merchants", run: shows(p.Merchants)},
		{Method: "POST", Path: "/merchants", Does: "makes a merchant, and answers its keys", Body: "mchid, made unless said; " + members, run: takes(p.adminAdd)},
		{Method: "GET", Path: "/merchants/export", Does: "what every merchant is, and its whole state, as one document, for import", run: p.adminExport()},
		{Method: "POST", Path: "/merchants/import", Does: "puts exported merchants and their states in the place of these, whole or not at all", Body: "the document that the export of all merchants gave", Needs: []string{"wxpay_emulator_platform", "merchants"}, run: p.adminImport(), limit: maxImport},
		{Method: "PUT", Path: "/merchants/{mchid}", Does: "makes a merchant, or changes what it is and keeps its state", Body: members, run: takes(p.adminSet)},
		{Method: "DELETE", Path: "/merchants/{mchid}", Does: "forgets a merchant and its state", run: end("mchid", p.Remove)},
		{Method: "*", Path: "/merchants/{mchid}/...", Does: "every route of this list that is not of the merchants, for one merchant"},
	}
}

func (p *Platform) adminMux() http.Handler {
	mux := http.NewServeMux()
	for _, r := range p.adminRoutes() {
		if r.run.do != nil {
			mux.HandleFunc(r.pattern(), p.first.adminFunc(r))
		}
	}
	mux.HandleFunc("GET "+adminMerchants+"/{mchid}", p.adminOfMerchant)
	mux.HandleFunc(adminMerchants+"/{mchid}/", p.adminOfMerchant)
	return mux
}

// adminOfMerchant hands a request to the admin interface of one merchant, as
// if it had been sent to that alone.
func (p *Platform) adminOfMerchant(w http.ResponseWriter, r *http.Request) {
	mchID := r.PathValue("mchid")
	pay := p.Merchant(mchID)
	if pay == nil {
		refuseAdmin(w, "not_found", "there is no merchant "+mchID+"; POST "+adminMerchants+" makes one")
		return
	}
	w.Header().Set("Date", pay.clock.Now().UTC().Format(http.TimeFormat))
	inner := r.Clone(r.Context())
	inner.URL.Path = adminPath + strings.TrimPrefix(r.URL.Path, adminMerchants+"/"+mchID)
	inner.URL.RawPath = ""
	if r.URL.RawPath != "" {
		inner.URL.RawPath = adminPath + strings.TrimPrefix(r.URL.RawPath, adminMerchants+"/"+mchID)
	}
	inner.RequestURI = inner.URL.RequestURI()
	pay.admin.ServeHTTP(w, inner)
}

func (p *Platform) adminAdd(_ *http.Request, m Merchant) (madePart, error) {
	return made(p.Add(m))
}

func (p *Platform) adminSet(r *http.Request, m Merchant) (madePart, error) {
	if m.MchID != "" && m.MchID != r.PathValue("mchid") {
		return madePart{}, &ActionError{"invalid", "mchid is another one than the path's"}
	}
	m.MchID = r.PathValue("mchid")
	return made(p.Set(m))
}

// adminExport is as that of one merchant.
func (p *Platform) adminExport() adminAction {
	run := func(*http.Request) (any, error) {
		var b bytes.Buffer
		err := p.Export(&b)
		return document(b.Bytes()), err
	}
	return adminAction{do: run, out: reflect.TypeFor[platformExport]()}
}

// adminImport is, too.
func (p *Platform) adminImport() adminAction {
	run := func(r *http.Request) (any, error) {
		if err := p.Import(r.Body); err != nil {
			return nil, err
		}
		return p.Merchants(), nil
	}
	return adminAction{do: run, in: reflect.TypeFor[platformExport](), out: reflect.TypeFor[[]Merchant]()}
}

// madePart is the answer to the making of a merchant: all that its program
// needs. The keys were made for this and mean nothing to anybody else.
type madePart struct {
	publicPart
	MerchantKey  string `json:"merchant_private_key"` // PEM, PKCS #8
	MerchantCert string `json:"merchant_cert"`        // PEM
	APIv3Key     string `json:"apiv3_key"`
}

func made(pay *Emulator, err error) (madePart, error) {
	if bad, ok := errors.AsType[*ConfigError](err); ok {
		return madePart{}, &ActionError{"invalid", bad.Field + " " + bad.Rule + ": " + bad.Remedy}
	}
	if err != nil {
		return madePart{}, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(pay.creds.MerchantKey)
	if err != nil {
		return madePart{}, err
	}
	return madePart{
		publicPart: pay.creds.public(pay.cfg.Folder), MerchantKey: string(encodePEM("PRIVATE KEY", der)),
		MerchantCert: string(encodePEM("CERTIFICATE", pay.creds.MerchantCert.Raw)), APIv3Key: pay.creds.APIv3Key,
	}, nil
}
