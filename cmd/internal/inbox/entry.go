package inbox

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// State is what became of an event.
type State string

// The states.
const (
	Kept     State = "kept"     // there is no program to pass it on to
	Pending  State = "pending"  // it is to be sent from here
	Accepted State = "accepted" // the program answered 200 or 204
	Left     State = "left"     // the program did not take it; WeChat Pay was told so, and sends it again
	Parked   State = "parked"   // the program did not take it for a day; it is sent no more
)

// Entry is an event that is kept.
type Entry struct {
	ID         string    `json:"id"`
	Type       string    `json:"event_type"`
	Summary    string    `json:"summary,omitempty"`
	CreateTime string    `json:"create_time"`
	First      uint64    `json:"first_delivery"` // number of a [Delivery]
	Last       uint64    `json:"last_delivery"`
	Deliveries int       `json:"deliveries"` // of WeChat Pay
	Arrived    time.Time `json:"arrived"`    // the first of them

	State    State     `json:"state"`
	Attempts int       `json:"attempts"`           // to pass it on
	Forward  *Forward  `json:"forward,omitempty"`  // what came of the last one
	Next     time.Time `json:"next,omitzero"`      // of the next one from here, while pending
	Answered int       `json:"answered,omitempty"` // to the last delivery
	Owed     bool      `json:"owed,omitempty"`     // the program took it from here, and WeChat Pay does not know yet
	Promised bool      `json:"promised,omitempty"` // WeChat Pay was answered that it is taken, before it was
}

// Delivery is a request as it came, byte for byte in its body.
type Delivery struct {
	Number uint64      `json:"number"`
	ID     string      `json:"id"` // of the event
	At     time.Time   `json:"at"`
	Target string      `json:"target"` // path and query as they were sent
	Host   string      `json:"host"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
}

// Forward is what came of passing a notification on.
type Forward struct {
	To       string        `json:"to"`
	Status   int           `json:"status,omitempty"` // 0 if there was no answer
	Error    string        `json:"error,omitempty"`
	Duration time.Duration `json:"duration_ns"`
	Signed   bool          `json:"signed_anew,omitempty"`
}

// accepted: the status alone counts, as for WeChat Pay.
func (f *Forward) accepted() bool {
	return f.Status == http.StatusOK || f.Status == http.StatusNoContent
}

// Raw is the request as HTTP text.
func (d *Delivery) Raw() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: %s\r\n", d.Target, d.Host)
	for _, line := range HeaderLines(d.Header) {
		b.WriteString(line + "\r\n")
	}
	if d.Header.Get("Content-Length") == "" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(d.Body))
	}
	b.WriteString("\r\n")
	b.Write(d.Body)
	return b.Bytes()
}

// HeaderLines are the headers as text, sorted by name.
func HeaderLines(h http.Header) []string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			lines = append(lines, name+": "+value)
		}
	}
	return lines
}
