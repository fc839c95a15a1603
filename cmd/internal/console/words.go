package console

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay/spec"
)

// beijing is the zone of every time that is shown, as in the protocol.
var beijing = time.FixedZone("CST", 8*60*60)

// when writes a time for people.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(beijing).Format("2006-01-02 15:04:05")
}

// until says how far away a time is.
func until(lang string, now, t time.Time) string {
	d := t.Sub(now).Round(time.Second)
	switch {
	case d <= 0:
		return pick(lang, "now", "现在")
	case d < time.Minute:
		return pick(lang, fmt.Sprintf("in %d s", d/time.Second), fmt.Sprintf("%d 秒后", d/time.Second))
	case d < time.Hour:
		return pick(lang, fmt.Sprintf("in %d min", d/time.Minute), fmt.Sprintf("%d 分钟后", d/time.Minute))
	}
	return pick(lang, fmt.Sprintf("in %d h %d min", d/time.Hour, d%time.Hour/time.Minute), fmt.Sprintf("%d 小时 %d 分后", d/time.Hour, d%time.Hour/time.Minute))
}

// money writes an amount in fen as yuan.
func money(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return sign + "¥" + strconv.FormatInt(fen/100, 10) + "." + fmt.Sprintf("%02d", fen%100)
}

// words are the states of things: English, Chinese, and how they look.
var words = map[string]struct{ en, zh, class string }{
	"PRE_SIGNED": {"pre-signed", "待签约", "wait"}, "SIGNED": {"in force", "生效中", "good"}, "SIGN_FAILED": {"signing failed", "签约失败", "bad"},
	"TERMINATED": {"ended", "已解约", "gone"}, "TO_BE_RENEWED": {"to be renewed", "待续约", "wait"}, "paused": {"paused", "已暂停", "wait"},

	"asked": {"being asked", "问询中", "wait"}, "refused": {"it does not allow it", "商户不允许解约", "bad"}, "stayed": {"the user stays", "用户已保留", "good"},
	"answered": {"answered", "已应答", "good"}, "unanswered": {"no answer in time", "超时未应答", "bad"},

	"NO_SCHEDULED": {"not reserved", "未预约", "wait"}, "SCHEDULED": {"reserved", "已预约", "good"}, "PAID": {"deducted", "已扣款", "good"}, "EXPIRED": {"expired", "已过期", "gone"},

	"NOTPAY": {"not paid", "未支付", "wait"}, "SUCCESS": {"paid", "支付成功", "good"}, "REFUND": {"refunded", "转入退款", "gone"}, "PROCESSING": {"under way", "处理中", "wait"}, "ABNORMAL": {"abnormal", "退款异常", "bad"},
	"CLOSED": {"closed", "已关闭", "gone"}, "ACCEPT": {"accepted, waits for the deduction", "已接收，等待扣款", "wait"}, "PAY_FAIL": {"deduction failed", "扣款失败", "bad"},
	"PAYERROR": {"payment failed", "支付失败", "bad"}, "REVOKED": {"revoked", "已撤销", "gone"},

	"open": {"open", "进行中", "wait"}, "offered": {"the user is asked", "等待用户确认", "wait"}, "signed": {"signed", "已签约", "good"},
	"failed": {"failed", "失败", "bad"}, "declined": {"declined", "用户放弃", "gone"}, "replaced": {"replaced", "已被替换", "gone"}, "expired": {"expired", "已过期", "gone"},

	"pending": {"pending", "待发送", "wait"}, "delivered": {"delivered", "已送达", "good"}, "not delivered": {"not delivered", "未发送", "bad"},
	"passed": {"passed", "通过", "good"}, "not reached": {"not reached", "未执行", "gone"},

	"USER_TERMINATE": {"by the user", "用户解约", "gone"}, "MCH_API_TERMINATE": {"by the merchant", "商户解约", "gone"},
	"WEPAY_WEB_TERMINATE": {"by the merchant on the platform", "商户平台解约", "gone"}, "CUSTOMER_SERVICE_TERMINATE": {"by customer service", "客服解约", "gone"},
	"SYSTEM_TERMINATE": {"by the platform", "系统解约", "gone"},

	"address": {"address", "地址", ""}, "headers": {"headers", "请求头", ""}, "authorization": {"authorization", "认证信息", ""}, "body": {"body", "请求体", ""},
	"signature": {"signature", "签名", ""}, "key": {"key of the answer", "应答密钥", ""}, "parameters": {"parameters", "参数", ""}, "state": {"state", "业务状态", ""},

	"duplicate": {"once more", "重复", ""}, "probe": {"signature probe", "签名探测", ""}, "serial": {"unknown serial", "未知序列号", ""},
	"stale": {"old timestamp", "过期时间戳", ""}, "ciphertext": {"cannot be decrypted", "无法解密", ""},
}

// stateText is a state in a language; one that is not known stands for itself.
func stateText(lang string, s any) string {
	name := fmt.Sprint(s)
	if w, ok := words[name]; ok {
		return pick(lang, w.en, w.zh)
	}
	return name
}

// stateClass is how a state looks.
func stateClass(s any) string {
	name := fmt.Sprint(s)
	if status, err := strconv.Atoi(name); err == nil {
		switch {
		case status >= 200 && status < 300:
			return "good"
		case status == 0 || status >= 400:
			return "bad"
		}
		return "wait"
	}
	return words[strings.TrimSpace(name)].class
}

// doesText is what something with a name does: as given, or in Chinese.
func doesText(lang, name, en string) string {
	if w, ok := roles[name]; ok {
		return pick(lang, w.en, w.zh)
	}
	if lang != chinese {
		return en
	}
	if code, ok := spec.LookupError(name); ok {
		return strconv.Itoa(code.Status) + "：" + code.Message
	}
	return cmp.Or(inChinese[name], en)
}

// roles are what a merchant and its keys can be.
var roles = map[string]struct{ en, zh string }{
	"": {"any role", "不限角色"}, "direct": {"direct merchant", "直连商户"}, "service-provider": {"service provider", "服务商"},
	"clearing-institution": {"clearing institution", "从业机构"},
	"both":                 {"public key and certificate", "公钥与平台证书"}, "public-key": {"public key", "微信支付公钥"}, "certificate": {"certificate", "平台证书"},
}

// inChinese are the scenarios, and what can go wrong with a request.
var inChinese = map[string]string{
	"signed": "用户签约，通知商户", "abandoned": "用户放弃签约，不通知任何人", "failed": "用户同意，但规则不允许，不通知任何人",
	"expired": "时钟走到会话结束，用户什么也没做", "user-terminated": "用户解约", "merchant-terminated": "商户解约", "platform-terminated": "微信支付解约",
	"expiring": "距协议到期还有一天；到期本身不会触发任何事", "to-be-renewed": "协议已到期，可以续约",
	"paused": "用户暂停车辆的协议（ETC扣费、停车服务）", "resumed": "用户恢复已暂停的协议",
	"paid": "扣款成功", "short-of-funds": "扣款失败：余额不足", "over-limit": "扣款请求被当场拒绝：超出限额", "account-closed": "扣款失败：用户账户已注销",
	"failing-late":    "受理两小时后扣款失败",
	"refund-abnormal": "退款异常：用户账户无法入账", "refund-closed": "退款关闭，金额可以再次申请退款",
	"notification-lost": "通知永远不到：请主动查询", "notification-late": "通知晚到一小时", "notification-reordered": "通知比下一条晚到一秒；没有下一条则晚一分钟",
	"notification-twice": "同一通知经两条连接同时到达", "notification-ciphertext": "首次通知无法解密；被拒后重发的是正确的",
	"notification-serial": "首次通知由未知密钥签名；被拒后重发的是正确的", "notification-stale": "首次通知的签名时间在十分钟前；被拒后重发的是正确的",
	"notification-probe": "首次通知的签名是探测流量；被拒后重发的是正确的",

	"slow": "应答在延迟之后才到", "cut": "什么也没做，连接就断开", "lost": "事情已办，连接断开，没有应答", "truncated": "应答正文传到一半连接断开",
	"shortened": "应答正文只有一半，长度却像是完整的，验签不通过", "oversized": "应答正文被空白填充到很大，签名正确",
	"gateway": "网关返回 502 和 HTML 页面，什么也没做", "unsigned": "应答没有任何 Wechatpay 头", "signature": "应答的签名是别的应答的",
	"serial": "应答由未知密钥签名", "stale": "应答的签名时间在十分钟前", "probe": "应答的签名是探测流量（WECHATPAY/SIGNTEST/）",
}
