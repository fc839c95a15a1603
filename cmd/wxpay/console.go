package main

import (
	"net/http"

	"github.com/wxpay-go/wxpay/cmd/internal/console"
	"github.com/wxpay-go/wxpay/emulator"
)

// withConsole puts the console in front of the emulator, at the same address.
func (f *emulatorFlags) withConsole(p *emulator.Platform, next http.Handler) http.Handler {
	return console.New(console.Config{
		Merchants: func() []*emulator.Emulator {
			var list []*emulator.Emulator
			for _, m := range p.Merchants() {
				if e := p.Merchant(m.MchID); e != nil { // not removed meanwhile
					list = append(list, e)
				}
			}
			return list
		},
		Next: next, AllowRemote: f.allowRemote,
	})
}
