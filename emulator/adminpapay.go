package emulator

import (
	"net/http"
	"reflect"
	"strconv"
)

// adminPapay is the part of the admin interface about plans, deductions and
// refunds, and about what was signed and paid elsewhere.
func (e *Emulator) adminPapay() []adminRoute {
	return []adminRoute{
		{Method: "GET", Path: "/behaviors", Does: "what the emulator does, each rule with its source and its test", run: shows(adminBehaviors)},
		{Method: "GET", Path: "/refunds", Does: "refunds", run: gives(e.Refunds)},
		{Method: "GET", Path: "/parkings", Does: "vehicles that came into car parks", run: gives(e.Parkings)},
		{Method: "POST", Path: "/parking-services", Does: "the user opens parking by pay score (支付分停车服务) for a plate", Body: "appid, openid, plate_number, plate_color", Needs: []string{"appid", "openid", "plate_number", "plate_color"}, run: takes(e.adminOpenParking)},
		{Method: "GET", Path: "/combined-orders", Does: "combined deductions, each with its sub-orders", run: gives(e.CombinedOrders)},
		{Method: "GET", Path: "/plans", Does: "what is known of deduction plans", run: gives(e.Plans)},
		{Method: "POST", Path: "/plans/{plan_id}", Does: "says what WeChat Pay set up for a plan", Body: "kind: scheduled, periodic, periodic-24h, insurance, on-demand or combined; standard_price, limit_amount and limit_day_amount in fen; limit_day_count; disabled: true where nothing new is signed; retention: true where the merchant is asked for an offer to a user who leaves", run: e.adminPlan()},
		{Method: "POST", Path: "/contracts", Does: "takes in a contract that was signed elsewhere, such as by APIv2", Body: "members as GET /contracts shows them", Needs: []string{"plan", "out_contract_code", "appid", "openid"}, run: takes(e.adminAddContract)},
		{Method: "POST", Path: "/contracts/{contract_id}/deductions", Does: "says how deductions under a contract end from now on", Body: "end: paid, short-of-funds, account-closed, failing-late or over-limit", run: takes(e.adminDeductions)},
		{Method: "POST", Path: "/orders", Does: "takes in an order that was paid elsewhere", Body: "order: members as GET /orders shows them; total in fen", Needs: []string{"order.out_trade_no", "order.appid", "order.notify_url", "total"}, run: takes(e.adminAddOrder)},
	}
}

// behaviorsPart lists what the emulator does.
type behaviorsPart struct {
	Behaviors []BehaviorInfo `json:"behaviors"`
}

func adminBehaviors() behaviorsPart { return behaviorsPart{Behaviors()} }

func (e *Emulator) adminPlan() adminAction {
	a := takes(func(r *http.Request, plan Plan) (Plan, error) {
		id, err := strconv.ParseInt(r.PathValue("plan_id"), 10, 64)
		if err != nil {
			return plan, &ActionError{"invalid", "a plan id is an integer"}
		}
		return plan, e.SetPlan(id, plan)
	})
	a.ref = reflect.TypeFor[int64]()
	return a
}

func (e *Emulator) adminAddContract(_ *http.Request, contract Contract) (*Contract, error) {
	return e.AddContract(contract)
}

// orderPart is an order that was paid elsewhere.
type orderPart struct {
	Order Order `json:"order"`
	Total int64 `json:"total"` // in fen
}

func (e *Emulator) adminAddOrder(_ *http.Request, in orderPart) (*Order, error) {
	return e.AddOrder(in.Order, in.Total)
}

// endPart is how deductions end.
type endPart struct {
	End Outcome `json:"end"` // paid unless said
}

func (e *Emulator) adminDeductions(r *http.Request, in endPart) (*Contract, error) {
	return e.DeductionsEnd(r.PathValue("contract_id"), in.End)
}

// parkingServicePart is the plate that a user opens parking for.
type parkingServicePart struct {
	AppID      string `json:"appid"`
	OpenID     string `json:"openid"`
	Plate      string `json:"plate_number"`
	PlateColor string `json:"plate_color"`
}

func (e *Emulator) adminOpenParking(_ *http.Request, in parkingServicePart) (*Contract, error) {
	return e.OpenParking(in.AppID, in.OpenID, in.Plate, in.PlateColor)
}
