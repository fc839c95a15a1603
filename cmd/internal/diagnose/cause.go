package diagnose

// Cause is one mistake, by a name that does not change.
type Cause string

// The causes. Those of the header and of the key come before the text is
// looked for.
const (
	WrongScheme       Cause = "wrong-scheme"
	WrongMchID        Cause = "wrong-mchid"
	WrongTimestamp    Cause = "wrong-timestamp"
	MillisecondHeader Cause = "millisecond-header"
	WrongClock        Cause = "wrong-clock"
	OthersSerial      Cause = "others-serial"
	UnknownSerial     Cause = "unknown-serial"

	NotBase64         Cause = "not-base64"
	HexSignature      Cause = "hex-signature"
	FormSignature     Cause = "form-signature"
	URLSignature      Cause = "url-signature"
	UnpaddedSignature Cause = "unpadded-signature"

	OthersKey    Cause = "others-key"
	UnknownKey   Cause = "unknown-key"
	SHA1         Cause = "sha1"
	OtherHash    Cause = "other-hash"
	NoDigestInfo Cause = "no-digest-info"
	HashedTwice  Cause = "hashed-twice"
	PSS          Cause = "pss"

	LowerMethod     Cause = "lower-method"
	OtherMethod     Cause = "other-method"
	NoQuery         Cause = "no-query"
	SortedQuery     Cause = "sorted-query"
	DecodedTarget   Cause = "decoded-target"
	EncodedTarget   Cause = "encoded-target"
	HexCase         Cause = "hex-case"
	AbsoluteTarget  Cause = "absolute-target"
	NoSlash         Cause = "no-slash"
	TrailingSlash   Cause = "trailing-slash"
	LowerTarget     Cause = "lower-target"
	MillisecondText Cause = "millisecond-text"
	TwoTimes        Cause = "two-times"
	CasedNonce      Cause = "cased-nonce"
	NoNonce         Cause = "no-nonce"
	Swapped         Cause = "swapped"

	BodySorted    Cause = "body-sorted"
	BodyNumbers   Cause = "body-numbers"
	BodyEscaped   Cause = "body-escaped"
	BodySlashes   Cause = "body-slashes"
	BodyCompacted Cause = "body-compacted"
	BodySpaced    Cause = "body-spaced"
	BodyIndented  Cause = "body-indented"
	BodyNewline   Cause = "body-newline"
	BodyTrimmed   Cause = "body-trimmed"
	BodyBreaks    Cause = "body-breaks"
	BodyMark      Cause = "body-mark"
	BodyQuoted    Cause = "body-quoted"
	BodyForm      Cause = "body-form"
	BodyPacked    Cause = "body-packed"
	BodyCharset   Cause = "body-charset"
	BodyNotSigned Cause = "body-not-signed"
	BodyNotSent   Cause = "body-not-sent"
	BodyOfGet     Cause = "body-of-get"

	NoLastBreak   Cause = "no-last-break"
	NoBodyLine    Cause = "no-body-line"
	ExtraBreak    Cause = "extra-break"
	WindowsBreaks Cause = "windows-breaks"
	EscapedBreaks Cause = "escaped-breaks"
	NoBreaks      Cause = "no-breaks"
	AnswerForm    Cause = "answer-form"
	BodyAlone     Cause = "body-alone"

	OtherText Cause = "other-text"
)

// The causes that an answer or a notification has, and a request has not.
const (
	MissingHeader Cause = "missing-header"
	Probe         Cause = "probe"
)

// The causes for which what is encrypted does not open.
const (
	KeyLength         Cause = "key-length"
	WrongKey          Cause = "wrong-key"
	OtherAlgorithm    Cause = "other-algorithm"
	NonceLength       Cause = "nonce-length"
	CipherText        Cause = "cipher-text"
	CipherChanged     Cause = "cipher-changed"
	CipherCut         Cause = "cipher-cut"
	CipherDamaged     Cause = "cipher-damaged"
	OtherAssociated   Cause = "other-associated-data"
	FieldCut          Cause = "field-cut"
	FieldPadding      Cause = "field-padding"
	FieldHash         Cause = "field-hash"
	OthersCertificate Cause = "others-certificate"
)

// Text says a cause and what to do about it, in English and in Chinese.
type Text struct{ English, EnglishRemedy, Chinese, ChineseRemedy string }

// Text returns the texts of a cause, as who made the message is to read them;
// every constant has them.
func (c Cause) Text() Text {
	for _, known := range []map[Cause]Text{texts, sealedTexts, receivedTexts} {
		if text, ok := known[c]; ok {
			return text
		}
	}
	return Text{}
}

const (
	signSentBytes   = "Turn the body into bytes once, sign these bytes, and send the same ones."
	signSentBytesZH = "请求体只序列化一次：用同一份字节签名并发送。"
	signSentURL     = "Sign path and query exactly as they go over the wire: build the URL first, then sign its text."
	signSentURLZH   = "先拼好最终的 URL，再用线上发送的路径和查询串原文签名。"
	fiveLines       = "Join method, URL, timestamp, nonce and body, each followed by one line feed, the last one too."
	fiveLinesZH     = "请求方法、URL、时间戳、随机串、请求体五行，每行末尾都有一个换行符 \\n，最后一行也有。"
)

var texts = map[Cause]Text{
	WrongScheme:       {"The scheme in the Authorization header is not that of APIv3", "Begin the header with WECHATPAY2-SHA256-RSA2048 and one blank.", "Authorization 的认证类型不是 APIv3 的", "以 WECHATPAY2-SHA256-RSA2048 加一个空格开头。"},
	WrongMchID:        {"The mchid in the Authorization header is not this merchant", "Use the merchant number that the credentials belong to.", "Authorization 中的 mchid 不是本商户", "使用与凭证对应的商户号。"},
	WrongTimestamp:    {"The timestamp is not a number", "Write whole seconds since 1970 in digits.", "时间戳不是数字", "用数字写出自 1970 年起的秒数。"},
	MillisecondHeader: {"The timestamp is in milliseconds", "Divide by 1000: it must be whole seconds.", "时间戳是毫秒", "除以 1000：应为秒。"},
	WrongClock:        {"The timestamp is more than 5 minutes away from WeChat Pay's clock", "Set the clock of the machine (NTP), and take the time at the moment of sending, at each retry anew. An emulated clock that was moved is shown at the top of the emulator's console.", "时间戳与微信支付时间相差超过 5 分钟", "校准机器时钟（NTP），每次发送（含重试）都重新取时间。模拟器的时钟若被拨动，见控制台页面顶部。"},
	OthersSerial:      {"serial_no names the certificate of somebody else", "Give the serial of the merchant certificate (apiclient_cert.pem). The serial of the platform certificate goes into Wechatpay-Serial.", "serial_no 是别人证书的序列号", "填写商户证书（apiclient_cert.pem）的序列号；平台证书序列号用于 Wechatpay-Serial。"},
	UnknownSerial:     {"serial_no names no certificate that is known", "Read it from apiclient_cert.pem, in upper-case hexadecimal without colons.", "serial_no 对应的证书不存在", "从 apiclient_cert.pem 读取，大写十六进制、不含冒号。"},

	NotBase64:         {"The signature is not base64 of an RSA signature", "Encode the raw bytes of the signature with standard base64.", "签名值不是 RSA 签名的 Base64", "对签名的原始字节做标准 Base64 编码。"},
	HexSignature:      {"The signature is in hexadecimal", "Encode it with base64 instead.", "签名值用了十六进制", "改用 Base64 编码。"},
	FormSignature:     {"The plus signs of the signature became blanks", "Do not send it through a form or URL decoder.", "签名值中的加号变成了空格", "不要对签名值做表单或 URL 解码。"},
	URLSignature:      {"The signature is in the base64 of URLs", "Use the standard alphabet, with + and /.", "签名值用了 URL 版 Base64", "使用带 + 和 / 的标准 Base64。"},
	UnpaddedSignature: {"The signature lacks its padding", "Keep the = at the end of the base64 text.", "签名值缺少填充", "保留 Base64 末尾的 =。"},

	OthersKey:    {"The signature was made with another private key", "Sign with the merchant's own key (apiclient_key.pem), the one that belongs to serial_no.", "签名用了别人的私钥", "使用与 serial_no 对应的商户私钥（apiclient_key.pem）。"},
	UnknownKey:   {"The signature was made with a private key that is not known here", "Compare the key with the certificate: their moduli must be equal. The key of another environment is the usual reason.", "签名所用私钥未知", "核对私钥与证书是否配对（模数相同）；常见原因是用了另一个环境的私钥。"},
	SHA1:         {"The hash is SHA-1", "Use SHA256withRSA.", "摘要算法用了 SHA-1", "使用 SHA256withRSA。"},
	OtherHash:    {"The hash is not SHA-256", "Use SHA256withRSA.", "摘要算法不是 SHA-256", "使用 SHA256withRSA。"},
	NoDigestInfo: {"The digest was encrypted as it stands, without the name of its hash", "Call the library's function to sign, not the one to encrypt with the private key.", "直接用私钥加密了摘要，缺少摘要算法标识", "调用“签名”函数，而不是“私钥加密”。"},
	HashedTwice:  {"The text was hashed twice", "Give the text itself to a function that hashes, or its digest to one that does not.", "签名串被做了两次摘要", "函数自带摘要时传原文；不带时传摘要。"},
	PSS:          {"The padding is PSS", "Use PKCS #1 v1.5, which libraries call SHA256withRSA or RS256.", "填充方式是 PSS", "使用 PKCS#1 v1.5（SHA256withRSA / RS256）。"},

	LowerMethod:     {"The method was signed in lower case", "Write GET, POST and so on in capitals.", "请求方法用了小写", "方法名用大写，如 GET、POST。"},
	OtherMethod:     {"Another method was signed than was sent", "Sign the method of this request.", "签名的请求方法与实际发送的不同", "用实际发送的方法签名。"},
	NoQuery:         {"The URL was signed without its query", signSentURL, "签名的 URL 没有查询串", signSentURLZH},
	SortedQuery:     {"The query was put into another order", signSentURL, "查询参数被重新排序", signSentURLZH},
	DecodedTarget:   {"The URL was signed decoded", signSentURL, "签名的 URL 是解码后的", signSentURLZH},
	EncodedTarget:   {"The URL was encoded anew", signSentURL, "URL 被重新编码", signSentURLZH},
	HexCase:         {"The percent codes of the URL have letters of another case", signSentURL, "URL 百分号编码的大小写不同", signSentURLZH},
	AbsoluteTarget:  {"The URL was signed with scheme or host", "Begin with the slash behind the host.", "签名的 URL 带有协议或域名", "从域名之后的斜杠开始。"},
	NoSlash:         {"The URL was signed without its first slash", "Begin with the slash behind the host.", "签名的 URL 缺少开头的斜杠", "从域名之后的斜杠开始。"},
	TrailingSlash:   {"A slash at the end of the path differs", signSentURL, "路径末尾的斜杠不一致", signSentURLZH},
	LowerTarget:     {"The URL was signed in lower case", signSentURL, "签名的 URL 被转成小写", signSentURLZH},
	MillisecondText: {"The timestamp was signed in milliseconds and sent in seconds", "Take the text of the timestamp once, for both.", "签名用的时间戳是毫秒，发送的是秒", "时间戳只取一次，签名与请求头共用。"},
	TwoTimes:        {"Another timestamp was signed than was sent", "Read the clock once, for both.", "签名的时间戳与请求头中的不同", "时钟只读一次，签名与请求头共用。"},
	CasedNonce:      {"The nonce was signed in letters of another case", "Take its text once, for both.", "签名的随机串大小写不同", "随机串只取一次，签名与请求头共用。"},
	NoNonce:         {"The line of the nonce was signed empty", fiveLines, "签名串中随机串一行为空", fiveLinesZH},
	Swapped:         {"Timestamp and nonce were signed in the wrong order", "The timestamp comes first.", "时间戳与随机串顺序颠倒", "时间戳在前。"},

	BodySorted:    {"The body was serialised anew: its members are in another order", signSentBytes, "请求体被重新序列化：成员顺序不同", signSentBytesZH},
	BodyNumbers:   {"The body was serialised anew: a number is written otherwise", signSentBytes, "请求体被重新序列化：数字写法不同", signSentBytesZH},
	BodyEscaped:   {"The body was serialised anew: characters are escaped otherwise", signSentBytes, "请求体被重新序列化：字符转义不同", signSentBytesZH},
	BodySlashes:   {"The body was serialised anew: slashes are escaped otherwise", signSentBytes + " In PHP: JSON_UNESCAPED_SLASHES.", "请求体被重新序列化：斜杠转义不同", signSentBytesZH + "PHP 可用 JSON_UNESCAPED_SLASHES。"},
	BodyCompacted: {"The body was serialised anew: the signed one has no blanks", signSentBytes, "请求体被重新序列化：签名的不含空白", signSentBytesZH},
	BodySpaced:    {"The body was serialised anew: the signed one has blanks behind colons and commas", signSentBytes + " In Python: json.dumps once, and data= instead of json=.", "请求体被重新序列化：签名的在冒号和逗号后有空格", signSentBytesZH + "Python 请用 data= 发送 json.dumps 的结果，不要用 json=。"},
	BodyIndented:  {"The body was serialised anew: the signed one is indented", signSentBytes, "请求体被重新序列化：签名的带缩进", signSentBytesZH},
	BodyNewline:   {"The signed body has a line break or a blank more at its end", signSentBytes, "签名的请求体末尾多了换行或空格", signSentBytesZH},
	BodyTrimmed:   {"The signed body lacks the white space around it", signSentBytes, "签名的请求体去掉了首尾空白", signSentBytesZH},
	BodyBreaks:    {"The line breaks of the body were changed on the way", signSentBytes, "请求体的换行符在途中被改变", signSentBytesZH},
	BodyMark:      {"A byte order mark at the beginning of the body differs", "Write the body as UTF-8 without it.", "请求体开头的 BOM 不一致", "用不带 BOM 的 UTF-8。"},
	BodyQuoted:    {"The body was turned into JSON twice", signSentBytes, "请求体被做了两次 JSON 编码", signSentBytesZH},
	BodyForm:      {"The body was signed as sorted pairs, as in APIv2", "APIv3 signs the JSON text as it is sent.", "请求体按 APIv2 的键值对排序方式签名", "APIv3 用发送的 JSON 原文签名。"},
	BodyPacked:    {"The body is packed, and what is inside was signed", "Sign what is sent: do not pack it on the way.", "请求体被压缩，签名的是压缩前的内容", "签名与发送使用同一份字节，途中不要压缩。"},
	BodyCharset:   {"The characters of the body went through another encoding than UTF-8", "Write and read bytes, or name UTF-8 wherever text becomes bytes.", "请求体的字符编码不是 UTF-8，途中被转码", "全程按字节处理，或在文本与字节转换处都指定 UTF-8。"},
	BodyNotSigned: {"The body was left out of the signature", "Its bytes are the last line of the text.", "请求体没有参与签名", "最后一行是请求体原文。"},
	BodyNotSent:   {"A body was signed, and none arrived", "Sign an empty line where nothing is sent.", "签名时有请求体，实际没有发送", "没有请求体时最后一行为空行。"},
	BodyOfGet:     {"The body of a GET was signed", "For GET the last line is empty.", "GET 请求签名时带上了请求体", "GET 请求的最后一行为空行。"},

	NoLastBreak:   {"The last line feed is missing", fiveLines, "缺少最后一个换行符", fiveLinesZH},
	NoBodyLine:    {"The line of the body is missing", "It is there, empty, even where there is no body.", "缺少请求体一行", "即使没有请求体，也要有一个空行。"},
	ExtraBreak:    {"There is a line feed too many at the end", fiveLines, "末尾多了一个换行符", fiveLinesZH},
	WindowsBreaks: {"The lines end in carriage return and line feed", fiveLines, "行尾用了 \\r\\n", fiveLinesZH},
	EscapedBreaks: {"The lines end in a backslash and the letter n", "Use the character itself: in many languages that needs double quotes.", "行尾写成了反斜杠加字母 n", "使用真正的换行符：许多语言需要用双引号。"},
	NoBreaks:      {"The lines were joined without line feeds", fiveLines, "各行之间没有换行符", fiveLinesZH},
	AnswerForm:    {"The three lines of an answer were signed", "A request has five: method and URL come first.", "按应答的三行格式签名", "请求是五行：先是方法和 URL。"},
	BodyAlone:     {"The body alone was signed", fiveLines, "只对请求体做了签名", fiveLinesZH},

	OtherText: {"The key is right and the text is not: none of the usual mistakes gives the text that was signed", "Print the text in your program just before it is signed, and compare it with this one.", "私钥正确但签名串不同：常见错误均不吻合", "在程序签名之前打印签名串，与这里的逐字比较。"},
}
