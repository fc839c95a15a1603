package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/trigger"
	"github.com/wxpay-go/wxpay/cmd/internal/wholefile"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

// triggerFlags is what the command line says of an event to send.
type triggerFlags struct {
	fixture, write, fault string
	dir, keys             string
	list, dry, remote     bool
}

func triggerCommand() *cobra.Command {
	f := triggerFlags{}
	cmd := &cobra.Command{
		Use:   "trigger EVENT [URL] [FIELD=VALUE…]",
		Short: "Send a notification of any documented event to a receiver",
		Long: `Makes a notification (回调通知) of a documented event, encrypts and signs it as
WeChat Pay does, sends it, and says whether WeChat Pay would take it as received.
It is made of the documented samples; fields say what is to be other, as for
wxpay call. Without a URL it goes to wxpay listen at its usual address.

  wxpay trigger TRANSACTION.SUCCESS
  wxpay trigger TRANSACTION.SUCCESS http://127.0.0.1:3000/notify amount.total=4200 attach:=null
  wxpay trigger ENTRUST.SIGN --output signed.json
  wxpay trigger --fixture signed.json contract_state=TERMINATED
  wxpay trigger ENTRUST.SIGN --fault stale

The keys are those of the emulator, in the folder of the profile or of --dir. A
real merchant's notifications cannot be made: only WeChat Pay has the private
key that signs them.

--fault sends what a receiver must refuse: stale (signed ten minutes ago), serial
(by a key that nobody knows), ciphertext (it does not decrypt), probe (a wrong
signature, as WeChat Pay sends now and then). duplicate sends the same twice,
which a receiver must accept both times.`,
		Args:              func(_ *cobra.Command, args []string) error { return f.check(args) },
		ValidArgsFunction: completeEvents,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.list {
				return listEvents(outputOf(cmd))
			}
			return f.run(cmd, args)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.fixture, "fixture", "", "file that stands in for the samples, - for standard input")
	flags.StringVarP(&f.write, "output", "o", "", "write the event to this file, as a fixture; it is sent only if a URL is given")
	flags.StringVar(&f.fault, "fault", "", "send it with a fault: "+strings.Join(trigger.Faults(), ", "))
	flags.StringVar(&f.dir, "dir", "", "folder of the emulator's credentials; default: that of the profile")
	flags.StringVar(&f.keys, "keys", string(emulator.KeyPublic), "key that signs: public-key or certificate")
	flags.BoolVar(&f.list, "list", false, "list the documented events")
	flags.BoolVar(&f.dry, "dry-run", false, "print the request as HTTP text, and send nothing")
	flags.BoolVar(&f.remote, "allow-remote", false, "allow sending to another machine")
	for _, other := range []string{"fixture", "output", "fault", "dry-run"} {
		cmd.MarkFlagsMutuallyExclusive("list", other)
	}
	return cmd
}

func (f *triggerFlags) check(args []string) error {
	switch {
	case f.list:
		return noArgs(&cobra.Command{}, args)
	case len(args) == 0 && f.fixture == "":
		return usageError{errors.New("name an event, for instance: wxpay trigger TRANSACTION.SUCCESS; wxpay trigger --list shows all")}
	case f.write == "-":
		return usageError{errors.New("--output: a fixture goes to a file; name one")}
	case f.fault != "" && !slices.Contains(trigger.Faults(), f.fault):
		return usageError{fmt.Errorf("--fault: %q is none of %s", f.fault, strings.Join(trigger.Faults(), ", "))}
	case f.keys != string(emulator.KeyPublic) && f.keys != string(emulator.KeyCertificate):
		return usageError{fmt.Errorf("--keys: %q is neither public-key nor certificate", f.keys)}
	}
	return nil
}

// split tells the event, the URL and the fields apart.
func (f *triggerFlags) split(args []string) (event, to string, fields []string) {
	isURL := func(s string) bool { return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") }
	if len(args) > 0 && !isURL(args[0]) && !strings.Contains(args[0], "=") {
		event, args = args[0], args[1:]
	}
	if len(args) > 0 && isURL(args[0]) {
		to, args = args[0], args[1:]
	}
	return event, to, args
}

func (f *triggerFlags) run(cmd *cobra.Command, args []string) error {
	var request trigger.Request
	event, to, fields := f.split(args)
	request.Type, request.Fields = event, fields
	if to == "" && (f.write == "" || f.dry) {
		to = "http://" + addressListen + "/"
	}
	var err error
	if request.Fixture, err = f.readFixture(cmd); err != nil {
		return err
	}
	var target *url.URL
	if to != "" {
		if target, err = localURL("URL", to, f.remote); err != nil {
			return err
		}
	}
	keys, err := f.credentials(cmd)
	if err != nil {
		return err
	}
	made, err := trigger.Make(trigger.Config{Credentials: keys, Keys: emulator.KeyMode(f.keys)}, request)
	if err != nil {
		return usageError{err}
	}
	defer func() { _ = made.Close() }()
	return f.use(cmd.Context(), outputOf(cmd), made, target)
}

// use does what is to be done with an event: keep it, print it, send it.
func (f *triggerFlags) use(ctx context.Context, o *output, made *trigger.Trigger, to *url.URL) error {
	if f.write != "" {
		text, err := made.Fixture.Text()
		if err != nil {
			return err
		}
		if err := wholefile.Write(f.write, text, 0o600); err != nil {
			return usageError{fmt.Errorf("--output: %w", err)}
		}
		if to == nil {
			return o.show(triggered{ID: made.ID, Type: made.Type, Fixture: f.write}, func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "%s was written to %s\n", made.Type, f.write)
				return err
			})
		}
	}
	if f.dry {
		raw, err := made.Raw(ctx, to, emulator.Fault(f.fault))
		if err != nil {
			return err
		}
		return showRaw(o, raw)
	}
	sent, err := made.Send(ctx, to, emulator.Fault(f.fault))
	if err != nil {
		return err
	}
	result := triggered{ID: made.ID, Type: made.Type, URL: to.Redacted(), Fixture: f.write, Sent: sent}
	if err := o.show(result, func(w io.Writer) error { return result.print(w, o, made.Within) }); err != nil {
		return err
	}
	return result.verdict(f.fault)
}

func (f *triggerFlags) readFixture(cmd *cobra.Command) (*trigger.Fixture, error) {
	if f.fixture == "" {
		return nil, nil
	}
	text, err := input(cmd, "--fixture", f.fixture, trigger.MaxFixture)
	if err != nil {
		return nil, err
	}
	fixture, err := trigger.ReadFixture(bytes.NewReader(text))
	if err != nil {
		return nil, usageError{fmt.Errorf("--fixture: %s %w", f.fixture, err)}
	}
	return fixture, nil
}

// credentials are those of both sides, which only an emulator has.
func (f *triggerFlags) credentials(cmd *cobra.Command) (*emulator.Credentials, error) {
	dir, whose := f.dir, "--dir: "+f.dir
	if dir == "" {
		p, err := merchant(cmd)
		if err != nil {
			return nil, err
		}
		dir, whose = filepath.Dir(p.KeyFile), "merchant "+p.MchID
	}
	keys, err := emulator.ReadFolder(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usageError{fmt.Errorf("%s has no keys of an emulator, and nobody but WeChat Pay can sign notifications of a real merchant; start wxpay emulator, and name its folder with --dir .wxpay", whose)}
	}
	if err != nil {
		return nil, usageError{err}
	}
	return keys, nil
}

// triggered is what wxpay trigger prints.
type triggered struct {
	ID      string         `json:"id"`
	Type    string         `json:"event_type"`
	URL     string         `json:"url,omitempty"`
	Fixture string         `json:"fixture,omitempty"` // file that was written
	Sent    []trigger.Sent `json:"sent,omitempty"`
}

func (r *triggered) print(w io.Writer, o *output, within time.Duration) error {
	fmt.Fprintf(w, "%s  %s  -> %s\n", o.paint("key", r.Type), r.ID, r.URL)
	for i := range r.Sent {
		s := &r.Sent[i]
		style := "bad"
		if s.Right {
			style = "good"
		}
		said := fmt.Sprintf("answered %d %s", s.Status, http.StatusText(s.Status))
		if s.Status == 0 {
			said = "no answer (" + s.Error + ")"
		}
		fmt.Fprintf(w, "%s: %s\n", o.paint(style, said), meaning(s, within))
		if s.Answer != "" {
			fmt.Fprintf(w, "  %s\n", strings.TrimRight(s.Answer, "\r\n"))
		}
	}
	return nil
}

// meaning says what WeChat Pay makes of an answer.
func meaning(s *trigger.Sent, within time.Duration) string {
	switch {
	case s.Fault != "" && s.Fault != emulator.FaultDuplicate && s.Taken:
		return "a receiver must refuse this (" + string(s.Fault) + "); check signatures before anything else"
	case s.Fault != "" && s.Right && s.Fault != emulator.FaultDuplicate:
		return "rightly refused (" + string(s.Fault) + ")"
	case s.Issue != "":
		return "received, but the answer is not as documented: " + s.Issue
	case s.Taken && s.Fault == emulator.FaultDuplicate:
		return "WeChat Pay takes the duplicate as received"
	case s.Taken:
		return "WeChat Pay takes it as received"
	}
	return fmt.Sprintf("WeChat Pay does not take it as received, and sends it again after 15 s; it wants 200 or 204 within %d s", int(within.Seconds()))
}

// verdict is an error if the receiver did not do as it should.
func (r *triggered) verdict(fault string) error {
	for i := range r.Sent {
		switch s := &r.Sent[i]; {
		case s.Right:
		case s.Status == 0:
			return reachError{fmt.Errorf("no answer from %s: %s; start the receiver, for instance wxpay listen", r.URL, s.Error)}
		case s.Taken && s.Issue == "":
			return fmt.Errorf("the receiver took a notification that it must refuse (%s)", fault)
		case s.Issue != "":
			return fmt.Errorf("the answer is not as documented: %s", s.Issue)
		default:
			return fmt.Errorf("the receiver did not accept the notification: it answered %d", s.Status)
		}
	}
	return nil
}

// eventList is what wxpay trigger --list prints.
type eventList struct {
	Events []listedEvent `json:"events"`
}

type listedEvent struct {
	Type    string `json:"event_type"`
	Title   string `json:"title"`
	Summary string `json:"summary"`
	Product string `json:"product"`
}

func listEvents(o *output) error {
	var list eventList
	for e := range spec.Events() {
		list.Events = append(list.Events, listedEvent{e.Type, e.Title, e.Summary, e.Product})
	}
	return o.show(list, func(w io.Writer) error {
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, e := range list.Events {
			fmt.Fprintf(table, "%s\t%s\n", e.Type, e.Title)
		}
		return table.Flush()
	})
}

// completeEvents completes the type of the event.
func completeEvents(_ *cobra.Command, given []string, prefix string) (words []string, _ cobra.ShellCompDirective) {
	if len(given) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for e := range spec.Events() {
		if strings.HasPrefix(e.Type, strings.ToUpper(prefix)) {
			words = append(words, cobra.CompletionWithDesc(e.Type, e.Title))
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}
