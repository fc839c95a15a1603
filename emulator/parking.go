package emulator

import "time"

// The states of parking by pay score: of a plate's service, and of a vehicle
// that is in.
const (
	parkingNormal  = "NORMAL"
	parkingBlocked = "BLOCKED"
	parkingPaused  = "PAUSE"
	parkingOut     = "OUT_SERVICE"
)

// Parking is a vehicle that came into a car park (停车入场).
type Parking struct {
	ID           string `json:"id"`
	OutParkingNo string `json:"out_parking_no"`
	MchID        string `json:"mchid"`
	SubMchID     string `json:"sub_mchid,omitempty"`
	Plate        string `json:"plate_number"`
	PlateColor   string `json:"plate_color"`
	NotifyURL    string `json:"notify_url"`
	StartTime    string `json:"start_time"` // as requested
	Name         string `json:"parking_name"`
	FreeDuration int64  `json:"free_duration"` // in seconds

	State       string `json:"state"` // NORMAL or BLOCKED
	BlockReason string `json:"block_reason,omitempty"`
	Order       string `json:"order,omitempty"` // key of the order for the fee: the vehicle is out
	Fingerprint string `json:"fingerprint"`
}

func (p *Parking) key() string { return key(p.MchID, p.SubMchID, p.OutParkingNo) }

// parkedPrefix begins the keys of the vehicles that are in, of one plate.
func parkedPrefix(mchID, color, plate string) string { return key(mchID, color, plate) + "/" }

func (p *Parking) parkedKey() string {
	return parkedPrefix(p.MchID, p.PlateColor, p.Plate) + key(p.SubMchID, p.OutParkingNo)
}

// Parkings lists the vehicles that came in, at most 1000.
func (e *Emulator) Parkings() ([]Parking, error) { return listAll[Parking](e, bucketParkings) }

// enterParking notes that a vehicle came in. The same request again is answered
// with what is known of it now.
func enterParking(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	p, err := e.newParking(tx, c)
	if err != nil {
		return nil, err
	}
	known, err := load[Parking](tx, bucketParkings, p.key())
	switch {
	case err != nil:
		return nil, err
	case known != nil && known.Fingerprint == p.Fingerprint:
		return known.values(), nil
	case known != nil:
		return nil, errExists("商户入场id已存在")
	}
	service, err := e.parkingService(tx, p.PlateColor, p.Plate)
	if err != nil {
		return nil, err
	}
	p.follow(service)
	if err := tx.Put(bucketParkingIDs, p.ID, []byte(p.key())); err != nil {
		return nil, err
	}
	if err := tx.Put(bucketParked, p.parkedKey(), []byte(p.key())); err != nil {
		return nil, err
	}
	return p.values(), save(tx, bucketParkings, p.key(), p)
}

func (e *Emulator) newParking(tx Tx, c *call) (*Parking, error) {
	_, mark, err := c.kept()
	if err != nil {
		return nil, err
	}
	id, err := newID(tx, bucketParkingIDs, func() (string, error) { return e.random.text(parkingIDs, len("5K8264ILTKCH16CQ250")) })
	return &Parking{
		ID: id, OutParkingNo: c.text("out_parking_no"), MchID: e.cfg.MchID, SubMchID: c.text("sub_mchid"),
		Plate: c.text("plate_number"), PlateColor: c.text("plate_color"), NotifyURL: c.text("notify_url"),
		StartTime: c.text("start_time"), Name: c.text("parking_name"), FreeDuration: c.integer("free_duration"), Fingerprint: mark,
	}, err
}

// parkingIDs are the characters of a parking's id, as in the samples.
const parkingIDs = digits + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// follow takes over the state of the plate's service, nil for none.
func (p *Parking) follow(service *Contract) {
	p.State, p.BlockReason = parkingNormal, ""
	switch {
	case service == nil || service.State != Signed:
		p.State, p.BlockReason = parkingBlocked, parkingOut
	case service.Paused:
		p.State, p.BlockReason = parkingBlocked, parkingPaused
	}
}

// values are its members in the answer and in the event, which call some of
// them differently.
func (p *Parking) values() values {
	return values{
		"id": p.ID, "parking_id": p.ID, "out_parking_no": p.OutParkingNo, "sp_mchid": p.MchID, "sub_mchid": p.SubMchID,
		"plate_number": p.Plate, "plate_color": p.PlateColor, "start_time": p.StartTime, "parking_name": p.Name,
		"free_duration": p.FreeDuration, "state": p.State, "parking_state": p.State,
		"block_reason": p.BlockReason, "blocked_state_description": p.BlockReason,
	}
}

// changeParkings lets the vehicles of a plate that are in follow its service,
// and tells the merchant of each whose state changed.
func changeParkings(e *Emulator, tx Tx, service *Contract, at time.Time) error {
	var in []string
	prefix := parkedPrefix(service.MchID, service.PlateColor, service.Plate)
	err := tx.Each(bucketParked, prefix, func(_ string, ref []byte) error {
		in = append(in, string(ref))
		return nil
	})
	if err != nil {
		return err
	}
	for _, ref := range in {
		p, err := load[Parking](tx, bucketParkings, ref)
		if err != nil || p == nil {
			return err
		}
		before := *p
		if p.follow(service); *p == before {
			continue
		}
		if err := save(tx, bucketParkings, ref, p); err != nil {
			return err
		}
		known := p.values()
		known["state_update_time"] = stamp(at)
		if _, err := e.notify(tx, at, "VEHICLE.ENTRANCE_STATE_CHANGE", p.NotifyURL, known); err != nil {
			return err
		}
	}
	return nil
}
