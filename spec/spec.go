// Package spec is the description of WeChat Pay APIv3 (微信支付 APIv3) as Go
// values: what an endpoint or an event is, stated once.
//
// The description itself is written by hand, one OpenAPI 3.1 Path Item a file,
// in this folder; the path of the file is the path of the URL. The command
// wxgen bundles those files into bundle.txt, which this package embeds and
// reads lazily: a line is decoded when somebody asks for it.
//
// The emulator, the command line and the reference pages read this package.
// The client does not: what it needs is generated into its own packages.
package spec

// Operation is one documented endpoint: a method at a path.
type Operation struct {
	// ID is package and function of the generated Go call, for instance
	// "passwordexemptcontract.NormalPreEntrustSignPayRedirectSign".
	ID string `json:"id"`

	Method string `json:"method"` // upper case
	Path   string `json:"path"`   // template, "/v3/…/{out_contract_code}"

	Product string   `json:"product"`           // name in products.yaml
	Title   string   `json:"title"`             // official Chinese title
	Summary string   `json:"summary"`           // one English line
	Doc     string   `json:"doc,omitempty"`     // what it does, English, Markdown
	Roles   []string `json:"roles,omitempty"`   // official names of who may call it
	Links   []string `json:"links,omitempty"`   // official pages
	Updated string   `json:"updated,omitempty"` // date of the official page, yyyy-mm-dd

	// Host replaces the host of the client where an endpoint has its own.
	Host string `json:"host,omitempty"`

	// Alias is the path of the operation that requests to this one's address
	// match: the two differ in nothing but the name of a parameter, and WeChat
	// Pay tells by the value. "" for nearly all.
	Alias string `json:"alias,omitempty"`

	// Verify says how the answer is authenticated; "" is by signature.
	Verify string `json:"verify,omitempty"`

	// Idempotent: the same request may be sent again without a second effect.
	Idempotent bool `json:"idempotent,omitempty"`

	// Inferred gives, for each statement here that no source makes, the reason
	// it is believed, and for each that is missing, why. The keys are those of
	// the description file.
	Inferred map[string]string `json:"inferred,omitempty"`

	// Behavior names what the emulator does beyond the checks; the zero value
	// answers with the samples.
	Behavior Behavior `json:"behavior,omitzero"`

	// File is the part of a multipart upload that holds the file; Request is
	// then the part "meta", whose text alone is signed. Nil for no upload.
	File *Field `json:"file,omitempty"`

	// Page says how a list is read on; the zero value is no list.
	Page Page `json:"page,omitzero"`

	Params   []Field  `json:"params,omitempty"`   // path, query and header
	Request  *Field   `json:"request,omitempty"`  // JSON body, or nil
	Status   int      `json:"status"`             // of a success: 200 or 204
	Response *Field   `json:"response,omitempty"` // JSON body of a success, or nil
	Errors   []string `json:"errors,omitempty"`   // documented error codes, keys of errors.yaml
}

// Page names the members by which a list is read page by page.
type Page struct {
	Offset string `json:"offset"`          // of the request: how many records to skip
	Limit  string `json:"limit,omitempty"` // of the request: how many records to give
	Items  string `json:"items"`           // of the answer: the array
	Total  string `json:"total,omitempty"` // of the answer: how many records there are

	// Pages: Offset counts pages and not records.
	Pages bool `json:"pages,omitempty"`
}

// Values of [Operation.Verify].
const (
	VerifyDigest    = "digest"    // the file's digest came with its address
	VerifyStatement = "statement" // signed over {"sha1":"<Wechatpay-Statement-Sha1>"}
	VerifyNone      = "none"      // a file that nothing vouches for
)

// Behavior is a behaviour of the emulator with its settings.
type Behavior struct {
	Name string            `json:"name"`
	Args map[string]string `json:"args,omitempty"`
}

// Field is one member of a request, an answer or an event.
type Field struct {
	Name     string `json:"name,omitempty"`
	In       string `json:"in,omitempty"`    // "path", "query" or "header"; "" in a body
	Type     string `json:"type"`            // string, integer, number, boolean, object, array
	Go       string `json:"go,omitempty"`    // name of the Go type of an object or enumeration
	Label    string `json:"label,omitempty"` // official Chinese label
	Doc      string `json:"doc,omitempty"`   // English
	Required bool   `json:"required,omitempty"`

	Enum      []string `json:"enum,omitempty"`
	MinLength int      `json:"minLength,omitempty"` // in characters
	MaxLength int      `json:"maxLength,omitempty"` // in characters
	Minimum   *int64   `json:"minimum,omitempty"`
	Maximum   *int64   `json:"maximum,omitempty"`
	MaxItems  int      `json:"maxItems,omitempty"`
	Pattern   string   `json:"pattern,omitempty"` // RE2, anchored
	Format    string   `json:"format,omitempty"`  // date, date-time, notify-url, bmp

	// Encrypted: the value on the wire is RSA-OAEP of the value in the
	// program, base64.
	Encrypted bool `json:"encrypted,omitempty"`

	// Inferred names the rules above that no source states.
	Inferred []string `json:"inferred,omitempty"`

	// AnyOf lists members of this object of which at least one must be there.
	AnyOf [][]string `json:"anyOf,omitempty"`

	// Text: the value is a string that holds JSON of this shape.
	Text *Field `json:"text,omitempty"`

	// Digest is "sha256" or "sm3" for the member of the "meta" of an upload that holds
	// that digest of the file, in lower-case hex.
	Digest string `json:"digest,omitempty"`

	// Filename: this member of the "meta" of an upload is the file's name.
	Filename bool `json:"filename,omitempty"`

	// Sample is a legal value of a scalar: string, int64, float64 or bool.
	// The sample of an object or an array is made of those of its members, and
	// that of a string with Text of those of Text.
	Sample any `json:"sample,omitempty"`

	// Fields are the members of an object, in documented order. An object
	// without any is free in form: nothing is documented of its inside.
	Fields []Field `json:"fields,omitempty"`
	Items  *Field  `json:"items,omitempty"` // of an array
}

// Event is one documented notification.
type Event struct {
	Type         string   `json:"type"`    // event_type, "ENTRUST.SIGN"
	Go           string   `json:"go"`      // name of its Go type
	Product      string   `json:"product"` // name in products.yaml
	Title        string   `json:"title"`
	Summary      string   `json:"summary"`
	Doc          string   `json:"doc,omitempty"`
	OriginalType string   `json:"original_type,omitempty"` // "" where no source says it
	Links        []string `json:"links,omitempty"`
	Resource     *Field   `json:"resource"`

	// Within is how many seconds WeChat Pay waits for the answer.
	Within int `json:"within"`

	// Again is how many seconds WeChat Pay waits after each failed attempt
	// before it sends the event again; nil is the general schedule.
	Again []int `json:"again,omitempty"`

	// Answer is the body of an answer that carries business data; nil where
	// the status says all.
	Answer *Field `json:"answer,omitempty"`

	// Inferred gives, for each statement above that no source makes or that is
	// missing, the reason.
	Inferred map[string]string `json:"inferred,omitempty"`
}

// Error is one documented error code.
type Error struct {
	Code    string `json:"code"`
	Status  int    `json:"status"`  // the usual one; an endpoint may use another
	Message string `json:"message"` // the official Chinese text
	Summary string `json:"summary"` // English
	Hint    string `json:"hint"`    // what to do
	Retry   bool   `json:"retry,omitempty"`
	Source  string `json:"source,omitempty"`
}

// Product is a family of endpoints and a Go package.
type Product struct {
	Name    string `json:"name"`    // "password-exempt-contract"
	Package string `json:"package"` // "passwordexemptcontract"
	Prefix  string `json:"prefix"`  // "/v3/password-exempt-contract"; the longest one wins
	Title   string `json:"title"`   // Chinese
	Summary string `json:"summary"` // English

	// Contract: its operations sign, use or end contracts (签约) of users.
	Contract bool `json:"contract,omitempty"`
}
