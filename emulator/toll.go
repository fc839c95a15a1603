package emulator

// deductToll deducts a motorway toll under a contract of ETC (高速场景商户扣款), and
// answers what became of it. The same request again is answered with what has
// become of it since.
//
// Assumed: the codes, that the plate is the contract's, and that an order has a
// number at WeChat Pay before it is paid, which the table has as always there.
func deductToll(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	if err := checkCurrency(c.body["amount"], "/amount"); err != nil {
		return nil, err
	}
	contract, order, known, err := e.deductionOf(tx, c, e.newVehicleOrder)
	if err != nil {
		return nil, err
	}
	if known != nil {
		return known.values()
	}
	journey, _ := c.body["highway_info"].(map[string]any)
	switch {
	case contract.Paused:
		return nil, documentedError("ETC扣费协议已暂停，不能扣款")
	case contract.SubMchID != order.SubMchID:
		return nil, c.errNoContract()
	case text(journey, "plate_number") != contract.Plate:
		return nil, stateError("车牌号与ETC扣费协议不一致")
	}
	if err := contract.mayDeductAtOnce(); err != nil {
		return nil, err
	}
	if order.TransactionID, err = e.transactionID(tx, c.now); err != nil {
		return nil, err
	}
	if err := e.deductAtOnce(tx, contract, order, c.now); err != nil {
		return nil, err
	}
	return order.values()
}

// newVehicleOrder reads the order of a vehicle, which its contract pays.
//
// Assumed: under another appid than the contract's the user has another id.
func (e *Emulator) newVehicleOrder(c *call, contract *Contract) (*Order, error) {
	o, err := e.readOrder(c)
	if err != nil {
		return nil, err
	}
	o.TradeType, o.ContractID, o.Product, o.OpenID = "PAP", contract.ContractID, contract.Kind, contract.OpenID
	if o.AppID != contract.AppID {
		o.OpenID = pseudonym(o.AppID, contract.OpenID)
	}
	return o, nil
}
