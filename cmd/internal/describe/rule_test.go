package describe

import (
	"testing"

	"github.com/wxpay-go/wxpay/spec"
)

// TestRuleNames has one line for each sentence of the naming rule. The paths
// are below the prefix of their product; all of them are real.
func TestRuleNames(t *testing.T) {
	t.Parallel()
	const (
		list = "list"
		file = "file"
	)
	for _, tt := range []struct{ name, prefix, method, path, kind, want string }{
		{"a noun is read", "/v3/bill", "GET", "/tradebill", "", "GetTradeBill"},
		{"a noun is created in the singular", "/v3/profitsharing", "POST", "/orders", "", "CreateOrder"},
		{"a noun is changed", "/v3/smartguide", "PATCH", "/guides/{guide_id}", "", "UpdateGuide"},
		{"a noun is set", "/v3/merchant-service", "PUT", "/complaint-notifications", "", "PutComplaintNotification"},
		{"a noun is deleted", "/v3/edu-papay", "DELETE", "/contracts/{contract_id}", "", "DeleteContract"},
		{"what is read page by page is a list", "/v3/marketing/favor", "GET", "/stocks", list, "ListStocks"},
		{"a list stays one, whatever it is asked by", "/v3/mch-manage", "GET", "/mch-manage-records/sub-mchid/{sub_mchid}", list, "ListMchManageRecords"},
		{"a file is downloaded", "/v3/merchant-service", "GET", "/images/{media_id}", file, "DownloadImage"},
		{"a file is uploaded", "/v3/merchant", "POST", "/media/video_upload", "", "UploadMediaVideo"},
		{"its parameter makes a noun singular", "/v3/marketing/busifavor", "GET", "/stocks/{stock_id}/couponcodes/{coupon_code}", "", "GetStockCouponCode"},
		{"what only locates is left out", "/v3/refund", "GET", "/domestic/refunds/{out_refund_no}", "", "GetDomesticRefund"},
		{"a verb comes first", "/v3/payscore", "POST", "/serviceorder/{out_order_no}/cancel", "", "CancelServiceOrder"},
		{"a phrase begins with its verb", "/v3/marketing/partner", "POST", "/product-coupon/product-coupons/{product_coupon_id}/stocks/{stock_id}/update-budget", "", "UpdateProductCouponStockBudget"},
		{"a phrase repeats no noun", "/v3/ecommerce", "POST", "/refunds/{refund_id}/apply-abnormal-refund", "", "ApplyAbnormalRefund"},
		{"a verb may have a word before it", "/v3/papay", "POST", "/contracts/{contract_id}/fail-notify", "", "FailNotifyContract"},
		{"a verb that asks", "/v3/taxi-invoice", "GET", "/user-taxi-order/find-by-token", "", "FindUserTaxiOrderByToken"},
		{"what begins like a verb is read as a noun", "/v3/multiuse", "GET", "/stocks/{stock_id}/send-flow", "", "GetStockSendFlow"},
		{"a scene keeps its order", "/v3/pay", "POST", "/partner/transactions/jsapi", "", "PartnerTransactionsJSAPI"},
		{"contracts are what is signed in advance", "/v3/papay", "POST", "/insurance-sign/contracts/pre-entrust-sign/h5", "", "InsuranceSignPreEntrustSignH5"},
		{"a noun that the next one repeats is left out", "/v3/brand", "POST", "/card/card-configs/publish", "", "PublishCardConfig"},
		{"a word between two nouns stands once", "/v3/ecommerce", "POST", "/mch-transfer/transfer-bills", "", "CreateMchTransferBill"},
		{"words that are written together are parted", "/v3/mchalterapply", "POST", "/mchcontactalterapplyment/{apply_id}/revoke", "", "RevokeMchContactAlterApplyment"},
		{"a version has no plural", "/v3/merchant-service", "POST", "/complaints-v2/{complaint_id}/complete", "", "CompleteComplaintV2"},
		{"a path without a noun takes that of the product", "/v3/combine-transactions", "POST", "/out-trade-no/{combine_out_trade_no}/close", "", "CloseCombineTransaction"},
		{"a verb alone", "/v3/realname", "GET", "/verify", "", "Verify"},
		{"a slash at the end says nothing", "/v3/ecommerce", "POST", "/applyments/", "", "CreateApplyment"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			op := &spec.Operation{Method: tt.method, Path: tt.prefix + tt.path}
			switch tt.kind {
			case list:
				op.Page.Items = "data"
			case file:
				op.Verify = spec.VerifyNone
			}
			if got := ruleNames(tt.prefix, []*spec.Operation{op})[op]; got != tt.want {
				t.Errorf("ruleNames(%s) = %q, want %q", op.Path, got, tt.want)
			}
		})
	}
}

// TestRuleTellsApart has calls that would have one name.
func TestRuleTellsApart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		paths map[string]string // to the name
	}{
		{"by what they ask", map[string]string{
			"/v3/x/transactions/id/{transaction_id}":         "GetTransactionByID",
			"/v3/x/transactions/out-trade-no/{out_trade_no}": "GetTransactionByOutTradeNo",
			"/v3/x/refunds/{refund_id}":                      "GetRefund",
		}},
		{"by all they ask, if the last is the same", map[string]string{
			"/v3/x/contracts/plan-id/{plan_id}/out-contract-code/{out_contract_code}":         "GetContractByPlanIDOutContractCode",
			"/v3/x/contracts/harmony-plan-id/{plan_id}/out-contract-code/{out_contract_code}": "GetContractByHarmonyPlanIDOutContractCode",
		}},
		{"by the nouns that were left out", map[string]string{
			"/v3/x/card/cards/{card_id}": "GetCardCard",
			"/v3/x/cards/{card_id}":      "GetCard",
		}},
		{"not at all", map[string]string{"/v3/x/y-z": "", "/v3/x/y_z": ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var ops []*spec.Operation
			for path := range tt.paths {
				ops = append(ops, &spec.Operation{Method: "GET", Path: path})
			}
			names := ruleNames("/v3/x", ops)
			for _, op := range ops {
				if names[op] != tt.paths[op.Path] {
					t.Errorf("%s is %q, want %q", op.Path, names[op], tt.paths[op.Path])
				}
			}
		})
	}
}
