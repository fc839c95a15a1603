package emulator

import (
	"maps"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// Trigger sends an event out of nothing: a documented event type, made of its
// documented samples for this merchant, with the members of overrides in the
// place of theirs; a nil member is left out. Of what is optional, objects and
// lists are left out unless overrides has them, and so is the partner's half
// (sp_…, sub_…) or the direct merchant's, whichever overrides does not speak of.
//
// The event is due now, at notifyURL. The state is not touched. The error is
// an [*ActionError]: an unknown type, a member that is not documented, or a
// required one that was left out.
func (e *Emulator) Trigger(eventType, notifyURL string, overrides map[string]any) (event *Event, err error) {
	if eventType == "" {
		return nil, &ActionError{"invalid", "event_type is missing"}
	}
	described, ok := e.description.LookupEvent(eventType)
	if !ok {
		return nil, notFound("event type", eventType)
	}
	if notifyURL == "" {
		return nil, &ActionError{"invalid", "notify_url is missing: an event without one is not sent"}
	}
	known := e.eventSamples(described.Resource, overrides)
	fields := resourceFor(described.Resource, known)
	for name := range overrides {
		if !hasField(fields, name) {
			return nil, &ActionError{"invalid", eventType + " has no member " + strconv.Quote(name)}
		}
	}
	if _, err := e.render(fields, known); err != nil {
		return nil, &ActionError{"invalid", err.Error()}
	}
	err = e.update(func(tx Tx) error {
		event, err = e.notify(tx, e.clock.Now(), eventType, notifyURL, known)
		return err
	})
	return event, err
}

// eventSamples picks the members that an event of this merchant would have.
func (e *Emulator) eventSamples(f *spec.Field, overrides map[string]any) map[string]any {
	partner := false
	for name := range overrides {
		partner = partner || isPartners(name)
	}
	known := map[string]any{}
	for i := range f.Fields {
		m := &f.Fields[i]
		whole := m.Type == "object" || m.Type == "array"
		if !m.Required && (whole || isPartners(m.Name) && !partner || isDirect(m.Name) && partner) {
			continue
		}
		known[m.Name] = sample(m)
		if m.Name == "mchid" || m.Name == "sp_mchid" {
			known[m.Name] = e.cfg.MchID
		}
	}
	maps.Copy(known, overrides)
	if overrides["service_id"] != nil {
		delete(known, "plan_id")
	}
	return known
}

func isPartners(name string) bool {
	return strings.HasPrefix(name, "sp_") || strings.HasPrefix(name, "sub_")
}

func isDirect(name string) bool { return name == "mchid" || name == "appid" || name == "openid" }

func hasField(f *spec.Field, name string) bool {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return true
		}
	}
	return false
}
