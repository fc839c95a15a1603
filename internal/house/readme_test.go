package house

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTranslationsSayTheSame: what is written in Chinese too is the same in
// both languages.
func TestTranslationsSayTheSame(t *testing.T) {
	t.Parallel()
	for _, doc := range files(t, func(path string) bool { return strings.HasSuffix(path, chinese) }) {
		of := [2]string{strings.TrimSuffix(doc, chinese) + ".md", doc}
		texts := [2]string{read(t, of[0]), read(t, of[1])}
		same := func(what string, list func(string) []string) {
			if a, b := list(texts[0]), list(texts[1]); !slices.Equal(a, b) {
				t.Errorf("%s differ:\n%s %q\n%s %q", what, of[0], a, of[1], b)
			}
		}
		same("code blocks", func(text string) []string { return fence.FindAllString(text, -1) })
		same("levels of headings", func(text string) []string { return captured(title.FindAllStringSubmatch(prose(text), -1)) })
		same("links", linked)
		same("code", func(text string) []string {
			list := captured(code.FindAllStringSubmatch(prose(text), -1))
			slices.Sort(list) // Chinese has another order of words
			return list
		})
	}
}

// chinese ends the name of a document in Chinese; the English one is beside it.
const chinese = ".zh-CN.md"

// linked are the documents that a text links to, in whatever language, and to
// whatever heading.
func linked(text string) []string {
	var list []string
	for _, to := range captured(link.FindAllStringSubmatch(prose(text), -1)) {
		to, _, _ = strings.Cut(to, "#")
		list = append(list, strings.Replace(to, chinese, ".md", 1))
	}
	return list
}

// figure is a number of the table of peers.
var figure = regexp.MustCompile(`\b\d{1,3}(?:,\d{3})*\b`)

// TestFigures: what the README quotes is what was measured last.
func TestFigures(t *testing.T) {
	t.Parallel()
	measured := figure.FindAllString(read(t, "bench/README.md"), -1)
	var quoted []string
	for line := range strings.Lines(read(t, "README.md")) {
		if strings.HasPrefix(line, "| pre-sign in memory") || strings.HasPrefix(line, "| connections") || strings.HasPrefix(line, "The figures") {
			quoted = append(quoted, figure.FindAllString(line, -1)...)
		}
	}
	if len(quoted) < 11 {
		t.Fatalf("the README quotes %q only: look for the table again", quoted)
	}
	for _, n := range quoted {
		if !slices.Contains(measured, n) {
			t.Errorf("README.md quotes %s, which bench/README.md does not have", n)
		}
	}
}

// captured is the first group of each match.
func captured(matches [][]string) []string {
	var list []string
	for _, m := range matches {
		list = append(list, m[1])
	}
	return list
}

// TestGoBlocksAreCompiled: every block of Go in a document stands, to the
// letter, in a Go file of this repository, however deep it is indented there.
func TestGoBlocksAreCompiled(t *testing.T) {
	t.Parallel()
	var sources []string
	for _, path := range files(t, func(path string) bool { return isGo(path) && !strings.Contains(path, "testdata/") }) {
		sources = append(sources, read(t, path))
	}
	var count int
	for _, doc := range documents(t) {
		for _, m := range fence.FindAllStringSubmatch(read(t, doc), -1) {
			if m[1] != "go" {
				continue
			}
			count++
			if !slices.ContainsFunc(sources, func(s string) bool { return holds(s, m[2]) }) {
				t.Errorf("%s: no Go file holds this block:\n%s", doc, m[2])
			}
		}
	}
	if count == 0 {
		t.Error("no document has a block of Go")
	}
}

// holds reports whether source has block in it, at one depth of indentation.
func holds(source, block string) bool {
	lines := strings.SplitAfter(block, "\n")
	for depth := range 4 {
		var b strings.Builder
		for _, line := range lines {
			if strings.TrimSpace(line) != "" {
				b.WriteString(strings.Repeat("\t", depth))
			}
			b.WriteString(line)
		}
		if strings.Contains("\n"+source, "\n"+b.String()) {
			return true
		}
	}
	return false
}

func TestHolds(t *testing.T) {
	t.Parallel()
	const source = "func f() {\n\tif x {\n\t\ty()\n\n\t\tz()\n\t}\n}\n"
	for block, want := range map[string]bool{
		"if x {\n\ty()\n\n\tz()\n}\n": true,
		"y()\n\nz()\n":                true,
		"y()\nz()\n":                  false,
		"if x {\n\ty()\n\nz()\n}\n":   false,
		") {\n":                       false,
	} {
		if got := holds(source, block); got != want {
			t.Errorf("holds(%q) = %t, want %t", block, got, want)
		}
	}
}

// shell runs lines as a reader would type them.
func shell(t *testing.T, dir string, env []string, lines ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-euc", strings.Join(lines, "\n"))
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s\n%v\n%s", strings.Join(lines, "\n"), err, out)
	}
	return string(out)
}

// TestInstall does what the README says to use a clone from another module,
// without a network: nothing but this repository is needed.
func TestInstall(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Symlink(root(), filepath.Join(dir, "wxpay")); err != nil {
		t.Fatal(err)
	}
	app := filepath.Join(dir, "app")
	if err := os.Mkdir(app, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(app, "main.go"), []byte(read(t, "examples/firstcall/main.go")), 0o600); err != nil {
		t.Fatal(err)
	}
	shell(t, app, []string{"GOWORK=off", "GOPROXY=off", "GOFLAGS="},
		"go mod init example.com/app",
		"go mod edit -require github.com/wxpay-go/wxpay@v0.0.0 -replace github.com/wxpay-go/wxpay=../wxpay",
		"go vet . && go mod tidy -diff",
	)
}

// TestQuickStart runs the emulator and makes the first call, with the
// environment as the only thing that one has from the other.
func TestQuickStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := filepath.Join(dir, "wxpay")
	output(t, command(t, ".", "go", "build", "-o", program, "./cmd/wxpay"))

	emulator := exec.CommandContext(t.Context(), program, "emulator", "--listen", "127.0.0.1:0")
	emulator.Dir = dir
	var complaints bytes.Buffer
	emulator.Stderr = &complaints
	stdout, err := emulator.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := emulator.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(stdout)
	waitFor(t, said, "stop with Ctrl-C")

	got := shell(t, dir, []string{"REPOSITORY=" + root(), "NO_PROXY=127.0.0.1"},
		"set -a; . .wxpay/wxpay.env",
		`cd "$REPOSITORY"`,
		"go run ./examples/firstcall",
	)
	if got != "hello\n" {
		t.Errorf("the first call printed %q", got)
	}

	if err := emulator.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	waitFor(t, said, "stopped")
	if err := emulator.Wait(); err != nil || complaints.Len() > 0 {
		t.Errorf("the emulator ended with %v and said %q", err, &complaints)
	}
}

// waitFor reads lines until one is line.
func waitFor(t *testing.T, lines *bufio.Scanner, line string) {
	t.Helper()
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == line {
			return
		}
	}
	t.Fatalf("the program did not say %q: %v", line, lines.Err())
}
