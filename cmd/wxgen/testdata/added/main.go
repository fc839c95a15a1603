// Command added uses an endpoint that is described nowhere but in the file
// thing.yaml beside it. It does not compile before that file was added to the
// description: the test builds it over the generated files of a description
// that has it.
package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/api/papay"
	"github.com/wxpay-go/wxpay/chain"
	"github.com/wxpay-go/wxpay/cmd/internal/caller"
	"github.com/wxpay-go/wxpay/cmd/internal/docs"
	"github.com/wxpay-go/wxpay/cmd/internal/openapi"
	"github.com/wxpay-go/wxpay/emulator"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run prints a line for each place that the endpoint is found in.
func run(ctx context.Context) error {
	keys, err := emulator.NewCredentials(emulator.DefaultMchID, time.Now())
	if err != nil {
		return err
	}
	e, err := emulator.New(emulator.Config{Credentials: keys})
	if err != nil {
		return err
	}
	server := httptest.NewServer(e)
	defer server.Close()
	trust, err := keys.Trust(time.Now)
	if err != nil {
		return err
	}
	wx, err := wxpay.New(wxpay.Config{
		MchID: keys.MchID, Serial: keys.MerchantSerial(), Signer: keys.MerchantKey, Trust: trust, BaseURL: server.URL,
	})
	if err != nil {
		return err
	}
	if err := call(ctx, wx); err != nil {
		return err
	}
	if err := words(ctx, wx); err != nil {
		return err
	}
	return read()
}

// call sends signed requests to the emulator.
func call(ctx context.Context, wx *wxpay.Client) error {
	out, err := papay.GetInventedThing(ctx, wx, &papay.GetInventedThingRequest{ThingID: "a/b"})
	if err != nil {
		return err
	}
	fmt.Println("function:", out.ThingID, out.InventedColour)
	if out, err = chain.New(wx).V3().Papay().InventedThings().ThingID("c").Get(ctx); err != nil {
		return err
	}
	fmt.Println("chain:", out.ThingID, out.InventedColour)
	_, err = papay.GetInventedThing(ctx, wx, &papay.GetInventedThingRequest{ThingID: strings.Repeat("x", 33)})
	fmt.Println("check:", err)
	return nil
}

// words calls it as `wxpay call` does.
func words(ctx context.Context, wx *wxpay.Client) error {
	c, err := caller.Prepare(caller.Request{Method: "GET", Path: "/v3/papay/invented-things/d"})
	if err != nil {
		return err
	}
	out, err := c.Do(ctx, wx, nil)
	if err != nil {
		return err
	}
	fmt.Println("command:", strings.Join(strings.Fields(string(out.Body)), " "))
	return nil
}

// read looks the endpoint up in what is for people.
func read() error {
	r := docs.New()
	for _, hit := range r.Search("invented_colour") {
		fmt.Println("docs:", hit.Kind, hit.Name)
	}
	page, ok, err := r.Exact("papay.GetInventedThing")
	if err != nil {
		return err
	}
	fmt.Println("page:", ok, page.Address, strings.Contains(page.Text, "| `invented_colour` | string | yes |"))
	var document strings.Builder
	if err := openapi.Bundled().Write(&document); err != nil {
		return err
	}
	fmt.Println("openapi:", strings.Contains(document.String(), "\n  /v3/papay/invented-things/{thing_id}:\n    get:\n"))
	return nil
}
