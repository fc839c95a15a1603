package emulator

import "fmt"

// behavior is what an endpoint does beyond the checks: it reads and changes
// the state, and returns what the answer is made of. An error undoes what it
// changed; a [*refusal] is the answer.
type behavior struct {
	// writes: it changes the state. Those that do not run in a view.
	writes bool
	from   Provenance
	run    func(e *Emulator, tx Tx, c *call) (map[string]any, error)
}

// behaviors is every behaviour that the description can name.
var behaviors = map[string]behavior{
	"presign":             {writes: true, from: documented, run: presign},
	"contract.query":      {from: documented, run: queryContract},
	"contract.list":       {from: documented, run: listContracts},
	"contract.terminate":  {writes: true, from: documented, run: terminateContract},
	"deduction.reserve":   {writes: true, from: documented, run: reserve},
	"deduction.reserved":  {from: documented, run: queryReservation},
	"deduction.apply":     {writes: true, from: documented, run: applyDeduction},
	"deduction.combine":   {writes: true, from: documented, run: deductCombined},
	"deduction.combined":  {from: documented, run: queryCombined},
	"deduction.reverse":   {writes: true, from: documented, run: reverseCombined},
	"deduction.toll":      {writes: true, from: documented, run: deductToll},
	"deduction.parking":   {writes: true, from: documented, run: deductParking},
	"parking.enter":       {writes: true, from: documented, run: enterParking},
	"parking.service":     {from: documented, run: queryParkingService},
	"deduction.announce":  {writes: true, from: documented, run: announce},
	"deduction.tell":      {writes: true, from: documented, run: tellBefore},
	"deduction.tellagain": {from: Provenance{Assumed, "when it may be called is not documented"}, run: tellAgain},
	"insurance.periods":   {from: documented, run: listPeriods},
	"insurance.modify":    {writes: true, from: documented, run: modifyPeriods},
	"insurance.renew":     {writes: true, from: documented, run: renewContract},
	"insurance.reserve":   {writes: true, from: documented, run: reservePeriod},
	"insurance.reserved":  {from: documented, run: queryPeriod},
	"order.create":        {writes: true, from: documented, run: createOrder},
	"order.close":         {writes: true, from: documented, run: closeOrder},
	"order.contract":      {writes: true, from: documented, run: createContractOrder},
	"repayment.schedule":  {writes: true, from: documented, run: scheduleRepayment},
	"repayment.query":     {from: documented, run: queryRepayment},
	"debt.query":          {from: documented, run: queryDebt},
	"order.reverse":       {writes: true, from: Provenance{Assumed, "inferred from the reversal of 付款码支付"}, run: reverseOrder},
	"order.query":         {from: documented, run: queryOrder},
	"refund.create":       {writes: true, from: documented, run: createRefund},
	"refund.query":        {from: documented, run: queryRefund},
	"certificates":        {from: documented, run: listCertificates},
	"echo":                {writes: true, from: documented, run: echo},
	"file.address":        {from: Provenance{Assumed, "the file is made of its own address"}, run: fileAddress},
}

// documented is a behaviour that the page of each of its endpoints describes.
var documented = Provenance{Kind: Documented}

// act answers a request that passed every check.
func (e *Emulator) act(c *call) (reply, error) {
	known, err := e.behave(c)
	if err != nil {
		return reply{}, err
	}
	r := reply{status: c.op.Status, number: "0"}
	switch {
	case c.op.Response != nil:
		r.body, err = e.render(c.op.Response, known)
	case c.op.Verify != "":
		return e.serveFile(c)
	}
	return r, err
}

func (e *Emulator) behave(c *call) (known map[string]any, err error) {
	name := c.op.Behavior.Name
	if name == "" {
		c.from = sampledFrom(c.op)
		return e.sampled(c), nil
	}
	b, ok := behaviors[name]
	if !ok {
		return nil, fmt.Errorf("emulator: the description names behaviour %q of %s %s, which there is none of", name, c.op.Method, c.op.Path)
	}
	c.from = b.comesFrom(c.op)
	transact := e.view
	if b.writes {
		transact = e.update
	}
	err = transact(func(tx Tx) (err error) {
		known, err = b.run(e, tx, c)
		return err
	})
	return known, err
}

// update changes the state, and wakes Run for what may have fallen due.
func (e *Emulator) update(f func(Tx) error) error {
	if err := e.settle(); err != nil {
		return err
	}
	err := e.store.Update(f)
	if err == nil {
		e.poke()
	}
	return err
}
