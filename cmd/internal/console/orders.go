package console

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/wxpay-go/wxpay/emulator"
)

// orderRow is an order in the list.
type orderRow struct {
	emulator.Order
	Description string
	Total       int64 // in fen
	Known       bool  // the amount is
}

// Ref names an order in the address of its page: a deduction has no prepay_id.
func (r orderRow) Ref() string { return cmp.Or(r.PrepayID, r.OutTradeNo) }

// ordersUnder lists the orders that are paid under a contract.
func ordersUnder(v *visit, contractID string) ([]orderRow, error) {
	rows, err := orderRows(v)
	return slices.DeleteFunc(rows, func(r orderRow) bool { return contractID == "" || r.ContractID != contractID }), err
}

// orderAt finds the order that a page is about.
func orderAt(v *visit, ref string) (*emulator.Order, error) {
	list, err := v.pay.Orders()
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].PrepayID == "" && list[i].OutTradeNo == ref {
			return &list[i], nil
		}
	}
	return v.pay.Order(ref)
}

func orders(v *visit) (any, error) {
	rows, err := orderRows(v)
	return struct {
		Query string
		Rows  []orderRow
	}{v.query(), slices.DeleteFunc(rows, func(r orderRow) bool {
		return !v.wanted(r.OutTradeNo, r.PrepayID, r.Description, r.OpenID, r.State)
	})}, err
}

func orderRows(v *visit) ([]orderRow, error) {
	list, err := v.pay.Orders()
	rows := make([]orderRow, len(list))
	for i, o := range list {
		rows[i] = rowOf(o)
	}
	slices.SortStableFunc(rows, func(a, b orderRow) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return rows, err
}

// rowOf reads what the order was for out of the request that made it.
func rowOf(o emulator.Order) orderRow {
	row := orderRow{Order: o}
	var request struct {
		Description string `json:"description"`
		Amount      struct {
			Total *int64 `json:"total"`
		} `json:"amount"`
	}
	if len(o.Request) > 0 && json.Unmarshal(o.Request, &request) == nil {
		row.Description = request.Description
		if request.Amount.Total != nil {
			row.Total, row.Known = *request.Amount.Total, true
		}
	}
	return row
}

// orderPage is one order, and the contract that is offered after it.
type orderPage struct {
	orderRow
	Payable  bool
	Offer    *emulator.Session
	Refunds  []refundRow
	Request  string
	Timeline []moment
}

// refundRow is a refund of an order. While it is under way, its end can be let
// happen by name.
type refundRow struct {
	emulator.Refund
	Scenarios []emulator.Scenario
}

func refundsOf(v *visit, o *emulator.Order) ([]refundRow, error) {
	all, err := v.pay.Refunds()
	var rows []refundRow
	for _, r := range all {
		if !mentions(string(r.Request), []string{o.OutTradeNo, o.TransactionID}) {
			continue
		}
		row := refundRow{Refund: r}
		if r.State == emulator.RefundProcessing {
			row.Scenarios = scenarios("refund_id")
		}
		rows = append(rows, row)
	}
	return rows, err
}

func order(v *visit) (any, error) {
	o, err := orderAt(v, v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	page := &orderPage{orderRow: rowOf(*o), Payable: payable(v, o), Request: pretty(string(o.Request))}
	if page.Offer, err = offerOf(v, o.PrepayID); err != nil {
		return nil, err
	}
	if page.Refunds, err = refundsOf(v, o); err != nil {
		return nil, err
	}
	list := []moment{{At: o.CreatedAt, Text: v.t("placed", "下单"), State: emulator.TradeNotPaid}}
	if o.State == emulator.TradeNotPaid && o.PrepayID != "" {
		list = append(list, moment{At: o.ExpiresAt, Text: v.t("the prepay_id expires", "prepay_id 过期")})
	}
	if !o.PaidAt.IsZero() {
		list = append(list, moment{At: o.PaidAt, Text: v.t("paid", "支付"), State: emulator.TradeSuccess})
	}
	page.Timeline, err = v.timeline(list, o.OutTradeNo, o.PrepayID, o.TransactionID)
	return page, err
}

func payable(v *visit, o *emulator.Order) bool {
	return o.State == emulator.TradeNotPaid && v.pay.Clock().Now().Before(o.ExpiresAt)
}

// offerOf is the newest session that follows an order, or nil.
func offerOf(v *visit, prepayID string) (*emulator.Session, error) {
	list, err := v.pay.Sessions()
	var offer *emulator.Session
	for i := range list {
		if s := &list[i]; prepayID != "" && s.PrepayID == prepayID && (offer == nil || s.CreatedAt.After(offer.CreatedAt) || offer.State == emulator.SessionReplaced) {
			offer = s
		}
	}
	return offer, err
}
