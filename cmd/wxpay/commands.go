package main

import (
	"strconv"

	"github.com/spf13/cobra"
)

// group is commands that wxpay --help lists under one title.
type group struct {
	title    string
	commands []*cobra.Command
}

// groups is every command there is, in the order in which one comes to need
// them.
func groups() []group {
	return []group{
		{"To begin with", []*cobra.Command{demoCommand(), initCommand(), doctorCommand()}},
		{"Calls", []*cobra.Command{callCommand(), v3Command(), proxyCommand()}},
		{"Signatures and encryption", []*cobra.Command{signCommand(), verifyCommand(), encryptCommand(), decryptCommand()}},
		{"Notifications", []*cobra.Command{listenCommand(), triggerCommand()}},
		{"Files", []*cobra.Command{billCommand(), uploadCommand(), certsCommand()}},
		{"WeChat Pay on this machine", []*cobra.Command{emulatorCommand(), envCommand(), coverageCommand()}},
		{"Reference", []*cobra.Command{docsCommand(), openapiCommand()}},
		{"This program", []*cobra.Command{completionCommand(), manCommand(), versionCommand()}},
	}
}

// addGroups adds every command to root.
func addGroups(root *cobra.Command) {
	for i, g := range groups() {
		id := strconv.Itoa(i)
		root.AddGroup(&cobra.Group{ID: id, Title: g.title + ":"})
		for _, c := range g.commands {
			c.GroupID = id
		}
		root.AddCommand(g.commands...)
		root.SetHelpCommandGroupID(id) // the last one has it
	}
}
