package emulator

import (
	"io/fs"
	"strconv"
)

// mostInForce is how many contracts one user may have in force under one plan.
//
// Source: https://pay.weixin.qq.com/docs/merchant/products/entrusted-payment/introduction.html (2024-07-30)
const mostInForce = 10

// counted reports whether the contract counts towards the limits of its plan.
// They are documented for scheduled deduction. Assumed: for the other
// contracts of a plan too, but not for those of HarmonyOS, whose pages say
// nothing.
func (c *Contract) counted() bool { return c.family().entrusted && c.Role != roleHarmony }

// user is the id of the user under the merchant's own appid; "" while the
// contract names nobody.
func (c *Contract) user() string {
	if c.OpenID == "" && c.SubOpenID != "" {
		return pseudonym(c.AppID, c.SubOpenID)
	}
	return c.OpenID
}

// forcePrefix begins the keys of the contracts in force of one user under one
// plan, so that they are counted without looking at any other.
func (c *Contract) forcePrefix() string {
	return key(c.MchID, strconv.FormatInt(c.Plan, 10), c.AppID, c.user()) + "/"
}

// codeKey is where the contract in force stands of one out_user_code under one
// plan.
func (c *Contract) codeKey() string {
	return key(c.MchID, strconv.FormatInt(c.Plan, 10), c.SubMchID, c.OutUserCode)
}

// enterForce notes a contract that was signed.
func enterForce(tx Tx, c *Contract) error {
	if !c.counted() {
		return nil
	}
	if err := tx.Put(bucketInForce, c.forcePrefix()+key(c.Code), nil); err != nil || c.OutUserCode == "" {
		return err
	}
	return tx.Put(bucketUserCodes, c.codeKey(), []byte(c.key()))
}

// leaveForce forgets one that is no longer in force.
func leaveForce(tx Tx, c *Contract) error {
	if !c.counted() {
		return nil
	}
	if err := tx.Delete(bucketInForce, c.forcePrefix()+key(c.Code)); err != nil || c.OutUserCode == "" {
		return err
	}
	return tx.Delete(bucketUserCodes, c.codeKey())
}

// room refuses a contract that would be one too many, and one under a plan that
// was disabled.
//
// Assumed: RULE_LIMIT for more than ten, after RULELIMIT of APIv2, and
// INVALID_REQUEST for an out_user_code that has a contract in force. A
// pre-sign that names no user is not refused; its signing then fails.
func (e *Emulator) room(tx Tx, c *Contract) error {
	if plan, err := e.planOf(tx, c); err != nil {
		return err
	} else if plan.Disabled {
		return documentedError("模板已停用，不能签约")
	}
	if !c.counted() {
		return nil
	}
	if c.OutUserCode != "" {
		holder, err := pointer(tx, bucketUserCodes, c.codeKey())
		if err != nil {
			return err
		}
		if holder != "" {
			return stateError("该商户侧用户标识在此模板下已有生效的签约协议")
		}
	}
	if c.user() == "" {
		return nil
	}
	n := 0
	err := tx.Each(bucketInForce, c.forcePrefix(), func(string, []byte) error {
		if n++; n == mostInForce {
			return fs.SkipAll
		}
		return nil
	})
	if err == nil && n == mostInForce {
		err = ruleLimit("用户在此模板下的生效签约协议数已达上限", "the limit is documented, its code is that of APIv2")
	}
	return err
}
