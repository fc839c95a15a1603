package notify

import (
	"bytes"
	"encoding/json"
)

// Event is a notification that is verified and decrypted.
type Event struct {
	ID           string // unique; the same when it is sent again
	Type         string // event_type, "ENTRUST.SIGN"
	CreateTime   string // RFC 3339
	ResourceType string // "encrypt-resource"
	Summary      string // Chinese, for people; may be empty
	OriginalType string // kind of the resource; may be empty
	Serial       string // of the key that signed it

	// Resource is what happened: a pointer to the type that belongs to Type,
	// for instance [*EntrustSign]; a [*ContractChange] if the type is not known
	// but a contract changed; else the [json.RawMessage] of Plaintext. Use a
	// type switch.
	Resource any

	// Plaintext is the decrypted resource.
	Plaintext json.RawMessage

	// Answer is for the receiving function to set, for the few events whose
	// answer carries business data, for instance to an
	// [EntrustTerminateRetentionAnswer]. It is sent as JSON, with status 200.
	// Leave it nil for all others: their answer is the status.
	Answer any
}

// ContractChange is the state of a contract after it changed, whatever
// product it is of. It has what the events of all signing products share.
//
// The event that follows the signing of a password-exempt contract (免密支付) is
// documented nowhere. So an event of whatever type whose resource has
// out_contract_code and contract_state is offered as a ContractChange; see
// [Event.Contract].
type ContractChange struct {
	MchID                  string         `json:"mchid"`
	SpMchID                string         `json:"sp_mchid"`
	SubMchID               string         `json:"sub_mchid"`
	AppID                  string         `json:"appid"`
	SpAppID                string         `json:"sp_appid"`
	SubAppID               string         `json:"sub_appid"`
	OpenID                 string         `json:"openid"`
	SpOpenID               string         `json:"sp_openid"`
	SubOpenID              string         `json:"sub_openid"`
	ServiceID              Digits         `json:"service_id"` // of password-exempt contracts
	PlanID                 Digits         `json:"plan_id"`    // of the others
	ContractID             string         `json:"contract_id"`
	OutContractCode        string         `json:"out_contract_code"`
	OutUserCode            string         `json:"out_user_code"`
	ContractDisplayAccount string         `json:"contract_display_account"`
	ContractState          string         `json:"contract_state"`        // SIGNED, TERMINATED, SIGN_FAILED, TO_BE_RENEWED, TERMINATE_PENDING
	ContractSignedTime     string         `json:"contract_signed_time"`  // RFC 3339
	ContractExpiredTime    string         `json:"contract_expired_time"` // RFC 3339
	TerminateInfo          *TerminateInfo `json:"contract_terminate_info"`
}

// TerminateInfo says how a contract ended.
type TerminateInfo struct {
	Mode   string `json:"contract_termination_mode"` // USER_TERMINATE, MCH_API_TERMINATE, …
	Time   string `json:"contract_terminated_time"`  // RFC 3339
	Remark string `json:"contract_termination_remark"`
}

// Digits is an id made of digits, which some products write as a JSON number
// and others as a string.
type Digits string

// UnmarshalJSON takes a number or a string.
func (d *Digits) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(d))
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	*d = Digits(n)
	return nil
}

// decode makes the event of an opened envelope.
func decode(e *envelope, serial string, plain []byte) (*Event, error) {
	ev := &Event{
		ID: e.ID, Type: e.EventType, CreateTime: e.CreateTime, ResourceType: e.ResourceType,
		Summary: e.Summary, OriginalType: e.Resource.OriginalType, Serial: serial, Plaintext: plain,
	}
	if typed := newResource(ev.Type); typed != nil && json.Unmarshal(plain, typed) == nil {
		ev.Resource = typed
		return ev, nil
	}
	// Of an unknown type, or of another shape than documented: refusing what
	// WeChat Pay signed would lose it, so the caller gets what there is.
	if !json.Valid(plain) {
		return nil, unreadable("resource", "is not JSON", nil)
	}
	ev.Resource = ev.Plaintext
	if change, ok := ev.Contract(); ok {
		ev.Resource = change
	}
	return ev, nil
}

// Contract returns the contract that the event is about, for events of all
// signing products alike, known and unknown. It is false where the resource
// has no out_contract_code or no contract_state.
func (e *Event) Contract() (*ContractChange, bool) {
	if !bytes.Contains(e.Plaintext, []byte(`"contract_state"`)) || !bytes.Contains(e.Plaintext, []byte(`"out_contract_code"`)) {
		return nil, false
	}
	c := new(ContractChange)
	if json.Unmarshal(e.Plaintext, c) != nil || c.OutContractCode == "" || c.ContractState == "" {
		return nil, false
	}
	return c, true
}
