// Package stage is what the conformance tests play on: a client and an emulator
// in one program, with a clock that stands still, and the runner for the
// samples of the reference pages.
package stage
