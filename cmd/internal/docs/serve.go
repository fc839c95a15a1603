package docs

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
)

var (
	//go:embed layout.html
	layoutText string

	//go:embed style.css
	style []byte
)

// shown is how many results a page of the search shows.
const shown = 200

// Handler serves the reference as HTML: the pages at their addresses below
// docs/reference, so that "/v3/certificates.md" is the page of
// "/v3/certificates", and a search at "/search?q=…". Everything is rendered
// here; the pages hold no script and load nothing from elsewhere.
func (r *Reference) Handler() http.Handler {
	s := &site{
		reference: r,
		layout:    template.Must(template.New("layout").Funcs(template.FuncMap{"address": address}).Parse(layoutText)),
		markdown: goldmark.New(
			goldmark.WithExtensions(extension.Table, extension.Footnote),
			goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /style.css", s.style)
	mux.HandleFunc("GET /search", s.search)
	mux.HandleFunc("GET /", s.page)
	return secured(mux)
}

// secured forbids what the pages do not need: whatever gets into one by
// mistake stays text.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, req)
	})
}

type site struct {
	reference *Reference
	layout    *template.Template
	markdown  goldmark.Markdown
}

// view is what the layout shows.
type view struct {
	Title, Query string
	Body         template.HTML // rendered Markdown, in which HTML is not let through
	Hits         []Hit
	More         int // hits that are not shown
}

func (s *site) style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(style)
}

func (s *site) page(w http.ResponseWriter, req *http.Request) {
	name := strings.TrimPrefix(req.URL.Path, "/")
	if name == "" {
		name = "README"
	}
	if name = strings.TrimSuffix(name, ".md"); strings.HasSuffix(name, "/") {
		name += "index"
	}
	text, ok, err := s.reference.text(name + ".md")
	switch {
	case err != nil:
		http.Error(w, "the page cannot be made: "+err.Error(), http.StatusInternalServerError)
	case !ok:
		s.show(w, http.StatusNotFound, view{Title: "No page is at this address", Query: name})
	default:
		s.showText(w, text)
	}
}

func (s *site) showText(w http.ResponseWriter, text []byte) {
	var body bytes.Buffer
	if err := s.markdown.Convert(text, &body, parser.WithContext(parser.NewContext(parser.WithIDs(anchors{})))); err != nil {
		http.Error(w, "the page cannot be rendered: "+err.Error(), http.StatusInternalServerError)
		return
	}
	html := template.HTML(body.String()) //nolint:gosec // our own pages, and goldmark lets no HTML through
	s.show(w, http.StatusOK, view{Title: heading(text), Body: html})
}

// heading is the first heading of a page, as text.
func heading(text []byte) string {
	for line := range strings.Lines(string(text)) {
		if title, ok := strings.CutPrefix(line, "# "); ok {
			return strings.Trim(strings.TrimSpace(title), "`")
		}
	}
	return "Reference"
}

// search shows what was found; what is an address by itself leads to its page.
func (s *site) search(w http.ResponseWriter, req *http.Request) {
	query := strings.TrimSpace(req.URL.Query().Get("q"))
	page, ok, err := s.reference.Exact(query)
	if err != nil {
		http.Error(w, "the page cannot be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	if ok {
		http.Redirect(w, req, address(page.Address), http.StatusSeeOther)
		return
	}
	hits := s.reference.Search(query)
	v := view{Title: "Search", Query: query, Hits: hits[:min(len(hits), shown)]}
	v.More = len(hits) - len(v.Hits)
	s.show(w, http.StatusOK, v)
}

func (s *site) show(w http.ResponseWriter, status int, v view) {
	var out bytes.Buffer
	if err := s.layout.Execute(&out, v); err != nil {
		http.Error(w, "the page cannot be shown: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w)
}

// address is where a page is served.
func address(page string) string { return (&url.URL{Path: "/" + page}).String() }
