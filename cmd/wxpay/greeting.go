package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/wxpay-go/wxpay/cmd/internal/authority"
	"github.com/wxpay-go/wxpay/cmd/internal/console"
	"github.com/wxpay-go/wxpay/emulator"
)

// greeting is what the emulator says of itself when it can be reached.
type greeting struct {
	serving
	MchID     string     `json:"mchid"`
	Env       string     `json:"env"` // file of variables
	Console   string     `json:"console"`
	Admin     string     `json:"admin"`
	Data      string     `json:"data,omitempty"`  // file that keeps the state
	Trust     string     `json:"trust,omitempty"` // file of the authority behind its certificates
	Proxy     string     `json:"proxy,omitempty"`
	ForwardTo string     `json:"forward_to,omitempty"`
	Merchants []tenantOf `json:"merchants,omitempty"` // beside the first

	dir string
}

type tenantOf struct {
	MchID string `json:"mchid"`
	Env   string `json:"env"`
}

func (f *emulatorFlags) greeting(p *emulator.Platform, baseURL, proxyURL, dir string) *greeting {
	g := &greeting{
		serving: serving{"started", "emulator", baseURL}, MchID: p.First().Credentials().MchID, Env: filepath.Join(dir, "wxpay.env"),
		Console: baseURL + console.Path, Admin: baseURL + "/_wxpay/", Data: f.data, Proxy: proxyURL, ForwardTo: f.forwardTo, dir: dir,
	}
	if f.tls.on || proxyURL != "" {
		g.Trust = filepath.Join(dir, authority.CertFile)
	}
	for _, m := range p.Merchants()[1:] {
		g.Merchants = append(g.Merchants, tenantOf{m.MchID, filepath.Join(emulator.MerchantFolder(dir, m.MchID), "wxpay.env")})
	}
	return g
}

// print says what to do next.
func (g *greeting) print(w io.Writer) error {
	fmt.Fprintf(w, "WeChat Pay (emulated) at %s, merchant %s\n\n", g.URL, g.MchID)
	fmt.Fprintf(w, "  console        %s\n", g.Console)
	fmt.Fprintf(w, "  credentials    set -a; . %s; set +a\n", g.Env)
	fmt.Fprintf(w, "  the user       curl -X POST %sorders/PREPAY_ID/pay\n", g.Admin)
	fmt.Fprintf(w, "                 curl -X POST %sorders/PREPAY_ID/agree\n", g.Admin)
	fmt.Fprintf(w, "                 curl -X POST %ssessions/PRE_ENTRUSTWEB_ID/agree\n", g.Admin)
	fmt.Fprintf(w, "  the clock      curl -X POST %sclock/advance -d '{\"duration\":\"2h\"}'\n", g.Admin)
	fmt.Fprintf(w, "  everything     curl %s\n", g.Admin)
	if g.Data != "" {
		fmt.Fprintf(w, "  the state      %s\n", g.Data)
	}
	if g.Trust != "" {
		fmt.Fprintf(w, "  trust          %s\n", g.Trust)
	}
	if g.Proxy != "" {
		fmt.Fprintf(w, "  proxy          %s; wxpay env --dir %s --lang go\n", g.Proxy, g.dir)
	}
	for _, m := range g.Merchants {
		fmt.Fprintf(w, "  merchant       %s: set -a; . %s; set +a\n", m.MchID, m.Env)
	}
	if g.ForwardTo == "" {
		fmt.Fprint(w, "\nnotifications go to loopback addresses; --forward-to URL receives the others\n")
	} else {
		fmt.Fprintf(w, "\nnotifications for other hosts go to %s\n", g.ForwardTo)
	}
	_, err := fmt.Fprint(w, "stop with Ctrl-C\n")
	return err
}
