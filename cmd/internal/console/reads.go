package console

// reads are all pages of a merchant.
func (c *console) reads() []read {
	return []read{
		{"requests", "requests", "requests", "Requests", "请求", requests},
		{"requests/{id}", "requests", "request", "Request", "请求", c.request},
		{"contracts", "contracts", "contracts", "Contracts", "签约协议", contracts},
		{"contracts/{kind}/{plan}/{code}", "contracts", "contract", "Contract", "签约协议", contract},
		{"orders", "orders", "orders", "Orders", "订单", orders},
		{"orders/{id}", "orders", "order", "Order", "订单", order},
		{"events", "events", "events", "Notifications", "通知", events},
		{"events/{id}", "events", "event", "Notification", "通知", event},
		{"endpoints", "endpoints", "endpoints", "Endpoints", "接口", endpoints},
		{"endpoints/try", "endpoints", "try", "Try an endpoint", "试用接口", tryForm},
		{"coverage", "coverage", "coverage", "Coverage", "覆盖情况", coverage},
		{"faults", "faults", "faults", "Faults", "故障", faults},
		{"merchants", "merchants", "merchants", "Merchants", "商户", c.merchants},
		{"qr/{session}", "contracts", "qr", "QR code to sign", "签约二维码", c.qr},
		{"qr/{session}/code.svg", "", "", "", "", c.qrImage},
		{"phone", "phone", "phone", "Phone", "手机", phone},
		{"phone/pay/{id}", "phone", "pay", "Payment", "微信支付", pay},
		{"phone/sign/{session}", "phone", "sign", "Sign a contract", "签约", sign},
		{"phone/contracts", "phone", "wallet", "Contracts in force", "自动续费与免密支付", wallet},
	}
}
