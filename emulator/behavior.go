package emulator

import "fmt"

// behavior is what an endpoint does beyond the checks: it reads and changes
// the state, and returns what the answer is made of. An error undoes what it
// changed; a [*refusal] is the answer.
type behavior struct {
	// writes: it changes the state. Those that do not run in a view.
	writes bool
	run    func(e *Emulator, tx Tx, c *call) (map[string]any, error)
}

// behaviors is every behaviour that the description can name.
var behaviors = map[string]behavior{
	"presign":            {writes: true, run: presign},
	"contract.query":     {run: queryContract},
	"contract.terminate": {writes: true, run: terminateContract},
	"order.create":       {writes: true, run: createOrder},
	"order.query":        {run: queryOrder},
	"certificates":       {run: listCertificates},
	"echo":               {writes: true, run: echo},
	"file.address":       {run: fileAddress},
}

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
		return e.sampled(c), nil
	}
	b, ok := behaviors[name]
	if !ok {
		return nil, fmt.Errorf("emulator: the description names behaviour %q of %s %s, which there is none of", name, c.op.Method, c.op.Path)
	}
	transact := e.store.View
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
	err := e.store.Update(f)
	if err == nil {
		e.poke()
	}
	return err
}
