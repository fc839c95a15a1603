package capture

import (
	"bytes"
	"cmp"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay/cmd/internal/shell"
)

func itoa(n int) string { return strconv.Itoa(n) }

func isCurl(head []byte) bool {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	words := strings.Fields(strings.TrimPrefix(string(line), "$ "))
	return len(words) > 1 && (words[0] == "curl" || words[0] == "curl.exe")
}

// The options of curl that matter to the message, and those that take a value
// and do not. What is in neither takes no value, like -s and --compressed.
var (
	curlKept = map[string]string{
		"-X": "--request", "-H": "--header", "-d": "--data", "-G": "--get", "-I": "--head",
		"-A": "--user-agent", "-e": "--referer", "-b": "--cookie", "-F": "--form", "-u": "--user", "-T": "--upload-file",
		"--data-ascii": "--data",
	}
	curlValued = []string{
		"--request", "--header", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--json", "--url",
		"--user-agent", "--referer", "--cookie", "--form", "--form-string", "--user", "--upload-file",
	}
	curlPassed = []string{
		"-o", "--output", "-w", "--write-out", "-m", "--max-time", "--connect-timeout", "-x", "--proxy", "-c", "--cookie-jar",
		"--cacert", "--capath", "-E", "--cert", "--key", "--resolve", "--connect-to", "--retry", "--interface", "-D", "--dump-header",
		"--max-redirs", "--ciphers", "--limit-rate", "--retry-delay", "--noproxy", "-r", "--range", "-K", "--config",
	}
)

// line is a curl line that is being read.
type line struct {
	m       *Message
	lineNo  int
	files   Reader
	method  string
	address string
	data    [][]byte
	json    bool
	get     bool
	without []string // headers that curl shall not send
}

// parseCurl reads the first command of text, which a shell of POSIX would
// understand, as browsers and Postman copy it.
func parseCurl(text []byte, before int, files Reader) ([]*Message, error) {
	words, rest, err := split(strings.TrimPrefix(string(text), "$ "), before+1)
	if err != nil {
		return nil, err
	}
	c := &line{m: &Message{Form: Curl, Header: http.Header{}}, files: files}
	if strings.HasPrefix(rest, "&") {
		c.m.note("the command ends at an & that is not quoted, as it does for a shell: quote the address")
	}
	for rest := words[1:]; len(rest) > 0; {
		c.lineNo = rest[0].line
		if rest, err = c.word(rest); err != nil {
			return nil, err
		}
	}
	if err := c.finish(); err != nil {
		return nil, err
	}
	return []*Message{c.m}, nil
}

func (c *line) refuse(rule, remedy string) error { return &Error{Curl, c.lineNo, rule, remedy} }

// word takes an option with its value, or an address, off the words.
func (c *line) word(words []word) ([]word, error) {
	text := words[0].text
	if !strings.HasPrefix(text, "-") || text == "-" {
		return words[1:], c.setAddress(text)
	}
	name, value, joined := text, "", false
	if strings.HasPrefix(text, "--") {
		name, value, joined = strings.Cut(text, "=") // not curl's, but often written
	} else if len(text) > 2 {
		return c.short(words)
	}
	if long, ok := curlKept[name]; ok {
		name = long
	}
	takes := slices.Contains(curlValued, name)
	if !takes && !slices.Contains(curlPassed, name) {
		return words[1:], c.flag(name)
	}
	rest := words[1:]
	if !joined {
		if len(rest) == 0 {
			return nil, c.refuse("ends behind "+text+", which wants a value", "copy the line whole")
		}
		value, rest = rest[0].text, rest[1:]
	}
	if !takes {
		return rest, nil
	}
	return rest, c.option(name, value)
}

// short reads letters that were written together: -sSL, -XPOST.
func (c *line) short(words []word) ([]word, error) {
	text := words[0].text
	name := text[:2]
	long, kept := curlKept[name]
	if kept && slices.Contains(curlValued, long) {
		return words[1:], c.option(long, text[2:])
	}
	if slices.Contains(curlPassed, name) {
		return words[1:], nil
	}
	if kept {
		name = long
	}
	if err := c.flag(name); err != nil {
		return nil, err
	}
	rest := slices.Clone(words)
	rest[0].text = "-" + text[2:]
	return rest, nil
}

func (c *line) flag(name string) error {
	switch name {
	case "--get":
		c.get = true
	case "--head":
		c.method = http.MethodHead
	case "--next":
		return c.refuse("holds more than one request (--next)", "give one at a time")
	}
	return nil
}

func (c *line) setAddress(text string) error {
	if c.address != "" {
		return c.refuse("holds a second address", "quote the values that hold blanks, and give one request at a time")
	}
	c.address = text
	return nil
}

func (c *line) option(name, value string) error {
	switch name {
	case "--url":
		return c.setAddress(value)
	case "--request":
		c.method = strings.ToUpper(value)
	case "--header":
		return c.header(value)
	case "--user-agent":
		c.m.Header.Set("User-Agent", value)
	case "--referer":
		c.m.Header.Set("Referer", value)
	case "--cookie", "--user":
		return nil // WeChat Pay reads neither
	case "--form", "--form-string", "--upload-file":
		return c.refuse("sends a file ("+name+")", "give the request as raw HTTP, or sign its part \"meta\"")
	default:
		return c.body(name, value)
	}
	return nil
}

func (c *line) header(value string) error {
	bare, empty := strings.CutSuffix(value, ";")
	if empty = empty && !strings.Contains(value, ":"); empty {
		value = bare + ":" // curl's way to send an empty one
	}
	name, text, ok := strings.Cut(value, ":")
	if !ok || strings.TrimSpace(name) == "" {
		return c.refuse("has a header that is not \"Name: value\"", "quote it whole: -H 'Name: value'")
	}
	name, text = textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name)), strings.Trim(text, " \t")
	if text == "" && !empty {
		c.without = append(c.without, name) // curl's way not to send its own
		return nil
	}
	c.m.Header.Add(name, text)
	return nil
}

// body takes a value as curl does: --data drops line breaks of a file, and
// --data-raw takes an at sign for what it is.
func (c *line) body(name, value string) error {
	data := []byte(value)
	file, named := strings.CutPrefix(value, "@")
	if named && name != "--data-raw" && name != "--data-urlencode" {
		if c.files == nil || file == "-" {
			return c.refuse("reads its body from a file or standard input", "put the body into the line with --data-raw")
		}
		var err error
		if data, err = c.files(file); err != nil {
			return c.refuse("names a file that cannot be read: "+err.Error(), "start in the folder of the file")
		}
		if name == "--data" {
			data = []byte(strings.NewReplacer("\r", "", "\n", "", "\x00", "").Replace(string(data)))
		}
	}
	if name == "--data-urlencode" {
		key, plain, ok := strings.Cut(value, "=")
		if !ok {
			key, plain = "", value
		}
		data = []byte(strings.TrimPrefix(key+"="+url.QueryEscape(plain), "="))
	}
	if name == "--json" {
		c.json = true
		if len(c.data) > 0 {
			c.data[len(c.data)-1] = append(c.data[len(c.data)-1], data...)
			return nil
		}
	}
	c.data = append(c.data, data)
	return nil
}

// finish puts together what the options have said.
func (c *line) finish() error {
	m := c.m
	if c.address == "" {
		return c.refuse("names no address", "copy the line whole")
	}
	if err := m.address(Curl, c.lineNo, c.address); err != nil {
		return err
	}
	joined := bytes.Join(c.data, []byte("&"))
	m.Method = http.MethodGet
	switch {
	case c.get && len(c.data) > 0:
		sep := "?"
		if strings.Contains(m.Target, "?") {
			sep = "&"
		}
		m.Target += sep + string(joined)
	case len(c.data) > 0:
		m.Method, m.Body = http.MethodPost, joined
	}
	if c.method != "" {
		m.Method = c.method
	}
	if c.json {
		c.set("Accept", "application/json")
		c.set("Content-Type", "application/json")
	}
	if len(c.data) > 0 && !c.get {
		c.set("Content-Type", "application/x-www-form-urlencoded")
	}
	m.settleHost()
	return nil
}

// set adds a header that curl adds by itself.
func (c *line) set(name, value string) {
	if _, given := c.m.Header[name]; !given && !slices.Contains(c.without, name) {
		c.m.Header.Set(name, value)
	}
}

// Curl writes a request as a command that sends exactly these bytes.
func (m *Message) Curl() string {
	line := shell.Curl{
		Method: m.Method, URL: cmp.Or(m.Scheme, "https") + "://" + cmp.Or(m.Host, defaultHost) + m.Target,
		Header: m.Header, Body: m.Body,
	}
	return line.String() + "\n"
}

// defaultHost is where a request without a host goes.
const defaultHost = "api.mch.weixin.qq.com"
