package main

import (
	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/demo"
)

func demoCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Let a user sign a contract through each of five endpoints, on this machine",
		Long: `Starts an emulated WeChat Pay and a merchant's server on loopback, and walks
the five pre-sign endpoints (预签约) to signed contracts with verified
notifications; queries one contract, terminates another, and explains why a
request that was changed on its way is refused. Nothing is left behind.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := demo.Run(cmd.Context())
			if err != nil {
				return err
			}
			return outputOf(cmd).show(report, report.Print)
		},
	}
}
