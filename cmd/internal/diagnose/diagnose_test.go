package diagnose_test

import (
	"crypto"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/diagnose"
	"github.com/wxpay-go/wxpay/sign"
)

var now = time.Date(2026, 9, 18, 10, 0, 0, 0, time.UTC)

// keys are the merchant's, the platform's, another merchant's, and one that
// nobody knows.
var keys = sync.OnceValue(func() (made [4]*rsa.PrivateKey) {
	var group sync.WaitGroup
	for i := range made {
		group.Go(func() {
			key, err := rsa.GenerateKey(rand.Reader, 2048)
			if err != nil {
				panic(err)
			}
			made[i] = key
		})
	}
	group.Wait()
	return made
})

func merchant() diagnose.Merchant {
	k := keys()
	return diagnose.Merchant{
		MchID: "1900000109",
		Key:   diagnose.Key{Owner: "merchant", Serial: "AA11", Public: &k[0].PublicKey},
		Others: []diagnose.Key{
			{Owner: "platform", Serial: "BB22", Public: &k[1].PublicKey},
			{Owner: "1900000200", Serial: "CC33", Public: &k[2].PublicKey},
		},
	}
}

// sent is a request, and what its merchant's program did to sign it.
type sent struct {
	method, target, body string
	timestamp, nonce     string
	mchID, serial        string
	scheme               string

	text func(s sent) string // what is signed; nil is the right text
	sign func(text string) []byte
	key  int
	wrap func(signature []byte) string
}

func (s sent) right() string {
	return s.method + "\n" + s.target + "\n" + s.timestamp + "\n" + s.nonce + "\n" + s.body + "\n"
}

const body = `{"appid":"wx1","out_trade_no":"7","amount":{"total":100,"currency":"CNY"},"note":"<微信>&","notify_url":"https://shop.example/n"}`

func post() sent {
	return sent{
		method: "POST", target: "/v3/pay/transactions/jsapi", body: body, timestamp: strconv.FormatInt(now.Unix(), 10),
		nonce: "5K8264ILTKCH16CQ2502SI8ZNMTM67VS", mchID: "1900000109", serial: "AA11", scheme: sign.SchemeRSA,
	}
}

func get() sent {
	s := post()
	s.method, s.target, s.body = "GET", "/v3/x/a%2Fb?q=%E5%BE%AE+1&a=2", ""
	return s
}

// find signs as the program did, and asks for the cause.
func (s sent) find(t *testing.T) diagnose.Finding {
	t.Helper()
	text := s.right()
	if s.text != nil {
		text = s.text(s)
	}
	var signature []byte
	if s.sign != nil {
		signature = s.sign(text)
	} else {
		signature = pkcs1(t, keys()[s.key], crypto.SHA256, sum256(text))
	}
	wire := base64.StdEncoding.EncodeToString(signature)
	if s.wrap != nil {
		wire = s.wrap(signature)
	}
	return diagnose.Find(diagnose.Request{
		Method: s.method, Host: "pay.example", Target: s.target, Body: []byte(s.body), At: now,
		Authorization: sign.Authorization{Scheme: s.scheme, MchID: s.mchID, Nonce: s.nonce, Timestamp: s.timestamp, Serial: s.serial, Signature: wire},
	}, merchant())
}

func sum256(text string) []byte { s := sha256.Sum256([]byte(text)); return s[:] }

func pkcs1(t *testing.T, key *rsa.PrivateKey, hash crypto.Hash, digest []byte) []byte {
	t.Helper()
	signature, err := rsa.SignPKCS1v15(nil, key, hash, digest)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

// swap signs the request with one thing in the place of another.
func swap(old, with string) func(sent) string {
	return func(s sent) string { return strings.Replace(s.right(), old, with, 1) }
}

// bodied signs another body.
func bodied(other string) func(sent) string {
	return func(s sent) string { s.body = other; return s.right() }
}

// Each mistake that a program can make is named by its cause, and by no other.
func TestEveryMistakeIsNamed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(s *sent)
		get    bool
		want   []diagnose.Cause
		owner  string
	}{
		"nothing is wrong": {change: func(*sent) {}, want: nil},

		"the body is indented before signing": {change: func(s *sent) { s.body = "{\n  \"a\": 1\n}"; s.text = bodied("{\n    \"a\": 1\n}") }, want: c(diagnose.BodyIndented)},
		"the body is compacted before signing": {change: func(s *sent) {
			s.text = bodied(`{"a":1,"b":[1,2]}`)
			s.body = "{\"a\": 1, \"b\": [1, 2]}"
		}, want: c(diagnose.BodyCompacted)},
		"Python signs with blanks and sends without": {change: func(s *sent) { s.body = `{"a":1,"b":"x,y:z"}`; s.text = bodied(`{"a": 1, "b": "x,y:z"}`) }, want: c(diagnose.BodySpaced)},
		"the members are sorted":                     {change: func(s *sent) { s.body = `{"b":1,"a":2}`; s.text = bodied(`{"a":2,"b":1}`) }, want: c(diagnose.BodySorted)},
		"a map is sorted and escaped for HTML": {change: func(s *sent) { s.body = `{"b":"<","a":2}`; s.text = bodied(`{"a":2,"b":"\u003c"}`) },
			want: c(diagnose.BodySorted, diagnose.BodyEscaped)},
		"Go escapes for HTML": {change: func(s *sent) {
			s.text = bodied(strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(body))
		}, want: c(diagnose.BodyEscaped)},
		"PHP escapes slashes":   {change: func(s *sent) { s.text = bodied(strings.ReplaceAll(body, "/", `\/`)) }, want: c(diagnose.BodySlashes)},
		"PHP unescapes slashes": {change: func(s *sent) { s.body = `{"u":"a\/b"}`; s.text = bodied(`{"u":"a/b"}`) }, want: c(diagnose.BodyEscaped)},
		"Chinese is escaped":    {change: func(s *sent) { s.text = bodied(strings.ReplaceAll(body, "微信", `\u5fae\u4fe1`)) }, want: c(diagnose.BodyEscaped)},
		"an emoji is escaped":   {change: func(s *sent) { s.body = `{"a":"😀"}`; s.text = bodied(`{"a":"\ud83d\ude00"}`) }, want: c(diagnose.BodyEscaped)},
		"a number goes by double": {change: func(s *sent) {
			s.body = `{"n":12345678901234567890,"f":1.0}`
			s.text = bodied(`{"n":12345678901234567000,"f":1}`)
		}, want: c(diagnose.BodyNumbers)},
		"a newline at the end":      {change: func(s *sent) { s.text = bodied(body + "\n") }, want: c(diagnose.BodyNewline)},
		"the newline is cut off":    {change: func(s *sent) { s.body = body + "\n"; s.text = bodied(body) }, want: c(diagnose.BodyTrimmed)},
		"line breaks are changed":   {change: func(s *sent) { s.body = "{\r\n}"; s.text = bodied("{\n}") }, want: c(diagnose.BodyBreaks)},
		"a byte order mark":         {change: func(s *sent) { s.body = "\ufeff{}"; s.text = bodied("{}") }, want: c(diagnose.BodyMark)},
		"JSON in JSON":              {change: func(s *sent) { s.body = `{"a":1}`; s.text = bodied(`"{\"a\":1}"`) }, want: c(diagnose.BodyQuoted)},
		"pairs as in APIv2":         {change: func(s *sent) { s.body = `{"b":"2","a":1}`; s.text = bodied("a=1&b=2") }, want: c(diagnose.BodyForm)},
		"the body is left out":      {change: func(s *sent) { s.text = bodied("") }, want: c(diagnose.BodyNotSigned)},
		"a body that was not sent":  {change: func(s *sent) { s.body = ""; s.text = bodied("{}") }, want: c(diagnose.BodyNotSent)},
		"the body of a GET is sent": {get: true, change: func(s *sent) { s.body = `{"a":1}` }, want: c(diagnose.BodyOfGet)},

		"a lower-case method":        {change: func(s *sent) { s.text = swap("POST", "post") }, want: c(diagnose.LowerMethod)},
		"another method":             {change: func(s *sent) { s.text = swap("POST", "GET") }, want: c(diagnose.OtherMethod)},
		"no query":                   {get: true, change: func(s *sent) { s.text = swap("?q=%E5%BE%AE+1&a=2", "") }, want: c(diagnose.NoQuery)},
		"the query is sorted":        {get: true, change: func(s *sent) { s.text = swap("q=%E5%BE%AE+1&a=2", "a=2&q=%E5%BE%AE+1") }, want: c(diagnose.SortedQuery)},
		"the query is decoded":       {get: true, change: func(s *sent) { s.text = swap("%E5%BE%AE+1", "微 1") }, want: c(diagnose.DecodedTarget)},
		"the path is decoded":        {get: true, change: func(s *sent) { s.text = swap("a%2Fb", "a/b") }, want: c(diagnose.DecodedTarget)},
		"a blank is encoded anew":    {get: true, change: func(s *sent) { s.text = swap("+1", "%201") }, want: c(diagnose.EncodedTarget)},
		"a plain value is encoded":   {get: true, change: func(s *sent) { s.target = "/v3/x?u=a/b"; s.text = swap("a/b", "a%2Fb") }, want: c(diagnose.EncodedTarget)},
		"percent codes in small":     {get: true, change: func(s *sent) { s.text = swap("/v3/x/a%2Fb?q=%E5%BE%AE+1", "/v3/x/a%2fb?q=%e5%be%ae+1") }, want: c(diagnose.HexCase)},
		"scheme and host are signed": {change: func(s *sent) { s.text = swap("/v3", "https://api.mch.weixin.qq.com/v3") }, want: c(diagnose.AbsoluteTarget)},
		"the first slash is missing": {change: func(s *sent) { s.text = swap("/v3", "v3") }, want: c(diagnose.NoSlash)},
		"a slash at the end":         {change: func(s *sent) { s.text = swap("jsapi\n", "jsapi/\n") }, want: c(diagnose.TrailingSlash)},

		"milliseconds are signed":    {change: func(s *sent) { s.text = swap(s.timestamp, s.timestamp+"123") }, want: c(diagnose.MillisecondText)},
		"the clock is read twice":    {change: func(s *sent) { s.text = swap(s.timestamp, strconv.FormatInt(now.Unix()-1, 10)) }, want: c(diagnose.TwoTimes)},
		"the nonce in small letters": {change: func(s *sent) { s.text = swap(s.nonce, strings.ToLower(s.nonce)) }, want: c(diagnose.CasedNonce)},
		"no nonce":                   {change: func(s *sent) { s.text = swap(s.nonce, "") }, want: c(diagnose.NoNonce)},
		"nonce before timestamp":     {change: func(s *sent) { s.text = swap(s.timestamp+"\n"+s.nonce, s.nonce+"\n"+s.timestamp) }, want: c(diagnose.Swapped)},

		"no last line feed":      {change: func(s *sent) { s.text = func(s sent) string { return strings.TrimSuffix(s.right(), "\n") } }, want: c(diagnose.NoLastBreak)},
		"no line for the body":   {get: true, change: func(s *sent) { s.text = func(s sent) string { return strings.TrimSuffix(s.right(), "\n\n") } }, want: c(diagnose.NoBodyLine)},
		"one line feed too many": {get: true, change: func(s *sent) { s.text = func(s sent) string { return s.right() + "\n" } }, want: c(diagnose.ExtraBreak)},
		"lines as in Windows":    {change: func(s *sent) { s.text = func(s sent) string { return strings.ReplaceAll(s.right(), "\n", "\r\n") } }, want: c(diagnose.WindowsBreaks)},
		"backslash and n":        {change: func(s *sent) { s.text = func(s sent) string { return strings.ReplaceAll(s.right(), "\n", `\n`) } }, want: c(diagnose.EscapedBreaks)},
		"lines without breaks":   {change: func(s *sent) { s.text = func(s sent) string { return strings.ReplaceAll(s.right(), "\n", "") } }, want: c(diagnose.NoBreaks)},
		"the form of an answer": {change: func(s *sent) {
			s.text = func(s sent) string { return s.timestamp + "\n" + s.nonce + "\n" + s.body + "\n" }
		}, want: c(diagnose.AnswerForm)},
		"the body alone": {change: func(s *sent) { s.text = func(s sent) string { return s.body } }, want: c(diagnose.BodyAlone)},
		"two mistakes at once": {change: func(s *sent) {
			s.text = swap("POST", "post")
			s.body = body + "\n"
			s.text = func(s sent) string { s.method = "post"; s.body = body; return s.right() }
		}, want: c(diagnose.LowerMethod, diagnose.BodyTrimmed)},
		"sorted, and not ended": {change: func(s *sent) {
			s.body = `{"b":1,"a":2}`
			s.text = func(s sent) string { s.body = `{"a":2,"b":1}`; return strings.TrimSuffix(s.right(), "\n") }
		}, want: c(diagnose.BodySorted, diagnose.NoLastBreak)},
		"SHA-1": {change: func(s *sent) {
			s.sign = func(text string) []byte { d := sha1.Sum([]byte(text)); return pkcs1(t, keys()[0], crypto.SHA1, d[:]) }
		}, want: c(diagnose.SHA1)},
		"MD5": {change: func(s *sent) {
			s.sign = func(text string) []byte { d := md5.Sum([]byte(text)); return pkcs1(t, keys()[0], crypto.MD5, d[:]) }
		}, want: c(diagnose.OtherHash)},
		"encrypted, not signed": {change: func(s *sent) { s.sign = func(text string) []byte { return pkcs1(t, keys()[0], 0, sum256(text)) } }, want: c(diagnose.NoDigestInfo)},
		"hashed twice": {change: func(s *sent) {
			s.sign = func(text string) []byte { return pkcs1(t, keys()[0], crypto.SHA256, sum256(string(sum256(text)))) }
		}, want: c(diagnose.HashedTwice)},
		"the hex of a hash": {change: func(s *sent) {
			s.sign = func(text string) []byte {
				return pkcs1(t, keys()[0], crypto.SHA256, sum256(hex.EncodeToString(sum256(text))))
			}
		}, want: c(diagnose.HashedTwice)},
		"PSS": {change: func(s *sent) {
			s.sign = func(text string) []byte {
				b, err := rsa.SignPSS(rand.Reader, keys()[0], crypto.SHA256, sum256(text), nil)
				if err != nil {
					t.Error(err)
				}
				return b
			}
		}, want: c(diagnose.PSS)},
		"the platform's key":     {change: func(s *sent) { s.key = 1 }, want: c(diagnose.OthersKey), owner: "platform"},
		"another merchant's key": {change: func(s *sent) { s.key = 2 }, want: c(diagnose.OthersKey), owner: "1900000200"},
		"the platform's serial":  {change: func(s *sent) { s.serial = "BB22" }, want: c(diagnose.OthersSerial), owner: "platform"},
		"an unknown serial":      {change: func(s *sent) { s.serial = "DD44" }, want: c(diagnose.UnknownSerial)},
		"another mchid":          {change: func(s *sent) { s.mchID = "1" }, want: c(diagnose.WrongMchID)},
		"another scheme":         {change: func(s *sent) { s.scheme = "WECHATPAY2-SM2-WITH-SM3" }, want: c(diagnose.WrongScheme)},
		"a clock that is late":   {change: func(s *sent) { s.timestamp = strconv.FormatInt(now.Unix()-301, 10) }, want: c(diagnose.WrongClock)},
		"milliseconds are sent":  {change: func(s *sent) { s.timestamp += "000" }, want: c(diagnose.MillisecondHeader)},
		"a timestamp of words":   {change: func(s *sent) { s.timestamp = "now" }, want: c(diagnose.WrongTimestamp)},
		"hexadecimal":            {change: func(s *sent) { s.wrap = hex.EncodeToString }, want: c(diagnose.HexSignature)},
		"base64 of URLs":         {change: func(s *sent) { s.wrap = base64.URLEncoding.EncodeToString }, want: c(diagnose.URLSignature)},
		"base64 without its end": {change: func(s *sent) { s.wrap = base64.RawStdEncoding.EncodeToString }, want: c(diagnose.UnpaddedSignature)},
		"plus became blank": {change: func(s *sent) {
			s.wrap = func(b []byte) string { return strings.ReplaceAll(base64.StdEncoding.EncodeToString(b), "+", " ") }
		}, want: c(diagnose.FormSignature)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := post()
			if tt.get {
				s = get()
			}
			if tt.change(&s); name == "the body of a GET is sent" {
				s.text = func(s sent) string { return s.right() }
			}
			got := s.find(t)
			if !slices.Equal(got.Causes, tt.want) || !got.Verified || got.Owner != tt.owner {
				t.Errorf("causes = %v (verified %t, owner %q), want %v (owner %q)", got.Causes, got.Verified, got.Owner, tt.want, tt.owner)
			}
			want := s.right()
			if s.text != nil {
				want = s.text(s)
			}
			if got.Signed != want {
				t.Errorf("signed = %q, want %q", got.Signed, want)
			}
		})
	}
}

func c(list ...diagnose.Cause) []diagnose.Cause { return list }

// What cannot be found is told as what is known.
func TestWhatIsNotFoundIsNotGuessed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*sent)
		want   []diagnose.Cause
	}{
		"another text":         {func(s *sent) { s.text = bodied(`{"appid":"wx2"}`) }, c(diagnose.OtherText)},
		"a key nobody knows":   {func(s *sent) { s.key = 3 }, c(diagnose.UnknownKey)},
		"no base64":            {func(s *sent) { s.wrap = func([]byte) string { return "?" } }, c(diagnose.NotBase64)},
		"nonsense in base64":   {func(s *sent) { s.wrap = func(b []byte) string { return base64.StdEncoding.EncodeToString(b[:200]) } }, c(diagnose.UnknownKey)},
		"late, and other text": {func(s *sent) { s.timestamp = "1"; s.text = bodied("x") }, c(diagnose.WrongClock, diagnose.OtherText)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := post()
			tt.change(&s)
			if got := s.find(t); got.Verified || !slices.Equal(got.Causes, tt.want) || got.Signed != "" {
				t.Errorf("found %v, verified %t, want %v", got.Causes, got.Verified, tt.want)
			}
		})
	}
}

// Every cause can be read, in both languages, with what to do.
func TestEveryCauseHasItsTexts(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "cause.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "Cause" {
			count++
			value, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			text := diagnose.Cause(value).Text()
			if text.English == "" || text.EnglishRemedy == "" || text.Chinese == "" || text.ChineseRemedy == "" {
				t.Errorf("%s has no text: %+v", value, text)
			}
		}
		return true
	})
	if count < 50 {
		t.Errorf("%d causes found", count)
	}
}

// A signature that is made of anything at all ends the search, and never the
// program.
func FuzzFind(f *testing.F) {
	f.Add("POST", "/v3/x?a=%", `{"a":"\u12"}`, "1789", "AAAA", "AA11")
	f.Add("GET", "*", "{\"\\", "-1", strings.Repeat("A", 344), "")
	f.Fuzz(func(t *testing.T, method, target, body, timestamp, signature, serial string) {
		got := diagnose.Find(diagnose.Request{
			Method: method, Target: target, Body: []byte(body), At: now,
			Authorization: sign.Authorization{Scheme: sign.SchemeRSA, MchID: "1900000109", Nonce: "n", Timestamp: timestamp, Serial: serial, Signature: signature},
		}, merchant())
		if got.Verified || len(got.Causes) == 0 {
			t.Errorf("a signature of nobody is verified, or without a cause: %+v", got)
		}
	})
}

func BenchmarkFindNothing(b *testing.B) {
	s := post()
	signature, err := rsa.SignPKCS1v15(nil, keys()[0], crypto.SHA256, sum256("else"))
	if err != nil {
		b.Fatal(err)
	}
	r := diagnose.Request{
		Method: s.method, Host: "pay.example", Target: s.target, Body: []byte(s.body), At: now,
		Authorization: sign.Authorization{Scheme: s.scheme, MchID: s.mchID, Nonce: s.nonce, Timestamp: s.timestamp, Serial: s.serial, Signature: base64.StdEncoding.EncodeToString(signature)},
	}
	for b.Loop() {
		diagnose.Find(r, merchant())
	}
}
