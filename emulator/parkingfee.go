package emulator

import (
	"cmp"
	"net/http"
)

// deductParking accepts the fee of a vehicle that leaves (停车扣费), and deducts it
// a little later. The same request again is accepted again and has no second
// effect, but for one whose deduction failed: that is tried again.
//
// Assumed: the codes, that plate and colour are those of the entry, and that an
// entry is paid for once.
func deductParking(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	p, err := e.parkingToPay(tx, c)
	if err != nil {
		return nil, err
	}
	service, err := e.parkingService(tx, p.PlateColor, p.Plate)
	if err != nil {
		return nil, err
	}
	order, err := e.newVehicleOrder(c, cmp.Or(service, &Contract{Kind: kindParking}))
	if err != nil {
		return nil, err
	}
	known, err := knownOrder(tx, order)
	if err != nil {
		return nil, err
	}
	if known != nil {
		return known.values()
	}
	if err := p.mayPay(tx, c, service); err != nil {
		return nil, err
	}
	at := c.now.Add(deductAfter)
	if service.Outcome == OutcomeLate {
		at = c.now.Add(failLateAfter)
	}
	if err := e.deductLater(tx, order, at); err != nil {
		return nil, err
	}
	if err := p.leaves(tx, order); err != nil {
		return nil, err
	}
	return order.values()
}

// parkingToPay finds the entry that a fee is for.
func (e *Emulator) parkingToPay(tx Tx, c *call) (*Parking, error) {
	info, _ := c.body["parking_info"].(map[string]any)
	at, err := pointer(tx, bucketParkingIDs, text(info, "parking_id"))
	if err != nil {
		return nil, err
	}
	p, err := load[Parking](tx, bucketParkings, at)
	if err == nil && (p == nil || p.SubMchID != c.text("sub_mchid")) {
		err = &refusal{status: http.StatusNotFound, code: "RESOURCE_NOT_EXISTS", message: "停车入场信息不存在"}
	}
	return p, err
}

// mayPay refuses a fee that is against the rules.
func (p *Parking) mayPay(tx Tx, c *call, service *Contract) error {
	info, _ := c.body["parking_info"].(map[string]any)
	if text(info, "plate_number") != p.Plate || text(info, "plate_color") != p.PlateColor {
		return stateError("车牌与停车入场信息不一致")
	}
	if p.Order != "" {
		earlier, err := load[Order](tx, bucketOrders, p.Order)
		if err != nil {
			return err
		}
		if earlier != nil && earlier.State != TradePayError {
			return stateError("该停车入场已扣费")
		}
	}
	switch {
	case p.State != parkingNormal || service == nil:
		return documentedError("停车入场状态不可用，不能扣费")
	case service.Outcome == OutcomeLimit:
		return errLimit()
	}
	return nil
}

// leaves notes that the vehicle is out.
func (p *Parking) leaves(tx Tx, order *Order) error {
	p.Order = order.key()
	if err := tx.Delete(bucketParked, p.parkedKey()); err != nil {
		return err
	}
	return save(tx, bucketParkings, p.key(), p)
}
