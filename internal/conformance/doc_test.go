// Package conformance holds the whole against itself: every operation of the
// description against the emulator, over the real wire protocol, and every
// sample of the reference pages.
package conformance
