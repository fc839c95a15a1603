package emulator

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"time"
)

// platformExport is the state of all merchants as one document. It holds no
// key.
type platformExport struct {
	Format    int              `json:"wxpay_emulator_platform"`
	Merchants []merchantExport `json:"merchants"` // the first merchant first
}

// merchantExport is one merchant in an export of all.
type merchantExport struct {
	Merchant *Merchant `json:"merchant,omitempty"` // what it is; the first one is what the emulator was started as
	State    export    `json:"state"`
}

// Export writes what every merchant is and its whole state, of one moment, as
// one JSON document, each as [Emulator.Export] does. Of the first merchant,
// which is what the platform was made of, it writes the state alone.
// [Platform.Import] takes it back.
func (p *Platform) Export(w io.Writer) error {
	p.changing.Lock()
	defer p.changing.Unlock()
	x := platformExport{Format: exportFormat}
	for _, m := range p.Merchants() {
		x.Merchants = append(x.Merchants, merchantExport{Merchant: &m})
	}
	x.Merchants[0].Merchant = nil
	err := p.store.View(func(tx Tx) error {
		for i, m := range p.Merchants() {
			state, err := p.Merchant(m.MchID).export(prefixedTx{tx, merchantPrefix(m.MchID)})
			if err != nil {
				return err
			}
			x.Merchants[i].State = *state
		}
		return nil
	})
	if err != nil {
		return err
	}
	return writeExport(w, x)
}

// Import puts the merchants that [Platform.Export] wrote, and their states, in
// the place of those of this platform, whole or not at all, each as
// [Emulator.Import] does. A merchant that is here keeps its keys, one that is
// not here gets some as with [Platform.Add], and one that the document does not
// hold is removed. The first merchant stays what it is.
//
// The error is an [*ActionError] that says what in the document is wrong, or
// that of making credentials or of the store. All is then as it was, but for
// what the platform's Make has kept of the credentials that it made.
func (p *Platform) Import(r io.Reader) error {
	x := &platformExport{}
	if err := readExport(r, x); err != nil {
		return err
	}
	p.changing.Lock()
	defer p.changing.Unlock()
	if err := x.check(p.first.cfg.MchID); err != nil {
		return err
	}
	var list []newcomer
	for i := range x.Merchants {
		n, err := p.newcomer(&x.Merchants[i])
		if err != nil {
			return err
		}
		list = append(list, n)
	}
	gone := p.notAmong(list)
	if err := p.store.Update(func(tx Tx) error { return p.replace(tx, list, gone) }); err != nil {
		return err
	}
	for _, n := range list {
		p.settle(n)
	}
	for _, mchID := range gone {
		if err := p.forget(mchID); err != nil { // what came to it meanwhile
			return err
		}
	}
	return nil
}

// check holds what the document says of the merchants; first is the first one
// here.
func (x *platformExport) check(first string) error {
	if x.Format != exportFormat {
		return invalidExport("its format (wxpay_emulator_platform) is %d, and this emulator reads %d", x.Format, exportFormat)
	}
	if len(x.Merchants) == 0 {
		return invalidExport("it holds no merchant")
	}
	seen := map[string]bool{}
	for i := range x.Merchants {
		m := &x.Merchants[i]
		mchID := first
		switch {
		case (m.Merchant == nil) != (i == 0):
			return invalidExport("merchants[%d]: merchant says what each but the first one is", i)
		case i > 0:
			mchID = m.Merchant.MchID
			if mchID != m.State.MchID {
				return invalidExport("merchants[%d] is merchant %q, and its state is that of %q", i, mchID, m.State.MchID)
			}
		}
		if seen[mchID] {
			return invalidExport("merchants[%d] is merchant %q, which is there twice", i, mchID)
		}
		seen[mchID] = true
		if err := m.State.check(mchID); err != nil {
			return err
		}
	}
	return nil
}

// newcomer is a merchant on its way into the platform.
type newcomer struct {
	tenant
	state *arrival
}

// newcomer reads a merchant, and makes its emulator, which nobody uses yet. The
// first merchant has one.
func (p *Platform) newcomer(x *merchantExport) (n newcomer, err error) {
	n.pay = p.first
	if x.Merchant != nil {
		n.given = *x.Merchant
		if n.pay, err = p.build(p.dated(n.given, x.State.Clock.Time)); err != nil {
			if bad, ok := errors.AsType[*ConfigError](err); ok {
				err = invalidExport("merchant %q: %s %s: %s", n.given.MchID, bad.Field, bad.Rule, bad.Remedy)
			}
			return n, err
		}
	}
	n.state, err = n.pay.arriving(&x.State)
	return n, err
}

// dated is a merchant whose clock is the one that it has here, or else shows
// the time of the state, in which its keys are made then.
func (p *Platform) dated(m Merchant, at time.Time) Merchant {
	m.Clock = at
	if p.Merchant(m.MchID) != nil {
		m.Clock = time.Time{}
	}
	return m
}

// notAmong are the merchants of the platform that are not on the list.
func (p *Platform) notAmong(list []newcomer) (gone []string) {
	for _, m := range p.Merchants() {
		if !slices.ContainsFunc(list, func(n newcomer) bool { return n.pay.cfg.MchID == m.MchID }) {
			gone = append(gone, m.MchID)
		}
	}
	return gone
}

// replace writes the merchants of the list in the place of all that there are,
// and stops the deliveries under way.
func (p *Platform) replace(tx Tx, list []newcomer, gone []string) error {
	for _, mchID := range gone {
		if err := clearMerchant(tx, mchID); err != nil {
			return err
		}
	}
	for _, n := range list {
		mchID := n.pay.cfg.MchID
		own := prefixedTx{tx, merchantPrefix(mchID)}
		if err := cmp.Or(p.Merchant(mchID), n.pay).forget(own); err != nil {
			return err
		}
		if err := n.state.put(own); err != nil {
			return err
		}
		if n.pay == p.first {
			continue
		}
		if err := save(tx, bucketMerchants, mchID, &n.given); err != nil {
			return err
		}
	}
	return nil
}

// settle lets a merchant of which all is written go on, in the place of an
// earlier one, which must not see the new clock.
func (p *Platform) settle(n newcomer) {
	if n.pay == p.first {
		n.pay.begin(n.state)
		return
	}
	p.stop(n.given.MchID)
	n.pay.begin(n.state)
	p.close(p.take(n.given.MchID, &n.tenant))
}
