package emulator

import (
	"encoding/json"
	"fmt"
	"slices"
)

// LastEvents lists the last n notifications, the newest first. Unlike
// [Emulator.Events] it shows what happened last however many there are.
func (e *Emulator) LastEvents(n int) ([]Event, error) {
	var kept [][]byte
	list := []Event{}
	err := e.store.View(func(tx Tx) error {
		err := tx.Each(bucketEvents, "", func(_ string, data []byte) error {
			if kept = append(kept, data); len(kept) >= 2*n {
				kept = append([][]byte(nil), kept[len(kept)-n:]...)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, data := range slices.Backward(kept[max(0, len(kept)-n):]) {
			var event Event
			if err := json.Unmarshal(data, &event); err != nil {
				return fmt.Errorf("emulator: state: bucket %s: %w", bucketEvents, err)
			}
			list = append(list, event)
		}
		return nil
	})
	return list, err
}
