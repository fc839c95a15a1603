// Package house has no code, only tests about the repository itself: who may
// import whom, that the root module requires nothing, that generated files are
// fresh, that documents name what exists and show what was run.
//
// A rule that is written down and not run is a wish. Each rule of
// ARCHITECTURE.md and CONTRIBUTING.md that a machine can hold is held here.
package house
