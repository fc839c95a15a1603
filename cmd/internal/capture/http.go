package capture

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httputil"
	"net/textproto"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	requestLine = regexp.MustCompile(`^([A-Za-z]+) (\S+)(?: HTTP/\d(?:\.\d)?)?[ \t]*\r?$`)
	statusLine  = regexp.MustCompile(`^HTTP/\d(?:\.\d)? ([1-9]\d{2})(?: .*)?\r?$`)
	methodName  = regexp.MustCompile(`^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \S`)
	versionEnd  = regexp.MustCompile(`^[A-Za-z]+ .* HTTP/\d(?:\.\d)?\s*$`)
)

// isHTTP goes by the first line alone. One that is nearly right counts, so that
// the error says what is wrong with it.
func isHTTP(head []byte) bool {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return bytes.HasPrefix(head, []byte("HTTP/")) || methodName.Match(line) || versionEnd.Match(line)
}

// parseHTTP reads one message; its body is all that follows the empty line.
func parseHTTP(text []byte, before int) ([]*Message, error) {
	m := &Message{Form: HTTP, Header: http.Header{}}
	lineNo := before + 1
	line, rest, more := cutLine(text)
	if err := m.start(line, lineNo); err != nil {
		return nil, err
	}
	for more {
		lineNo++
		line, rest, more = cutLine(rest)
		if line == "" {
			break
		}
		if err := m.field(line, lineNo); err != nil {
			return nil, err
		}
	}
	m.Body = rest
	m.settleHost()
	m.measure()
	m.unchunk()
	m.unpack()
	return []*Message{m}, nil
}

// cutLine cuts at the line feed, and drops a carriage return before it.
func cutLine(text []byte) (line string, rest []byte, more bool) {
	first, rest, more := bytes.Cut(text, []byte("\n"))
	return strings.TrimSuffix(string(first), "\r"), rest, more
}

func (m *Message) start(line string, lineNo int) error {
	if s := statusLine.FindStringSubmatch(line); s != nil {
		m.Status, _ = strconv.Atoi(s[1])
		return nil
	}
	s := requestLine.FindStringSubmatch(line)
	if s == nil {
		return &Error{HTTP, lineNo, "is neither a request line nor a status line", `begin with "POST /v3/… HTTP/1.1" or "HTTP/1.1 200 OK"`}
	}
	m.Method = strings.ToUpper(s[1])
	return m.address(HTTP, lineNo, s[2])
}

// address takes an URL apart without changing a byte of what is signed of it.
func (m *Message) address(form string, lineNo int, address string) error {
	m.Scheme = "https"
	if !strings.HasPrefix(address, "/") {
		scheme, rest, ok := strings.Cut(address, "://")
		if !ok {
			scheme, rest = m.Scheme, address // curl takes a bare host
		}
		end := strings.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		m.Scheme, m.Host, address = strings.ToLower(scheme), rest[:end], rest[end:]
		if at := strings.LastIndexByte(m.Host, '@'); at >= 0 {
			m.Host = m.Host[at+1:]
		}
		if m.Host == "" || m.Scheme != "http" && m.Scheme != "https" || strings.ContainsAny(m.Host, "\\ ") {
			return &Error{form, lineNo, "holds an address that is no URL", "write https://host/path, or a path that begins with a slash"}
		}
	}
	m.Target, _, _ = strings.Cut(address, "#") // a fragment is never sent
	if !strings.HasPrefix(m.Target, "/") {
		m.Target = "/" + m.Target
	}
	if u, err := url.ParseRequestURI(m.Target); err != nil || u.Path == "" {
		return &Error{form, lineNo, "holds an address with a broken percent code", "write % as %25"}
	}
	return nil
}

func (m *Message) field(line string, lineNo int) error {
	name, value, ok := strings.Cut(line, ":")
	name = strings.TrimRight(name, " \t")
	if !ok || name == "" || strings.ContainsAny(name, " \t\"{}") {
		return &Error{HTTP, lineNo, "is no header line", `write "Name: value", and leave one empty line before the body`}
	}
	m.Header[textproto.CanonicalMIMEHeaderKey(name)] = append(m.Header[textproto.CanonicalMIMEHeaderKey(name)], strings.Trim(value, " \t"))
	return nil
}

// settleHost moves the header Host to where it belongs.
func (m *Message) settleHost() {
	if host := m.Header.Get("Host"); host != "" && m.Status == 0 {
		m.Host = host
		m.Header.Del("Host")
	}
}

// measure holds the body against its length. A line break that an editor added
// behind it is dropped; any other difference is kept, for it may be the fault
// that is looked for.
func (m *Message) measure() {
	text := m.Header.Get("Content-Length")
	if text == "" {
		return
	}
	n, err := strconv.Atoi(text)
	switch {
	case err != nil || n < 0:
		m.note("Content-Length is no number")
	case n < len(m.Body) && len(bytes.Trim(m.Body[n:], "\r\n")) == 0:
		m.note("dropped %d bytes of line breaks behind the body, which Content-Length does not count", len(m.Body)-n)
		m.Body = m.Body[:n]
	case n != len(m.Body):
		m.note("the body has %d bytes and Content-Length says %d: it was changed or cut after it was sent", len(m.Body), n)
	}
}

// unchunk joins the chunks of a body that was recorded with them; curl and
// others record it without, and leave the header.
func (m *Message) unchunk() {
	if !strings.EqualFold(m.Header.Get("Transfer-Encoding"), "chunked") {
		return
	}
	if whole, err := io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(m.Body))); err == nil {
		m.Body = whole
		m.note("joined the chunks of the body")
	}
	m.Header.Del("Transfer-Encoding")
}

// unpack undoes the compression of the transfer: the signature is about what
// is inside.
func (m *Message) unpack() {
	if !strings.EqualFold(m.Header.Get("Content-Encoding"), "gzip") {
		return
	}
	if plain, ok := Unpack(m.Body); ok {
		m.Body = plain
		m.note("unpacked the body, which came with Content-Encoding: gzip")
		m.Header.Del("Content-Encoding")
		m.Header.Del("Content-Length")
	}
}

// Unpack undoes gzip; false if text is not packed, or is too long unpacked.
func Unpack(text []byte) ([]byte, bool) {
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return nil, false
	}
	plain, err := io.ReadAll(io.LimitReader(z, MaxSize+1))
	return plain, err == nil && len(plain) <= MaxSize
}

// ParseHeaders reads header lines, as curl -D or a log writes them. A first
// line that says what they belong to may come before them.
func ParseHeaders(text []byte) (*Message, error) {
	text = bytes.TrimLeft(bytes.TrimPrefix(text, []byte(mark)), " \t\r\n")
	if len(text) == 0 {
		return nil, &Error{Rule: "is empty", Remedy: `give the header lines, each "Name: value"`}
	}
	if !isHTTP(text) {
		text = append([]byte("POST / HTTP/1.1\n"), text...)
		m, err := headers(text, -1)
		if err == nil {
			m.Method, m.Target, m.Scheme = "", "", ""
		}
		return m, err
	}
	return headers(text, 0)
}

func headers(text []byte, before int) (*Message, error) {
	list, err := parseHTTP(text, before)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(list[0].Body)) > 0 {
		return nil, &Error{HTTP, 0, "holds a body behind the headers", "give the whole as one file, or the headers alone"}
	}
	list[0].Body, list[0].Notes = nil, nil
	return list[0], nil
}

// Raw writes the message as HTTP, with a Content-Length that is right.
func (m *Message) Raw() []byte {
	var b bytes.Buffer
	if m.Status != 0 {
		fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", m.Status, http.StatusText(m.Status))
	} else {
		fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", m.Method, m.Target)
	}
	if m.Host != "" {
		fmt.Fprintf(&b, "Host: %s\r\n", m.Host)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Header)) {
		if name == "Content-Length" {
			continue
		}
		for _, value := range m.Header[name] {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	if len(m.Body) > 0 || m.Method != "" && m.Method != http.MethodGet {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(m.Body))
	}
	b.WriteString("\r\n")
	b.Write(m.Body)
	return b.Bytes()
}
