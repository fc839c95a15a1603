package emulator

import (
	"net/http"
	"strconv"
)

// adminPapay is the part of the admin interface about plans, deductions and
// refunds, and about what was signed and paid elsewhere.
func (e *Emulator) adminPapay() []adminRoute {
	return []adminRoute{
		{Method: "GET", Path: "/behaviors", Does: "what the emulator does, each rule with its source and its test", run: func(*http.Request) (any, error) { return map[string]any{"behaviors": Behaviors()}, nil }},
		{Method: "GET", Path: "/refunds", Does: "refunds", run: func(*http.Request) (any, error) { return e.Refunds() }},
		{Method: "GET", Path: "/parkings", Does: "vehicles that came into car parks", run: func(*http.Request) (any, error) { return e.Parkings() }},
		{Method: "POST", Path: "/parking-services", Does: "the user opens parking by pay score (支付分停车服务) for a plate", Body: "appid, openid, plate_number and plate_color, all required", run: e.adminOpenParking},
		{Method: "GET", Path: "/combined-orders", Does: "combined deductions, each with its sub-orders", run: func(*http.Request) (any, error) { return e.CombinedOrders() }},
		{Method: "GET", Path: "/plans", Does: "what is known of deduction plans", run: func(*http.Request) (any, error) { return e.Plans() }},
		{Method: "POST", Path: "/plans/{plan_id}", Does: "says what WeChat Pay set up for a plan", Body: "kind: scheduled, periodic, periodic-24h, insurance, on-demand or combined; standard_price in fen; retention: true where the merchant is asked for an offer to a user who leaves", run: e.adminPlan},
		{Method: "POST", Path: "/contracts", Does: "takes in a contract that was signed elsewhere, such as by APIv2", Body: "members as GET /contracts shows them; plan, out_contract_code, appid and openid are required", run: e.adminAddContract},
		{Method: "POST", Path: "/contracts/{contract_id}/deductions", Does: "says how deductions under a contract end from now on", Body: "end: paid, short-of-funds, account-closed, failing-late or over-limit", run: e.adminDeductions},
		{Method: "POST", Path: "/orders", Does: "takes in an order that was paid elsewhere", Body: "order: members as GET /orders shows them, out_trade_no, appid and notify_url required; total in fen, required", run: e.adminAddOrder},
	}
}

func (e *Emulator) adminPlan(r *http.Request) (any, error) {
	id, err := strconv.ParseInt(r.PathValue("plan_id"), 10, 64)
	if err != nil {
		return nil, &ActionError{"invalid", "a plan id is an integer"}
	}
	plan, err := input[Plan](r)
	if err != nil {
		return nil, err
	}
	return plan, e.SetPlan(id, plan)
}

func (e *Emulator) adminAddContract(r *http.Request) (any, error) {
	contract, err := input[Contract](r)
	if err != nil {
		return nil, err
	}
	return e.AddContract(contract)
}

func (e *Emulator) adminAddOrder(r *http.Request) (any, error) {
	in, err := input[struct {
		Order Order `json:"order"`
		Total int64 `json:"total"`
	}](r)
	if err != nil {
		return nil, err
	}
	return e.AddOrder(in.Order, in.Total)
}

func (e *Emulator) adminDeductions(r *http.Request) (any, error) {
	in, err := input[struct {
		End Outcome `json:"end"`
	}](r)
	if err != nil {
		return nil, err
	}
	return e.DeductionsEnd(r.PathValue("contract_id"), in.End)
}

func (e *Emulator) adminOpenParking(r *http.Request) (any, error) {
	in, err := input[struct {
		AppID      string `json:"appid"`
		OpenID     string `json:"openid"`
		Plate      string `json:"plate_number"`
		PlateColor string `json:"plate_color"`
	}](r)
	if err != nil {
		return nil, err
	}
	return e.OpenParking(in.AppID, in.OpenID, in.Plate, in.PlateColor)
}
