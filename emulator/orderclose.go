package emulator

// closeOrder closes an order that was not paid (关单). Its prepay_id pays nothing
// any more, and its number stays used. Closed again, it is closed.
//
// Assumed: INVALID_REQUEST for one that was paid, or that deducts by itself,
// and ORDER_NOT_EXIST, as of the query, for one that is not there.
func closeOrder(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	order, err := load[Order](tx, bucketOrders, orderKey(e.cfg.MchID, c.text("sub_mchid"), c.path["out_trade_no"]))
	switch {
	case err != nil:
		return nil, err
	case order == nil:
		return nil, errOrderNotExist()
	case order.State == TradeClosed:
		return nil, nil
	case order.paid():
		return nil, documentedError("订单已支付，不能关单")
	case order.PrepayID == "":
		return nil, stateError("委托代扣的订单不能关单")
	}
	order.State = TradeClosed
	return nil, saveOrder(tx, order)
}
