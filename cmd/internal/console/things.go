package console

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// moment is one line of a timeline.
type moment struct {
	At    time.Time
	Text  string
	State string // shown as a badge, "" for none
	Link  string
}

// contractRow is a contract in the list.
type contractRow struct {
	emulator.Contract
	Session *emulator.Session
	Link    string
}

// known are the sessions by id.
func sessionsOf(v *visit) (map[string]*emulator.Session, error) {
	list, err := v.pay.Sessions()
	byID := make(map[string]*emulator.Session, len(list))
	for i := range list {
		byID[list[i].ID] = &list[i]
	}
	return byID, err
}

// contracts lists the contracts, the newest first, those alone in which the
// searched text stands.
func contracts(v *visit) (any, error) {
	rows, err := contractRows(v)
	return struct {
		Query string
		Rows  []contractRow
	}{v.query(), slices.DeleteFunc(rows, func(r contractRow) bool {
		return !v.wanted(r.Code, r.ContractID, r.DisplayAccount, r.OpenID, string(r.State))
	})}, err
}

func (v *visit) query() string { return strings.TrimSpace(v.URL.Query().Get("q")) }

// wanted reports whether the searched text stands in one of the texts.
func (v *visit) wanted(texts ...string) bool {
	q := strings.ToLower(v.query())
	return slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(strings.ToLower(s), q) })
}

func contractRows(v *visit) ([]contractRow, error) {
	list, err := v.pay.Contracts()
	if err != nil {
		return nil, err
	}
	sessions, err := sessionsOf(v)
	rows := make([]contractRow, len(list))
	for i, contract := range list {
		rows[i] = contractRow{contract, sessions[contract.SessionID], contractLink(v, &contract)}
	}
	slices.SortStableFunc(rows, func(a, b contractRow) int { return b.begun().Compare(a.begun()) })
	return rows, err
}

// begun is when a contract came into being.
func (r contractRow) begun() time.Time {
	if r.Session != nil {
		return r.Session.CreatedAt
	}
	return r.SignedAt
}

func contractLink(v *visit, contract *emulator.Contract) string {
	return v.base() + "/contracts/" + contract.Kind + "/" + strconv.FormatInt(contract.Plan, 10) + "/" + url.PathEscape(contract.Code)
}

func (v *visit) base() string { return Path + v.pay.Credentials().MchID }

// contractPage is one contract.
type contractPage struct {
	contractRow
	CanSign  bool       // the user is asked now
	Orders   []orderRow // that were placed under it
	Timeline []moment

	// What can be let happen by name, and what that is about.
	Scenarios []emulator.Scenario
	Ref       string
}

func contract(v *visit) (any, error) {
	rows, err := contractRows(v)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if row.Kind == v.PathValue("kind") && strconv.FormatInt(row.Plan, 10) == v.PathValue("plan") && row.Code == v.PathValue("code") {
			page := &contractPage{contractRow: row, CanSign: row.State == emulator.PreSigned && canAnswer(row.Session)}
			switch row.State {
			case emulator.Signed:
				page.Scenarios, page.Ref = scenarios("contract_id"), row.ContractID
			case emulator.PreSigned:
				page.Scenarios, page.Ref = scenarios("pre_entrustweb_id"), row.SessionID
			}
			if page.Orders, err = ordersUnder(v, row.ContractID); err != nil {
				return nil, err
			}
			list := append(contractMoments(v, row), vehicleMoments(v, row)...)
			page.Timeline, err = v.timeline(list, row.Code, row.ContractID)
			return page, err
		}
	}
	return nil, &failure{http.StatusNotFound, "there is no such contract", "没有这个签约协议"}
}

// scenarios are those about one kind of thing.
func scenarios(about string) []emulator.Scenario {
	return slices.DeleteFunc(emulator.Scenarios(), func(s emulator.Scenario) bool { return !strings.HasPrefix(s.Ref, about) })
}

// canAnswer reports whether the user is asked by a session now.
func canAnswer(s *emulator.Session) bool {
	if s == nil {
		return false
	}
	return s.State == emulator.SessionOffered || s.State == emulator.SessionOpen && s.PrepayID == ""
}

func contractMoments(v *visit, row contractRow) []moment {
	var list []moment
	if s := row.Session; s != nil {
		list = append(list, moment{At: s.CreatedAt, Text: v.t("pre-signed, scene ", "预签约，场景 ") + s.Scene, State: string(emulator.PreSigned), Link: v.base() + "/phone/sign/" + s.ID})
		if row.State == emulator.PreSigned {
			list = append(list, moment{At: s.ExpiresAt, Text: v.t("the session ends", "签约会话结束"), State: string(s.State)})
		}
	}
	if !row.SignedAt.IsZero() {
		state := emulator.Signed
		if row.State == emulator.SignFailed {
			state = emulator.SignFailed
		}
		list = append(list, moment{At: row.SignedAt, Text: v.t("the user agreed", "用户确认签约"), State: string(state)})
	}
	if q := row.Inquiry; q != nil {
		asked := moment{At: q.At, Text: v.t("the merchant was asked", "问询商户"), State: string(q.Outcome)}
		if q.EventID != "" {
			asked.Link = v.base() + "/events/" + q.EventID
		}
		list = append(list, asked)
	}
	if end := row.Termination; end != nil {
		list = append(list, moment{At: end.At, Text: strings.TrimSpace(stateText(v.lang, end.Mode) + " " + end.Remark), State: string(emulator.Terminated)})
	} else if row.State == emulator.Signed {
		list = append(list, moment{At: row.ExpiresAt, Text: v.t("would run out", "到期")})
	}
	return list
}

// vehicleMoments are when the vehicle of a contract came into a car park.
func vehicleMoments(v *visit, row contractRow) (list []moment) {
	parked, err := v.pay.Parkings()
	for _, p := range parked {
		at, wrong := time.Parse(time.RFC3339, p.StartTime)
		if err == nil && wrong == nil && row.Plate != "" && p.Plate == row.Plate && p.PlateColor == row.PlateColor {
			list = append(list, moment{At: at, Text: v.t("into the car park ", "入场：") + p.Name, State: p.State})
		}
	}
	return list
}

// timeline adds the notifications and the requests in which one of the names
// stands, and puts all in order.
func (v *visit) timeline(list []moment, names ...string) ([]moment, error) {
	events, err := v.pay.LastEvents(recent)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		if mentions(string(e.Resource), names) {
			list = append(list, moment{At: e.CreatedAt, Text: e.Type, State: string(e.State), Link: v.base() + "/events/" + e.ID})
		}
	}
	for _, x := range v.pay.Exchanges() {
		if mentions(x.Body, names) || slices.ContainsFunc(names, func(n string) bool { return n != "" && strings.Contains(x.Target, n) }) {
			list = append(list, moment{At: x.At, Text: cmp.Or(x.Operation, x.Method+" "+x.Target), State: strconv.Itoa(x.Status), Link: v.base() + "/requests/" + strconv.FormatInt(x.ID, 10)})
		}
	}
	slices.SortStableFunc(list, func(a, b moment) int { return a.At.Compare(b.At) })
	return list, nil
}

// recent is how many notifications a page looks through.
const recent = 500

// mentions reports whether one of the names is a value of a JSON text.
func mentions(text string, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		quoted, err := json.Marshal(n)
		return n != "" && err == nil && strings.Contains(text, string(quoted))
	})
}

// pretty indents a text that is JSON, and leaves any other as it is.
func pretty(text string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(text), "", "  ") != nil {
		return strings.ToValidUTF8(text, "\ufffd")
	}
	return b.String()
}
