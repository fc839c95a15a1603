package emulator

import "cmp"

// contractOf finds the contract of a contract_id, or nil.
func contractOf(tx Tx, contractID string) (*Contract, error) {
	at, err := pointer(tx, bucketIDs, contractID)
	if err != nil || at == "" {
		return nil, err
	}
	return load[Contract](tx, bucketContracts, at)
}

// contractNamed finds the contract that a request names by its contract_id:
// one of the endpoint's kind, of papay unless it says otherwise, that was
// signed with the merchant itself or with the sub-merchant that the request
// names, as the endpoint says.
//
// Assumed: the contract of somebody else is none, and one under another appid
// cannot be used.
func (e *Emulator) contractNamed(tx Tx, c *call, contractID string) (*Contract, error) {
	contract, err := contractOf(tx, contractID)
	if err != nil {
		return nil, err
	}
	if contract == nil || contract.Kind != cmp.Or(c.op.Behavior.Args["kind"], kindPlan) || !c.isParty(contract) || !contract.seen() {
		return nil, c.errNoContract()
	}
	if harmony := c.op.Behavior.Args["contracts"] == roleHarmony; harmony != (contract.Role == roleHarmony) {
		return nil, stateError("签约协议类型与接口不符")
	}
	if given := c.text("appid", "sp_appid", "combine_appid"); given != "" && given != contract.AppID {
		return nil, stateError("appid与签约协议不一致")
	}
	return contract, nil
}

// isParty reports whether the contract is with whom the endpoint is for: the
// merchant itself, or the sub-merchant that the request names.
func (c *call) isParty(contract *Contract) bool {
	switch c.op.Behavior.Args["role"] {
	case roleDirect:
		return contract.SubMchID == ""
	case rolePartner:
		return contract.SubMchID != "" && contract.SubMchID == c.named(memberSubMchID)
	case roleEither:
		return contract.SubMchID == c.named(memberSubMchID)
	}
	return true
}
