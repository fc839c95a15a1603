package emulator

// Store keeps the state of an [Emulator]: orders, contracts, sessions and
// notifications, as JSON in named buckets.
//
// The interface is small enough for an embedded database (a bbolt bucket, one
// SQLite table with the columns bucket, key and value) to implement it in a
// module of its own. Package storetest holds the rules as tests that any
// implementation can run.
type Store interface {
	// Update runs f in a transaction that may write. Transactions that may
	// write run one at a time. When f returns an error nothing that it wrote
	// is kept, and Update returns that error.
	Update(f func(Tx) error) error

	// View runs f in a transaction that sees one moment of the state. A write
	// in it fails with [ErrReadOnly].
	View(f func(Tx) error) error

	// Close releases what the store holds. A closed store answers with
	// [ErrClosed].
	Close() error
}

// Tx is a transaction of a [Store]. It is valid only inside the function that
// was given it, and only in that function's goroutine.
//
// A value that Get or Each hands out must not be changed, and is valid until
// the transaction ends. A value given to Put must not be changed afterwards.
type Tx interface {
	// Get returns the value of a key, or nil if there is none.
	Get(bucket, key string) ([]byte, error)

	// Put writes a value; a nil value counts as empty, not as absent. An empty
	// bucket or key, or one of more than [MaxName] bytes, fails with [ErrName].
	Put(bucket, key string, value []byte) error

	// Delete removes a key; an absent one is no error.
	Delete(bucket, key string) error

	// Each visits the keys of a bucket that begin with prefix, in the order of
	// their bytes. visit must not write. It ends the walk without an error by
	// returning [io/fs.SkipAll]; any other error ends it too and is returned.
	Each(bucket, prefix string, visit func(key string, value []byte) error) error

	// Buckets returns the names of the buckets that hold a key, in the order of
	// their bytes.
	Buckets() ([]string, error)

	// Clear removes every key of every bucket.
	Clear() error
}

// MaxName is how long the name of a bucket or a key may be, in bytes.
const MaxName = 32 << 10

// StoreError is a closed set of refusals of a [Store].
type StoreError string

// Error gives the text of the refusal.
func (e StoreError) Error() string { return "emulator: store: " + string(e) }

const (
	// ErrReadOnly refuses a write inside View.
	ErrReadOnly = StoreError("a view cannot write")
	// ErrClosed refuses any work after Close.
	ErrClosed = StoreError("closed")
	// ErrName refuses to write under a name that is empty or too long.
	ErrName = StoreError("the name of a bucket or a key is empty or longer than 32 KiB")
)
