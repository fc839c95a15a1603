package emulator

// Add makes a merchant, and returns its emulator. It takes a noticeable part
// of a second, for the keys are real ones; the other merchants do not wait.
// The error is a [*ConfigError], or an [*ActionError] for a merchant that is
// there already.
func (p *Platform) Add(m Merchant) (*Emulator, error) {
	p.changing.Lock()
	defer p.changing.Unlock()
	if m.MchID != "" && p.Merchant(m.MchID) != nil {
		return nil, conflict("merchant " + m.MchID + " is there already")
	}
	for m.MchID == "" {
		tail, err := p.first.random.text(digits, 8)
		if err != nil {
			return nil, err
		}
		if id := "19" + tail; p.Merchant(id) == nil {
			m.MchID = id
		}
	}
	return p.put(m)
}

// Set is Add, and for a merchant that is there already changes what it is; its
// state and keys stay. The first merchant is what the platform was made of: to
// set it is an [*ActionError].
func (p *Platform) Set(m Merchant) (*Emulator, error) {
	p.changing.Lock()
	defer p.changing.Unlock()
	if m.MchID == p.first.cfg.MchID {
		return nil, conflict("merchant " + m.MchID + " is the first one, which is set up where the platform is made")
	}
	return p.put(m)
}

func (p *Platform) put(m Merchant) (*Emulator, error) {
	pay, err := p.open(m)
	if err != nil {
		return nil, err
	}
	return pay, p.store.Update(func(tx Tx) error { return save(tx, bucketMerchants, m.MchID, &m) })
}

// open makes the emulator of a merchant, puts it in place of an earlier one,
// and lets it run if the platform does.
func (p *Platform) open(m Merchant) (*Emulator, error) {
	pay, err := p.build(m)
	if err != nil {
		return nil, err
	}
	p.close(p.take(m.MchID, &tenant{given: m, pay: pay}))
	return pay, nil
}

// build makes the emulator of a merchant, which nobody uses yet.
func (p *Platform) build(m Merchant) (*Emulator, error) {
	if err := checkMchID(m.MchID); err != nil {
		return nil, err
	}
	earlier := p.Merchant(m.MchID)
	store := merchantStore(p.store, m.MchID)
	clock, err := p.clockFor(&m, earlier, store)
	if err != nil {
		return nil, err
	}
	cfg := m.config(&p.cfg.Config, clock)
	cfg.Store = store
	if p.cfg.Sender != nil {
		cfg.Client = p.cfg.Sender(m.MchID)
	}
	if earlier != nil {
		cfg.Credentials = earlier.creds
	} else if cfg.Credentials, err = p.cfg.Make(m.MchID, clock.Now()); err != nil {
		return nil, err
	}
	pay, err := New(cfg)
	if err != nil {
		return nil, err
	}
	pay.adminBase = adminPath + "/merchants/" + m.MchID
	return pay, nil
}

// clockFor is the clock of a merchant: the one that it has, the one that its
// store has kept, the one that it asks for, or a copy of the first merchant's.
func (p *Platform) clockFor(m *Merchant, earlier *Emulator, store Store) (*Clock, error) {
	if earlier != nil && m.Clock.IsZero() {
		return earlier.clock, nil
	}
	if kept, err := clockOf(store); earlier == nil && (err != nil || kept.kept() != nil) {
		return kept, err
	}
	if !m.Clock.IsZero() {
		return NewClock(m.Clock), nil
	}
	return p.cfg.Clock.copy(), nil
}

// take puts a tenant in the place of the one with its merchant id, which it
// returns; nil removes it.
func (p *Platform) take(mchID string, t *tenant) *tenant {
	p.mu.Lock()
	defer p.mu.Unlock()
	earlier := p.tenants[mchID]
	delete(p.tenants, mchID)
	if t != nil {
		p.tenants[mchID] = t
		if p.running != nil {
			p.running.start(t)
		}
	}
	return earlier
}

// stop ends what a merchant does by itself.
func (p *Platform) stop(mchID string) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if t := p.tenants[mchID]; t != nil && t.stop != nil {
		t.stop()
	}
}

func (p *Platform) close(t *tenant) {
	if t == nil {
		return
	}
	if t.stop != nil {
		t.stop()
	}
	_ = t.pay.Close() // its part of the store has nothing to close
}

// Remove forgets a merchant and its state. The error is an [*ActionError]: an
// unknown merchant, or the first one.
func (p *Platform) Remove(mchID string) error {
	p.changing.Lock()
	defer p.changing.Unlock()
	if mchID == p.first.cfg.MchID {
		return conflict("merchant " + mchID + " is the first one, and stays; reset forgets its state")
	}
	if p.Merchant(mchID) == nil {
		return notFound("merchant", mchID)
	}
	return p.forget(mchID)
}

// forget stops a merchant, and then empties its part of the store.
func (p *Platform) forget(mchID string) error {
	p.close(p.take(mchID, nil))
	return p.store.Update(func(tx Tx) error { return clearMerchant(tx, mchID) })
}

func clearMerchant(tx Tx, mchID string) error {
	if err := tx.Delete(bucketMerchants, mchID); err != nil {
		return err
	}
	return prefixedTx{tx, merchantPrefix(mchID)}.Clear()
}
