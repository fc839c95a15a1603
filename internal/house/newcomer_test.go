package house

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// newcomersPages are those whose commands [TestNewcomer] runs.
var newcomersPages = []string{"docs/quickstart.md", "docs/quickstart.zh-CN.md"}

// TestNewcomer does what the newcomers' page says, in each language: runs its
// commands in order, with the program that the first of them makes, and holds
// what the page shows against what is printed.
//
// Two things are other than for a reader. Servers have free ports, and the
// folder is a temporary one, with the files of docs that the page names.
func TestNewcomer(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"sh", "sed", "tee", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the page asks for %s: %v", tool, err)
		}
	}
	for _, name := range newcomersPages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := readPage(t, name)
			r := newReader(t)
			for _, s := range p.steps {
				r.do(s)
			}
			r.troubles(p)
			r.mentions(p)
		})
	}
}

// reader is somebody who does what a page says.
type reader struct {
	t       *testing.T
	dir     string
	env     []string
	here    *strings.Replacer // from the page's ports to those of this run
	shown   *strings.Replacer // and back
	listen  map[string]string // by program: where it serves
	windows map[string]*window
	printed map[string]string // ids, by the names of their members in capitals
}

// The ports that the page shows: the usual ones.
const (
	pageWeChatPay = "127.0.0.1:8089"
	pageListener  = "127.0.0.1:8088"
)

func newReader(t *testing.T) *reader {
	t.Helper()
	dir := t.TempDir()
	pay, listener := freeAddress(t), freeAddress(t)
	r := &reader{
		t: t, dir: dir, windows: map[string]*window{}, printed: map[string]string{},
		here: strings.NewReplacer(pageWeChatPay, pay, pageListener, listener), shown: strings.NewReplacer(pay, pageWeChatPay, listener, pageListener),
		listen: map[string]string{"emulator": pay, "listen": listener},
	}
	r.write("docs/presign.json", read(t, "docs/presign.json"))
	r.write(".curlrc", "silent\nshow-error\n") // on a terminal it shows no progress, and neither shall it here
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "WECHATPAY_") && !strings.HasPrefix(v, "WXPAY_") {
			r.env = append(r.env, v)
		}
	}
	bin := filepath.Join(dir, "bin")
	r.env = append(r.env, "GOBIN="+bin, "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"CURL_HOME="+dir, "XDG_CONFIG_HOME="+filepath.Join(dir, "config"), "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	return r
}

// write makes a file in the reader's folder.
func (r *reader) write(name, text string) {
	r.t.Helper()
	name = filepath.Join(r.dir, filepath.FromSlash(name))
	err := os.MkdirAll(filepath.Dir(name), 0o700)
	if err == nil {
		err = os.WriteFile(name, []byte(text), 0o600)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// freeAddress is one that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// do runs the command of a step, and looks at what it and the windows print.
func (r *reader) do(s step) {
	r.t.Helper()
	if name := s.server(); name != "" {
		r.windows[name] = r.open(s.command + " --listen " + r.listen[name])
		r.windows[name].expect(s, s.shows["text"])
		return
	}
	out, err := r.run(s.command)
	if failed := strings.Contains(s.shows["text"], "\nwxpay: "); (err != nil) != failed {
		r.t.Fatalf("command %d ends with %v:\n%s\n%s", s.number, err, s.command, out)
	}
	if !alike(s.shows["text"]).MatchString(volatile(out)) {
		r.t.Errorf("command %d prints\n%s\nand the page shows\n%s", s.number, out, s.shows["text"])
	}
	for _, m := range member.FindAllStringSubmatch(out, -1) {
		r.printed[strings.ToUpper(m[1])] = m[2]
	}
	for name, w := range r.windows {
		if shown := s.shows[name]; shown != "" {
			w.expect(s, shown)
		}
	}
}

// member is an id in JSON, which a reader is asked for by its name in capitals.
var member = regexp.MustCompile(`"([a-z_]+_id)": ?"([^"]*)"`)

// run does what a reader does who types a command. What it prints has the
// ports of the page.
func (r *reader) run(command string) (string, error) {
	for name, value := range r.printed {
		command = strings.ReplaceAll(command, name, value)
	}
	ctx, cancel := context.WithTimeout(r.t.Context(), 5*time.Minute) // to compile everything takes long, and to serve for ever
	defer cancel()
	cmd := r.shell(ctx, command)
	if strings.HasPrefix(command, "go ") {
		cmd.Dir = root() // where the sources are
	}
	out, err := cmd.CombinedOutput()
	return r.shown.Replace(string(out)), err
}

// shell prepares a command that is interrupted when ctx ends.
func (r *reader) shell(ctx context.Context, command string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "sh", "-c", r.here.Replace(command))
	cmd.Dir, cmd.Env = r.dir, r.env
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	return cmd
}

// troubles makes the mistakes that the page has an answer to, and looks whether
// the program says what the page says it does.
func (r *reader) troubles(p page) {
	r.t.Helper()
	r.write("elsewhere/empty", "")
	for message, command := range map[string]string{
		"address already in use": p.steps[1].command + " --listen " + r.listen["emulator"],
		"no merchant is known":   "cd elsewhere && " + p.steps[2].command,
		"商户签约协议号已使用":             p.steps[4].command,
	} {
		out, err := r.run(command)
		if err == nil || !strings.Contains(out, message) || !slices.Contains(p.quoted, message) {
			r.t.Errorf("%s\nends with %v and prints\n%s\nthe page quotes %q, want %q in both", command, err, out, p.quoted, message)
		}
	}
}

// mentions looks whether the commands that the page names beside exist.
func (r *reader) mentions(p page) {
	r.t.Helper()
	for _, text := range p.quoted {
		words := strings.Fields(text)
		if len(words) < 2 || words[0] != "wxpay" {
			continue
		}
		out, err := r.run(text + " --help")
		if usage := "Usage:\n  wxpay " + strings.TrimPrefix(words[1], "--help"); err != nil || !strings.Contains(out, usage) {
			r.t.Errorf("the page names %q: %v\n%s", text, err, out)
		}
	}
}

// window is a program that serves.
type window struct {
	r     *reader
	lines chan string
	errs  bytes.Buffer
}

func (r *reader) open(command string) *window {
	r.t.Helper()
	w := &window{r: r, lines: make(chan string, 100)}
	cmd := r.shell(r.t.Context(), "exec "+command)
	cmd.Stderr = &w.errs
	pipe, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		r.t.Fatal(err)
	}
	go func() {
		defer close(w.lines)
		for in := bufio.NewScanner(pipe); in.Scan(); {
			w.lines <- in.Text()
		}
		_ = cmd.Wait()
	}()
	r.t.Cleanup(func() {
		for range w.lines { // until it has ended
		}
	})
	return w
}

// expect reads what the window prints from now on, until it is what is shown.
func (w *window) expect(s step, shown string) {
	w.r.t.Helper()
	ctx, cancel := context.WithTimeout(w.r.t.Context(), 30*time.Second)
	defer cancel()
	var text strings.Builder
	for want := alike(shown); !want.MatchString(volatile(text.String())); {
		select {
		case line, open := <-w.lines:
			if !open {
				w.r.t.Fatalf("command %d: the window ends with\n%s%s\nand the page shows\n%s", s.number, &text, &w.errs, shown)
			}
			fmt.Fprintln(&text, w.r.shown.Replace(line))
		case <-ctx.Done():
			w.r.t.Fatalf("command %d: the window prints\n%s\nand the page shows\n%s", s.number, &text, shown)
		}
	}
}
