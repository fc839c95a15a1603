package emulator

import (
	"cmp"
	"fmt"
	"regexp"
	"time"
)

// The signing mini program of password-exempt contracts, as documented.
//
// Source: https://pay.weixin.qq.com/doc/v3/partner/4012471269
const (
	signAppID = "wxbd687630cd02ce1d"
	signPath  = "pages/PwdExemptContract/index"
)

// presign opens a session in which the user may sign (预签约).
//
// Assumed: as long as nobody signed, a pre-sign may be repeated, and its new
// session takes the place of the old one. A code is used up by a signing, even
// one that failed or was terminated.
func presign(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	contract, err := e.newContract(tx, c)
	if err != nil {
		return nil, err
	}
	session, err := e.newSession(tx, c, contract)
	if err != nil {
		return nil, err
	}
	known, err := e.unused(tx, contract)
	if err != nil {
		return nil, err
	}
	if err := e.mayPresign(tx, c, contract); err != nil {
		return nil, err
	}
	if known != nil {
		if err := closeSession(tx, known.SessionID, SessionReplaced); err != nil {
			return nil, err
		}
	}
	if session.PrepayID != "" {
		if err := e.attach(tx, c, session, contract); err != nil {
			return nil, err
		}
	}
	contract.SessionID = session.ID
	if err := save(tx, bucketContracts, contract.key(), contract); err != nil {
		return nil, err
	}
	if err := e.askForScenario(tx, c, session); err != nil {
		return nil, err
	}
	return e.presigned(c, contract, session), save(tx, bucketSessions, session.ID, session)
}

// mayPresign holds the rules of a pre-sign: those of its family, and the limits
// of its plan.
func (e *Emulator) mayPresign(tx Tx, c *call, contract *Contract) error {
	if presigned := contract.family().presigned; presigned != nil {
		if err := presigned(e, tx, c, contract); err != nil {
			return err
		}
	}
	return e.room(tx, contract)
}

// unused refuses a code that was used up, and returns what is known of one
// that was pre-signed, or nil.
func (e *Emulator) unused(tx Tx, contract *Contract) (*Contract, error) {
	known, err := load[Contract](tx, bucketContracts, contract.key())
	if err == nil && known != nil && known.State != PreSigned {
		err = stateError("商户签约协议号已使用，请更换后重试")
	}
	return known, err
}

// newContract reads the contract out of the pre-sign. The names of its members
// differ between the families: notify_url is contract_notify_url in papay, and
// service providers write sp_appid. plan_id is a text in some.
func (e *Emulator) newContract(tx Tx, c *call) (*Contract, error) {
	kind := kindService
	if c.body["plan_id"] != nil {
		kind = kindPlan
	}
	kind = cmp.Or(c.op.Behavior.Args["kind"], kind)
	plan, err := c.number(familyOf(kind).plan)
	if err != nil {
		return nil, err
	}
	contract := &Contract{
		Kind: kind, Plan: plan, Code: c.text("out_contract_code"),
		Role: c.op.Behavior.Args["role"], MchID: e.cfg.MchID, SubMchID: c.text("sub_mchid"),
		AppID: c.text("appid", "sp_appid"), SubAppID: c.text("sub_appid"),
		OpenID: c.text("openid", "sp_openid"), SubOpenID: c.text("sub_openid"),
		DisplayAccount: c.text("contract_display_account"), OutUserCode: c.text("out_user_code"),
		NotifyURL: c.text("notify_url", "contract_notify_url"), Attach: c.text("attach"), State: PreSigned,
		CreatedAt: c.now,
	}
	if reads := contract.family().reads; reads != nil {
		err = reads(e, tx, c, contract)
	}
	return contract, err
}

func (e *Emulator) newSession(tx Tx, c *call, contract *Contract) (*Session, error) {
	age, err := time.ParseDuration(c.op.Behavior.Args["session"])
	if err != nil {
		return nil, fmt.Errorf("emulator: the description of %s: session age: %w", c.op.Path, err)
	}
	until, err := c.future("expired_time", c.now.Add(age))
	if err != nil {
		return nil, err
	}
	id, err := e.sessionID(tx)
	contract.Code = cmp.Or(contract.Code, id) // some families have none
	return &Session{
		ID: id, Contract: contract.key(), Scene: c.op.Behavior.Args["scene"], PrepayID: c.text("prepay_id"),
		ClientIP: c.text("user_client_ip"), ReturnURL: c.text("return_url"), State: SessionOpen, CreatedAt: c.now, ExpiresAt: until,
	}, err
}

// sessionIDSize is the length of a pre_entrustweb_id, as in the samples.
const sessionIDSize = 29

// presigned is what the answers are made of. Assumed: of the Harmony answer,
// redirect_url belongs to the QR code and the mini program to the app; and the
// mini program of a scheduled deduction is the one of password-exempt
// contracts.
func (e *Emulator) presigned(c *call, contract *Contract, session *Session) values {
	known := contract.values()
	for _, name := range []string{"pre_entrustweb_id", "preopen_id", "session_id", "presign_token"} {
		known[name] = session.ID
	}
	known["sign_mp_appid"], known["sign_mp_path"] = signAppID, signPath
	known["redirect_appid"], known["redirect_path"] = signAppID, "pages/sign/index"
	if scene := c.text("sign_scene"); scene != "SIGN_SCENE_APP" {
		for _, name := range []string{"redirect_url", "sign_url", "show_code_url"} {
			known[name] = c.base + e.adminBase + "/sessions/" + session.ID
		}
	}
	if scene := c.text("sign_scene"); scene != "SIGN_SCENE_QRCODE" {
		path := "pages/sign/index?pre_entrustweb_id=" + session.ID
		for _, name := range []string{"mini_program", "miniprogram"} { // HarmonyOS writes it so
			known[name+"_username"], known[name+"_path"] = "gh_wxpayemulator", path
		}
	}
	return known
}

// wellFormedPrepayID is how an order made elsewhere is recognised.
var wellFormedPrepayID = regexp.MustCompile(`^wx[0-9A-Za-z]{34}$`)

// attach ties the session to the order that it follows. The order must be this
// merchant's, unpaid and in time. An earlier session that followed the same
// order is replaced.
//
// Assumed: every refusal; the error tables of the pre-sign pages are not
// published.
func (e *Emulator) attach(tx Tx, c *call, session *Session, contract *Contract) error {
	order, err := e.orderToFollow(tx, c, session)
	if err != nil {
		return err
	}
	if why := order.payable(session.PrepayID, c.now); why != "" {
		return stateError(why)
	}
	if !order.Elsewhere && !followable(order, contract) {
		return stateError("prepay_id与商户不匹配")
	}
	earlier, err := pointer(tx, bucketOffers, session.PrepayID)
	if err != nil {
		return err
	}
	if earlier != "" {
		if err := closeSession(tx, earlier, SessionReplaced); err != nil {
			return err
		}
	}
	return tx.Put(bucketOffers, session.PrepayID, []byte(session.ID))
}

// orderToFollow finds the order of the prepay_id, or takes a well-formed one
// for an order made elsewhere. How long that one can be paid is not known
// here, so that its life begins anew with each pre-sign.
func (e *Emulator) orderToFollow(tx Tx, c *call, session *Session) (*Order, error) {
	order, err := orderOf(tx, session.PrepayID)
	if err != nil {
		return nil, err
	}
	if order == nil {
		if e.cfg.Strict || !wellFormedPrepayID.MatchString(session.PrepayID) {
			return nil, stateError("prepay_id无效")
		}
		order = &Order{PrepayID: session.PrepayID, MchID: e.cfg.MchID, Elsewhere: true, State: TradeNotPaid, CreatedAt: c.now}
	}
	if !order.Elsewhere || order.State == TradeSuccess {
		return order, nil
	}
	order.ExpiresAt = session.ExpiresAt
	return order, saveOrder(tx, order)
}

// followable reports whether the order is one that the contract can follow: of
// the same sub-merchant, where the pre-sign names one, and a direct one, where
// a direct merchant signs.
func followable(order *Order, contract *Contract) bool {
	if contract.SubMchID == "" && contract.Role != "normal" {
		return true
	}
	return order.SubMchID == contract.SubMchID
}
