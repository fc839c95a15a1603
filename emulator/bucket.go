package emulator

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// The buckets of the store.
const (
	bucketOrders    = "orders"     // merchant/sub-merchant/out_trade_no -> Order
	bucketPrepay    = "prepay"     // prepay_id -> key of the order
	bucketContracts = "contracts"  // kind/merchant/plan/out_contract_code -> Contract
	bucketIDs       = "contractid" // contract_id -> key of the contract
	bucketSessions  = "sessions"   // session id -> Session
	bucketOffers    = "offers"     // prepay_id -> session id
	bucketEvents    = "events"     // event id -> Event
	bucketDue       = "due"        // time of the next attempt/event id -> event id
	bucketMeta      = "meta"       // counters, the clock, what is asked of the next notifications
	bucketKeys      = "keys"       // "platform" -> ringState

	bucketTasks        = "tasks"        // time/chore/what it is done to -> chore
	bucketPlans        = "plans"        // plan id -> Plan
	bucketInForce      = "inforce"      // merchant/plan/appid/user/out_contract_code -> nothing
	bucketUserCodes    = "usercodes"    // merchant/plan/sub-merchant/out_user_code -> key of the contract in force
	bucketUsers        = "users"        // kind/merchant/user, as the family says -> key of the newest contract
	bucketListed       = "listed"       // kind/merchant/plan/openid/contract_id -> key of the contract
	bucketDebts        = "debts"        // merchant/openid -> Debt
	bucketTransactions = "transactions" // transaction_id -> key of the order
	bucketRefunds      = "refunds"      // merchant/sub-merchant/out_refund_no -> Refund
	bucketParkings     = "parkings"     // merchant/sub-merchant/out_parking_no -> Parking
	bucketParkingIDs   = "parkingid"    // parking id -> key of the parking
	bucketParked       = "parked"       // merchant/colour/plate/sub-merchant/out_parking_no -> key of the parking, while the vehicle is in
	bucketCombined     = "combined"     // merchant/combine_out_trade_no -> CombinedOrder
)

// load reads the thing at a key, or nil if there is none.
func load[T any](tx Tx, bucket, key string) (*T, error) {
	data, err := tx.Get(bucket, key)
	if err != nil || data == nil {
		return nil, err
	}
	thing := new(T)
	if err := json.Unmarshal(data, thing); err != nil {
		return nil, fmt.Errorf("emulator: state: %s of bucket %s: %w", key, bucket, err)
	}
	return thing, nil
}

// save writes the thing at a key.
func save(tx Tx, bucket, key string, thing any) error {
	data, err := json.Marshal(thing)
	if err != nil {
		return fmt.Errorf("emulator: state: %s of bucket %s: %w", key, bucket, err)
	}
	return tx.Put(bucket, key, data)
}

// pointer reads a key that an index keeps, "" if there is none.
func pointer(tx Tx, bucket, key string) (string, error) {
	data, err := tx.Get(bucket, key)
	return string(data), err
}

// list reads a bucket in key order, at most limit things.
func list[T any](tx Tx, bucket string, limit int) ([]T, error) {
	things := []T{}
	err := tx.Each(bucket, "", func(key string, data []byte) error {
		if len(things) == limit {
			return fs.SkipAll
		}
		var thing T
		if err := json.Unmarshal(data, &thing); err != nil {
			return fmt.Errorf("emulator: state: %s of bucket %s: %w", key, bucket, err)
		}
		things = append(things, thing)
		return nil
	})
	return things, err
}

// next counts a sequence up, from 1.
func next(tx Tx, sequence string) (int64, error) {
	data, err := tx.Get(bucketMeta, sequence)
	if err != nil {
		return 0, err
	}
	n, _ := strconv.ParseInt(string(data), 10, 64) // absent is 0
	return n + 1, tx.Put(bucketMeta, sequence, strconv.AppendInt(nil, n+1, 10))
}

// key joins the parts of a key. Parts come from requests; a part that holds
// the separator cannot be mistaken for two, because it is escaped.
func key(parts ...string) string {
	escaped := make([]string, len(parts))
	for i, part := range parts {
		escaped[i] = strings.ReplaceAll(strings.ReplaceAll(part, "%", "%25"), "/", "%2F")
	}
	return strings.Join(escaped, "/")
}
