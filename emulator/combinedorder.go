package emulator

import (
	"net/http"
	"time"
)

// CombinedOrder is a combined deduction (电商合单委托代扣): the sub-orders that one
// request paid under one contract. Each of them is an [Order] too.
type CombinedOrder struct {
	OutTradeNo  string    `json:"combine_out_trade_no"`
	MchID       string    `json:"combine_mchid"`
	AppID       string    `json:"combine_appid"`
	OpenID      string    `json:"openid"`
	ContractID  string    `json:"contract_id"`
	Orders      []string  `json:"orders"` // their keys, as requested
	CreatedAt   time.Time `json:"created_at"`
	Fingerprint string    `json:"fingerprint"`
}

func (o *CombinedOrder) key() string { return key(o.MchID, o.OutTradeNo) }

// CombinedOrders lists the combined deductions, at most 1000.
func (e *Emulator) CombinedOrders() ([]CombinedOrder, error) {
	return listAll[CombinedOrder](e, bucketCombined)
}

// combinedAt finds the combined order that a path names.
func (e *Emulator) combinedAt(tx Tx, c *call) (*CombinedOrder, error) {
	o, err := load[CombinedOrder](tx, bucketCombined, key(e.cfg.MchID, c.path["combine_out_trade_no"]))
	if err == nil && o == nil {
		err = &refusal{status: http.StatusNotFound, code: "ORDER_NOT_EXIST", message: "合单订单不存在"}
	}
	return o, err
}

// suborders loads the orders that it is made of.
func (o *CombinedOrder) suborders(tx Tx) ([]*Order, error) {
	list := make([]*Order, 0, len(o.Orders))
	for _, at := range o.Orders {
		order, err := load[Order](tx, bucketOrders, at)
		if _, err = found(order, err, "order", at); err != nil {
			return nil, err
		}
		list = append(list, order)
	}
	return list, nil
}

// values are the members of the answers about it.
func (o *CombinedOrder) values(tx Tx) (values, error) {
	orders, err := o.suborders(tx)
	if err != nil {
		return nil, err
	}
	list := make([]any, len(orders))
	for i, order := range orders {
		if list[i], err = order.combinedValues(); err != nil {
			return nil, err
		}
	}
	return values{
		"combine_appid": o.AppID, "combine_mchid": o.MchID, "combine_out_trade_no": o.OutTradeNo,
		"sub_orders": list, "combine_payer_info": values{"openid": o.OpenID},
	}, nil
}

// combinedValues are the members of a sub-order, which calls its amounts in
// its own way.
func (o *Order) combinedValues() (values, error) {
	known, err := o.values()
	if err != nil {
		return nil, err
	}
	amount, _ := known["amount"].(map[string]any)
	known["mchid"] = o.MchID
	known["amount"] = values{
		"total_amount": amount["total"], "currency": amount["currency"],
		"payer_amount": amount["payer_total"], "payer_currency": amount["payer_currency"],
	}
	return known, nil
}

func queryCombined(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	o, err := e.combinedAt(tx, c)
	if err != nil {
		return nil, err
	}
	return o.values(tx)
}
