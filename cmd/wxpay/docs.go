package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/caller"
	"github.com/wxpay-go/wxpay/cmd/internal/docs"
)

// docsFlags is what the command line says of the reference.
type docsFlags struct {
	*output
	serve  bool
	listen string
	limit  int
}

// addressDocs is where the reference is served, if nothing else is said.
const addressDocs = "127.0.0.1:0"

func docsCommand() *cobra.Command {
	f := docsFlags{}
	cmd := &cobra.Command{
		Use:   "docs [WORD…]",
		Short: "Find an endpoint, an event or a field, and read its page",
		Long: `Searches the reference of WeChat Pay APIv3 (微信支付 APIv3): Chinese and English
names, paths, Go names, and the fields of requests, answers and notifications.
Every word must be found; the most telling results come first.

  wxpay docs                                       list the products
  wxpay docs papay                                 list what a product has
  wxpay docs 免密支付
  wxpay docs contract_display_account              which endpoints have the field
  wxpay docs POST /v3/papay/sign/contracts/pre-entrust-sign
  wxpay docs papay.PreEntrustSign                  the same page
  wxpay docs ENTRUST.SIGN                          the page of an event
  wxpay docs --serve                               all pages, in a browser

A path may hold values instead of the names of its parameters.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.output = outputOf(cmd)
			return f.run(cmd.Context(), args)
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&f.limit, "limit", 20, "print so many results at most; 0 prints all")
	flags.BoolVar(&f.serve, "serve", false, "serve the reference as HTML until it is interrupted")
	flags.StringVar(&f.listen, "listen", addressDocs, "loopback address to serve at; port 0 takes a free one")
	return cmd
}

func (f *docsFlags) run(ctx context.Context, args []string) error {
	r := docs.New()
	query := strings.TrimSpace(strings.Join(args, " "))
	switch {
	case f.limit < 0:
		return usageError{fmt.Errorf("--limit: %d is less than nothing; 0 prints all", f.limit)}
	case f.listen != addressDocs && !f.serve:
		return usageError{errors.New("--listen is for --serve; give both, or none")}
	case f.serve && query != "":
		return usageError{fmt.Errorf("--serve takes no words, got %q; the pages have a search", query)}
	case f.serve:
		return f.site(ctx, r)
	case query == "":
		return f.products(r)
	}
	page, ok, err := r.Exact(query)
	if err != nil {
		return err
	}
	if ok {
		return f.page(page)
	}
	if hits := r.Of(query); hits != nil {
		return f.hits(query, hits, len(hits))
	}
	hits := r.Search(query)
	if path := query[strings.LastIndexByte(query, ' ')+1:]; len(hits) == 0 && strings.HasPrefix(path, "/") {
		return usageError{fmt.Errorf("docs: %s is described nowhere; nearest: %s", path, strings.Join(caller.NearestPaths(path), ", "))}
	}
	if len(hits) == 0 {
		return fmt.Errorf("docs: nothing is found for %q; fewer words, or a part of a word, find more", query)
	}
	limit := len(hits)
	if f.limit > 0 {
		limit = min(limit, f.limit)
	}
	return f.hits(query, hits, limit)
}

// products prints what there is.
func (f *docsFlags) products(r *docs.Reference) error {
	list := r.Products()
	return f.show(list, func(w io.Writer) error {
		for _, p := range list {
			fmt.Fprintf(w, "%-32s %4d  %s  %s\n", p.Name, p.Operations, p.Title, p.Summary)
		}
		return nil
	})
}

func (f *docsFlags) page(p docs.Page) error {
	return f.show(p, func(w io.Writer) error {
		_, err := io.WriteString(w, p.Text)
		return err
	})
}

// found is what --json prints of a search.
type found struct {
	Query string     `json:"query"`
	Total int        `json:"total"` // also those that --limit left out
	Hits  []docs.Hit `json:"hits"`
}

// hits prints one line for each of the first results.
func (f *docsFlags) hits(query string, hits []docs.Hit, limit int) error {
	return f.show(found{query, len(hits), hits[:limit]}, func(w io.Writer) error {
		for _, h := range hits[:limit] {
			fmt.Fprint(w, oneLine(h))
		}
		if more := len(hits) - limit; more > 0 {
			fmt.Fprintf(w, "… and %d more; --limit 0 prints all\n", more)
		}
		return nil
	})
}

func oneLine(h docs.Hit) string {
	name := h.Kind + " " + h.Name
	if h.Kind == docs.KindOperation {
		name = h.Method + " " + h.Path
	}
	text := strings.Join(strings.Fields(h.Title+"  "+h.Summary), " ")
	if h.Kind == docs.KindField {
		text = fmt.Sprintf("%s; %s in %s", strings.TrimSuffix(text, "."), strings.Join(h.Types, " or "), some(h.In))
	}
	return name + "  " + text + "\n"
}

// some names the first of a list, and counts the rest.
func some(list []string) string {
	const first = 3
	if len(list) <= first {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:first], ", "), len(list)-first)
}

// site serves the pages until ctx ends.
func (f *docsFlags) site(ctx context.Context, r *docs.Reference) error {
	l, err := listen(ctx, "--listen", f.listen, "choose 127.0.0.1 or localhost")
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }()
	if err := f.started("reference", "http://"+l.Addr().String()+"/"); err != nil {
		return err
	}
	srv := &http.Server{Handler: r.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	select {
	case err := <-served:
		if errors.Is(err, http.ErrServerClosed) {
			return nil
		}
		return reachError{err}
	case <-ctx.Done():
		graceful(srv, served)
		return f.stopped()
	}
}
