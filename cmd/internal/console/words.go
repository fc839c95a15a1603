package console

import (
	"fmt"
	"strconv"
	"strings"
	"time"
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
	"TERMINATED": {"ended", "已解约", "gone"}, "TO_BE_RENEWED": {"to be renewed", "待续约", "wait"},

	"asked": {"being asked", "问询中", "wait"}, "refused": {"it does not allow it", "商户不允许解约", "bad"}, "stayed": {"the user stays", "用户已保留", "good"},
	"answered": {"answered", "已应答", "good"}, "unanswered": {"no answer in time", "超时未应答", "bad"},

	"NO_SCHEDULED": {"not reserved", "未预约", "wait"}, "SCHEDULED": {"reserved", "已预约", "good"}, "PAID": {"deducted", "已扣款", "good"}, "EXPIRED": {"expired", "已过期", "gone"},

	"NOTPAY": {"not paid", "未支付", "wait"}, "SUCCESS": {"paid", "支付成功", "good"}, "REFUND": {"refunded", "转入退款", "gone"},
	"CLOSED": {"closed", "已关闭", "gone"}, "ACCEPT": {"accepted, waits for the deduction", "已接收，等待扣款", "wait"}, "PAY_FAIL": {"deduction failed", "扣款失败", "bad"},
	"PAYERROR": {"payment failed", "支付失败", "bad"}, "REVOKED": {"revoked", "已撤销", "gone"},

	"open": {"open", "进行中", "wait"}, "offered": {"the user is asked", "等待用户确认", "wait"}, "signed": {"signed", "已签约", "good"},
	"failed": {"failed", "失败", "bad"}, "declined": {"declined", "用户放弃", "gone"}, "replaced": {"replaced", "已被替换", "gone"}, "expired": {"expired", "已过期", "gone"},

	"pending": {"pending", "待发送", "wait"}, "delivered": {"delivered", "已送达", "good"}, "not delivered": {"not delivered", "未发送", "bad"},
	"passed": {"passed", "通过", "good"}, "not reached": {"not reached", "未执行", "gone"},

	"USER_TERMINATE": {"by the user", "用户解约", "gone"}, "MCH_API_TERMINATE": {"by the merchant", "商户解约", "gone"},
	"MCH_TERMINATE": {"by the merchant", "商户解约", "gone"}, "MCH_PLATFORM_TERMINATE": {"by the merchant on the platform", "商户平台解约", "gone"},
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
