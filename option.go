package wxpay

import (
	"encoding/json"
	"net/http"

	"github.com/wxpay-go/wxpay/sign"
)

// Option changes one call. What is true of every call belongs in [Config].
type Option func(*call)

// call is one request on its way: what [Client.Do] was asked, encoded.
type call struct {
	op     *Op
	params []param  // of Path and Query, in the order given
	header []string // name, value, name, value
	answer *Answer

	unchecked  bool
	idempotent bool

	path, query string // as sent, percent-encoded
	body        []byte
	signed      []byte // instead of body: the part "meta" of an upload
	contentType string // instead of JSON
	file        *filePart
	digest      *digest
	raw         bool   // the answer is a file: its body is not read here
	serial      string // for the header Wechatpay-Serial

	// keys, if set, reads the keys that verify the answer out of the answer
	// itself: the list of platform certificates.
	keys func(body []byte) (sign.Trust, error)
}

type param struct {
	in, name string
	value    any
}

// Path gives the value of the parameter {name} of a path. It is escaped once
// and never re-cased. Values are strings and integers.
func Path(name string, value any) Option {
	return func(c *call) { c.params = append(c.params, param{"path", name, value}) }
}

// Query adds name=value to the query, in the order of the options. Values are
// strings, integers and booleans.
func Query(name string, value any) Option {
	return func(c *call) { c.params = append(c.params, param{"query", name, value}) }
}

// Header sets a header of the request. The headers of the protocol itself
// (Authorization, Wechatpay-Serial, Content-Type, Host) cannot be set.
func Header(name, value string) Option {
	return func(c *call) { c.header = append(c.header, http.CanonicalHeaderKey(name), value) }
}

// Unchecked sends the request without checking it against the description: for
// a value that WeChat Pay has introduced after this release.
func Unchecked() Option { return func(c *call) { c.unchecked = true } }

// Idempotent says of an endpoint that the description does not know that its
// request may be repeated without a second effect.
func Idempotent() Option { return func(c *call) { c.idempotent = true } }

// Answer is what there is to know of a verified answer beside its fields.
type Answer struct {
	Status    int
	RequestID string          // to name to the support of WeChat Pay
	Serial    string          // of the key that signed the answer
	Body      json.RawMessage // the verified bytes
}

// Into fills a when the call succeeds.
func Into(a *Answer) Option { return func(c *call) { c.answer = a } }

// Serial names the key that the request's encrypted fields are encrypted to,
// as [Client.Encrypt] returned it. It is the header Wechatpay-Serial; without
// this option it names the key that the answer shall be signed with.
func Serial(serial string) Option { return func(c *call) { c.serial = serial } }
