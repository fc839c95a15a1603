package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/inbox"
	"github.com/wxpay-go/wxpay/notify"
)

func (f *listenFlags) read() (*inbox.Store, error) {
	s, err := inbox.ReadStore(f.store)
	if err != nil {
		return nil, usageError{fmt.Errorf("--store: %w", err)}
	}
	return s, nil
}

func (f *listenFlags) entry(s *inbox.Store, id string) (*inbox.Entry, error) {
	e, err := s.Entry(id)
	if _, none := errors.AsType[*inbox.NotKeptError](err); none {
		return nil, usageError{err}
	}
	return e, err
}

// ids completes the ids of what is kept.
func (f *listenFlags) ids(_ *cobra.Command, given []string, prefix string) (ids []string, _ cobra.ShellCompDirective) {
	s, err := inbox.ReadStore(f.store)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer func() { _ = s.Close() }()
	err = s.Entries(func(e *inbox.Entry) error {
		if strings.HasPrefix(e.ID, prefix) && !slices.Contains(given, e.ID) {
			ids = append(ids, cobra.CompletionWithDesc(e.ID, e.Type))
		}
		return nil
	})
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

// states are those of what is kept, for a flag.
func states() []string {
	return []string{string(inbox.Kept), string(inbox.Pending), string(inbox.Accepted), string(inbox.Left), string(inbox.Parked)}
}

// chosen lists what is kept in a state, or all.
func (f *listenFlags) chosen(s *inbox.Store, state string) ([]*inbox.Entry, error) {
	if state != "" && !slices.Contains(states(), state) {
		return nil, usageError{fmt.Errorf("--state: %q is none of %s", state, strings.Join(states(), ", "))}
	}
	list := []*inbox.Entry{}
	err := s.Entries(func(e *inbox.Entry) error {
		if state == "" || string(e.State) == state {
			list = append(list, e)
		}
		return nil
	})
	return list, err
}

func listenListCommand(f *listenFlags) *cobra.Command {
	var state string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the notifications that are kept",
		Long: `Lists the notifications that are kept, each once, with how often it was
delivered and what became of it:

  kept      there was no program to pass it on to
  pending   it is sent on as soon as the program can be reached
  accepted  the program answered 200 or 204
  left      the program refused it; WeChat Pay was told so, and sends it again
  parked    the program refused it for a day; it is not sent on any more`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := f.read()
			if err != nil {
				return err
			}
			defer func() { _ = s.Close() }()
			list, err := f.chosen(s, state)
			if err != nil {
				return err
			}
			o := outputOf(cmd)
			return o.show(keptList{list}, func(w io.Writer) error { return printEntries(w, list) })
		},
	}
	cmd.Flags().StringVar(&state, "state", "", "only those in this state: "+strings.Join(states(), ", "))
	return cmd
}

// keptList is what wxpay listen list prints.
type keptList struct {
	Notifications []*inbox.Entry `json:"notifications"`
}

func printEntries(w io.Writer, list []*inbox.Entry) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tEVENT\tARRIVED\tDELIVERIES\tSTATE")
	for _, e := range list {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\n", e.ID, e.Type, e.Arrived.Local().Format(time.DateTime), e.Deliveries, e.State)
	}
	return table.Flush()
}

// keptNotification is what wxpay listen show prints of a notification.
type keptNotification struct {
	*inbox.Entry
	Target   string      `json:"target"`
	Header   http.Header `json:"header"`
	Body     string      `json:"body"`
	Resource string      `json:"resource,omitempty"` // decrypted
	Note     string      `json:"note,omitempty"`     // why it is not
}

func listenShowCommand(f *listenFlags) *cobra.Command {
	var raw, personal bool
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show a notification that is kept",
		Long: `Shows a notification as it came last, and its resource decrypted. The id may be
shortened to what no other one begins with. --raw prints the request as text,
which wxpay verify and wxpay decrypt read.`,
		Args:              oneArg("the id of a notification; wxpay listen list shows them"),
		ValidArgsFunction: f.ids,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := f.read()
			if err != nil {
				return err
			}
			defer func() { _ = s.Close() }()
			e, err := f.entry(s, args[0])
			if err != nil {
				return err
			}
			d, err := s.Delivery(e.Last)
			if err != nil {
				return err
			}
			if raw {
				return showRaw(outputOf(cmd), d.Raw())
			}
			k := &keptNotification{Entry: e, Target: d.Target, Header: d.Header, Body: string(d.Body)}
			k.open(cmd, d, personal)
			return outputOf(cmd).show(k, k.print)
		},
	}
	cmd.Flags().BoolVar(&raw, "raw", false, "print the request as it came, as HTTP text")
	cmd.Flags().BoolVar(&personal, "show-personal", false, "show sensitive members of the resource too")
	return cmd
}

// rawRequest is what --json prints of a request as HTTP text.
type rawRequest struct {
	Request string `json:"request"`
}

func showRaw(o *output, text []byte) error {
	return o.show(rawRequest{string(text)}, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// open decrypts what was verified when it came.
func (k *keptNotification) open(cmd *cobra.Command, d *inbox.Delivery, personal bool) {
	ev, err := opened(cmd, d)
	if err != nil {
		k.Note = "it cannot be decrypted with this profile: " + err.Error()
		return
	}
	k.Resource = string(shown(ev, personal))
}

func opened(cmd *cobra.Command, d *inbox.Delivery) (*notify.Event, error) {
	p, err := merchant(cmd)
	if err != nil {
		return nil, err
	}
	receiver, err := receiverOf(p, func() time.Time { return d.At })
	if err != nil {
		return nil, err
	}
	return receiver.Open(cmd.Context(), d.Header, d.Body)
}

func (k *keptNotification) print(w io.Writer) error {
	fmt.Fprintf(w, "%s  %s  %s\n", k.ID, k.Type, k.Summary)
	fmt.Fprintf(w, "  arrived     %s, deliveries: %d\n", k.Arrived.Local().Format(time.DateTime), k.Deliveries)
	fmt.Fprintf(w, "  state       %s\n", k.State)
	if k.Forward != nil {
		fmt.Fprintf(w, "  passed on   to %s: %s\n", k.Forward.To, strings.TrimPrefix(forwardText(&output{}, k.Forward), "-> "))
	}
	if k.Note != "" {
		fmt.Fprintf(w, "  note        %s\n", k.Note)
	}
	fmt.Fprintf(w, "\nPOST %s\n", k.Target)
	for _, line := range inbox.HeaderLines(k.Header) {
		fmt.Fprintln(w, line)
	}
	_, err := fmt.Fprintf(w, "\n%s\n\n%s\n", k.Body, k.Resource)
	return err
}

func listenReplayCommand(f *listenFlags) *cobra.Command {
	var forwardTo, state string
	var all, allowRemote bool
	cmd := &cobra.Command{
		Use:   "replay {ID… | --all} --forward-to URL",
		Short: "Send notifications that are kept once more",
		Long: `Sends notifications that are kept to a program once more, as they came last, and
leaves what is kept as it is. A signature that is older than five minutes is made
anew where the merchant is one of the emulator; a real one is stale to a program
that checks the clock, as it must: nobody but WeChat Pay can sign it.

  wxpay listen replay EV-2018022511223320873 --forward-to http://127.0.0.1:3000/notify
  wxpay listen replay --all --state left --forward-to http://127.0.0.1:3000/notify`,
		ValidArgsFunction: f.ids,
		RunE: func(cmd *cobra.Command, ids []string) error {
			if all == (len(ids) > 0) || state != "" && !all {
				return usageError{errors.New("name the ids to replay, or --all, with --state for some of them")}
			}
			if forwardTo == "" {
				return usageError{errors.New("--forward-to: name the URL of the program")}
			}
			to, err := programURL(forwardTo, allowRemote)
			if err != nil {
				return err
			}
			s, err := f.read()
			if err != nil {
				return err
			}
			defer func() { _ = s.Close() }()
			list, err := f.toReplay(s, ids, state)
			if err != nil {
				return err
			}
			return replay(cmd, s, list, to)
		},
	}
	cmd.Flags().StringVar(&forwardTo, "forward-to", "", "URL of the program; without a path it is given that of the request")
	cmd.Flags().BoolVar(&all, "all", false, "replay all that is kept, the oldest first")
	cmd.Flags().StringVar(&state, "state", "", "with --all, only those in this state: "+strings.Join(states(), ", "))
	cmd.Flags().BoolVar(&allowRemote, "allow-remote", false, "allow sending to another machine")
	return cmd
}

func (f *listenFlags) toReplay(s *inbox.Store, ids []string, state string) ([]*inbox.Entry, error) {
	if len(ids) == 0 {
		return f.chosen(s, state)
	}
	var list []*inbox.Entry
	for _, id := range ids {
		e, err := f.entry(s, id)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// replayed is a line of wxpay listen replay --json.
type replayed struct {
	ID      string         `json:"id"`
	Type    string         `json:"event_type"`
	Forward *inbox.Forward `json:"forward"`
}

func replay(cmd *cobra.Command, s *inbox.Store, list []*inbox.Entry, to *url.URL) error {
	cfg := inbox.Config{Store: s}
	if p, err := merchant(cmd); err == nil { // without one, what is kept goes as it is
		cfg.Sign = signer(p)
	}
	in, o := inbox.New(cfg), outputOf(cmd)
	refused, unreached := 0, 0
	for _, e := range list {
		sent, err := in.Replay(cmd.Context(), e, to)
		if err != nil {
			return err
		}
		if err := cmd.Context().Err(); err != nil {
			return err
		}
		switch {
		case sent.Status == 0:
			unreached++
		case statusStyle(sent.Status) == "bad":
			refused++
		}
		line := replayed{e.ID, e.Type, sent}
		if err := o.line(line, func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "%s  %s  %s\n", o.paint("key", e.Type), e.ID, forwardText(o, sent))
			return err
		}); err != nil {
			return err
		}
	}
	switch {
	case unreached > 0:
		return reachError{fmt.Errorf("%s could not be reached for %d of %d notifications", to.Redacted(), unreached, len(list))}
	case refused > 0:
		return fmt.Errorf("%d of %d notifications were not accepted: a receiver answers 200 or 204", refused, len(list))
	}
	return nil
}

// oneArg wants one argument, and says what it is.
func oneArg(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError{fmt.Errorf("name %s; got %d arguments", what, len(args))}
		}
		return nil
	}
}
