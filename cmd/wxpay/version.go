package main

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay"
)

// versionJSON is what --json prints of the program.
type versionJSON struct {
	Version string `json:"version"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v := versionJSON{wxpay.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH}
			return outputOf(cmd).show(v, func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "wxpay %s %s %s/%s\n", v.Version, v.Go, v.OS, v.Arch)
				return err
			})
		},
	}
}
