package emulator

import (
	"net/http"
	"time"
)

// Debt is what a user of campus pay (校园轻松付) has not paid back.
type Debt struct {
	AppID     string    `json:"appid"`
	OpenID    string    `json:"openid"`
	Orders    []string  `json:"orders,omitempty"` // keys of the orders
	UpdatedAt time.Time `json:"updated_at"`
}

// The states of a user (用户状态). Assumed: the first; the list is not known.
const (
	debtNone      = "NORMAL"
	debtForbidden = "FORBIDDEN"
)

func debtKey(mchID, openID string) string { return key(mchID, openID) }

// debtOf are the debts of the user of a contract.
func debtOf(tx Tx, contract *Contract) (*Debt, error) {
	debt, err := load[Debt](tx, bucketDebts, debtKey(contract.MchID, contract.OpenID))
	if err == nil && debt == nil {
		debt = &Debt{AppID: contract.AppID, OpenID: contract.OpenID, UpdatedAt: contract.SignedAt}
	}
	return debt, err
}

// knowUser notes a user who signed, and has no debts as long as nothing else
// is noted.
func knowUser(_ *Emulator, tx Tx, contract *Contract) error {
	debt, err := debtOf(tx, contract)
	if err != nil {
		return err
	}
	return save(tx, bucketDebts, debtKey(contract.MchID, contract.OpenID), debt)
}

func (d *Debt) values() values {
	known := values{"appid": d.AppID, "openid": d.OpenID, "state": debtNone, "debt_count": int64(len(d.Orders)), "update_time": stamp(d.UpdatedAt)}
	if len(d.Orders) > 0 {
		known["state"] = debtForbidden
	}
	return known
}

// changeDebt writes a change of the debts of a user, and tells the merchant.
//
// Assumed: at the URL of the plan, for no request names one.
func (e *Emulator) changeDebt(tx Tx, contract *Contract, debt *Debt, at time.Time) error {
	debt.UpdatedAt = at
	if err := save(tx, bucketDebts, debtKey(contract.MchID, contract.OpenID), debt); err != nil {
		return err
	}
	_, err := e.notify(tx, at, "EDU_SCHOOL_PAY.USER_DEBT_STATE_UPDATE", e.cfg.TerminateURLs[contract.Plan], debt.values())
	return err
}

// queryDebt tells whether a user has debts (查询用户欠款状态).
func queryDebt(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	debt, err := load[Debt](tx, bucketDebts, debtKey(e.cfg.MchID, c.path["openid"]))
	if err != nil {
		return nil, err
	}
	if debt == nil {
		return nil, &refusal{status: http.StatusNotFound, code: "RESOURCE_NOT_EXISTS", message: "用户未签约"}
	}
	return debt.values(), nil
}

func errBarred() error {
	return ruleLimit("用户有未归还的欠款，不能消费", "that a user with debts is barred is documented, the code is not")
}

// repays lets the user of a contract pay all debts back.
//
// Assumed: an order that is paid back is not notified anew.
func repays(e *Emulator, tx Tx, ref string, now time.Time) (*Played, error) {
	contract, err := contractOf(tx, ref)
	if err != nil {
		return nil, err
	}
	if contract == nil {
		return nil, notFound("contract", ref)
	}
	debt, err := debtOf(tx, contract)
	if err != nil {
		return nil, err
	}
	if contract.Kind != kindSchool || len(debt.Orders) == 0 {
		return nil, conflict("the user of the contract has no debts")
	}
	for _, at := range debt.Orders {
		order, err := load[Order](tx, bucketOrders, at)
		if err != nil {
			return nil, err
		}
		if order == nil { // of a state that was imported without it
			continue
		}
		if err := e.payBack(tx, order, now); err != nil {
			return nil, err
		}
	}
	debt.Orders = nil
	return &Played{Contract: contract}, e.changeDebt(tx, contract, debt, now)
}

func (e *Emulator) payBack(tx Tx, order *Order, now time.Time) (err error) {
	if order.TransactionID == "" {
		if order.TransactionID, err = e.transactionID(tx, now); err != nil {
			return err
		}
	}
	order.State, order.StateText, order.PaidAt = TradePaidBack, "", now
	return saveOrder(tx, order)
}
