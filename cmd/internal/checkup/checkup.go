// Package checkup looks for what is wrong with a merchant's set-up: files that
// are something else than their name says, ids in each other's place, a clock
// that is off, keys that WeChat Pay does not know.
//
// [Files] looks at the profile and its files alone; [Run] asks the other side
// too, be it WeChat Pay or an emulator, with two calls that change nothing:
// GET /v3/certificates and POST /v3/security/echo. What is found is said with
// its consequence and with what to do. No text of a finding holds a secret.
package checkup

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Grade says how a finding is to be taken.
type Grade string

// The grades, from fine to bad.
const (
	Good    Grade = "good"
	Skipped Grade = "skipped" // could not be looked at, for the reason given
	Note    Grade = "note"    // works, and worth knowing
	Warning Grade = "warning" // works, and will not for long or not everywhere
	Faulty  Grade = "fault"   // does not work
)

// Check is what was looked at. The names do not change.
type Check string

// The checks, in the order of the report.
const (
	Address     Check = "address"
	Clock       Check = "clock"
	DNS         Check = "dns"
	Connection  Check = "connection"
	TLS         Check = "tls"
	MchID       Check = "mchid"
	PrivateKey  Check = "private-key"
	Certificate Check = "certificate"
	Serial      Check = "serial"
	PublicKey   Check = "public-key"
	PublicKeyID Check = "public-key-id"
	Platform    Check = "platform-certificate"
	APIv3Key    Check = "apiv3-key"
	Trust       Check = "trust"
	Signature   Check = "signature" // of requests, as WeChat Pay sees it
	Answer      Check = "answer"    // of WeChat Pay, as we see it
	Encryption  Check = "encryption"
	Migration   Check = "migration"
	NotifyURL   Check = "notify-url"
)

var order = []Check{
	Address, DNS, Connection, TLS, Clock, MchID, PrivateKey, Certificate, Serial, PublicKey, PublicKeyID, Platform,
	APIv3Key, Trust, Signature, Answer, Encryption, Migration, NotifyURL,
}

// Finding is one thing that was found.
type Finding struct {
	Check  Check  `json:"check"`
	Grade  Grade  `json:"grade"`
	Code   string `json:"code,omitempty"`   // names what is wrong; does not change
	What   string `json:"what"`             // what was found
	Why    string `json:"why,omitempty"`    // what follows from it
	Remedy string `json:"remedy,omitempty"` // what to do
}

// Report is all that was found.
type Report struct {
	Findings []Finding `json:"findings"`
}

// Faults counts what does not work.
func (r *Report) Faults() int { return r.count(Faulty) }

// Warnings counts what will not work for long or not everywhere.
func (r *Report) Warnings() int { return r.count(Warning) }

func (r *Report) count(g Grade) (n int) {
	for _, f := range r.Findings {
		if f.Grade == g {
			n++
		}
	}
	return n
}

func (r *Report) sort() {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Compare(slices.Index(order, a.Check), slices.Index(order, b.Check))
	})
}

func (r *Report) add(c Check, g Grade, code, what, why, remedy string) {
	r.Findings = append(r.Findings, Finding{c, g, code, what, why, remedy})
}

func (r *Report) good(c Check, format string, args ...any) {
	r.add(c, Good, "", fmt.Sprintf(format, args...), "", "")
}

func (r *Report) skip(c Check, what, remedy string) { r.add(c, Skipped, "", what, "", remedy) }

func (r *Report) fault(c Check, code, what, why, remedy string) {
	r.add(c, Faulty, code, what, why, remedy)
}

func (r *Report) warn(c Check, code, what, why, remedy string) {
	r.add(c, Warning, code, what, why, remedy)
}

func (r *Report) note(c Check, code, what, remedy string) { r.add(c, Note, code, what, "", remedy) }

// bad reports whether a check found a fault already.
func (r *Report) bad(c Check) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Check == c && f.Grade == Faulty })
}

// sentence begins with a capital and ends with a full stop.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + strings.TrimSuffix(text[1:], ".") + "."
}
