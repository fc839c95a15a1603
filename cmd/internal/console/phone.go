package console

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// phonePage is the first page of the phone: what the user could do now.
type phonePage struct {
	Orders    []orderRow    // to pay
	Asked     []contractRow // to sign
	Contracts []contractRow // in force
}

func phone(v *visit) (any, error) {
	all, err := orderRows(v)
	if err != nil {
		return nil, err
	}
	page := &phonePage{Orders: slices.DeleteFunc(all, func(o orderRow) bool { return !payable(v, &o.Order) })}
	rows, err := contractRows(v)
	for _, row := range rows {
		switch {
		case row.InForce():
			page.Contracts = append(page.Contracts, row)
		case row.State == emulator.PreSigned && canAnswer(row.Session):
			page.Asked = append(page.Asked, row)
		}
	}
	return page, err
}

// wallet lists the contracts in force.
func wallet(v *visit) (any, error) {
	rows, err := contractRows(v)
	return slices.DeleteFunc(rows, func(r contractRow) bool { return !r.InForce() }), err
}

// payPage is the payment of an order, and the offer to sign after it.
type payPage struct {
	orderRow
	Payable bool
	Expired bool
	Offer   *signPage // nil where none is made
}

func pay(v *visit) (any, error) {
	o, err := v.pay.Order(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	page := &payPage{orderRow: rowOf(*o), Payable: payable(v, o)}
	page.Expired = !page.Payable && o.State == emulator.TradeNotPaid
	offer, err := offerOf(v, o.PrepayID)
	if err != nil || offer == nil {
		return page, err
	}
	page.Offer, err = signPageOf(v, offer)
	return page, err
}

// signPage is where a user signs, or has signed.
type signPage struct {
	*emulator.Session
	Contract contractRow
	Asked    bool
	Waits    bool   // for the order to be paid
	Look     string // of the page: mini-program, h5, qr or app
}

// launchTime is how long after the pre-sign an app may launch the page.
//
// Source: https://pay.weixin.qq.com/doc/v2/partner/4016049199 (2025-09-18)
const launchTime = 2 * time.Minute

// LaunchBy is until when the app has to open the page.
func (s *signPage) LaunchBy() time.Time { return s.CreatedAt.Add(launchTime) }

func sign(v *visit) (any, error) {
	session, err := v.pay.Session(v.PathValue("session"))
	if err != nil {
		return nil, err
	}
	return signPageOf(v, session)
}

func signPageOf(v *visit, session *emulator.Session) (*signPage, error) {
	rows, err := contractRows(v)
	if err != nil {
		return nil, err
	}
	page := &signPage{Session: session, Asked: canAnswer(session), Look: look(session.Scene)}
	page.Waits = session.PrepayID != "" && session.State == emulator.SessionOpen
	for _, row := range rows {
		if row.SessionID == session.ID {
			page.Contract = row
			return page, nil
		}
	}
	// A later pre-sign has taken this one's place, and the contract with it.
	if session.State != emulator.SessionReplaced {
		return nil, &failure{http.StatusNotFound, "the session has no contract", "会话没有对应的协议"}
	}
	return page, nil
}

// looks are the ways that lead to a signing page, by scene.
var looks = map[string]string{"mini-program": "mini-program", "h5": "h5", "app": "app", "jsapi": "jsapi", "pay-redirect": "pay-redirect"}

func look(scene string) string {
	if known, ok := looks[scene]; ok {
		return known
	}
	return "qr"
}

// findSession leads from a session to its page, whichever merchant it is of.
func (c *console) findSession(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	for _, e := range c.everyone() {
		if _, err := e.Session(id); err == nil {
			http.Redirect(w, r, Path+e.Credentials().MchID+"/phone/sign/"+url.PathEscape(id), http.StatusSeeOther)
			return
		}
	}
	c.fail(w, r, &failure{http.StatusNotFound, "there is no such signing session", "没有这个签约会话"})
}
