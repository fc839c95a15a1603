package main

import (
	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/profile"
)

// merchant is the profile that a command works with; see [profile.Find].
func merchant(cmd *cobra.Command) (*profile.Profile, error) {
	p, err := profile.Find(outputOf(cmd).profile)
	if err != nil {
		return nil, usageError{err}
	}
	return p, nil
}
