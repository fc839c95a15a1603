package emulator

import (
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// chores is what WeChat Pay does by itself when the time has come. ref names
// what it is done to; at is when it was to be done, and therefore the time
// that the state is given, however late the clock is looked at. What ref names
// may be gone: then there is nothing to do.
var chores = map[string]func(e *Emulator, tx Tx, ref string, at time.Time) error{
	"deduct":          makeDeduction,
	"schedule.expire": expireSchedule,
	"contract.end":    endSchedule,
	"order.pay":       payWithoutPassword,
	"policy":          followPolicy,
	"refund":          payRefund,
	"scenario":        playAsked,
}

// task is one chore that waits.
type task struct {
	key, kind, ref string
	at             time.Time
}

// later puts a chore off until at.
func (e *Emulator) later(tx Tx, at time.Time, kind, ref string) error {
	return tx.Put(bucketTasks, at.UTC().Format(dueLayout)+"/"+kind+"/"+ref, []byte(kind))
}

// firstTask is the earliest one that waits, or nil.
func firstTask(tx Tx) (first *task, err error) {
	err = tx.Each(bucketTasks, "", func(key string, _ []byte) error {
		if first, err = taskAt(key); err != nil {
			return err
		}
		return fs.SkipAll
	})
	return first, err
}

// taskAt reads a task out of its key.
func taskAt(key string) (*task, error) {
	parts := strings.SplitN(key, "/", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("emulator: state: %s of bucket %s is no task", key, bucketTasks)
	}
	at, err := time.Parse(dueLayout, parts[0])
	return &task{key: key, kind: parts[1], ref: parts[2], at: at}, err
}

// settle does every chore whose time has come, in order, each in a transaction
// of its own. Whatever reads or changes the state settles first, so that
// nobody sees a state that the clock has left behind.
func (e *Emulator) settle() error {
	for {
		first, err := e.waitingTask()
		if err != nil || first == nil || first.at.After(e.clock.Now()) {
			return err
		}
		if err := e.store.Update(e.doFirst); err != nil {
			return err
		}
		e.poke()
	}
}

func (e *Emulator) waitingTask() (first *task, err error) {
	err = e.store.View(func(tx Tx) error {
		first, err = firstTask(tx)
		return err
	})
	return first, err
}

// doFirst does the earliest chore, unless somebody else did it meanwhile.
func (e *Emulator) doFirst(tx Tx) error {
	first, err := firstTask(tx)
	if err != nil || first == nil || first.at.After(e.clock.Now()) {
		return err
	}
	do, ok := chores[first.kind]
	if !ok {
		return fmt.Errorf("emulator: state: there is no chore %q", first.kind)
	}
	if err := tx.Delete(bucketTasks, first.key); err != nil {
		return err
	}
	return do(e, tx, first.ref, first.at)
}

// view reads the state as it is now.
func (e *Emulator) view(f func(Tx) error) error {
	if err := e.settle(); err != nil {
		return err
	}
	return e.store.View(f)
}

// next is the earliest thing that waits for the clock: an attempt to deliver,
// or a chore, of which only the time is told.
func (e *Emulator) next() (*due, error) {
	first, err := e.firstDue()
	if err != nil {
		return nil, err
	}
	waiting, err := e.waitingTask()
	if waiting != nil && (first == nil || waiting.at.Before(first.at)) {
		first = &due{at: waiting.at}
	}
	return first, err
}
