package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"time"

	"github.com/wxpay-go/wxpay/spec"
)

// prepayLife is how long a prepay_id can be paid with.
const prepayLife = 2 * time.Hour

// The trade states (交易状态) that the emulator knows.
const (
	TradeNotPaid  = "NOTPAY"
	TradeSuccess  = "SUCCESS"
	TradeRefund   = "REFUND"   // paid, and something of it refunded
	TradePayError = "PAYERROR" // a deduction that failed
	TradePaidBack = "PAY_BACK" // a deduction that failed and left a debt, which is paid back
	TradeRevoked  = "REVOKED"  // paid, and reversed
	TradeClosed   = "CLOSED"   // closed or reversed before it was paid
)

// Order is a payment order (支付订单).
type Order struct {
	PrepayID   string `json:"prepay_id"`
	MchID      string `json:"mchid"`
	SubMchID   string `json:"sub_mchid,omitempty"` // of a partner's order
	OutTradeNo string `json:"out_trade_no,omitempty"`
	AppID      string `json:"appid,omitempty"`
	OpenID     string `json:"openid,omitempty"` // the payer under AppID
	SubOpenID  string `json:"sub_openid,omitempty"`
	NotifyURL  string `json:"notify_url,omitempty"`
	TradeType  string `json:"trade_type,omitempty"`

	// Elsewhere: the prepay_id was not made here; nothing but it is known.
	Elsewhere bool `json:"elsewhere,omitempty"`

	State         string    `json:"trade_state"`
	TransactionID string    `json:"transaction_id,omitempty"`
	CreatedAt     time.Time `json:"created_at"`
	ExpiresAt     time.Time `json:"expires_at"` // of the prepay_id
	PaidAt        time.Time `json:"paid_at,omitzero"`
	StateText     string    `json:"trade_state_desc,omitempty"` // in the place of the usual one

	// Product is the kind of contract whose orders have endpoints of their own,
	// "" for every other order.
	Product string `json:"product,omitempty"`

	// ContractID is the contract that the order is paid under, without the user.
	ContractID string `json:"contract_id,omitempty"`
	// PolicyPeriod is the number of the period of insurance that is paid.
	PolicyPeriod int64 `json:"policy_period_id,omitempty"`

	Refunds  int   `json:"refunds,omitempty"`  // how many were accepted
	Refunded int64 `json:"refunded,omitempty"` // how much of it, in fen

	// Request is the body that made the order, without encrypted fields.
	Request json.RawMessage `json:"request,omitempty"`

	// Fingerprint tells a repeated request from another one.
	Fingerprint string `json:"fingerprint,omitempty"`
}

// orderKey is where an order stands. A direct merchant has no sub-merchant, so
// that direct and partner orders never meet.
func (o *Order) key() string {
	if o.Elsewhere {
		return key("elsewhere", o.PrepayID)
	}
	return orderKey(o.MchID, o.SubMchID, o.OutTradeNo)
}

func orderKey(mchID, subMchID, outTradeNo string) string {
	return key("order", mchID, subMchID, outTradeNo)
}

// paid reports whether the order was paid, whatever was refunded since.
func (o *Order) paid() bool {
	return o.State == TradeSuccess || o.State == TradeRefund || o.State == TradePaidBack
}

// saveOrder writes an order and the ways to it from its prepay_id and its
// transaction_id, of which it may have either or both.
func saveOrder(tx Tx, o *Order) error {
	for bucket, id := range map[string]string{bucketPrepay: o.PrepayID, bucketTransactions: o.TransactionID} {
		if id == "" {
			continue
		}
		if err := tx.Put(bucket, id, []byte(o.key())); err != nil {
			return err
		}
	}
	return save(tx, bucketOrders, o.key(), o)
}

// orderOf finds the order of a prepay_id, or nil.
func orderOf(tx Tx, prepayID string) (*Order, error) {
	at, err := pointer(tx, bucketPrepay, prepayID)
	if err != nil || at == "" {
		return nil, err
	}
	return load[Order](tx, bucketOrders, at)
}

// payable says why a prepay_id cannot be paid with at a moment, or "".
func (o *Order) payable(prepayID string, now time.Time) string {
	switch {
	case o.paid():
		return "订单已支付"
	case o.State == TradeClosed:
		return "订单已关闭"
	case o.PrepayID != prepayID || !now.Before(o.ExpiresAt):
		return "prepay_id已过期"
	}
	return ""
}

// createOrder places an order. Repeated with the same parameters it returns
// the same prepay_id, or a new one once that has expired.
//
// Assumed: a repetition with other parameters is INVALID_REQUEST, a number
// that was paid with is OUT_TRADE_NO_USED; both are documented as codes, not
// for these cases by name.
func createOrder(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	o, err := e.newOrder(tx, c)
	if err != nil {
		return nil, err
	}
	known, err := load[Order](tx, bucketOrders, o.key())
	switch {
	case err != nil:
		return nil, err
	case known == nil:
	case known.paid():
		return nil, errUsed()
	case known.State == TradeClosed:
		return nil, stateError("订单已关闭，请更换商户订单号")
	case known.Fingerprint != o.Fingerprint:
		return nil, errReentry()
	case c.now.Before(known.ExpiresAt):
		return values{"prepay_id": known.PrepayID}, nil
	}
	return values{"prepay_id": o.PrepayID}, saveOrder(tx, o)
}

// errUsed refuses the number of an order that was paid.
func errUsed() error {
	return &refusal{status: http.StatusForbidden, code: "OUT_TRADE_NO_USED", message: "商户订单号重复"}
}

// errReentry refuses a number that came before with other parameters.
func errReentry() error {
	r := stateError("请求重入时，参数与首次请求不一致")
	r.number = "268498688"
	return r
}

// kept is the body as it is kept, and what tells it from another one.
func (c *call) kept() (body json.RawMessage, fingerprint string, err error) {
	if body, err = json.Marshal(withoutSecrets(c.op.Request, c.body)); err != nil {
		return nil, "", err
	}
	whole, err := json.Marshal(c.body) // members in sorted order
	digest := sha256.Sum256(whole)
	return body, hex.EncodeToString(digest[:]), err
}

// readOrder reads an order out of its request.
func (e *Emulator) readOrder(c *call) (*Order, error) {
	request, mark, err := c.kept()
	payer, _ := c.body["payer"].(map[string]any)
	return &Order{
		MchID: e.cfg.MchID, SubMchID: c.text("sub_mchid"), OutTradeNo: c.text("out_trade_no"),
		AppID: c.text("appid", "sp_appid"), OpenID: text(payer, "openid", "sp_openid"), SubOpenID: text(payer, "sub_openid"),
		NotifyURL: c.text("notify_url"), TradeType: c.op.Behavior.Args["trade_type"],
		State: TradeNotPaid, CreatedAt: c.now, Request: request, Fingerprint: mark,
	}, err
}

func (e *Emulator) newOrder(tx Tx, c *call) (*Order, error) {
	o, err := e.readOrder(c)
	if err != nil {
		return nil, err
	}
	if o.ExpiresAt, err = c.expiry(); err != nil {
		return nil, err
	}
	o.PrepayID, err = newID(tx, bucketPrepay, func() (string, error) {
		tail, err := e.random.hex(20)
		return "wx" + c.now.In(beijing).Format("20060102150405") + tail, err
	})
	return o, err
}

// expiry is when the prepay_id of a new order ends: after two hours, or at
// time_expire if that is earlier.
func (c *call) expiry() (time.Time, error) {
	end := c.now.Add(prepayLife)
	limit, err := c.future("time_expire", end)
	if err == nil && limit.Before(end) {
		end = limit
	}
	return end, err
}

// future reads a member that is a time to come, and may be left out.
func (c *call) future(name string, otherwise time.Time) (time.Time, error) {
	given := c.text(name)
	if given == "" {
		return otherwise, nil
	}
	at, err := time.Parse(time.RFC3339, given)
	if err != nil || !at.After(c.now) {
		return at, paramError(fault{Field: "/" + name, Value: given, Issue: "must be a time in the future such as 2006-01-02T15:04:05+08:00", Location: "body"})
	}
	return at, nil
}

// withoutSecrets copies a body without its encrypted members: they are nothing
// to keep.
func withoutSecrets(f *spec.Field, body map[string]any) map[string]any {
	kept := maps.Clone(body)
	for i := range f.Fields {
		member := &f.Fields[i]
		if member.Encrypted {
			delete(kept, member.Name)
		} else if inner, ok := kept[member.Name].(map[string]any); ok {
			kept[member.Name] = withoutSecrets(member, inner)
		}
	}
	return kept
}
