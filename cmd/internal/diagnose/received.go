package diagnose

import (
	"strings"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// Message is an answer or a notification as a merchant received it.
type Message struct {
	Header sign.Header
	Body   []byte    // as received
	At     time.Time // when it was received; zero: its age is not judged
}

// Platform is who should have signed, and whose keys could be mistaken for
// WeChat Pay's.
type Platform struct {
	Keys   []Key // the public key, and the platform certificates in use
	Others []Key // the merchant's own
}

// FindReceived compares an answer or a notification with what WeChat Pay must
// have signed. It returns no cause for one with which nothing is wrong. The
// texts of its causes are those of [Cause.Received].
func FindReceived(m Message, p Platform) Finding {
	h := m.Header
	s := &search{
		right:     lines{answer: true, timestamp: h.Timestamp, nonce: h.Nonce, body: string(m.Body)},
		keys:      append(append([]Key{}, p.Keys...), p.Others...),
		signature: h.Signature,
	}
	s.found.Received = s.right.String()
	if h.Timestamp == "" || h.Nonce == "" || h.Serial == "" || h.Signature == "" {
		s.blame(MissingHeader)
		return s.found
	}
	if h.Type != "" && h.Type != sign.SchemeRSA {
		s.blame(WrongScheme)
	}
	s.clock(h.Timestamp, m.At)
	if strings.HasPrefix(h.Signature, sign.ProbePrefix) {
		s.blame(Probe)
		return s.found
	}
	s.serial(h.Serial, len(p.Keys))
	if len(s.keys) > 0 {
		s.open()
	}
	return s.found
}

const (
	verifyRaw   = "Verify the bytes of the body as they came, before anything parses or logs them."
	verifyRawZH = "用收到的原始字节验签，先验签、后解析和记录日志。"
)

// Received is [Cause.Text] as the receiver of an answer or a notification is to
// read it.
func (c Cause) Received() Text {
	if text, ok := receivedTexts[c]; ok {
		return text
	}
	text := c.Text()
	if strings.HasPrefix(string(c), "body-") {
		text.EnglishRemedy, text.ChineseRemedy = verifyRaw, verifyRawZH
		text.Chinese = strings.ReplaceAll(text.Chinese, "请求体", "报文主体")
	}
	return text
}

var receivedTexts = map[Cause]Text{
	WrongScheme:       {"The signature is of a scheme that is not supported", "Only WECHATPAY2-SHA256-RSA2048 is verified here; a merchant with 国密 (SM2) needs another library.", "签名类型不受支持", "这里只验证 WECHATPAY2-SHA256-RSA2048；国密商户请使用其他库。"},
	MillisecondHeader: {"Wechatpay-Timestamp is in milliseconds, so it is not from WeChat Pay", "Look at who sent the message: a test of one's own writes seconds.", "Wechatpay-Timestamp 是毫秒，不是微信支付发出的", "检查报文来源；自制的测试报文应写秒。"},
	WrongTimestamp:    {"Wechatpay-Timestamp is not a number", "Take the header as it came.", "Wechatpay-Timestamp 不是数字", "使用收到的请求头原文。"},
	WrongClock:        {"Wechatpay-Timestamp is more than 5 minutes away from the time of receipt", "Set the clock of the machine (NTP). A message that was recorded is judged by the time of its receipt; one that is sent again later is a replay. An emulator whose clock was moved signs with its own time.", "Wechatpay-Timestamp 与收到时间相差超过 5 分钟", "校准机器时钟（NTP）。录制的报文按收到时的时间判断；事后重发的属于重放。模拟器的时钟若被拨动，则按它自己的时间签名。"},
	OthersSerial:      {"Wechatpay-Serial names a key that is not WeChat Pay's", "WeChat Pay signs with its own key, never with the merchant's: look at who made the message.", "Wechatpay-Serial 不是微信支付的密钥", "微信支付用自己的密钥签名，不会用商户的：检查报文由谁生成。"},
	UnknownSerial:     {"Wechatpay-Serial names a key that is not known here", "PUB_KEY_ID_… is a WeChat Pay public key: download it from the merchant platform, API security. Anything else is a platform certificate: wxpay certs download gets it.", "Wechatpay-Serial 对应的密钥未知", "PUB_KEY_ID_ 开头的是微信支付公钥，在商户平台“API安全”下载；其余是平台证书，用 wxpay certs download 下载。"},
	OthersKey:         {"The signature was made with another key than Wechatpay-Serial names", "Choose the key by Wechatpay-Serial, and keep each with its own id.", "签名所用的密钥不是 Wechatpay-Serial 指明的那个", "按 Wechatpay-Serial 选择密钥，密钥与其编号要对应保存。"},
	UnknownKey:        {"The signature was made with a key that is not known here", "Compare the key with the one of the merchant platform: one of another merchant, or of the emulator, is the usual reason.", "签名所用的密钥未知", "与商户平台上的密钥核对；常见原因是用了其他商户或模拟器的密钥。"},
	Swapped:           {"Wechatpay-Timestamp and Wechatpay-Nonce stand in each other's place", "Take each header by its name; the timestamp comes first.", "Wechatpay-Timestamp 与 Wechatpay-Nonce 颠倒", "按名称取请求头，时间戳在前。"},
	CasedNonce:        {"The nonce came in letters of another case", "Take the header as it came.", "随机串的大小写被改变", "使用收到的请求头原文。"},
	TwoTimes:          {"Wechatpay-Timestamp is not the one that was signed", "Take the header as it came, of this very message.", "Wechatpay-Timestamp 不是签名时的那个", "使用同一条报文的请求头原文。"},
	BodyPacked:        {"The body is packed, and what is inside was signed", "Unpack it (Content-Encoding: gzip) before it is verified.", "报文主体是压缩的，签名的是解压后的内容", "先按 Content-Encoding: gzip 解压，再验签。"},
	BodyNotSent:       {"A body was signed, and none arrived", "Read the body before something else does: it can be read once.", "签名时有报文主体，收到的为空", "报文主体只能读取一次，先于其他代码读取。"},
	BodyNotSigned:     {"An empty body was signed, and one arrived", verifyRaw, "签名时报文主体为空，收到的不为空", verifyRawZH},
	NoLastBreak:       {"The body got a line feed at its end on the way", verifyRaw, "报文主体末尾在途中多了一个换行符", verifyRawZH},
	OtherText:         {"The key is right and the body is not: none of the usual changes gives the one that was signed", "Keep the bytes of the body as they come in, and compare them with these; look for proxies and loggers on the way.", "密钥正确但报文主体不同：常见改动均不吻合", "保存收到的原始字节并与这里比较；检查途中的代理和日志组件。"},
	MissingHeader:     {"A header of the signature is missing", "Wechatpay-Timestamp, Wechatpay-Nonce, Wechatpay-Serial and Wechatpay-Signature must all be there: look for a proxy that drops them. Answers with an error of authentication have none.", "缺少签名请求头", "Wechatpay-Timestamp、Wechatpay-Nonce、Wechatpay-Serial、Wechatpay-Signature 缺一不可：检查是否被代理丢弃。鉴权失败的应答本来就没有。"},
	Probe:             {"It is a probe: WeChat Pay signs some messages wrongly on purpose, to see whether they are refused", "Refuse it, as any wrong signature: a notification comes again, well signed.", "这是验签探测：微信支付故意发送错误签名，检查商户是否验签", "照常拒绝即可：通知会以正确签名重发。"},
}
