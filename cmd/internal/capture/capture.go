// Package capture reads a request, an answer or a notification as people have
// it at hand: the text of an HTTP message, a HAR file (HTTP Archive 1.2) of a
// browser or a proxy, a curl line, or the JSON of a body alone. What it is, is
// found by its content; the bytes of a body stay as they are, for they are what
// was signed.
package capture

import (
	"bytes"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
)

// MaxSize bounds what is read, in bytes: 64 MiB.
const MaxSize = 64 << 20

// The forms that are read.
const (
	HTTP = "raw HTTP"
	HAR  = "HAR"
	Curl = "curl"
	JSON = "JSON"
)

// Message is one request or answer.
type Message struct {
	Form  string // that it was read from
	Entry int    // of a HAR file, from 1; 0 elsewhere

	Method string // "" for an answer, and for a body alone
	Scheme string // "https" unless something else is written
	Host   string // may be empty
	Target string // path and query as they were sent

	Status int // of an answer; 0 for a request, and for a body alone

	Header http.Header
	Body   []byte // unpacked where it came packed or in chunks

	// Notes say what was done to the body, and what is odd about it.
	Notes []string
}

// Kinds of a message.
const (
	Request      = "request"
	Answer       = "answer"
	Notification = "notification"
	Body         = "body" // a body without headers
)

// Kind tells what the message is. A notification is a request that WeChat Pay
// signed; where only headers and body are known, an answer and a notification
// are one and the same to whoever verifies them.
func (m *Message) Kind() string {
	switch {
	case m.Status != 0:
		return Answer
	case m.Header.Get("Wechatpay-Signature") != "":
		return Notification
	case m.Method != "":
		return Request
	}
	return Body
}

// Signed is the part of the body that a signature is about: of a multipart
// upload the text of its part "meta", else all of it.
func (m *Message) Signed() []byte {
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return m.Body
	}
	parts := multipart.NewReader(bytes.NewReader(m.Body), params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			return m.Body
		}
		if part.FormName() != "meta" {
			continue
		}
		var meta bytes.Buffer
		if _, err := meta.ReadFrom(part); err != nil {
			return m.Body
		}
		return meta.Bytes()
	}
}

func (m *Message) note(format string, args ...any) {
	m.Notes = append(m.Notes, fmt.Sprintf(format, args...))
}

// Error says where a text breaks the form that it seems to have. It holds
// nothing of the text.
type Error struct {
	Form   string // "" where no form was recognised
	Line   int    // from 1; 0 for the whole
	Rule   string
	Remedy string
}

// Error names the form, the line, what is wrong and what to do.
func (e *Error) Error() string {
	text := e.Rule + "; " + e.Remedy
	switch {
	case e.Form == "":
		return text
	case e.Line == 0:
		return "reads as " + e.Form + ": " + text
	}
	return fmt.Sprintf("reads as %s, line %d: %s", e.Form, e.Line, text)
}

// Reader reads the files that a curl line names with @.
type Reader func(name string) ([]byte, error)

// Parse reads every message in text. files may be nil: then a curl line that
// names a file is refused. The error is an [*Error].
func Parse(text []byte, files Reader) ([]*Message, error) {
	if len(text) > MaxSize {
		return nil, &Error{Rule: "is longer than 64 MiB", Remedy: "cut out the message in question"}
	}
	plain := bytes.TrimPrefix(text, []byte(mark))
	head := bytes.TrimLeft(plain, " \t\r\n")
	switch {
	case len(head) == 0:
		return nil, &Error{Rule: "is empty", Remedy: "give " + Forms}
	case isHTTP(head):
		return parseHTTP(head, bytes.Count(plain[:len(plain)-len(head)], []byte("\n")))
	case isCurl(head):
		return parseCurl(head, bytes.Count(plain[:len(plain)-len(head)], []byte("\n")), files)
	case head[0] == '{' || head[0] == '[':
		return parseJSON(text, plain)
	case bytes.HasPrefix(head, []byte("-----BEGIN ")):
		return nil, &Error{Rule: "is a key or a certificate (PEM)", Remedy: "give " + Forms}
	case bytes.IndexByte(head[:min(len(head), 512)], 0) >= 0:
		return nil, &Error{Rule: "is a binary file", Remedy: "give " + Forms}
	}
	return nil, &Error{Line: 1, Rule: "line 1 begins like none of the forms that are known", Remedy: "give " + Forms}
}

// Forms names what can be given.
const Forms = "the text of an HTTP request or answer, a HAR file, a curl line, or the JSON of a notification"

const mark = "\ufeff" // of byte order
