package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/coverage"
	"github.com/wxpay-go/wxpay/emulator"
)

// coverageFlags is what the command line says of the coverage.
type coverageFlags struct {
	remote

	require, except []string
}

func coverageCommand() *cobra.Command {
	f := coverageFlags{}
	cmd := &cobra.Command{
		Use:   "coverage",
		Short: "Say what a merchant's tests have met, and what not",
		Long: `Asks an emulator that runs which endpoints, contract states, events, bad
deliveries and error codes it has met since it was started. With --require it
is a gate for CI: it names what is missing, and ends with status 1.

  wxpay coverage
  wxpay coverage --require contracts
  wxpay coverage --require contracts --except '*/contracts/qs/*' --except TO_BE_RENEWED
  wxpay coverage --require papay,SIGN_ERROR

A requirement is endpoints, states, trades, events, deliveries, errors, the name
of a product, or the name of one thing. contracts is every contract state and
bad delivery, and the endpoints and events of each contract product of which at
least one endpoint was called. In --except a star stands for anything.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.run(cmd.Context(), outputOf(cmd))
		},
	}
	f.flags(cmd)
	flags := cmd.Flags()
	flags.StringSliceVar(&f.require, "require", nil, "what must have been met")
	flags.StringSliceVar(&f.except, "except", nil, "names that need not have been met")
	return cmd
}

// coverageReport is what --json prints.
type coverageReport struct {
	Groups  []coverage.Group `json:"groups"`
	Missing []coverage.Item  `json:"missing"` // of what is required
}

func (f *coverageFlags) run(ctx context.Context, out *output) error {
	met, err := f.fetch(ctx)
	if err != nil {
		return err
	}
	missing, err := coverage.Missing(met, f.require, f.except)
	if unknown, ok := errors.AsType[*coverage.UnknownError](err); ok {
		return usageError{fmt.Errorf("--require: %w", unknown)}
	}
	if err != nil {
		return err
	}
	report := coverageReport{coverage.Groups(met), append([]coverage.Item{}, missing...)}
	if err := out.show(report, report.print); err != nil {
		return err
	}
	if len(missing) > 0 {
		return fmt.Errorf("%d of what is required were not met", len(missing))
	}
	return nil
}

// print writes the report.
func (r coverageReport) print(w io.Writer) error {
	for _, g := range r.Groups {
		fmt.Fprintf(w, "%-15s %4d of %d\n", g.Kind, g.Met, len(g.Items))
	}
	for _, item := range r.Missing {
		fmt.Fprintf(w, "missing: %s %s\n", item.Kind, item.Name)
	}
	return nil
}

// fetch asks the emulator.
func (f *coverageFlags) fetch(ctx context.Context) (met emulator.Coverage, err error) {
	text, err := f.ask(ctx, http.MethodGet, "/coverage", nil)
	if err != nil {
		return met, err
	}
	if err := json.Unmarshal(text, &met); err != nil {
		return met, fmt.Errorf("what answers is no emulator: %w", err)
	}
	return met, nil
}
