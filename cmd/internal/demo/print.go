package demo

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Print writes the report for people.
func (r *Report) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "WeChat Pay (emulated) at %s\nnotifications for %s reach the merchant on this machine\n\n", r.BaseURL, r.NotifyURL)
	r.printSteps(&b)
	b.WriteString("\ncontracts\n")
	for _, c := range r.Contracts {
		fmt.Fprintf(&b, "  %-17s %-11s %s  %s\n", c.OutContractCode, c.State, c.ContractID, c.Endpoint)
	}
	fmt.Fprintf(&b, "\n%s was refused: %d %s %s\n", r.Refused.Call, r.Refused.Status, r.Refused.Code, r.Refused.Message)
	for _, line := range r.Refused.Explanation {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	fmt.Fprintf(&b, "\n%d contracts signed and notified in %.0f ms\n", len(r.Contracts), r.TookMS)
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) printSteps(b *strings.Builder) {
	row := func(n, who, what, spelling, ms, result string) {
		b.WriteString(strings.TrimRight(pad(n, 4)+pad(who, 10)+pad(what, 50)+pad(spelling, 15)+left(ms, 8)+"  "+result, " ") + "\n")
	}
	row("", "who", "what", "spelling", "ms", "result")
	for i, s := range r.Steps {
		row(fmt.Sprint(i+1), s.Who, s.What, s.Spelling, fmt.Sprintf("%.1f", s.TookMS), s.Result)
	}
}

func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(1, n-utf8.RuneCountInString(s)))
}

func left(s string, n int) string {
	return strings.Repeat(" ", max(0, n-len(s))) + s
}
