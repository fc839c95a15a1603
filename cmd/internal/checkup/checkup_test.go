package checkup_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/checkup"
	"github.com/wxpay-go/wxpay/cmd/internal/profile"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/sign"
)

// noon is the time of all tests.
var noon = time.Date(2026, 9, 18, 12, 0, 0, 0, time.UTC)

// wallets are the credentials of two merchants; making keys takes long.
var wallets = sync.OnceValue(func() (made [2]*emulator.Credentials) {
	for i, id := range []string{"1900000109", "1900000201"} {
		c, err := emulator.NewCredentials(id, noon)
		if err != nil {
			panic(err)
		}
		made[i] = c
	}
	return made
})

// world is a merchant's set-up, right at first, and the WeChat Pay that it is
// for.
type world struct {
	t *testing.T
	*profile.Profile
	dir           string
	mine, another *emulator.Credentials
	pay           *emulator.Emulator
	server        *httptest.Server
	now           time.Time // by the machine
	options       checkup.Options
	silent        bool // the other side is not asked
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), mine: wallets()[0], another: wallets()[1], now: noon}
	pay, err := emulator.New(emulator.Config{Credentials: w.mine, Clock: emulator.NewClock(noon)})
	if err != nil {
		t.Fatal(err)
	}
	w.pay, w.server = pay, httptest.NewServer(pay)
	t.Cleanup(w.server.Close)
	for _, c := range []*emulator.Credentials{w.mine, w.another} {
		if err := c.WriteFolder(filepath.Join(w.dir, c.MchID), w.server.URL); err != nil {
			t.Fatal(err)
		}
	}
	w.dir = filepath.Join(w.dir, w.mine.MchID)
	w.Profile, err = profile.FromFolder(w.dir)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// others is a file of the other merchant.
func (w *world) others(name string) string {
	return filepath.Join(filepath.Dir(w.dir), w.another.MchID, name)
}

func (w *world) text(file string) string {
	w.t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

// put writes a file of the set-up.
func (w *world) put(name, text string) string {
	w.t.Helper()
	file := filepath.Join(w.dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return file
}

func (w *world) run() *checkup.Report {
	w.options.Now = func() time.Time { return w.now }
	w.options.Offline = w.silent
	return checkup.Run(w.t.Context(), w.Profile, w.options)
}

// steady takes from a report what differs from run to run.
func (w *world) steady(r *checkup.Report) *checkup.Report {
	replace := []string{
		w.dir, "DIR", filepath.Dir(w.dir), "TOP", strings.TrimPrefix(w.server.URL, "http://"), "127.0.0.1:PORT",
		w.mine.MerchantSerial(), "MERCHANT-SERIAL", w.mine.PlatformSerial(), "PLATFORM-SERIAL", w.another.PlatformSerial(), "OTHER-PLATFORM-SERIAL",
	}
	all, text := &checkup.Report{}, strings.NewReplacer(replace...)
	for _, f := range r.Findings {
		f.What, f.Why, f.Remedy = text.Replace(f.What), text.Replace(f.Why), text.Replace(f.Remedy)
		all.Findings = append(all.Findings, f)
	}
	return all
}

// wrong is a set-up with one mistake, and what the checkup has to say: the
// check and the code of each fault and warning.
type wrong struct {
	name  string
	spoil func(w *world)
	want  []string
}

var wrongs = []wrong{
	{"key and certificate swapped", func(w *world) { w.KeyFile, w.CertFile = w.CertFile, w.KeyFile }, []string{"private-key/swapped-files"}},
	{"public key in place of the private one", func(w *world) { w.KeyFile = w.PublicKeyFile }, []string{"private-key/public-key-for-private-key"}},
	{"platform certificate in place of the private key", func(w *world) { w.KeyFile = w.PlatformFile }, []string{"private-key/platform-certificate-for-private-key"}},
	{"platform certificate in place of the merchant's", func(w *world) { w.CertFile = w.PlatformFile }, []string{"certificate/platform-certificate-for-merchant-certificate"}},
	{"merchant certificate in place of the platform's", func(w *world) { w.PlatformFile, w.PlatformSerial = w.CertFile, "" }, []string{"platform-certificate/merchant-certificate-for-platform-certificate"}},
	{"certificate in place of the public key", func(w *world) { w.PublicKeyFile = w.PlatformFile }, []string{"public-key/platform-certificate-for-public-key"}},
	{"own public key in place of WeChat Pay's", func(w *world) {
		w.PublicKeyFile = w.put("own.pem", publicPEM(w.t, &w.mine.MerchantKey.PublicKey))
	}, []string{"public-key/own-public-key"}},
	{"key of WeChat Pay's side", func(w *world) { w.KeyFile = filepath.Join(w.dir, "emulator", "platform_key.pem") }, []string{"private-key/platform-key"}},
	{"key of another certificate", func(w *world) { w.KeyFile = w.others("apiclient_key.pem") }, []string{"private-key/key-not-of-certificate"}},
	{"key of another merchant, and no certificate", func(w *world) {
		w.KeyFile, w.CertFile = w.others("apiclient_key.pem"), ""
	}, []string{"signature/key-unknown"}},
	{"everything of another merchant but the id", func(w *world) {
		w.KeyFile, w.CertFile, w.Serial = w.others("apiclient_key.pem"), w.others("apiclient_cert.pem"), w.another.MerchantSerial()
	}, []string{"mchid/mchid-of-another"}},
	{"id of another merchant", func(w *world) { w.MchID, w.CertFile = w.another.MchID, "" }, []string{"signature/merchant-unknown"}},
	{"app id in place of the merchant id", func(w *world) { w.MchID = "wxd678efh567hg6787" }, []string{"mchid/appid-for-mchid"}},
	{"name in place of the merchant id", func(w *world) { w.MchID = "my shop" }, []string{"mchid/no-number"}},
	{"no merchant id", func(w *world) { w.MchID = "" }, []string{"mchid/missing"}},
	{"serial of the platform certificate", func(w *world) { w.Serial = w.mine.PlatformSerial() }, []string{"serial/platform-serial-for-serial"}},
	{"public key id in place of the serial", func(w *world) { w.Serial = w.mine.PublicKeyID }, []string{"serial/public-key-id-for-serial"}},
	{"serial of another certificate", func(w *world) { w.Serial = w.another.MerchantSerial() }, []string{"serial/serial-of-another"}},
	{"serial that WeChat Pay does not know", func(w *world) {
		w.Serial, w.CertFile = w.another.MerchantSerial(), ""
	}, []string{"signature/serial-unknown"}},
	{"serial with colons", func(w *world) {
		w.Serial = w.mine.MerchantSerial()[:2] + ":" + w.mine.MerchantSerial()[2:]
	}, []string{"serial/spelling"}},
	{"serial in decimal", func(w *world) {
		w.Serial = new(big.Int).Set(w.mine.MerchantCert.SerialNumber).String()
	}, []string{"serial/decimal"}},
	{"public key id without its beginning", func(w *world) {
		w.PublicKeyID = strings.TrimPrefix(w.PublicKeyID, sign.PublicKeyPrefix)
	}, []string{"public-key-id/no-prefix"}},
	{"serial in place of the public key id", func(w *world) { w.PublicKeyID = w.PlatformSerial }, []string{"public-key-id/serial-for-public-key-id"}},
	{"public key without its id", func(w *world) { w.PublicKeyID = "" }, []string{"public-key-id/missing"}},
	{"public key of another merchant", func(w *world) { w.PublicKeyFile = w.others("pub_key.pem") }, []string{"public-key/not-of-id"}},
	{"public key and id of another merchant", func(w *world) {
		w.PublicKeyFile, w.PublicKeyID = w.others("pub_key.pem"), w.another.PublicKeyID
	}, []string{"migration/not-taken"}},
	{"public key and id of another merchant, after the move", func(w *world) {
		w.end()
		w.PublicKeyFile, w.PublicKeyID = w.others("pub_key.pem"), w.another.PublicKeyID
		w.PlatformFile, w.PlatformSerial = "", ""
	}, []string{"public-key-id/unknown"}},
	{"public key that is not switched on", func(w *world) {
		w.use(emulator.KeyCertificate)
	}, []string{"migration/not-taken"}},
	{"platform certificate after the move to the public key", func(w *world) {
		w.end()
		w.PublicKeyFile, w.PublicKeyID = "", ""
	}, []string{"migration/public-key-needed"}},
	{"platform certificate of another merchant", func(w *world) {
		w.PlatformFile, w.PlatformSerial = w.others("platform_cert.pem"), ""
	}, []string{"platform-certificate/not-in-use"}},
	{"nothing to check answers with", func(w *world) {
		w.PublicKeyFile, w.PublicKeyID, w.PlatformFile, w.PlatformSerial, w.APIv3 = "", "", "", "", profile.Secret{}
	}, []string{"apiv3-key/missing", "trust/none"}},
	{"APIv3 key of 31 letters", func(w *world) { w.APIv3.Value = w.APIv3.Value[1:] }, []string{"apiv3-key/wrong-length"}},
	{"APIv3 key with a blank", func(w *world) { w.APIv3.Value += " " }, []string{"apiv3-key/blanks"}},
	{"APIv2 key in place of the APIv3 key", func(w *world) { w.APIv3.Value = "5d41402abc4b2a76b9719d911017c592" }, []string{"apiv3-key/wrong-key"}},
	{"APIv3 key of another merchant", func(w *world) { w.APIv3.Value = w.another.APIv3Key }, []string{"apiv3-key/wrong-key"}},
	{"private key in place of the APIv3 key", func(w *world) { w.APIv3 = profile.Secret{File: w.KeyFile} }, []string{"apiv3-key/pem-for-apiv3-key"}},
	{"APIv3 key in a variable that is not set", func(w *world) { w.APIv3 = profile.Secret{Env: "NO_SUCH_KEY"} }, []string{"apiv3-key/unreadable"}},
	{"expired certificate", func(w *world) { w.now = noon.AddDate(6, 0, 0); w.pay.Clock().Set(w.now) }, []string{"certificate/expired", "platform-certificate/expired"}},
	{"certificate that expires soon", func(w *world) {
		w.now = noon.AddDate(5, 0, -20)
		w.pay.Clock().Set(w.now)
	}, []string{"certificate/expires-soon", "platform-certificate/expires-soon"}},
	{"certificate that is not valid yet", func(w *world) { w.now = noon.AddDate(0, 0, -2); w.pay.Clock().Set(w.now) }, []string{"certificate/not-yet-valid", "platform-certificate/not-yet-valid"}},
	{"clock ten minutes behind", func(w *world) { w.now = noon.Add(-10 * time.Minute) }, []string{"clock/clock"}},
	{"clock ahead by a day", func(w *world) { w.now = noon.Add(24 * time.Hour) }, []string{"clock/clock"}},
	{"clock that drifts", func(w *world) { w.now = noon.Add(time.Minute) }, []string{"clock/clock-drifts"}},
	{"key with a passphrase", func(w *world) {
		w.KeyFile = w.put("enc.pem", string(pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")})))
	}, []string{"private-key/passphrase"}},
	{"archive in place of the key", func(w *world) { w.KeyFile = w.put("apiclient_cert.p12", "\x30\x82\x0a\x3e\x02\x01\x03\x30\x82") }, []string{"private-key/p12"}},
	{"binary in place of the key", func(w *world) { w.KeyFile = w.put("key.bin", "\x7fELF\x02\x01\x00\xff\xfe") }, []string{"private-key/binary"}},
	{"DER in place of PEM", func(w *world) { w.CertFile = w.put("cert.der", string(w.mine.MerchantCert.Raw)) }, []string{"certificate/der"}},
	{"empty file", func(w *world) { w.KeyFile = w.put("empty.pem", "") }, []string{"private-key/empty"}},
	{"missing file", func(w *world) { w.KeyFile = filepath.Join(w.dir, "none.pem") }, []string{"private-key/missing-file"}},
	{"folder in place of a file", func(w *world) { w.PublicKeyFile = w.dir }, []string{"public-key/unreadable-file"}},
	{"half a file", func(w *world) { t := w.text(w.KeyFile); w.KeyFile = w.put("half.pem", t[:len(t)/2]) }, []string{"private-key/damaged"}},
	{"line breaks as two characters", func(w *world) { w.KeyFile = w.put("env.pem", strings.ReplaceAll(w.text(w.KeyFile), "\n", `\n`)) }, []string{"private-key/escaped-line-breaks"}},
	{"no private key", func(w *world) { w.KeyFile = "" }, []string{"private-key/missing"}},
	{"key that others can read", func(w *world) {
		if err := os.Chmod(w.KeyFile, 0o644); err != nil {
			w.t.Fatal(err)
		}
	}, []string{"private-key/readable-by-others"}},
	{"base URL of the website", func(w *world) { w.BaseURL = "https://pay.weixin.qq.com" }, []string{"address/website"}},
	{"base URL with a path", func(w *world) { w.BaseURL += "/v3" }, []string{"address/more-than-host"}},
	{"base URL without TLS", func(w *world) { w.BaseURL = "http://api.mch.weixin.qq.com" }, []string{"address/plain-http"}},
	{"base URL that is none", func(w *world) { w.BaseURL = "api.mch.weixin.qq.com" }, []string{"address/no-url"}},
	{"base URL of something else", func(w *world) {
		w.BaseURL = w.serve(func(rw http.ResponseWriter, r *http.Request) { http.NotFound(rw, r) })
	}, []string{"address/not-wechat-pay"}},
	{"base URL with TLS where there is none", func(w *world) { w.BaseURL = strings.Replace(w.BaseURL, "http:", "https:", 1) }, []string{"tls/plain-http"}},
	{"TLS that nobody vouches for", func(w *world) {
		s := httptest.NewUnstartedServer(w.pay)
		s.Config.ErrorLog = quiet
		s.StartTLS()
		w.t.Cleanup(s.Close)
		w.BaseURL = s.URL
	}, []string{"tls/unknown-authority"}},
	{"port that nobody listens on", func(w *world) { w.server.Close() }, []string{"connection/refused"}},
	{"server that speaks another language", func(w *world) { w.BaseURL = "http://" + chatter(w.t) }, []string{"connection/no-http"}},
	{"proxy that strips signatures", func(w *world) { w.disrupt(emulator.Disruption{Case: "unsigned"}) }, []string{"answer/no-signature"}},
	{"proxy that replays answers", func(w *world) { w.disrupt(emulator.Disruption{Case: "stale"}) }, []string{"answer/stale"}},
	{"proxy that breaks connections", func(w *world) { w.disrupt(emulator.Disruption{Case: "cut"}) }, []string{"connection/broken"}},
	{"answers signed by a stranger", func(w *world) { w.disrupt(emulator.Disruption{Case: "serial"}) }, []string{"answer/unknown-key"}},
	{"proxy that rewrites URLs", func(w *world) {
		w.BaseURL = w.serve(func(rw http.ResponseWriter, r *http.Request) {
			r.RequestURI = r.URL.Path + "?from=proxy"
			r.URL.RawQuery = "from=proxy"
			w.pay.ServeHTTP(rw, r)
		})
	}, []string{"signature/url-changed"}},
	{"notify URL that breaks the rules", func(w *world) { w.silent, w.options.NotifyURL = true, "http://localhost:8080/notify?id=1" }, []string{
		"notify-url/not-https", "notify-url/query", "notify-url/private-address", "notify-url/port",
	}},
}

// TestEveryWrongSetUpIsNamed holds the code of each mistake, and reads the
// whole text against testdata/wrong.txt: UPDATE=1 writes it.
func TestEveryWrongSetUpIsNamed(t *testing.T) {
	t.Parallel()
	texts := make([]string, len(wrongs))
	t.Cleanup(func() { golden(t, "wrong.txt", strings.Join(texts, "\n")) }) // when all have run
	for i, tt := range wrongs {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			tt.spoil(w)
			r := w.run()
			if got := codes(r); !slices.Equal(got, tt.want) {
				t.Errorf("found %q, want %q", got, tt.want)
			}
			for _, f := range r.Findings {
				if f.Grade == checkup.Faulty && f.Remedy == "" || !strings.HasSuffix(f.What, ".") {
					t.Errorf("%s/%s says too little: %+v", f.Check, f.Code, f)
				}
			}
			texts[i] = fmt.Sprintf("# %s\n%s", tt.name, written(t, w.steady(r)))
			for _, secret := range []string{w.APIv3.Value, w.mine.APIv3Key, w.another.APIv3Key} {
				if secret != "" && strings.Contains(texts[i], secret) {
					t.Error("the text holds the APIv3 key")
				}
			}
		})
	}
}

// codes are the faults and the warnings.
func codes(r *checkup.Report) (list []string) {
	for _, f := range r.Findings {
		if f.Grade == checkup.Faulty || f.Grade == checkup.Warning {
			list = append(list, string(f.Check)+"/"+f.Code)
		}
	}
	return list
}

// written is the text of all that is not good.
func written(t *testing.T, r *checkup.Report) string {
	t.Helper()
	short := &checkup.Report{}
	for _, f := range r.Findings {
		if f.Grade != checkup.Good {
			short.Findings = append(short.Findings, f)
		}
	}
	var b bytes.Buffer
	if err := short.Write(&b, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != got {
		t.Errorf("%s differs (%v); run with UPDATE=1 and read what changed. Got:\n%s", file, err, got)
	}
}

func TestARightSetUpHasNoFault(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		set  func(w *world)
		note string // check and code of a note, or ""
	}{
		{"both keys", func(*world) {}, "migration/under-way"},
		{"the public key alone", func(w *world) { w.end(); w.PlatformFile, w.PlatformSerial = "", "" }, ""},
		{"a certificate left over", func(w *world) { w.end() }, "migration/certificate-left-over"},
		{"downloaded certificates", func(w *world) {
			w.PublicKeyFile, w.PublicKeyID, w.PlatformFile, w.PlatformSerial = "", "", "", ""
		}, "trust/downloaded"},
		{"no merchant certificate", func(w *world) { w.CertFile = "" }, "serial/unchecked"},
		{"a serial in lower case", func(w *world) { w.Serial = strings.ToLower(w.Serial) }, ""},
		{"Windows line ends", func(w *world) { w.KeyFile = w.put("crlf.pem", strings.ReplaceAll(w.text(w.KeyFile), "\n", "\r\n")) }, "private-key/crlf"},
		{"a byte order mark", func(w *world) { w.PublicKeyFile = w.put("bom.pem", "\ufeff"+w.text(w.PublicKeyFile)) }, "public-key/byte-order-mark"},
		{"a key in PKCS#1", func(w *world) {
			w.KeyFile = w.put("pkcs1.pem", string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(w.mine.MerchantKey)})))
		}, "private-key/pkcs1"},
		{"an APIv3 key that looks like MD5", func(w *world) { w.silent = true; w.APIv3.Value = "5d41402abc4b2a76b9719d911017c592" }, "apiv3-key/looks-like-apiv2"},
		{"an address that ends with a slash", func(w *world) { w.BaseURL += "/" }, ""},
		{"probed signatures", func(w *world) {
			w.disrupt(emulator.Disruption{Case: "probe", Path: "/v3/security/echo", Count: 1})
		}, ""},
		{"a notify URL by the rules", func(w *world) { w.silent, w.options.NotifyURL = true, "https://shop.example/wechatpay" }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			tt.set(w)
			r := w.run()
			if got := codes(r); len(got) > 0 {
				t.Errorf("found %q:\n%s", got, written(t, r))
			}
			if tt.note != "" && !slices.ContainsFunc(r.Findings, func(f checkup.Finding) bool { return string(f.Check)+"/"+f.Code == tt.note }) {
				t.Errorf("no note %s:\n%s", tt.note, written(t, r))
			}
		})
	}
}

func TestWeChatPayThatIsDownIsNoFaultOfTheMerchant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.BaseURL = w.serve(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusServiceUnavailable) })
	r := w.run()
	if got := codes(r); !slices.Equal(got, []string{"signature/service"}) {
		t.Errorf("found %q", got)
	}
}

func TestItEndsWhenItsCallerDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := checkup.Run(ctx, w.Profile, checkup.Options{Now: func() time.Time { return noon }})
	if r.Faults() == 0 || slices.ContainsFunc(r.Findings, func(f checkup.Finding) bool { return f.Check == checkup.Answer }) {
		t.Errorf("found:\n%s", written(t, r))
	}
}

func TestFilesAsksNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.Close()
	if r := checkup.Files(w.Profile, noon); r.Faults() != 0 || r.Warnings() != 0 || len(r.Findings) < 8 {
		t.Errorf("found:\n%s", written(t, r))
	}
}

// end gives the platform certificates up.
func (w *world) end() {
	w.t.Helper()
	if err := w.pay.EndMigration(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) disrupt(d emulator.Disruption) {
	w.t.Helper()
	if _, err := w.pay.Disrupt(d); err != nil {
		w.t.Fatal(err)
	}
}

// use is another emulator, with other keys in use.
func (w *world) use(mode emulator.KeyMode) {
	w.t.Helper()
	pay, err := emulator.New(emulator.Config{Credentials: w.mine, Clock: emulator.NewClock(noon), Keys: mode})
	if err != nil {
		w.t.Fatal(err)
	}
	w.BaseURL = w.serve(pay.ServeHTTP)
}

func (w *world) serve(h http.HandlerFunc) string {
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Date", noon.Format(http.TimeFormat))
		h(rw, r)
	}))
	w.t.Cleanup(s.Close)
	return s.URL
}

// chatter answers a request in the language of mail servers.
func chatter(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				continue
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				_, _ = conn.Write([]byte("500 command unrecognized\r\n")) // the other side may be gone
			}
			_ = conn.Close()
		}
	}()
	return l.Addr().String()
}

func publicPEM(t *testing.T, key *rsa.PublicKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// quiet is for a server whose client goes away in the handshake.
var quiet = log.New(io.Discard, "", 0)
