package emulator

import (
	"maps"
	"net/http"
	"strconv"
	"time"
)

// The days of a scheduled repayment (预约还款), after today.
//
// Source: https://pay.weixin.qq.com/doc/v3/partner/4016779459 (2025-12-05)
const (
	repaymentFirst = 1
	repaymentLast  = 14
)

// leastShare is the part of a repayment that the least amount is at least, in
// hundredths.
//
// Assumed: that of consumer loans (消费贷). Cash loans (现金贷) have 10, and which of
// the two a plan is for is set up with WeChat Pay.
const leastShare = 5

// RepaymentRecord is a scheduled repayment (预约还款记录). Amounts are in fen.
type RepaymentRecord struct {
	ID       string `json:"out_record_id"`
	SubMchID string `json:"sub_mchid"`
	SubAppID string `json:"sub_appid,omitempty"`
	Amount   int64  `json:"repayment_amount"`
	Least    int64  `json:"min_repayment_amount"`
	Date     string `json:"repayment_date"`
	Paid     bool   `json:"paid,omitempty"`
}

// record finds a scheduled repayment by the provider's number, or nil.
func (r *Repayment) record(id string) *RepaymentRecord {
	for i := range r.Records {
		if r.Records[i].ID == id {
			return &r.Records[i]
		}
	}
	return nil
}

func (r *RepaymentRecord) values(contract *Contract) values {
	return values{
		"out_record_id": r.ID, "appid": contract.AppID, "openid": contract.OpenID, "sub_appid": r.SubAppID,
		"contract_id": contract.ContractID, "repayment_amount": r.Amount, "min_repayment_amount": r.Least, "repayment_date": r.Date,
	}
}

// scheduleRepayment schedules a repayment (预约还款). The same one again is
// answered alike.
//
// Assumed: the codes; and that a number is unique within its contract.
func scheduleRepayment(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	contract, err := e.contractNamed(tx, c, c.text("contract_id"))
	if err != nil {
		return nil, err
	}
	if contract.State != Signed {
		return nil, stateError("签约协议未生效，不能预约还款")
	}
	if c.text("openid") != contract.OpenID {
		return nil, stateError("openid与签约协议不一致")
	}
	items, _ := c.body["schedule_items"].([]any)
	if len(items) != 1 { // more than one the description refuses
		return nil, bodyError("/schedule_items", "must have one item")
	}
	item, _ := items[0].(map[string]any)
	record, err := readRecord(item)
	if err != nil {
		return nil, err
	}
	answer := values{"schedule_records": []any{record.values(contract)}}
	if known := contract.Repayment.record(record.ID); known != nil {
		record.Paid = known.Paid
		if *known != *record {
			return nil, errExists("预约还款单号已存在")
		}
		return answer, nil
	}
	if err := record.mayBeScheduled(contract.Repayment.Limit, c.now); err != nil {
		return nil, err
	}
	contract.Repayment.Records = append(contract.Repayment.Records, *record)
	return answer, save(tx, bucketContracts, contract.key(), contract)
}

// readRecord reads an item of the request. Assumed: without a least amount the
// whole is to be repaid.
func readRecord(item map[string]any) (*RepaymentRecord, error) {
	const at = "/schedule_items/0"
	amount, err := fen(item, "repayment_amount", at)
	if err != nil {
		return nil, err
	}
	least := amount
	if item["min_repayment_amount"] != nil {
		if least, err = fen(item, "min_repayment_amount", at); err != nil {
			return nil, err
		}
	}
	if least > amount || least*100 < amount*leastShare {
		return nil, bodyError(at+"/min_repayment_amount", "must be "+strconv.Itoa(leastShare)+" % to 100 % of repayment_amount")
	}
	return &RepaymentRecord{
		ID: text(item, "out_record_id"), SubMchID: text(item, "sub_mchid"), SubAppID: text(item, "sub_appid"),
		Amount: amount, Least: least, Date: text(item, "repayment_date"),
	}, nil
}

func (r *RepaymentRecord) mayBeScheduled(limit int64, now time.Time) error {
	today, day := midnight(now), dayOf(r.Date)
	switch {
	case day.Before(today.AddDate(0, 0, repaymentFirst)) || day.After(today.AddDate(0, 0, repaymentLast)):
		return documentedError("还款日期须在次日至14日内")
	case r.Amount > limit:
		return errOverLimit()
	}
	return nil
}

// queryRepayment answers a scheduled repayment (查询预约还款记录).
func queryRepayment(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	contract, err := e.contractNamed(tx, c, c.query["contract_id"])
	if err != nil {
		return nil, err
	}
	record := contract.Repayment.record(c.path["out_record_id"])
	if record == nil {
		return nil, &refusal{status: http.StatusNotFound, code: "RESOURCE_NOT_EXISTS", message: "预约还款记录不存在"}
	}
	return record.values(contract), nil
}

// refuseRepayment holds the rules of a repayment (发起还款): on the day that was
// scheduled, once, and from the least amount to the whole.
//
// Assumed: that it is made once, and the bounds of the amount.
func refuseRepayment(_ Tx, c *call, contract *Contract) error {
	amount, err := fen(c.body, "deduct_amount", "")
	if err != nil {
		return err
	}
	record := contract.Repayment.record(c.text("out_record_id"))
	switch {
	case record == nil:
		return documentedError("未预约还款，不能发起还款")
	case midnight(c.now).Format(time.DateOnly) != record.Date:
		return documentedError("仅可在预约的还款日期当天发起还款")
	case record.Paid:
		return stateError("该预约还款单已还款")
	case amount < record.Least || amount > record.Amount:
		return stateError("还款金额须在最低还款金额与应还款金额之间")
	}
	return nil
}

// placeRepayment completes an order that was accepted.
func placeRepayment(c *call, contract *Contract, order *Order) error {
	return order.repay(contract, maps.Clone(c.body), contract.Repayment.record(c.text("out_record_id")))
}

// closeRecord: a scheduled repayment is made once.
func closeRecord(_ *Emulator, tx Tx, contract *Contract, order *Order, _ time.Time) error {
	request, err := decodeBody(order.Request)
	if err != nil {
		return err
	}
	if record := contract.Repayment.record(text(request, "out_record_id")); record != nil {
		record.Paid = true
	}
	return save(tx, bucketContracts, contract.key(), contract)
}
