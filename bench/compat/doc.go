// Package compat proves that the emulator is WeChat Pay to clients that were
// not written for it: the official Go library, the original JavaScript client
// and gopay, each unmodified, sign for it and verify its answers, and the Go
// ones accept its notifications. So do the programs of examples in other
// languages.
//
// testdata/samples.json holds the requests of the five documents that this
// project began with, by value, and what each answer must hold.
package compat
