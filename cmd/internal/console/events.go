package console

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/shell"
	"github.com/wxpay-go/wxpay/emulator"
	signing "github.com/wxpay-go/wxpay/sign"
)

// eventsPage lists the notifications.
type eventsPage struct {
	Query string
	Rows  []emulator.Event
	Due   int
}

func events(v *visit) (any, error) {
	list, err := v.pay.LastEvents(recent)
	page := &eventsPage{Query: v.query()}
	for _, e := range list {
		if e.State == emulator.EventPending && !e.Next.After(v.pay.Clock().Now()) {
			page.Due++
		}
		if v.wanted(e.Type, e.URL, e.ID, string(e.State), string(e.Resource)) {
			page.Rows = append(page.Rows, e)
		}
	}
	return page, err
}

// eventPage is one notification: what it says, and how it is sent.
type eventPage struct {
	*emulator.Event
	Plain, Sealed string
	Curl          string
	Faults        []emulator.Fault

	// What can be let happen by name, and what that is about.
	Scenarios []emulator.Scenario
	Ref       string
}

func event(v *visit) (any, error) {
	e, err := v.pay.Event(v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	page := &eventPage{
		Event: e, Plain: pretty(string(e.Resource)), Sealed: pretty(e.Body),
		Scenarios: scenarios("id of an event"), Ref: e.ID,
		Faults: []emulator.Fault{emulator.FaultDuplicate, emulator.FaultProbe, emulator.FaultSerial, emulator.FaultStale, emulator.FaultCiphertext},
	}
	page.Curl, err = curl(v, e)
	return page, err
}

// curl is a command that sends the notification, signed at this moment.
func curl(v *visit, e *emulator.Event) (string, error) {
	creds, stamp, nonce := v.pay.Credentials(), strconv.FormatInt(v.pay.Clock().Now().Unix(), 10), signing.Nonce()
	key, serial := creds.PublicKeySigner, creds.PublicKeyID
	if sum, err := v.pay.Summary(); err != nil {
		return "", err
	} else if sum.Keys == emulator.KeyCertificate {
		key, serial = creds.PlatformKey, creds.PlatformSerial()
	}
	signature, err := signing.RSA.Sign(key, signing.AppendAnswer(nil, stamp, nonce, []byte(e.Body)))
	if err != nil {
		return "", err
	}
	header := http.Header{"Content-Type": {"application/json"}}
	signing.Header{
		Timestamp: stamp, Nonce: nonce, Serial: serial,
		Signature: base64.StdEncoding.EncodeToString(signature), Type: signing.SchemeRSA,
	}.Write(header)
	line := shell.Curl{Options: []string{"-i"}, Method: http.MethodPost, URL: e.URL, Header: header, Body: []byte(e.Body)}
	return line.String(), nil
}

// took is how long an attempt took, for people.
func took(d time.Duration) string { return d.Round(time.Millisecond).String() }
