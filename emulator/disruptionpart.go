package emulator

import (
	"encoding/json"
	"reflect"
	"time"
)

// disruptionPart is a disruption in JSON, where a duration is a text.
type disruptionPart struct {
	ID      string  `json:"id,omitempty"`
	Case    string  `json:"case"`
	Method  string  `json:"method,omitempty"`
	Path    string  `json:"path,omitempty"`
	After   int     `json:"after,omitempty"`
	Count   int     `json:"count,omitempty"`
	Chance  float64 `json:"chance,omitempty"`
	Seed    string  `json:"seed,omitempty"`
	Delay   string  `json:"delay,omitempty"`
	Size    int     `json:"size,omitempty"`
	Matched int     `json:"matched"`
	Hits    int     `json:"hits"`
}

// MarshalJSON writes it as the admin interface tells it.
func (d Disruption) MarshalJSON() ([]byte, error) {
	part := disruptionPart{d.ID, d.Case, d.Method, d.Path, d.After, d.Count, d.Chance, d.Seed, "", d.Size, d.Matched, d.Hits}
	if d.Delay != 0 {
		part.Delay = d.Delay.String()
	}
	return json.Marshal(part)
}

// jsonType says so to the OpenAPI document.
func (Disruption) jsonType() reflect.Type { return reflect.TypeFor[disruptionPart]() }

func (p *disruptionPart) disruption() (d Disruption, err error) {
	d = Disruption{Case: p.Case, Method: p.Method, Path: p.Path, After: p.After, Count: p.Count, Chance: p.Chance, Seed: p.Seed, Size: p.Size}
	if p.Delay != "" {
		if d.Delay, err = time.ParseDuration(p.Delay); err != nil {
			return d, &ActionError{"invalid", "delay is not one such as 90s or 2h"}
		}
	}
	return d, nil
}
