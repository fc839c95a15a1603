package emulator

import (
	"time"
)

// payAfter is how long an order takes that a contract pays. Assumed: a second,
// in which the app would have launched the payment.
const payAfter = time.Second

// createContractOrder places an order with a contract (下单并授权/签约): one that
// the user pays under a password-exempt contract, or one with whose payment
// the user signs a contract. A token of a pre-authorization is taken as it is.
//
// Assumed: of the three ways, the first that the request holds.
func createContractOrder(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	known, err := createOrder(e, tx, c)
	if err != nil {
		return nil, err
	}
	prepayID, _ := known["prepay_id"].(string)
	order, err := orderOf(tx, prepayID)
	if err != nil || order == nil || order.ContractID != "" {
		return known, err
	}
	info, _ := c.body["contract_info"].(map[string]any)
	switch {
	case text(info, "password_free_contract_id") != "":
		err = e.payUnder(tx, c, order, text(info, "password_free_contract_id"))
	case text(info, "token") != "":
	default:
		err = e.signWithPayment(tx, c, order, info)
	}
	return known, err
}

// payUnder lets an order be paid without a password, by the clock.
//
// Assumed: the app launches the payment at once, and INVALID_REQUEST for a
// contract that cannot pay.
func (e *Emulator) payUnder(tx Tx, c *call, order *Order, contractID string) error {
	contract, err := contractOf(tx, contractID)
	switch {
	case err != nil:
		return err
	case contract == nil || contract.Kind != kindService || contract.SubMchID != order.SubMchID:
		return stateError("免密协议不存在")
	case contract.State != Signed:
		return stateError("免密协议未生效")
	case !sameUser(contract, order):
		return stateError("支付者与免密协议的签约用户不一致")
	}
	order.ContractID = contractID
	if err := e.later(tx, c.now.Add(payAfter), "order.pay", order.key()); err != nil {
		return err
	}
	return saveOrder(tx, order)
}

// sameUser compares the payer with the user who signed, under whichever appid
// both are known. Unlike [mayBeSignedBy] it wants proof.
func sameUser(contract *Contract, order *Order) bool {
	own := order.OpenID != "" && order.AppID == contract.AppID && order.OpenID == contract.OpenID
	return own || order.SubOpenID != "" && order.SubOpenID == contract.SubOpenID
}

// payWithoutPassword pays an order under its contract, if that is still in
// force and no limit is reached; otherwise the order waits for its user.
//
// Assumed: over a limit the user pays with the password.
func payWithoutPassword(e *Emulator, tx Tx, ref string, at time.Time) error {
	order, err := load[Order](tx, bucketOrders, ref)
	if err != nil || order == nil || order.payable(order.PrepayID, at) != "" {
		return err
	}
	contract, err := contractOf(tx, order.ContractID)
	if err != nil || contract == nil || contract.State != Signed {
		return err
	}
	if ok, err := e.mayTakeNow(tx, contract, order, at); err != nil || !ok {
		return err
	}
	if err := save(tx, bucketContracts, contract.key(), contract); err != nil {
		return err
	}
	return e.paid(tx, order, at)
}

// signWithPayment opens a session in which the user signs by paying (支付中签约).
// It lives as long as the order can be paid.
//
// Assumed: what the session's end is. contract_mchid is not compared: the
// documented sample has another number there than the order has.
func (e *Emulator) signWithPayment(tx Tx, c *call, order *Order, info map[string]any) error {
	earlier, err := pointer(tx, bucketOffers, order.PrepayID)
	if err != nil || earlier != "" { // the same order again
		return err
	}
	plan, err := planNumber(text(info, "plan_id"), "/contract_info/plan_id")
	if err != nil {
		return err
	}
	contract := &Contract{
		Kind: kindPlan, Plan: plan, Code: text(info, "contract_code"), Role: c.op.Behavior.Args["role"],
		MchID: e.cfg.MchID, SubMchID: order.SubMchID, AppID: order.AppID, SubAppID: c.text("sub_appid"),
		OpenID: order.OpenID, SubOpenID: order.SubOpenID, DisplayAccount: text(info, "contract_display_account"),
		NotifyURL: text(info, "contract_notify_url"), State: PreSigned,
	}
	known, err := e.unused(tx, contract)
	if err != nil {
		return err
	}
	if err := e.mayPresign(tx, c, contract); err != nil {
		return err
	}
	if known != nil {
		if err := closeSession(tx, known.SessionID, SessionReplaced); err != nil {
			return err
		}
	}
	session := &Session{
		Contract: contract.key(), Scene: scenePayment, PrepayID: order.PrepayID,
		State: SessionOpen, CreatedAt: c.now, ExpiresAt: order.ExpiresAt,
	}
	if session.ID, err = e.sessionID(tx); err != nil {
		return err
	}
	contract.SessionID = session.ID
	if err := tx.Put(bucketOffers, order.PrepayID, []byte(session.ID)); err != nil {
		return err
	}
	if err := save(tx, bucketContracts, contract.key(), contract); err != nil {
		return err
	}
	return save(tx, bucketSessions, session.ID, session)
}

// signedByPaying ends a session that the payment was for.
func (e *Emulator) signedByPaying(tx Tx, contract *Contract, session *Session, order *Order, now time.Time) error {
	if err := contract.signer(order.OpenID); err != nil {
		return err
	}
	return e.sealContract(tx, contract, session, Signed, now)
}
