package emulator

import "slices"

// Rule is one thing that the emulator holds to, and the test that holds it.
type Rule struct {
	// Behavior is the one that holds it; "" for what every notification or
	// every request is held to.
	Behavior   string     `json:"-"`
	Says       string     `json:"rule"`
	Provenance Provenance `json:"provenance"`
	Test       string     `json:"test"` // a Go test of package emulator
}

// Part is one part of what WeChat Pay does, and the rules that it is held to.
type Part struct {
	Title string
	Rules []Rule
}

// parts is every rule. A test holds that each of their tests is there, and
// another that no part is missing.
var parts = []Part{
	{"Password-exempt contracts (免密支付)", passwordRules},
	{"Orders with a contract (下单并授权／签约)", contractOrderRules},
	{"Contracts of HarmonyOS (鸿蒙委托代扣)", harmonyRules},
	{"Query and end of a contract (协议查询与解约)", queryRules},
	{"Scheduled deduction, the signing (预约扣费签约)", scheduledSignRules},
	{"Scheduled deduction, the deduction (预约扣费)", scheduledRules},
	{"Deductions, orders and refunds (受理扣款)", deductionRules},
	{"Periodic deduction (周期扣费)", periodicRules},
	{"Insurance (保险自动续费)", insuranceRules},
	{"Combined deduction (电商合单委托代扣)", combinedRules},
	{"Individual payees (个人收款方签约)", payeeRules},
	{"Vehicles (车主服务)", vehicleRules},
	{"Cross-border deduction (境外委托代扣)", globalRules},
	{"Education renewal (教育续费通)", eduRules},
	{"Campus pay (校园轻松付)", schoolRules},
	{"Credit repayment (信贷还款)", creditRules},
	{"Self-test (签名验签／加解密测试)", echoRules},
	{"Launching the signing page (跳转签约页)", launchRules},
	{"Notifications (通知)", noticeRules},
	{"Certificates and files (平台证书与账单)", fileRules},
}

// Parts lists what the emulator is held to, part by part.
func Parts() []Part {
	list := slices.Clone(parts)
	for i := range list {
		list[i].Rules = slices.Clone(list[i].Rules)
	}
	return list
}

// rulesOf are the rules of one behaviour.
func rulesOf(behavior string) (list []Rule) {
	for _, part := range parts {
		for _, rule := range part.Rules {
			if rule.Behavior == behavior {
				list = append(list, rule)
			}
		}
	}
	return list
}
