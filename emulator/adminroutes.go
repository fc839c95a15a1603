package emulator

import (
	"net/http"
	"slices"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// adminRoutes is the whole admin interface. GET /_wxpay/ answers this table.
func (e *Emulator) adminRoutes() []adminRoute {
	return slices.Concat(e.adminReads(), e.adminWrites(), e.adminPapay())
}

func (e *Emulator) adminReads() []adminRoute {
	return []adminRoute{
		{Method: "GET", Path: "/state", Does: "the clock, the key mode, and how many things there are", run: func(*http.Request) (any, error) { return e.Summary() }},
		{Method: "GET", Path: "/credentials", Does: "names and public parts of the keys", run: func(*http.Request) (any, error) { return e.creds.public(e.cfg.Folder), nil }},
		{Method: "GET", Path: "/orders", Does: "orders", run: func(*http.Request) (any, error) { return e.Orders() }},
		{Method: "GET", Path: "/orders/{prepay_id}", Does: "one order", run: byName("prepay_id", e.Order)},
		{Method: "GET", Path: "/contracts", Does: "contracts, the pre-signed ones too", run: func(*http.Request) (any, error) { return e.Contracts() }},
		{Method: "GET", Path: "/contracts/{contract_id}", Does: "one contract", run: byName("contract_id", e.Contract)},
		{Method: "GET", Path: "/sessions", Does: "signing sessions", run: func(*http.Request) (any, error) { return e.Sessions() }},
		{Method: "GET", Path: "/sessions/{id}", Does: "one signing session, by its pre_entrustweb_id", run: byName("id", e.Session)},
		{Method: "GET", Path: "/events", Does: "notifications and the attempts to deliver them", run: func(*http.Request) (any, error) { return e.Events() }},
		{Method: "GET", Path: "/exchanges", Does: "the last requests and their answers, the newest first", run: func(*http.Request) (any, error) { return e.Exchanges(), nil }},
		{Method: "GET", Path: "/coverage", Does: "what the requests so far have met", run: func(*http.Request) (any, error) { return e.Coverage(), nil }},
		{Method: "GET", Path: "/export", Does: "the whole state as one document, for import", run: e.adminExport},
		{Method: "GET", Path: "/events/{id}", Does: "one notification", run: byName("id", e.Event)},
	}
}

func (e *Emulator) adminWrites() []adminRoute {
	const who, end = "openid", "mode, remark"
	return []adminRoute{
		{Method: "POST", Path: "/orders/{prepay_id}/pay", Does: "the user pays", Body: who, run: asUser("prepay_id", e.Pay)},
		{Method: "POST", Path: "/orders/{prepay_id}/agree", Does: "the user signs the contract offered after the payment", Body: who, run: asUser("prepay_id", e.Agree)},
		{Method: "POST", Path: "/orders/{prepay_id}/fail", Does: "the same, and the rules forbid it", Body: who, run: asUser("prepay_id", e.Fail)},
		{Method: "POST", Path: "/orders/{prepay_id}/decline", Does: "the user does not want it", run: e.adminDecline("prepay_id")},
		{Method: "POST", Path: "/sessions/{id}/agree", Does: "the user signs", Body: who + "; client_ip: where the user is seen", run: e.adminAgree},
		{Method: "POST", Path: "/sessions/{id}/fail", Does: "the user signs, and the rules forbid it", Body: who, run: asUser("id", e.Fail)},
		{Method: "POST", Path: "/sessions/{id}/decline", Does: "the user does not want it", run: e.adminDecline("id")},
		{Method: "POST", Path: "/contracts/{contract_id}/terminate", Does: "the contract ends, by the user unless mode says otherwise; where the merchant is asked first, inquiry says what came of it", Body: end, run: e.adminTerminate},
		{Method: "POST", Path: "/contracts/{contract_id}/stay", Does: "the user takes what was offered, and keeps the contract", run: byName("contract_id", e.Stay)},
		{Method: "POST", Path: "/contracts/{contract_id}/pause", Does: "the user pauses the contract of a vehicle", run: byName("contract_id", e.Pause)},
		{Method: "POST", Path: "/contracts/{contract_id}/resume", Does: "the user lets it go on", run: byName("contract_id", e.Resume)},
		{Method: "POST", Path: "/contracts/{contract_id}/lapse", Does: "the contract runs out: TO_BE_RENEWED", run: byName("contract_id", e.Lapse)},
		{Method: "POST", Path: "/events", Does: "sends an event made of its documented samples", Body: "event_type and notify_url, both required; resource: members in the place of the samples", run: e.adminTrigger},
		{Method: "POST", Path: "/events/{id}/redeliver", Does: "sends a notification again, now", Body: "fault: duplicate, probe, serial, stale or ciphertext", run: e.adminRedeliver},
		{Method: "POST", Path: "/deliver", Does: "makes every attempt that is due now", run: e.adminDeliver},
		{Method: "POST", Path: "/clock/advance", Does: "moves the clock, and does what falls due on the way", Body: "duration, such as 2h", run: e.adminAdvance},
		{Method: "POST", Path: "/clock/set", Does: "sets the clock; forwards, what falls due on the way happens", Body: "time, such as 2026-01-02T15:04:05+08:00", run: e.adminSet},
		{Method: "POST", Path: "/clock/freeze", Does: "stops the clock where it stands", run: e.adminFreeze},
		{Method: "POST", Path: "/clock/run", Does: "lets the clock run on from where it stands", Body: "rate, 1 unless said: 3600 is an hour a second", run: e.adminClockRun},
		{Method: "POST", Path: "/keys/rotate", Does: "replaces the platform certificate, within ten days of the clock", run: e.adminRotate},
		{Method: "POST", Path: "/keys/migration/begin", Does: "begins the seven days in which notifications move to the public key", run: e.adminKeys(e.BeginMigration)},
		{Method: "POST", Path: "/keys/migration/end", Does: "gives the platform certificates up", run: e.adminKeys(e.EndMigration)},
		{Method: "POST", Path: "/import", Does: "puts an exported state in the place of this one, whole or not at all", Body: "the document that export gave", run: e.adminImport, limit: maxImport},
		{Method: "POST", Path: "/scenarios/{name}", Does: "lets a scenario happen", Body: "ref: the session, contract, event or refund that it is about", run: e.adminPlay},
		{Method: "GET", Path: "/faults", Does: "what goes wrong on purpose, and how often it has", run: func(*http.Request) (any, error) { return e.Disruptions(), nil }},
		{Method: "POST", Path: "/faults", Does: "lets something go wrong with requests", Body: "case, required; method, path, after, count, chance, seed, delay, size", run: e.adminDisrupt},
		{Method: "DELETE", Path: "/faults", Does: "lets nothing go wrong any more", run: e.adminRestore},
		{Method: "DELETE", Path: "/faults/{id}", Does: "ends one of them", run: e.adminRestore},
		{Method: "POST", Path: "/reset", Does: "forgets everything but keys and clock", run: e.adminReset},
	}
}

// byName runs a method with the name in the path.
func byName[T any](name string, do func(string) (T, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) { return do(r.PathValue(name)) }
}

// asUser runs an action of a user whom the body may name.
func asUser[T any](name string, do func(ref, openID string) (T, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		in, err := input[struct {
			OpenID string `json:"openid"`
		}](r)
		if err != nil {
			return nil, err
		}
		return do(r.PathValue(name), in.OpenID)
	}
}

func (e *Emulator) adminAgree(r *http.Request) (any, error) {
	in, err := input[struct {
		OpenID   string `json:"openid"`
		ClientIP string `json:"client_ip"`
	}](r)
	if err != nil {
		return nil, err
	}
	return e.AgreeFrom(r.PathValue("id"), in.OpenID, in.ClientIP)
}

func (e *Emulator) adminDecline(name string) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		return struct{}{}, e.Decline(r.PathValue(name))
	}
}

func (e *Emulator) adminTerminate(r *http.Request) (any, error) {
	in, err := input[struct {
		Mode   string `json:"mode"`
		Remark string `json:"remark"`
	}](r)
	if err != nil {
		return nil, err
	}
	return e.Terminate(r.PathValue("contract_id"), in.Mode, in.Remark)
}

func (e *Emulator) adminTrigger(r *http.Request) (any, error) {
	in, err := input[struct {
		Type     string         `json:"event_type"`
		URL      string         `json:"notify_url"`
		Resource map[string]any `json:"resource"`
	}](r)
	if err != nil {
		return nil, err
	}
	return e.Trigger(in.Type, in.URL, in.Resource)
}

func (e *Emulator) adminRedeliver(r *http.Request) (any, error) {
	in, err := input[struct {
		Fault Fault `json:"fault"`
	}](r)
	if err != nil {
		return nil, err
	}
	return e.Redeliver(r.Context(), r.PathValue("id"), in.Fault)
}

func (e *Emulator) adminDeliver(r *http.Request) (any, error) {
	n, err := e.Deliver(r.Context())
	return map[string]int{"attempts": n}, err
}

func (e *Emulator) adminAdvance(r *http.Request) (any, error) {
	in, err := input[struct {
		Duration string `json:"duration"`
	}](r)
	if err != nil {
		return nil, err
	}
	d, err := time.ParseDuration(in.Duration)
	if err != nil {
		return nil, &ActionError{"invalid", "duration is not one such as 90s or 2h"}
	}
	if err := e.Advance(r.Context(), d); err != nil {
		return nil, err
	}
	return e.Summary()
}

func (e *Emulator) adminSet(r *http.Request) (any, error) {
	in, err := input[struct {
		Time time.Time `json:"time"`
	}](r)
	if err != nil {
		return nil, err
	}
	if in.Time.IsZero() {
		return nil, &ActionError{"invalid", "time is missing"}
	}
	if err := e.SetTime(r.Context(), in.Time); err != nil {
		return nil, err
	}
	return e.Summary()
}

func (e *Emulator) adminFreeze(*http.Request) (any, error) {
	e.clock.Freeze()
	return e.Summary()
}

func (e *Emulator) adminClockRun(r *http.Request) (any, error) {
	in, err := input[struct {
		Rate *float64 `json:"rate"`
	}](r)
	if err != nil {
		return nil, err
	}
	rate := 1.0
	if in.Rate != nil {
		rate = *in.Rate
	}
	if err := e.clock.Go(rate); err != nil {
		return nil, &ActionError{"invalid", err.Error()}
	}
	return e.Summary()
}

func (e *Emulator) adminReset(*http.Request) (any, error) {
	if err := e.Reset(); err != nil {
		return nil, err
	}
	return e.Summary()
}

func (e *Emulator) adminRotate(*http.Request) (any, error) {
	cert, err := e.RotateCertificate()
	if err != nil {
		return nil, err
	}
	return map[string]string{"serial": sign.Serial(cert), "certificate": string(encodePEM("CERTIFICATE", cert.Raw))}, nil
}

func (e *Emulator) adminKeys(change func() error) func(*http.Request) (any, error) {
	return func(*http.Request) (any, error) {
		if err := change(); err != nil {
			return nil, err
		}
		return e.Summary()
	}
}

func (e *Emulator) adminDisrupt(r *http.Request) (any, error) {
	in, err := input[disruptionPart](r)
	if err != nil {
		return nil, err
	}
	d, err := in.disruption()
	if err != nil {
		return nil, err
	}
	return e.Disrupt(d)
}

func (e *Emulator) adminRestore(r *http.Request) (any, error) {
	return struct{}{}, e.Restore(r.PathValue("id"))
}

func (e *Emulator) adminPlay(r *http.Request) (any, error) {
	in, err := input[struct {
		Ref string `json:"ref"`
	}](r)
	if err != nil {
		return nil, err
	}
	return e.Play(r.Context(), r.PathValue("name"), in.Ref)
}
