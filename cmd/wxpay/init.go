package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/checkup"
	"github.com/wxpay-go/wxpay/cmd/internal/profile"
	"github.com/wxpay-go/wxpay/sign"
)

// initFlags is what the command line says of a profile. There is no flag for a
// secret: arguments are seen by every user of the machine.
type initFlags struct {
	*output
	given       profile.Profile
	from        string
	keyring     bool
	list        bool
	standard    string
	remove      string
	stdin       io.Reader
	interactive bool
}

func initCommand() *cobra.Command {
	f := &initFlags{}
	cmd := &cobra.Command{
		Use:   "init [NAME]",
		Short: "Make a merchant's profile, and check its files against each other",
		Long: `Makes the profile NAME (default: "default"), or changes the one that is there:
merchant id, serial, the files of keys and certificates, and where the APIv3 key
is. The first profile is the one that commands take when none is named; others
are named with --profile or WXPAY_PROFILE.

  wxpay init shop --from ~/keys
  wxpay init shop --mchid 1900000109 --key-file apiclient_key.pem \
    --public-key-file pub_key.pem --public-key-id PUB_KEY_ID_… --apiv3-key-file apiv3.txt
  wxpay init --list
  wxpay init --default shop
  wxpay init --remove shop

On a terminal it asks for what is missing. --from takes a folder with the files
under the names that WeChat Pay gives them, or one that wxpay emulator wrote.
The serial is read from the certificate.

Every file is checked against the others before anything is written, and what
was put in another's place is named. Nothing is sent; wxpay doctor asks WeChat
Pay too. The APIv3 key stays in its file, in the variable that --apiv3-key-env
names, or goes into the system's keyring with --keyring; it is never an argument.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{errors.New("one name is enough; everything else has a flag, and no secret has one")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f.output, f.stdin = outputOf(cmd), cmd.InOrStdin()
			f.interactive = !f.json && isTerminal(f.stdin) && isTerminal(f.stderr)
			return f.run(cmd, args)
		},
	}
	f.flags(cmd)
	return cmd
}

func (f *initFlags) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.from, "from", "", "folder with the files, as WeChat Pay or wxpay emulator gives them")
	flags.StringVar(&f.given.MchID, "mchid", "", "merchant id (商户号)")
	flags.StringVar(&f.given.Serial, "serial", "", "serial of the merchant certificate; default: read from it")
	flags.StringVar(&f.given.KeyFile, "key-file", "", "private key (商户API私钥), apiclient_key.pem")
	flags.StringVar(&f.given.CertFile, "cert-file", "", "merchant certificate (商户API证书); default: apiclient_cert.pem beside the key")
	flags.StringVar(&f.given.APIv3.File, "apiv3-key-file", "", "file that holds the APIv3 key (APIv3密钥) and nothing else")
	flags.StringVar(&f.given.APIv3.Env, "apiv3-key-env", "", "name of the environment variable that holds the APIv3 key")
	flags.BoolVar(&f.keyring, "keyring", false, "keep the APIv3 key in the system's keyring; it is asked for, or read from standard input")
	flags.StringVar(&f.given.PublicKeyFile, "public-key-file", "", "WeChat Pay public key (微信支付公钥), pub_key.pem")
	flags.StringVar(&f.given.PublicKeyID, "public-key-id", "", "its id, PUB_KEY_ID_…")
	flags.StringVar(&f.given.PlatformFile, "platform-cert-file", "", "platform certificate (微信支付平台证书); default: downloaded when needed")
	flags.StringVar(&f.given.BaseURL, "base-url", "", "scheme and host of an emulator or a proxy; default: WeChat Pay")
	flags.BoolVar(&f.list, "list", false, "list the profiles")
	flags.StringVar(&f.standard, "default", "", "make this profile the one that is taken when none is named")
	flags.StringVar(&f.remove, "remove", "", "forget this profile; the files that it names stay")
	cmd.MarkFlagsMutuallyExclusive("list", "default", "remove", "from")
	cmd.MarkFlagsMutuallyExclusive("apiv3-key-file", "apiv3-key-env", "keyring")
}

func (f *initFlags) run(cmd *cobra.Command, args []string) error {
	folder, err := profile.UserFolder()
	if err != nil {
		return usageError{err}
	}
	if len(args) > 0 && (f.list || f.standard != "" || f.remove != "") {
		return usageError{fmt.Errorf("%q is one word too many: --list takes none, --default and --remove their own", args[0])}
	}
	switch {
	case f.list:
	case f.standard != "":
		err = folder.SetDefault(f.standard)
	case f.remove != "":
		err = folder.Remove(f.remove)
	default:
		return f.make(cmd, folder, append(args, "default")[0])
	}
	if err != nil {
		return usageError{err}
	}
	return f.listAll(folder)
}

// make checks a profile and writes it, if there is no fault in it.
func (f *initFlags) make(cmd *cobra.Command, folder profile.Folder, name string) error {
	p, err := f.begin(folder, name)
	if err != nil {
		return usageError{err}
	}
	if err := f.merge(p); err != nil {
		return err
	}
	if err := f.askMissing(cmd.Context(), p); err != nil {
		return err
	}
	if *p == (profile.Profile{Name: name, From: p.From}) {
		return usageError{errors.New("nothing is known of the merchant: give --from DIR, or --mchid, --key-file and the keys of WeChat Pay; wxpay init --help lists them")}
	}
	p.Complete()
	readSerial(p)
	report := checkup.Files(p, time.Now())
	written := report.Faults() == 0
	if written {
		if err := f.write(folder, p); err != nil {
			return err
		}
	}
	if err := f.showMade(folder, p, report, written); err != nil {
		return err
	}
	return faults(report)
}

// begin is the profile that is there, or what a folder holds, or nothing.
func (f *initFlags) begin(folder profile.Folder, name string) (*profile.Profile, error) {
	if err := profile.CheckName(name); err != nil {
		return nil, err
	}
	names, err := folder.List()
	if err != nil {
		return nil, err
	}
	p := &profile.Profile{From: "the command line"}
	switch {
	case f.from != "":
		if p, err = profile.FromFolder(f.from); err != nil {
			err = fmt.Errorf("--from: %w", err)
		}
	case slices.Contains(names, name):
		p, err = folder.Read(name)
	}
	if err != nil {
		return nil, err
	}
	p.Name = name
	return p, nil
}

// merge puts what the flags say in the place of what was there.
func (f *initFlags) merge(p *profile.Profile) error {
	for _, file := range []*string{&f.given.KeyFile, &f.given.CertFile, &f.given.APIv3.File, &f.given.PublicKeyFile, &f.given.PlatformFile} {
		if *file == "" {
			continue
		}
		whole, err := filepath.Abs(*file)
		if err != nil {
			return err
		}
		*file = whole
	}
	if f.given.KeyFile != "" {
		p.CertFile, p.Serial = "", "" // those of another key
	}
	if f.given.CertFile != "" {
		p.Serial = ""
	}
	if f.given.PlatformFile != "" {
		p.PlatformSerial = ""
	}
	if !f.given.APIv3.IsZero() {
		p.APIv3 = f.given.APIv3
	}
	for _, v := range []struct{ to, from *string }{
		{&p.MchID, &f.given.MchID}, {&p.KeyFile, &f.given.KeyFile}, {&p.CertFile, &f.given.CertFile}, {&p.Serial, &f.given.Serial},
		{&p.PublicKeyFile, &f.given.PublicKeyFile}, {&p.PublicKeyID, &f.given.PublicKeyID}, {&p.PlatformFile, &f.given.PlatformFile}, {&p.BaseURL, &f.given.BaseURL},
	} {
		if *v.from != "" {
			*v.to = *v.from
		}
	}
	return nil
}

// readSerial reads the serial from the certificate, where it is not given. A
// file that is no certificate has none; the checkup says so.
func readSerial(p *profile.Profile) {
	if p.Serial != "" || p.CertFile == "" {
		return
	}
	if cert, err := p.Certificate(); err == nil {
		p.Serial = sign.Serial(cert)
	}
}

// write keeps the profile, and before it the key in the keyring.
func (f *initFlags) write(folder profile.Folder, p *profile.Profile) error {
	if f.keyring {
		key, err := p.APIv3Key()
		if err != nil {
			return err
		}
		if p.APIv3, err = profile.Remember(p.Name, key); err != nil {
			return err
		}
	}
	return folder.Write(p)
}
