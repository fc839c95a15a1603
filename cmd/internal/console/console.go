// Package console shows an emulator to people: what was asked and answered,
// contracts and orders with what can be done to them, notifications, and the
// phone of the user who pays and signs.
//
// The pages are made on the server and work without a script; with one they
// keep themselves up to date. They load nothing from elsewhere.
package console

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"

	"github.com/wxpay-go/wxpay/emulator"
)

// Path is where the console is, below the reserved path of the emulator.
const Path = "/_wxpay/console/"

// Config is what a console is made of.
type Config struct {
	// Platform has the emulated merchants; the first one is shown unless
	// another is chosen.
	Platform *emulator.Platform

	// Folder is where the credentials of the first merchant are, and below it
	// those of the others, for whoever makes one. "" is nowhere.
	Folder string

	// Next answers what is not the console's: the emulator itself. It is also
	// whom "try it" sends its requests to.
	Next http.Handler

	// AllowRemote lets other machines see the console.
	AllowRemote bool
}

// console is the handler and what its pages share.
type console struct {
	cfg   Config
	pages pages
	token string // that proves a form to be ours
	mux   *http.ServeMux
}

// New returns a handler that serves the console and leaves everything else to
// Config.Next. Browsers that come to "/" or to the address of a signing session
// are led to the page for it.
func New(cfg Config) http.Handler {
	c := &console{cfg: cfg, pages: loadPages(), token: rand.Text(), mux: http.NewServeMux()}
	c.routes()
	cross := http.NewCrossOriginProtection()
	inner := cross.Handler(c.secured(c.mux))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch session := sessionOf(r.URL.Path); {
		case strings.HasPrefix(r.URL.Path, Path) || r.URL.Path+"/" == Path:
			inner.ServeHTTP(w, r)
		case r.URL.Path == "/favicon.ico": // asked for by browsers; no path of WeChat Pay
			http.Redirect(w, r, Path+"icon.svg", http.StatusMovedPermanently)
		case isBrowser(r) && r.URL.Path == "/":
			http.Redirect(w, r, Path, http.StatusSeeOther)
		case isBrowser(r) && session != "":
			http.Redirect(w, r, Path+"session?id="+url.QueryEscape(session), http.StatusSeeOther)
		default:
			cfg.Next.ServeHTTP(w, r)
		}
	})
}

// adminPath is the reserved path of the emulator.
const adminPath = "/_wxpay"

// sessionOf is the signing session that a path leads to, or "". It is where the
// redirect_url of a pre-sign leads: JSON for programs, a page for people. Those
// of the first merchant have no merchant in their path.
func sessionOf(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, adminPath+"/"), "/")
	if len(parts) == 4 && parts[0] == "merchants" {
		parts = parts[2:]
	}
	if len(parts) == 2 && parts[0] == "sessions" && strings.HasPrefix(path, adminPath+"/") {
		return parts[1]
	}
	return ""
}

// isBrowser tells a person who follows a link from a program.
func isBrowser(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") && r.Header.Get("Authorization") == ""
}

func (c *console) routes() {
	c.mux.HandleFunc("GET "+Path+"style.css", c.file("style.css", "text/css; charset=utf-8"))
	c.mux.HandleFunc("GET "+Path+"icon.svg", c.file("icon.svg", "image/svg+xml"))
	c.mux.HandleFunc("GET "+Path+"live.js", c.file("live.js", "text/javascript; charset=utf-8"))
	c.mux.HandleFunc("GET "+Path+"language", c.language)
	c.mux.HandleFunc("GET "+Path+"session", c.findSession)
	c.mux.HandleFunc("GET "+Path+"{$}", c.home)
	c.mux.HandleFunc(strings.TrimSuffix("GET "+Path, "/"), c.home)
	for _, r := range c.reads() {
		c.mux.HandleFunc("GET "+Path+"{mchid}/"+r.path, c.page(r))
	}
	for _, r := range c.writes() {
		c.mux.HandleFunc("POST "+Path+"{mchid}/"+r.path, c.action(r))
	}
	c.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		c.fail(w, r, &failure{http.StatusNotFound, "no page is here", "这里没有页面"})
	})
}

// home leads to the first merchant.
func (c *console) home(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, Path+c.cfg.Platform.First().Credentials().MchID+"/requests", http.StatusSeeOther)
}

// everyone are the emulated merchants, the first one first.
func (c *console) everyone() []*emulator.Emulator {
	var list []*emulator.Emulator
	for _, m := range c.cfg.Platform.Merchants() {
		if e := c.cfg.Platform.Merchant(m.MchID); e != nil { // not removed meanwhile
			list = append(list, e)
		}
	}
	return list
}

// merchant finds an emulated merchant by its number.
func (c *console) merchant(mchID string) (*emulator.Emulator, error) {
	if e := c.cfg.Platform.Merchant(mchID); e != nil {
		return e, nil
	}
	return nil, &failure{http.StatusNotFound, "there is no merchant " + mchID, "没有商户 " + mchID}
}
