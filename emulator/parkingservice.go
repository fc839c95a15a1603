package emulator

// parkingKey is where the newest service of a plate is looked up.
func parkingKey(c *Contract) string { return key(kindParking, c.MchID, c.PlateColor, c.Plate) }

// OpenParking lets a user open parking by pay score (支付分停车服务) for a plate,
// which happens in a mini program of WeChat Pay, and returns it as a contract:
// it can be paused and terminated, and its deductions end as the contract says.
// Vehicles of the plate that are in become NORMAL, and the merchant is told.
//
// Assumed: until then no plate has the service.
//
// The error is an [*ActionError]: something is missing, or the plate has the
// service.
func (e *Emulator) OpenParking(appID, openID, plate, color string) (contract *Contract, err error) {
	if appID == "" || openID == "" || plate == "" || color == "" {
		return nil, &ActionError{"invalid", "parking is opened with appid, openid, plate_number and plate_color"}
	}
	now := e.clock.Now()
	contract = &Contract{Kind: kindParking, AppID: appID, OpenID: openID, Plate: plate, PlateColor: color}
	contract.complete(e.cfg.MchID, now)
	err = e.update(func(tx Tx) error {
		known, err := e.parkingService(tx, color, plate)
		if err != nil {
			return err
		}
		if known != nil {
			return conflict("the plate has the service")
		}
		if err := e.takeIn(tx, contract, now); err != nil {
			return err
		}
		return e.tellSigned(tx, contract, now)
	})
	return contract, err
}

// parkingService finds the service of a plate that is in force, paused or not,
// or nil.
func (e *Emulator) parkingService(tx Tx, color, plate string) (*Contract, error) {
	at, err := pointer(tx, bucketUsers, parkingKey(&Contract{MchID: e.cfg.MchID, PlateColor: color, Plate: plate}))
	if err != nil || at == "" {
		return nil, err
	}
	contract, err := load[Contract](tx, bucketContracts, at)
	if err != nil || contract == nil || contract.State != Signed {
		return nil, err
	}
	return contract, nil
}

// queryParkingService tells whether a user opened the service for a plate.
func queryParkingService(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	contract, err := e.parkingService(tx, c.query["plate_color"], c.query["plate_number"])
	if err != nil {
		return nil, err
	}
	known := values{"plate_number": c.query["plate_number"], "plate_color": c.query["plate_color"], "openid": c.query["openid"]}
	if contract == nil || contract.OpenID != c.query["openid"] || contract.AppID != c.query["appid"] {
		known["service_state"] = parkingOut
		return known, nil
	}
	known["service_open_time"] = stamp(contract.SignedAt)
	known["service_state"] = parkingNormal
	if contract.Paused {
		known["service_state"] = parkingPaused
	}
	return known, nil
}
