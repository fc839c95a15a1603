package seal

// Error is the only error of this package. Its text never holds a key, a
// plaintext or a ciphertext, so it is safe to log.
type Error struct {
	Op     string // "open", "close", "key", "encrypt", "decrypt"
	Field  string // the field at fault, as on the wire: "nonce", "ciphertext"
	Rule   string // what is wrong with it
	Remedy string // what to do
	Err    error  // underlying cause, or nil
}

// Error names the operation, the field, the rule and the remedy. The cause is
// left out: it may come from a key store and say more than it should.
func (e *Error) Error() string {
	return "seal: " + e.Op + ": " + e.Field + " " + e.Rule + "; " + e.Remedy
}

// Unwrap returns the underlying cause, or nil.
func (e *Error) Unwrap() error { return e.Err }
