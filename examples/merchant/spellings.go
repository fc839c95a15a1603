package merchant

import (
	"context"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/api/passwordexemptcontract"
	"github.com/wxpay-go/wxpay/chain"
)

// Spellings queries one contract in every way there is, and returns the state
// that each way found. All go the same road and are verified alike.
func Spellings(ctx context.Context, wx *wxpay.Client) ([]string, error) {
	var states []string

	// chained (纯链式): the URL as code, checked by the compiler
	contract, err := chain.New(wx).V3().PasswordExemptContract().Contracts().
		ServiceID(12535).OutContractCode("wxwtdk20200910100000").Get(ctx)
	if err != nil {
		return nil, err
	}
	states = append(states, string(contract.ContractState))

	// declared (声明式): the URL as a template, for endpoints newer than this release
	var declared passwordexemptcontract.GetContractResponse
	err = wx.Chain("v3/password-exempt-contract/contracts/service-id/{service_id}/out-contract-code/{out_contract_code}").
		Get(ctx, &declared, wxpay.Path("service_id", 12535), wxpay.Path("out_contract_code", "wxwtdk20200910100000"))
	if err != nil {
		return nil, err
	}
	states = append(states, string(declared.ContractState))

	// indexed (属性式): the URL as a key, the values in their order
	var indexed passwordexemptcontract.GetContractResponse
	err = wx.At("v3/password-exempt-contract/contracts/service-id/{service_id}/out-contract-code/{out_contract_code}",
		12535, "wxwtdk20200910100000").Get(ctx, &indexed)
	if err != nil {
		return nil, err
	}
	states = append(states, string(indexed.ContractState))

	// asynchronous: each spelling has the mode; futures wait, chain and join
	contracts := chain.New(wx).V3().PasswordExemptContract().Contracts().ServiceID(12535)
	first := contracts.OutContractCode("wxwtdk20200910100000").GetAsync(ctx)
	second := contracts.OutContractCode("wxwtdk20200910100001").GetAsync(ctx)
	both, err := wxpay.All(first, second).Wait(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range both {
		states = append(states, string(c.ContractState))
	}
	return states, nil
}
