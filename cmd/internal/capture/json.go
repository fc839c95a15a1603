package capture

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/textproto"
	"strings"
)

// archive is what is read of a HAR file.
//
// Source: http://www.softwareishard.com/blog/har-12-spec/
type archive struct {
	Log *struct {
		Entries []struct {
			Request struct {
				Method   string      `json:"method"`
				URL      string      `json:"url"`
				Headers  []nameValue `json:"headers"`
				PostData *struct {
					Text     string `json:"text"`
					Encoding string `json:"encoding"` // of some writers
				} `json:"postData"`
			} `json:"request"`
			Response struct {
				Status  int         `json:"status"`
				Headers []nameValue `json:"headers"`
				Content struct {
					Text     string `json:"text"`
					Encoding string `json:"encoding"`
				} `json:"content"`
			} `json:"response"`
		} `json:"entries"`
	} `json:"log"`
}

type nameValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// record is headers and body in one object, as programs log them.
type record struct {
	Headers map[string]json.RawMessage `json:"headers"`
	Body    *string                    `json:"body"`
	Method  string                     `json:"method"`
	URL     string                     `json:"url"`
	Status  int                        `json:"status"`
}

// parseJSON reads a HAR file, a logged message, or a body. Of a body not even
// the byte order mark is dropped.
func parseJSON(text, plain []byte) ([]*Message, error) {
	if err := checkJSON(plain); err != nil {
		return nil, err
	}
	var file archive
	if json.Unmarshal(plain, &file) == nil && file.Log != nil {
		return file.messages()
	}
	var logged record
	if json.Unmarshal(plain, &logged) == nil && logged.Headers != nil && logged.Body != nil {
		return logged.message()
	}
	return []*Message{{Form: JSON, Header: http.Header{}, Body: text}}, nil
}

// checkJSON says in which line a text stops being JSON.
func checkJSON(text []byte) error {
	var whole json.RawMessage
	err := json.Unmarshal(text, &whole)
	if err == nil {
		return nil
	}
	at := len(text)
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = min(max(0, int(e.Offset)-1), at) // of the byte that it stumbles over
	}
	rule := "is broken here"
	if strings.Contains(err.Error(), "unexpected end") {
		at, rule = len(text), "ends too early"
	}
	return &Error{JSON, bytes.Count(text[:at], []byte("\n")) + 1, rule, "copy it whole, byte for byte"}
}

func (a *archive) messages() ([]*Message, error) {
	var list []*Message
	for i := range a.Log.Entries {
		e := &a.Log.Entries[i]
		if scheme, _, ok := strings.Cut(e.Request.URL, ":"); ok && scheme != "http" && scheme != "https" {
			continue // a browser records its own data: and wss: too
		}
		m := &Message{Form: HAR, Entry: i + 1, Method: strings.ToUpper(e.Request.Method), Header: headerOf(e.Request.Headers)}
		if m.Method == "" {
			return nil, entryError(i, "has a request without a method")
		}
		if err := m.address(HAR, 0, e.Request.URL); err != nil {
			return nil, entryError(i, "has an address that is no URL")
		}
		if p := e.Request.PostData; p != nil {
			if err := m.content(p.Text, p.Encoding); err != nil {
				return nil, entryError(i, "has a request body that is no base64")
			}
		}
		m.settleHost()
		list = append(list, m)
		if e.Response.Status == 0 {
			continue // the browser gave up
		}
		answer := &Message{Form: HAR, Entry: i + 1, Status: e.Response.Status, Header: headerOf(e.Response.Headers)}
		if err := answer.content(e.Response.Content.Text, e.Response.Content.Encoding); err != nil {
			return nil, entryError(i, "has an answer that is no base64")
		}
		list = append(list, answer)
	}
	if len(list) == 0 {
		return nil, &Error{HAR, 0, "holds no entries", "record the call again, and save it with its content"}
	}
	return list, nil
}

func entryError(i int, rule string) error {
	return &Error{HAR, 0, "entry " + itoa(i+1) + " " + rule, "export it again, with its content"}
}

// headerOf drops the pseudo-headers of HTTP/2, and what is no longer true of a
// body that the browser unpacked.
func headerOf(list []nameValue) http.Header {
	h := http.Header{}
	for _, f := range list {
		if !strings.HasPrefix(f.Name, ":") {
			h.Add(textproto.CanonicalMIMEHeaderKey(f.Name), f.Value)
		}
	}
	for _, name := range []string{"Content-Encoding", "Content-Length", "Transfer-Encoding"} {
		h.Del(name)
	}
	return h
}

func (m *Message) content(text, encoding string) error {
	m.Body = []byte(text)
	if encoding != "base64" {
		return nil
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	m.Body = raw
	return err
}

func (r *record) message() ([]*Message, error) {
	m := &Message{Form: JSON, Status: r.Status, Method: strings.ToUpper(r.Method), Header: http.Header{}, Body: []byte(*r.Body)}
	for name, raw := range r.Headers {
		var one string
		var several []string
		if json.Unmarshal(raw, &one) == nil {
			several = []string{one}
		} else if json.Unmarshal(raw, &several) != nil {
			return nil, &Error{JSON, 0, `has a member of "headers" that is neither a text nor a list of texts`, `write "headers": {"Name": "value"}`}
		}
		for _, value := range several {
			m.Header.Add(textproto.CanonicalMIMEHeaderKey(name), value)
		}
	}
	if r.URL != "" {
		if err := m.address(JSON, 0, r.URL); err != nil {
			return nil, err
		}
	}
	m.settleHost()
	return []*Message{m}, nil
}
