package emulator

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// ContractState is the state of a contract (协议状态).
type ContractState string

const (
	// PreSigned: a session is or was open; no query shows the contract.
	PreSigned ContractState = "PRE_SIGNED"
	// Signed: in force (生效中).
	Signed ContractState = "SIGNED"
	// SignFailed: the user agreed, and the rules forbade it.
	SignFailed ContractState = "SIGN_FAILED"
	// Terminated: no longer in force (已解约).
	Terminated ContractState = "TERMINATED"
	// ToBeRenewed: run out, and may be renewed.
	ToBeRenewed ContractState = "TO_BE_RENEWED"
)

// contractYears is how long a contract is in force. Assumed: the plan decides,
// and plans are set up with WeChat Pay.
const contractYears = 10

// Contract is a contract that a user signs with a merchant (签约协议), of any
// family: password-exempt (免密支付), entrusted deduction (委托代扣), and others.
type Contract struct {
	// Kind is the family: plan_id (委托代扣), service_id (免密支付), insurance
	// (保险自动续费), combined (电商合单委托代扣), individual (个人收款方), etc (ETC扣费),
	// parking (支付分停车服务), global (境外委托代扣), edu (教育续费通), credit (信贷还款) or
	// school (校园轻松付).
	Kind string `json:"kind"`
	Plan int64  `json:"plan"`
	Code string `json:"out_contract_code"`

	Role           string `json:"role"`
	MchID          string `json:"mchid"`
	SubMchID       string `json:"sub_mchid,omitempty"`
	AppID          string `json:"appid"`
	SubAppID       string `json:"sub_appid,omitempty"`
	OpenID         string `json:"openid,omitempty"` // under AppID
	SubOpenID      string `json:"sub_openid,omitempty"`
	DisplayAccount string `json:"contract_display_account"` // insured, plate or code where the family shows no account
	OutUserCode    string `json:"out_user_code,omitempty"`
	NotifyURL      string `json:"notify_url,omitempty"`
	Attach         string `json:"attach,omitempty"`

	// Plate is the number of the vehicle (车牌号) that a contract is for, and
	// PlateColor its colour, such as BLUE. Paused: the user paused it.
	Plate      string `json:"plate_number,omitempty"`
	PlateColor string `json:"plate_color,omitempty"`
	Paused     bool   `json:"paused,omitempty"`

	// RealName: the user had to agree to a check of the real name (实名验证).
	RealName bool `json:"real_name,omitempty"`

	CreatedAt  time.Time     `json:"created_at,omitzero"` // of the newest pre-sign
	SessionID  string        `json:"session_id"`          // the newest
	State      ContractState `json:"contract_state"`
	ContractID string        `json:"contract_id,omitempty"`
	SignedAt   time.Time     `json:"signed_at,omitzero"`
	ExpiresAt  time.Time     `json:"expires_at,omitzero"`

	Termination *Termination `json:"termination,omitempty"`

	// Schedule is the one deduction of 预约扣费, Period what the last pre-deduct
	// notice of 周期扣费 opened.
	Schedule *Schedule `json:"deduct_schedule,omitempty"`
	Period   *Period   `json:"deduct_period,omitempty"`

	// Policy is what a contract of insurance renewal (保险自动续费) deducts for.
	Policy *Policy `json:"policy,omitempty"`

	// Inquiry is what came of asking the merchant when the user last wanted to
	// end the contract.
	Inquiry *Inquiry `json:"inquiry,omitempty"`

	// FirstDay is the date before which a contract of 教育续费通 is not deducted,
	// AnnouncedAt when its user was last told of a deduction, the zero time once
	// that was made.
	FirstDay    string    `json:"period_start_date,omitempty"`
	AnnouncedAt time.Time `json:"announced_at,omitzero"`

	// Repayment is what a contract of 信贷还款 was signed for.
	Repayment *Repayment `json:"repayment,omitempty"`

	// Deducted is what was deducted on the last day on which something was.
	Deducted *Tally `json:"deducted_on_day,omitempty"`

	Deducting     string  `json:"deducting,omitempty"`      // out_trade_no of the deduction under way
	FirstDeducted bool    `json:"first_deducted,omitempty"` // there was one that succeeded
	Outcome       Outcome `json:"deductions_end,omitempty"` // how the next ones end
}

// The roles of papay, as the description names them.
const (
	roleDirect  = "direct"
	rolePartner = "partner"
	roleEither  = "either" // the merchant itself, or the sub-merchant that is named
	roleHarmony = "harmony"
)

// Termination says how and when a contract ended (解约信息).
type Termination struct {
	Mode   string    `json:"mode"` // contract_termination_mode, such as USER_TERMINATE
	Remark string    `json:"remark,omitempty"`
	At     time.Time `json:"at"`
}

// key is where a contract stands. Harmony contracts (鸿蒙委托代扣) stand with
// the other papay ones.
//
// Assumed: they can be queried and terminated by plan-id as well as queried by
// harmony-plan-id; no terminate endpoint of their own is documented.
func (c *Contract) key() string { return contractKey(c.Kind, c.MchID, c.Plan, c.Code) }

// contractKey is made of the code, which is unique per merchant, in some
// families per plan.
//
// Assumed: per merchant and family; no page compares the codes of two products.
func contractKey(kind, mchID string, plan int64, code string) string {
	if familyOf(kind).perPlan {
		return key(kind, mchID, strconv.FormatInt(plan, 10), code)
	}
	return key(kind, mchID, code)
}

// contractAt finds the contract that a path names, or nil. Where the query
// names an AppID or a sub-merchant, the contract is one of theirs.
func (e *Emulator) contractAt(tx Tx, c *call) (*Contract, error) {
	at, err := e.contractKeyAt(tx, c)
	if err != nil || at == "" {
		return nil, err
	}
	contract, err := load[Contract](tx, bucketContracts, at)
	if err != nil || contract == nil || !c.isParty(contract) {
		return nil, err
	}
	named := Contract{
		Kind: cmp.Or(c.op.Behavior.Args["kind"], contract.Kind), AppID: cmp.Or(c.named("appid", "sp_appid"), contract.AppID),
		SubMchID: cmp.Or(c.query["sub_mchid"], contract.SubMchID),
	}
	if !c.isUnder(contract) || named.Kind != contract.Kind || named.AppID != contract.AppID || named.SubMchID != contract.SubMchID {
		return nil, nil
	}
	return contract, nil
}

// contractKeyAt is where the contract stands that a path names, as the endpoint
// says: by its code, by its id, or by its user; "" where there is none.
func (e *Emulator) contractKeyAt(tx Tx, c *call) (string, error) {
	by := c.op.Behavior.Args["by"]
	kind := cmp.Or(c.op.Behavior.Args["kind"], by)
	switch by {
	case "contract_id":
		return pointer(tx, bucketIDs, c.path[by])
	case "openid":
		named := &Contract{MchID: e.cfg.MchID, AppID: c.query["appid"], OpenID: c.path[by], Plan: c.planNamed(), Plate: c.query["plate_number"]}
		return pointer(tx, bucketUsers, familyOf(kind).user(named))
	}
	const code = "out_contract_code"
	return contractKey(kind, e.cfg.MchID, c.planNamed(), cmp.Or(c.path[code], c.text(code))), nil
}

// planNamed is the plan that an address names, or 0. What is no number, against
// the description, names none.
func (c *call) planNamed() int64 {
	plan, _ := strconv.ParseInt(cmp.Or(c.path[kindPlan], c.path[kindService], c.query[kindPlan]), 10, 64)
	return plan
}

// isUnder reports whether the contract is under the plan that the address
// names, if it names one.
func (c *call) isUnder(contract *Contract) bool {
	plan := c.planNamed()
	return plan == 0 || plan == contract.Plan
}

// errNoContract answers where there is no contract, or none that was signed.
// Assumed: the code; it is the usual one of APIv3 for what is not there, or the
// one that the endpoint lists in its place, or where it lists neither
// INVALID_REQUEST.
func (c *call) errNoContract() error {
	const noContract = "签约协议不存在"
	for _, code := range []string{"RESOURCE_NOT_EXISTS", "NOT_FOUND"} {
		if slices.Contains(c.op.Errors, code) {
			return &refusal{status: http.StatusNotFound, code: code, message: noContract}
		}
	}
	return stateError(noContract)
}

func queryContract(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	contract, err := e.contractAt(tx, c)
	if err != nil {
		return nil, err
	}
	if contract == nil || !contract.seen() {
		return nil, c.errNoContract()
	}
	return contract.values(), nil
}

func terminateContract(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	contract, err := e.contractAt(tx, c)
	if err != nil {
		return nil, err
	}
	if contract == nil || contract.State == PreSigned || !contract.seen() {
		return nil, c.errNoContract()
	}
	if !contract.InForce() {
		return nil, stateError("签约协议未生效，无法解约")
	}
	end := Termination{Mode: modeMerchant, Remark: c.text("contract_termination_remark", "termination_note"), At: c.now}
	if err := e.terminate(tx, contract, end); err != nil {
		return nil, err
	}
	return contract.values(), nil
}

// terminate ends a contract and tells the merchant.
func (e *Emulator) terminate(tx Tx, contract *Contract, end Termination) error {
	contract.State, contract.Termination = Terminated, &end
	if err := leaveForce(tx, contract); err != nil {
		return err
	}
	if err := save(tx, bucketContracts, contract.key(), contract); err != nil {
		return err
	}
	return e.tellEnd(tx, contract)
}

// values are the members of the answers about the contract.
func (c *Contract) values() values {
	known := values{
		"mchid": c.MchID, "appid": c.AppID, "openid": c.OpenID,
		"sub_mchid": c.SubMchID, "sub_appid": c.SubAppID, "sub_openid": c.SubOpenID,
		"out_contract_code": c.Code, "contract_id": c.ContractID,
		"contract_display_account": c.DisplayAccount, "out_user_code": c.OutUserCode,
		"contract_state": string(c.State),
	}
	if c.Plan != 0 {
		known[c.family().plan] = c.Plan
	}
	if c.SubMchID != "" {
		known["sp_mchid"], known["sp_appid"], known["sp_openid"] = c.MchID, c.AppID, c.OpenID
	}
	if !c.SignedAt.IsZero() {
		known["contract_signed_time"] = stamp(c.SignedAt)
		known["contract_expired_time"] = stamp(c.ExpiresAt)
	}
	if c.Termination != nil {
		known["contract_terminate_info"] = values{
			"contract_termination_mode":   c.Termination.Mode,
			"contract_terminated_time":    stamp(c.Termination.At),
			"contract_termination_remark": c.Termination.Remark,
		}
	}
	if adds := c.family().adds; adds != nil {
		adds(c, known)
	}
	return known
}
