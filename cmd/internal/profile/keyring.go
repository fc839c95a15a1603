package profile

import (
	"errors"
	"fmt"

	"github.com/zalando/go-keyring"
)

// service is the name under which the keyring shows the program's entries.
const service = "wxpay"

// Remember puts the APIv3 key of a profile into the system's keyring: Keychain,
// Credential Manager or Secret Service.
func Remember(name, secret string) (Secret, error) {
	if err := keyring.Set(service, name, secret); err != nil {
		return Secret{}, fmt.Errorf("the system's keyring does not take the key; keep it in a file instead: %w", err)
	}
	return Secret{Keyring: name}, nil
}

func recall(name string) (string, error) { return keyring.Get(service, name) }

// forget removes an entry; one that is gone is no error.
func forget(name string) error {
	if err := keyring.Delete(service, name); err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return fmt.Errorf("the entry of the keyring cannot be removed: %w", err)
	}
	return nil
}
