package main

import (
	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay"
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

// clientConfig is what a client of the merchant is made of.
func clientConfig(cmd *cobra.Command) (wxpay.Config, error) {
	p, err := merchant(cmd)
	if err != nil {
		return wxpay.Config{}, err
	}
	return p.Config()
}

// client is a client of the merchant, and what it was made of.
func client(cmd *cobra.Command) (*wxpay.Client, wxpay.Config, error) {
	cfg, err := clientConfig(cmd)
	if err != nil {
		return nil, cfg, err
	}
	wx, err := wxpay.New(cfg)
	return wx, cfg, err
}
