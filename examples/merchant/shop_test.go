package merchant

import (
	"slices"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/wxpaytest"
)

const (
	notifyURL = "https://shop.example/notify"
	user      = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
)

func newShop(t *testing.T) (*Shop, *wxpaytest.Server) {
	t.Helper()
	srv := wxpaytest.NewServer(t) // WeChat Pay, in memory
	shop := &Shop{WeChatPay: srv.Client(), AppID: "wxd678efh567hg6787", ServiceID: 12535, NotifyURL: notifyURL}
	handler, err := shop.Notifications(srv.NotifyConfig())
	if err != nil {
		t.Fatal(err)
	}
	srv.Notify(notifyURL, handler)
	return shop, srv
}

func TestContract(t *testing.T) {
	t.Parallel()
	shop, srv := newShop(t)

	session, err := shop.Ask(t.Context(), user, "contract1")
	if err != nil {
		t.Fatal(err)
	}
	contract := srv.Agree(session) // the user signs; the shop is notified
	if got := shop.State("contract1"); got != "SIGNED" {
		t.Errorf("after the signing the shop knows %q", got)
	}
	srv.Terminate(contract.ContractID)
	if got := shop.State("contract1"); got != "TERMINATED" {
		t.Errorf("after the termination the shop knows %q", got)
	}
}

func TestSessionExpires(t *testing.T) {
	t.Parallel()
	shop, srv := newShop(t)

	session, err := shop.Ask(t.Context(), user, "contract1")
	if err != nil {
		t.Fatal(err)
	}
	srv.Advance(3 * time.Hour) // in no time
	if _, err := srv.Emulator().Agree(session, user); err == nil {
		t.Error("the user signed in a session that was over")
	}
	if got := shop.State("contract1"); got != "" {
		t.Errorf("the shop was told of %q", got)
	}
}

func TestSpellings(t *testing.T) {
	t.Parallel()
	shop, srv := newShop(t)
	for _, code := range []string{"wxwtdk20200910100000", "wxwtdk20200910100001"} {
		session, err := shop.Ask(t.Context(), user, code)
		if err != nil {
			t.Fatal(err)
		}
		srv.Agree(session)
	}
	got, err := Spellings(t.Context(), shop.WeChatPay)
	if want := slices.Repeat([]string{"SIGNED"}, 5); err != nil || !slices.Equal(got, want) {
		t.Errorf("Spellings = %q, %v; want %q", got, err, want)
	}
}
