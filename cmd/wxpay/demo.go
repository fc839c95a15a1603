package main

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/demo"
)

func demoCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
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
			if !asJSON {
				return report.Print(cmd.OutOrStdout())
			}
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetIndent("", "  ")
			enc.SetEscapeHTML(false)
			return enc.Encode(report)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return cmd
}
