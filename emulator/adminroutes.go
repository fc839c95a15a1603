package emulator

import (
	"bytes"
	"net/http"
	"reflect"
	"slices"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// adminRoutes is the whole admin interface. GET /_wxpay/ answers this table.
func (e *Emulator) adminRoutes() []adminRoute {
	return slices.Concat(e.adminReads(), e.adminWrites(), e.adminPapay())
}

// adminIndex is the answer to GET /_wxpay/: the names of everything.
type adminIndex struct {
	Routes             []adminRoute     `json:"routes"`
	Faults             []DisruptionCase `json:"faults"`              // of requests
	NotificationFaults []Fault          `json:"notification_faults"` // of notifications that are sent again
	Scenarios          []Scenario       `json:"scenarios"`
	MagicMembers       []string         `json:"magic_members"` // of a pre-sign, that may ask for a scenario
}

func (e *Emulator) adminIndex() adminIndex {
	return adminIndex{append(e.adminRoutes(), e.above...), DisruptionCases(), notificationFaults(), Scenarios(), magicMembers}
}

func (e *Emulator) adminReads() []adminRoute {
	return []adminRoute{
		{Method: "GET", Path: "/", Does: "the names of everything: routes, faults, scenarios", run: shows(e.adminIndex)},
		{Method: "GET", Path: "/openapi.json", Does: "this interface as an OpenAPI 3.1 document", run: shows(adminDocument)},
		{Method: "GET", Path: "/state", Does: "the clock, the key mode, and how many things there are", run: gives(e.Summary)},
		{Method: "GET", Path: "/credentials", Does: "names and public parts of the keys", run: shows(e.adminCredentials)},
		{Method: "GET", Path: "/orders", Does: "orders", run: gives(e.Orders)},
		{Method: "GET", Path: "/orders/{prepay_id}", Does: "one order", run: byName("prepay_id", e.Order)},
		{Method: "GET", Path: "/contracts", Does: "contracts, the pre-signed ones too", run: gives(e.Contracts)},
		{Method: "GET", Path: "/contracts/{contract_id}", Does: "one contract", run: byName("contract_id", e.Contract)},
		{Method: "GET", Path: "/sessions", Does: "signing sessions", run: gives(e.Sessions)},
		{Method: "GET", Path: "/sessions/{id}", Does: "one signing session, by its pre_entrustweb_id", run: byName("id", e.Session)},
		{Method: "GET", Path: "/events", Does: "notifications and the attempts to deliver them", run: gives(e.Events)},
		{Method: "GET", Path: "/exchanges", Does: "the last requests and their answers, the newest first", run: shows(e.Exchanges)},
		{Method: "GET", Path: "/coverage", Does: "what the requests so far have met", run: shows(e.Coverage)},
		{Method: "GET", Path: "/export", Does: "the whole state as one document, for import", run: e.adminExport()},
		{Method: "GET", Path: "/events/{id}", Does: "one notification", run: byName("id", e.Event)},
	}
}

func (e *Emulator) adminWrites() []adminRoute {
	const who = "openid"
	return []adminRoute{
		{Method: "POST", Path: "/orders/{prepay_id}/pay", Does: "the user pays", Body: who, run: asUser("prepay_id", e.Pay)},
		{Method: "POST", Path: "/orders/{prepay_id}/agree", Does: "the user signs the contract offered after the payment", Body: who, run: asUser("prepay_id", e.Agree)},
		{Method: "POST", Path: "/orders/{prepay_id}/fail", Does: "the same, and the rules forbid it", Body: who, run: asUser("prepay_id", e.Fail)},
		{Method: "POST", Path: "/orders/{prepay_id}/decline", Does: "the user does not want it", run: end("prepay_id", e.Decline)},
		{Method: "POST", Path: "/sessions/{id}/agree", Does: "the user signs", Body: who + "; client_ip: where the user is seen", run: takes(e.adminAgree)},
		{Method: "POST", Path: "/sessions/{id}/fail", Does: "the user signs, and the rules forbid it", Body: who, run: asUser("id", e.Fail)},
		{Method: "POST", Path: "/sessions/{id}/decline", Does: "the user does not want it", run: end("id", e.Decline)},
		{Method: "POST", Path: "/contracts/{contract_id}/terminate", Does: "the contract ends, by the user unless mode says otherwise; where the merchant is asked first, inquiry says what came of it", Body: "mode, remark", run: takes(e.adminTerminate)},
		{Method: "POST", Path: "/contracts/{contract_id}/stay", Does: "the user takes what was offered, and keeps the contract", run: byName("contract_id", e.Stay)},
		{Method: "POST", Path: "/contracts/{contract_id}/pause", Does: "the user pauses the contract of a vehicle", run: byName("contract_id", e.Pause)},
		{Method: "POST", Path: "/contracts/{contract_id}/resume", Does: "the user lets it go on", run: byName("contract_id", e.Resume)},
		{Method: "POST", Path: "/contracts/{contract_id}/lapse", Does: "the contract runs out: TO_BE_RENEWED", run: byName("contract_id", e.Lapse)},
		{Method: "POST", Path: "/events", Does: "sends an event made of its documented samples", Body: "event_type; notify_url; resource: members in the place of the samples", Needs: []string{"event_type", "notify_url"}, run: takes(e.adminTrigger)},
		{Method: "POST", Path: "/events/{id}/redeliver", Does: "sends a notification again, now", Body: "fault: duplicate, probe, serial, stale or ciphertext; duplicate unless said", run: takes(e.adminRedeliver)},
		{Method: "POST", Path: "/deliver", Does: "makes every attempt that is due now", run: does(e.adminDeliver)},
		{Method: "POST", Path: "/clock/advance", Does: "moves the clock, and does what falls due on the way", Body: "duration, such as 2h", Needs: []string{"duration"}, run: takes(e.adminAdvance)},
		{Method: "POST", Path: "/clock/set", Does: "sets the clock; forwards, what falls due on the way happens", Body: "time, such as 2026-01-02T15:04:05+08:00", Needs: []string{"time"}, run: takes(e.adminSet)},
		{Method: "POST", Path: "/clock/freeze", Does: "stops the clock where it stands", run: gives(e.adminFreeze)},
		{Method: "POST", Path: "/clock/run", Does: "lets the clock run on from where it stands", Body: "rate, 1 unless said: 3600 is an hour a second", run: takes(e.adminClockRun)},
		{Method: "POST", Path: "/keys/rotate", Does: "replaces the platform certificate, within ten days of the clock", run: gives(e.adminRotate)},
		{Method: "POST", Path: "/keys/migration/begin", Does: "begins the seven days in which notifications move to the public key", run: e.adminKeys(e.BeginMigration)},
		{Method: "POST", Path: "/keys/migration/end", Does: "gives the platform certificates up", run: e.adminKeys(e.EndMigration)},
		{Method: "POST", Path: "/import", Does: "puts an exported state in the place of this one, whole or not at all", Body: "the document that export gave", Needs: []string{"wxpay_emulator_state", "mchid", "clock.time"}, run: e.adminImport(), limit: maxImport},
		{Method: "POST", Path: "/scenarios/{name}", Does: "lets a scenario happen", Body: "ref: the session, contract, event or refund that it is about", run: takes(e.adminPlay)},
		{Method: "GET", Path: "/faults", Does: "what goes wrong on purpose, and how often it has", run: shows(e.Disruptions)},
		{Method: "POST", Path: "/faults", Does: "lets something go wrong with requests", Body: "case; method, path, after, count, chance, seed, delay, size", Needs: []string{"case"}, run: e.adminDisrupt()},
		{Method: "DELETE", Path: "/faults", Does: "lets nothing go wrong any more", run: end("id", e.Restore)},
		{Method: "DELETE", Path: "/faults/{id}", Does: "ends one of them", run: end("id", e.Restore)},
		{Method: "POST", Path: "/reset", Does: "forgets everything but keys and clock", run: gives(e.adminReset)},
	}
}

// userPart names the user who acts.
type userPart struct {
	OpenID string `json:"openid"` // empty means the one that the order or the pre-sign named
}

// asUser runs an action of a user whom the body may name.
func asUser[Out any](name string, do func(ref, openID string) (Out, error)) adminAction {
	return takes(func(r *http.Request, in userPart) (Out, error) { return do(r.PathValue(name), in.OpenID) })
}

// agreementPart says who signs, and from where.
type agreementPart struct {
	OpenID   string `json:"openid"`    // of the user; the one that the pre-sign named unless said
	ClientIP string `json:"client_ip"` // where the user is seen, compared with user_client_ip of the pre-sign
}

func (e *Emulator) adminAgree(r *http.Request, in agreementPart) (*Contract, error) {
	return e.AgreeFrom(r.PathValue("id"), in.OpenID, in.ClientIP)
}

// terminationPart says who ends a contract, and why.
type terminationPart struct {
	Mode   string `json:"mode"`   // contract_termination_mode; USER_TERMINATE unless said
	Remark string `json:"remark"` // of who ends it
}

func (e *Emulator) adminTerminate(r *http.Request, in terminationPart) (*Contract, error) {
	return e.Terminate(r.PathValue("contract_id"), in.Mode, in.Remark)
}

// triggerPart is an event to be sent.
type triggerPart struct {
	Type     string         `json:"event_type"` // such as ENTRUST.SIGN
	URL      string         `json:"notify_url"`
	Resource map[string]any `json:"resource"` // members in the place of the samples; null leaves one out
}

func (e *Emulator) adminTrigger(_ *http.Request, in triggerPart) (*Event, error) {
	return e.Trigger(in.Type, in.URL, in.Resource)
}

// faultPart is what shall be wrong with a notification.
type faultPart struct {
	Fault Fault `json:"fault"` // duplicate unless said
}

func (e *Emulator) adminRedeliver(r *http.Request, in faultPart) (*Attempt, error) {
	return e.Redeliver(r.Context(), r.PathValue("id"), in.Fault)
}

// deliveredPart counts what was sent.
type deliveredPart struct {
	Attempts int `json:"attempts"`
}

func (e *Emulator) adminDeliver(r *http.Request) (deliveredPart, error) {
	n, err := e.Deliver(r.Context())
	return deliveredPart{n}, err
}

// durationPart is how far the clock moves.
type durationPart struct {
	Duration string `json:"duration"` // such as 90s or 2h
}

func (e *Emulator) adminAdvance(r *http.Request, in durationPart) (Summary, error) {
	d, err := time.ParseDuration(in.Duration)
	if err != nil {
		return Summary{}, &ActionError{"invalid", "duration is not one such as 90s or 2h"}
	}
	if err := e.Advance(r.Context(), d); err != nil {
		return Summary{}, err
	}
	return e.Summary()
}

// timePart is what the clock is set to.
type timePart struct {
	Time time.Time `json:"time"`
}

func (e *Emulator) adminSet(r *http.Request, in timePart) (Summary, error) {
	if in.Time.IsZero() {
		return Summary{}, &ActionError{"invalid", "time is missing"}
	}
	if err := e.SetTime(r.Context(), in.Time); err != nil {
		return Summary{}, err
	}
	return e.Summary()
}

func (e *Emulator) adminFreeze() (Summary, error) {
	e.clock.Freeze()
	return e.Summary()
}

// ratePart is how fast the clock runs.
type ratePart struct {
	Rate *float64 `json:"rate"` // times the machine's, 1 unless said
}

func (e *Emulator) adminClockRun(_ *http.Request, in ratePart) (Summary, error) {
	rate := 1.0
	if in.Rate != nil {
		rate = *in.Rate
	}
	if err := e.clock.Go(rate); err != nil {
		return Summary{}, &ActionError{"invalid", err.Error()}
	}
	return e.Summary()
}

func (e *Emulator) adminReset() (Summary, error) {
	if err := e.Reset(); err != nil {
		return Summary{}, err
	}
	return e.Summary()
}

// certificatePart is a certificate that takes over.
type certificatePart struct {
	Serial      string `json:"serial"`
	Certificate string `json:"certificate"` // PEM
}

func (e *Emulator) adminRotate() (certificatePart, error) {
	cert, err := e.RotateCertificate()
	if err != nil {
		return certificatePart{}, err
	}
	return certificatePart{sign.Serial(cert), string(encodePEM("CERTIFICATE", cert.Raw))}, nil
}

func (e *Emulator) adminKeys(change func() error) adminAction {
	return gives(func() (Summary, error) {
		if err := change(); err != nil {
			return Summary{}, err
		}
		return e.Summary()
	})
}

func (e *Emulator) adminCredentials() publicPart { return e.creds.public(e.cfg.Folder) }

func (e *Emulator) adminDisrupt() adminAction {
	a := takes(func(_ *http.Request, in disruptionPart) (Disruption, error) {
		d, err := in.disruption()
		if err != nil {
			return d, err
		}
		return e.Disrupt(d)
	})
	a.in = a.out // it is told as it is given
	return a
}

// refPart is what a scenario is about.
type refPart struct {
	Ref string `json:"ref"`
}

func (e *Emulator) adminPlay(r *http.Request, in refPart) (*Played, error) {
	return e.Play(r.Context(), r.PathValue("name"), in.Ref)
}

// adminExport is an action by hand: its answer is written as it was made.
func (e *Emulator) adminExport() adminAction {
	run := func(*http.Request) (any, error) {
		var b bytes.Buffer
		err := e.Export(&b)
		return document(b.Bytes()), err
	}
	return adminAction{do: run, out: reflect.TypeFor[export]()}
}

// adminImport is one too: the document is checked as it is read.
func (e *Emulator) adminImport() adminAction {
	run := func(r *http.Request) (any, error) {
		if err := e.Import(r.Body); err != nil {
			return nil, err
		}
		return e.Summary()
	}
	return adminAction{do: run, in: reflect.TypeFor[export](), out: reflect.TypeFor[Summary]()}
}
