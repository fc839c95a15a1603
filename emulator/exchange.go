package emulator

import (
	"net/http"
	"sync"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// Exchange is one APIv3 request and how it was answered, kept for whoever
// looks for a mistake in it. It is as it was on the wire: what is encrypted
// there is encrypted here.
type Exchange struct {
	ID        int64       `json:"id"` // counts from 1
	At        time.Time   `json:"at"` // by the emulator's clock
	Method    string      `json:"method"`
	Host      string      `json:"host,omitempty"`
	Target    string      `json:"target"`              // path and query as they were sent
	Operation string      `json:"operation,omitempty"` // method and path template, "" for an address that is none
	Header    http.Header `json:"header,omitempty"`    // those that matter, without Authorization
	Caller    *Caller     `json:"authorization,omitempty"`
	Body      string      `json:"body,omitempty"` // what the signature covers: of an upload, its part meta
	BodySize  int         `json:"body_size"`      // in bytes, of which Body has at most 64 KiB
	Checks    []Check     `json:"checks"`

	// Canonical is the text that the signature must be made over (签名串), ""
	// if the request did not come so far or its body is not kept whole.
	Canonical string `json:"canonical,omitempty"`

	// Signature is the signature's whole text. It is here to be compared, not
	// to be shown: within five minutes it would be good for a replay.
	Signature string `json:"-"`

	Status       int         `json:"status"` // 0: the connection was cut
	Code         string      `json:"code,omitempty"`
	AnswerHeader http.Header `json:"answer_header,omitempty"` // those that matter
	Answer       string      `json:"answer,omitempty"`        // at most 64 KiB
	AnswerSize   int         `json:"answer_size"`             // in bytes
	SignedBy     string      `json:"signed_by,omitempty"`     // serial of the key, "" for an unsigned answer
}

// Caller is an Authorization header taken apart, its signature shortened.
type Caller struct {
	Scheme    string `json:"scheme"`
	MchID     string `json:"mchid"`
	Nonce     string `json:"nonce_str"`
	Timestamp string `json:"timestamp"`
	Serial    string `json:"serial_no"`
	Signature string `json:"signature"` // its first characters
}

// Check is one of the steps that a request takes, in the order in
// which an [Exchange] lists them.
type Check struct {
	Name   string      `json:"name"`
	Result CheckResult `json:"result"`
	Detail string      `json:"detail,omitempty"` // of one that failed: what the answer said
}

// CheckResult is how a [Check] ended.
type CheckResult string

const (
	CheckPassed  CheckResult = "passed"
	CheckFailed  CheckResult = "failed"
	CheckSkipped CheckResult = "not reached"
)

// stage is a step of a request on its way to an answer.
type stage int

const (
	stageAddress stage = iota // is there such a path and method
	stageHeaders
	stageAuthorization // its grammar, scheme and clock
	stageBody
	stageSignature
	stageKey // which key the answer is signed with
	stageParameters
	stageState // what is asked for, in the state of things
	stageDone
)

var stageNames = [stageDone]string{"address", "headers", "authorization", "body", "signature", "key", "parameters", "state"}

// checksAt tells of every step how it went, for a request that ended at one.
func checksAt(end stage, detail string) []Check {
	checks := make([]Check, stageDone)
	for s, name := range stageNames {
		checks[s] = Check{Name: name, Result: CheckPassed}
		switch {
		case stage(s) == end:
			checks[s].Result, checks[s].Detail = CheckFailed, detail
		case stage(s) > end:
			checks[s].Result = CheckSkipped
		}
	}
	return checks
}

// journal keeps the last exchanges in a ring. Nil keeps none.
type journal struct {
	mu    sync.Mutex
	ring  []Exchange // of the newest, at the place of their id
	count int64      // ever
}

func newJournal(size int) *journal {
	if size <= 0 {
		return nil
	}
	return &journal{ring: make([]Exchange, size)}
}

func (j *journal) add(x *Exchange) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.count++
	x.ID = j.count
	j.ring[j.count%int64(len(j.ring))] = *x
}

// Exchanges returns the last requests and their answers, the newest first. It
// is empty unless [Config.Exchanges] asks for them. They are kept in memory,
// and a reset does not forget them.
func (e *Emulator) Exchanges() []Exchange {
	list := []Exchange{}
	j := e.journal
	if j == nil {
		return list
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	for id := j.count; id > max(0, j.count-int64(len(j.ring))); id-- {
		list = append(list, j.ring[id%int64(len(j.ring))])
	}
	return list
}

// Exchange returns one of [Emulator.Exchanges], or an [*ActionError].
func (e *Emulator) Exchange(id int64) (*Exchange, error) {
	if j := e.journal; j != nil && id > 0 {
		j.mu.Lock()
		defer j.mu.Unlock()
		if x := j.ring[id%int64(len(j.ring))]; x.ID == id {
			return &x, nil
		}
	}
	return nil, &ActionError{"not_found", "this exchange is not kept, or no more"}
}

// callerOf takes an Authorization header apart. One that is malformed is told
// by the check that it failed.
func callerOf(header string) (caller *Caller, signature string) {
	a, err := sign.ParseAuthorization(header)
	if err != nil {
		return nil, ""
	}
	return &Caller{a.Scheme, a.MchID, a.Nonce, a.Timestamp, a.Serial, firstCharacters([]byte(a.Signature), 12) + "…"}, a.Signature
}
