package emulator

import (
	"net/url"
	"strconv"
	"strings"
)

// pageByDefault is how many contracts a page has if the request does not say.
//
// Source: https://pay.weixin.qq.com/doc/v3/partner/4012468993 (2020-08-27)
const pageByDefault = 20

// listPrefix begins the keys of the contracts of one user under one plan, so
// that they are listed without looking at any other.
func listPrefix(kind, mchID string, plan int64, openID string) string {
	return key(kind, mchID, strconv.FormatInt(plan, 10), openID) + "/"
}

// listContracts lists the contracts of a user under a plan, those in force
// first, page by page.
//
// Assumed: in the order of their signing, and the sizes of 校园轻松付 for 教育续费通.
func listContracts(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	plan, err := strconv.ParseInt(c.query[kindPlan], 10, 64)
	if err != nil {
		return nil, paramError(fault{Field: kindPlan, Value: c.query[kindPlan], Issue: "must be an integer of 64 bits", Location: "query"})
	}
	offset, limit := c.queryNumber("offset", 0), c.queryNumber("limit", pageByDefault)
	if c.op.Behavior.Args["offset"] == "multiple" && offset%limit != 0 {
		return nil, paramError(fault{Field: "offset", Value: c.query["offset"], Issue: "must be a multiple of limit", Location: "query"})
	}
	list := []any{}
	for _, state := range []ContractState{Signed, Terminated} {
		more, err := e.contractsIn(tx, c, plan, state)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	total := int64(len(list))
	return values{
		"data": list[min(offset, total):min(offset+limit, total)], "total_count": total, "offset": offset, "limit": limit,
		"links": c.pages(offset, limit, total),
	}, nil
}

// contractsIn are the contracts of a list that are in a state, if it is asked
// for.
func (e *Emulator) contractsIn(tx Tx, c *call, plan int64, state ContractState) (list []any, err error) {
	kind := c.op.Behavior.Args["kind"]
	err = tx.Each(bucketListed, listPrefix(kind, e.cfg.MchID, plan, c.path["openid"]), func(_ string, at []byte) error {
		contract, err := load[Contract](tx, bucketContracts, string(at))
		if err != nil || contract == nil || contract.State != state || !c.listed(contract) {
			return err
		}
		list = append(list, contract.values())
		return nil
	})
	return list, err
}

// listed reports whether a contract is one that the query asks for.
func (c *call) listed(contract *Contract) bool {
	wanted := c.query["contract_status"]
	return (wanted == "" || wanted == "ALL" || wanted == contract.addOrDelete()) && c.isParty(contract) &&
		(c.query["appid"] == "" || c.query["appid"] == contract.AppID)
}

// queryNumber reads an integer of the query, which the check has refused if it
// is none.
func (c *call) queryNumber(name string, otherwise int64) int64 {
	n, err := strconv.ParseInt(c.query[name], 10, 64)
	if err != nil {
		return otherwise
	}
	return n
}

// pages are the addresses of this page of a list and of its neighbours.
func (c *call) pages(offset, limit, total int64) values {
	links := values{"self": c.page(offset, limit)}
	if offset+limit < total {
		links["next"] = c.page(offset+limit, limit)
	}
	if offset > 0 {
		links["prev"] = c.page(max(0, offset-limit), limit)
	}
	return links
}

func (c *call) page(offset, limit int64) string {
	query := url.Values{}
	for name, value := range c.query {
		query.Set(name, value)
	}
	query.Set("offset", strconv.FormatInt(offset, 10))
	query.Set("limit", strconv.FormatInt(limit, 10))
	path, _, _ := strings.Cut(c.target, "?")
	return path + "?" + query.Encode()
}
