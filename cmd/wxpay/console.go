package main

import (
	"net/http"

	"github.com/wxpay-go/wxpay/cmd/internal/console"
	"github.com/wxpay-go/wxpay/emulator"
)

// withConsole puts the console in front of the emulator, at the same address.
func (f *emulatorFlags) withConsole(p *emulator.Platform, dir string, next http.Handler) http.Handler {
	return console.New(console.Config{
		Platform: p, Folder: dir, Next: next, AllowRemote: f.allowRemote,
	})
}
