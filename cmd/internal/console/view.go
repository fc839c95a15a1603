package console

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

//go:embed page
var files embed.FS

// The languages of the pages.
const (
	english = "en"
	chinese = "zh"
)

// pages are the templates, by language and name.
type pages map[string]map[string]*template.Template

// loadPages parses what is embedded. What is wrong with it is wrong in every
// run, so that a test sees it.
func loadPages() pages {
	names := []string{
		"requests", "request", "contracts", "contract", "orders", "order", "events", "event",
		"endpoints", "try", "coverage", "faults", "merchants", "qr", "failure", "phone", "pay", "sign", "wallet",
	}
	all := pages{}
	for _, lang := range []string{english, chinese} {
		all[lang] = map[string]*template.Template{}
		base := template.Must(template.New("").Funcs(functions(lang)).ParseFS(files, "page/layout.html", "page/parts.html"))
		for _, name := range names {
			all[lang][name] = template.Must(template.Must(base.Clone()).ParseFS(files, "page/"+name+".html"))
		}
	}
	return all
}

func functions(lang string) template.FuncMap {
	return template.FuncMap{
		"t":     func(en, zh string) string { return pick(lang, en, zh) },
		"when":  when,
		"until": func(now, t time.Time) string { return until(lang, now, t) },
		"money": money,
		"state": func(s any) string { return stateText(lang, s) },
		"class": stateClass,
		"join":  strings.Join,
		"lower": strings.ToLower,
		"took":  took,
		"inc":   func(i int) int { return i + 1 },
		"does":  func(name, en string) string { return doesText(lang, name, en) },
		"kind":  func(kind string) string { return kindText(lang, kind) },
		"tab": func(v *view, section, text string) tab {
			return tab{v.Base + "/" + section, text, v.Section == section}
		},
	}
}

// tab is a link to a part of the console.
type tab struct {
	Link, Text string
	Current    bool
}

func pick(lang, en, zh string) string {
	if lang == chinese {
		return zh
	}
	return en
}

// view is what every page shows.
type view struct {
	Lang, Title string
	Path        string // of the page itself, to come back to
	Base        string // of the merchant's pages
	Section     string
	Merchant    string
	Merchants   []string
	Now         time.Time
	Frozen      bool
	Token       string
	Notice      string // what the last form did
	Data        any
}

// visit is one request for a page or of a form.
type visit struct {
	*http.Request
	pay   *emulator.Emulator
	first bool // it is the emulator's first merchant
	lang  string
}

// admin is the path of the merchant's admin interface.
func (v *visit) admin() string {
	if v.first {
		return adminPath
	}
	return adminPath + "/merchants/" + v.pay.Credentials().MchID
}

func (v *visit) t(en, zh string) string { return pick(v.lang, en, zh) }

// read is a page: its path below the merchant's, its template, and what it
// shows.
type read struct {
	path, section, name string
	en, zh              string // its title
	data                func(v *visit) (any, error)
}

// page serves a read.
func (c *console) page(r read) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		v, err := c.visit(req)
		if err != nil {
			c.fail(w, req, err)
			return
		}
		data, err := r.data(v)
		if err != nil {
			c.fail(w, req, err)
			return
		}
		if file, ok := data.(file); ok {
			w.Header().Set("Content-Type", file.kind)
			_, _ = w.Write(file.content)
			return
		}
		shown := c.view(v, r, data)
		shown.Notice = notice(w, req)
		c.show(w, v, http.StatusOK, r.name, shown)
	}
}

// file is data that is no page.
type file struct {
	kind    string
	content []byte
}

func (c *console) visit(req *http.Request) (*visit, error) {
	pay, err := c.merchant(req.PathValue("mchid"))
	return &visit{Request: req, pay: pay, first: pay == c.cfg.Platform.First(), lang: languageOf(req)}, err
}

func (c *console) view(v *visit, r read, data any) *view {
	shown := &view{
		Lang: v.lang, Title: v.t(r.en, r.zh), Path: v.URL.RequestURI(), Section: r.section,
		Merchant: v.pay.Credentials().MchID, Now: v.pay.Clock().Now(), Frozen: v.pay.Clock().Frozen(),
		Token: c.token, Data: data,
	}
	shown.Base = Path + shown.Merchant
	for _, m := range c.cfg.Platform.Merchants() {
		shown.Merchants = append(shown.Merchants, m.MchID)
	}
	return shown
}

func (c *console) show(w http.ResponseWriter, v *visit, status int, name string, shown *view) {
	var out bytes.Buffer
	if err := c.pages[v.lang][name].ExecuteTemplate(&out, "layout", shown); err != nil {
		http.Error(w, "the page cannot be shown: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // the reader went away; there is nobody to tell
}

// failure is an error that a reader is told.
type failure struct {
	status int
	en, zh string
}

func (f *failure) Error() string { return f.en }

// fail shows an error. What an emulator refuses is told in its words.
func (c *console) fail(w http.ResponseWriter, r *http.Request, err error) {
	lang := languageOf(r)
	told := &failure{http.StatusInternalServerError, err.Error(), err.Error()}
	if f, ok := errors.AsType[*failure](err); ok {
		told = f
	} else if refused, ok := errors.AsType[*emulator.ActionError](err); ok {
		status := map[string]int{"not_found": http.StatusNotFound, "conflict": http.StatusConflict}[refused.Code]
		told = &failure{max(status, http.StatusBadRequest), refused.Message, refused.Message}
	}
	first := c.cfg.Platform.First()
	v := &visit{Request: r, pay: first, lang: lang}
	if pay, err := c.merchant(r.PathValue("mchid")); err == nil {
		v.pay = pay
	}
	c.show(w, v, told.status, "failure", c.view(v, read{en: "That did not work", zh: "未能完成"}, pick(lang, told.en, told.zh)))
}

// file serves an embedded file as it is.
func (c *console) file(name, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		content, err := files.ReadFile("page/" + name)
		if err != nil {
			http.Error(w, "the file is not there", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(content)
	}
}

// cookieLanguage holds the language that was chosen with the switch.
const cookieLanguage = "wxpay-language"

// languageOf is the language that was chosen, or that the browser prefers.
func languageOf(r *http.Request) string {
	if cookie, err := r.Cookie(cookieLanguage); err == nil && (cookie.Value == english || cookie.Value == chinese) {
		return cookie.Value
	}
	first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(first)), "zh") {
		return chinese
	}
	return english
}

// language is the switch: it remembers the choice and leads back.
func (c *console) language(w http.ResponseWriter, r *http.Request) {
	to := r.URL.Query().Get("to")
	if to != english && to != chinese {
		c.fail(w, r, &failure{http.StatusBadRequest, "there is no such language", "没有这种语言"})
		return
	}
	http.SetCookie(w, &http.Cookie{Name: cookieLanguage, Value: to, Path: Path, MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: r.TLS != nil}) //nolint:gosec // http on loopback, and no secret
	http.Redirect(w, r, back(r.URL.Query().Get("back"), Path), http.StatusSeeOther)                                                                                             //nolint:gosec // back stays in the console
}

// back is a place inside the console to return to, or another one. Nobody is
// sent to another host.
func back(to, otherwise string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, Path) || strings.Contains(to, `\`) {
		return otherwise
	}
	return u.String()
}
