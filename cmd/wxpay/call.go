package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/caller"
)

func callCommand() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "call METHOD PATH [FIELD=VALUE…]",
		Short: "Call an endpoint and print its verified answer",
		Long: `Calls any endpoint of the description that sends and answers JSON, as the
merchant of the WECHATPAY_* variables, and prints the verified answer. Values go
where the description says, with its types; sensitive ones are encrypted.

  set -a; . .wxpay/wxpay.env; set +a
  wxpay call POST /v3/security/echo echo_message=hello
  wxpay call GET /v3/pay/transactions/out-trade-no/1217752501 mchid=1900000109
  wxpay call POST /v3/pay/transactions/jsapi … amount.total=100 payer.openid=oUpF8
  wxpay call POST /v3/pay/transactions/jsapi --data order.json out_trade_no=order-2

name:=json gives a value as JSON. wxpay docs PATH lists the fields.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usageError{errors.New("name method and path, for instance: wxpay call GET /v3/certificates")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			r := caller.Request{Method: args[0], Path: args[1], Fields: args[2:]}
			body, err := readData(data, cmd.InOrStdin())
			if err != nil {
				return err
			}
			r.Body = body
			return call(cmd.Context(), r, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&data, "data", "", "file with the JSON body, - for standard input; fields are added to it")
	return cmd
}

// maxData bounds a body, in bytes.
const maxData = 8 << 20

func readData(name string, stdin io.Reader) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	r := io.NopCloser(stdin)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, usageError{fmt.Errorf("--data: %w", err)}
		}
		r = f
	}
	defer r.Close()
	body, err := io.ReadAll(io.LimitReader(r, maxData+1))
	if err == nil && len(body) > maxData {
		err = errors.New("is longer than 8 MiB")
	}
	if err != nil {
		return nil, usageError{fmt.Errorf("--data: %w", err)}
	}
	return body, nil
}

func call(ctx context.Context, r caller.Request, stdout io.Writer) error {
	c, err := caller.Prepare(r)
	if err != nil {
		return usageError{err}
	}
	cfg, err := wxpay.ConfigFromEnv()
	if err != nil {
		return err
	}
	wx, err := wxpay.New(cfg)
	if err != nil {
		return err
	}
	answer, err := c.Do(ctx, wx, cfg.Signer)
	if err != nil {
		return err
	}
	_, err = stdout.Write(answer)
	return err
}
