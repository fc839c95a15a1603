package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/openapi"
	"github.com/wxpay-go/wxpay/emulator"
)

func openapiCommand() *cobra.Command {
	var products []string
	var admin bool
	cmd := &cobra.Command{
		Use:   "openapi",
		Short: "Write every endpoint and event as one OpenAPI 3.1 document",
		Long: `Writes the whole of WeChat Pay APIv3 (微信支付 APIv3) as one OpenAPI 3.1 document
in YAML, notifications (回调通知) as its webhooks:

  wxpay openapi > wechatpay.yaml
  wxpay openapi --product papay --product password-exempt-contract > contracts.yaml

It is no document of Tencent's; info.description says what its x- members mean.

--admin writes another document, in JSON: the interface below /_wxpay/ by which
tests in any language drive the emulator. A running one serves it, too, at
/_wxpay/openapi.json.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if admin && products != nil {
				return usageError{errors.New("--product: the admin interface has no products; leave it out, or --admin")}
			}
			if admin {
				_, err := cmd.OutOrStdout().Write(emulator.AdminOpenAPI())
				return err
			}
			s, err := openapi.Bundled().Only(products...)
			if unknown, ok := errors.AsType[*openapi.UnknownProductError](err); ok {
				return usageError{fmt.Errorf("--product: no product is called %q; wxpay docs lists them", unknown.Name)}
			}
			if err != nil {
				return err
			}
			return s.Write(cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringArrayVar(&products, "product", nil, "write this product alone; may be given several times")
	cmd.Flags().BoolVar(&admin, "admin", false, "write the admin interface of the emulator instead")
	return cmd
}
