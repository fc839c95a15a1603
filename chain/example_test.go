package chain_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/api/passwordexemptcontract"
	"github.com/wxpay-go/wxpay/chain"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/sign"
)

// A password-exempt contract (免密支付) is pre-signed, signed by the user, and
// queried: each URL as code, and its parameters where the URL has them.
func Example() {
	ctx := context.Background()
	weChatPay, wx := connect()
	contracts := chain.New(wx).V3().PasswordExemptContract().Contracts()

	session, err := contracts.Normal().PreEntrustSign().MiniProgram().Post(ctx, &passwordexemptcontract.NormalPreEntrustSignMiniProgramRequest{
		AppID:                  "wxd678efh567hg6787",
		ServiceID:              12535,
		OutContractCode:        "wxwtdk20200910100000",
		NotifyURL:              "https://yourapp.com/notify",
		ContractDisplayAccount: "微信代扣用户A",
		OpenID:                 "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
	})
	if err != nil {
		log.Fatal(err)
	}

	// The user agrees, on the phone.
	if _, err := weChatPay.Agree(session.PreEntrustwebID, "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"); err != nil {
		log.Fatal(err)
	}

	future := contracts.ServiceID(12535).OutContractCode("wxwtdk20200910100000").GetAsync(ctx)
	contract, err := future.Wait(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(contract.OutContractCode, contract.ContractState)
	// Output: wxwtdk20200910100000 SIGNED
}

// connect is a WeChat Pay on this machine, and a client of it.
func connect() (*emulator.Emulator, *wxpay.Client) {
	e, err := emulator.New(emulator.Config{})
	if err != nil {
		log.Fatal(err)
	}
	keys := e.Credentials()
	wx, err := wxpay.New(wxpay.Config{
		MchID:       keys.MchID,
		Signer:      keys.MerchantKey,
		Certificate: keys.MerchantCert,
		Trust:       sign.PublicKey(keys.PublicKeyID, keys.PublicKey()),
		BaseURL:     httptest.NewServer(e).URL,
	})
	if err != nil {
		log.Fatal(err)
	}
	return e, wx
}
