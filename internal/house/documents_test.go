package house

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// documents returns the documents that people wrote.
func documents(t *testing.T) []string {
	t.Helper()
	return files(t, func(path string) bool {
		return strings.HasSuffix(path, ".md") && !strings.Contains(path, "testdata/") && !generated(read(t, path))
	})
}

var (
	fence = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$")
	code  = regexp.MustCompile("`([^`\n]+)`")
	link  = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	title = regexp.MustCompile(`(?m)^(#+) (.+)$`)
	anID  = regexp.MustCompile(`^[*&]?([A-Za-z]\w*(?:\.[A-Z]\w*)+)(\(.*\))?$`)
	aPath = regexp.MustCompile(`^[\w.*{}-]+(/[\w.*{}-]+)*/?$`)
	aMake = regexp.MustCompile(`\bmake ([a-z]+)\b`)
	anEnv = regexp.MustCompile(`WECHATPAY_[A-Z0-9_]+`)
)

// prose is a document without its fenced blocks.
func prose(text string) string { return fence.ReplaceAllString(text, "") }

// TestDocumentsNameWhatExists: a document that names a file, a target, an
// identifier or a variable that is not there is out of date.
func TestDocumentsNameWhatExists(t *testing.T) {
	t.Parallel()
	targets, names := makeTargets(t), exportedNames(t)
	env := anEnv.FindAllString(read(t, "env.go"), -1)
	for _, doc := range documents(t) {
		text := read(t, doc)
		for _, m := range link.FindAllStringSubmatch(prose(text), -1) {
			checkLink(t, doc, m[1])
		}
		for _, m := range code.FindAllStringSubmatch(prose(text), -1) {
			checkCode(t, doc, m[1], names)
		}
		for _, m := range aMake.FindAllStringSubmatch(text, -1) {
			if inCode(text, m[0]) && targets[m[1]] == "" {
				t.Errorf("%s: the Makefile has no target %s", doc, m[1])
			}
		}
		for _, name := range anEnv.FindAllString(text, -1) {
			if !slices.Contains(env, name) && name != "WECHATPAY_" {
				t.Errorf("%s: there is no variable %s", doc, name)
			}
		}
	}
}

// inCode: "make sure" is no target where it is not code.
func inCode(text, s string) bool {
	return strings.Contains(text, "`"+s) || strings.Contains(text, "\n"+s)
}

func checkLink(t *testing.T, doc, target string) {
	t.Helper()
	if strings.Contains(target, "://") {
		return
	}
	file, anchor, _ := strings.Cut(target, "#")
	file, err := url.PathUnescape(file)
	if err != nil {
		t.Errorf("%s: %v", doc, err)
	}
	to := doc
	if file != "" {
		to = path.Join(path.Dir(doc), file)
	}
	if !exists(escapeGlob(to)) {
		t.Errorf("%s: links to %s, which is not there", doc, target)
		return
	}
	if anchor != "" && !slices.Contains(anchors(read(t, to)), anchor) {
		t.Errorf("%s: links to %s, and there is no such heading", doc, target)
	}
}

func escapeGlob(s string) string {
	return strings.NewReplacer("[", `\[`, "*", `\*`, "?", `\?`).Replace(s)
}

// anchors are the names that GitHub gives to the headings of a document.
func anchors(text string) []string {
	var list []string
	for _, m := range title.FindAllStringSubmatch(prose(text), -1) {
		list = append(list, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, m[2]))
	}
	return list
}

// elsewhere are names in code style that look like paths of the repository and
// are none.
var elsewhere = []string{
	"application/json", "net/http", "encoding/json", "log/slog", "go/format", "math/rand", // media types, and packages of the standard library
	"apiclient_key.pem", "apiclient_cert.pem", "pub_key.pem", "platform_cert.pem", // made by the emulator, or had from WeChat Pay
}

// checkCode holds what stands in backticks against the repository, if it is a
// path or an identifier of ours.
func checkCode(t *testing.T, doc, text string, names map[string]bool) {
	t.Helper()
	if m := anID.FindStringSubmatch(text); m != nil {
		checkName(t, doc, m[1], names)
		return
	}
	text = strings.TrimPrefix(text, "./")
	if !aPath.MatchString(text) || slices.Contains(elsewhere, text) {
		return
	}
	first, _, nested := strings.Cut(text, "/")
	switch ext := path.Ext(text); {
	case strings.HasPrefix(text, ".wxpay/") || strings.HasPrefix(text, "v3/"): // made, or a URL
	case text == ext || strings.HasPrefix(text, "_"): // the end of a name
	case strings.Contains(first, ".") && nested && ext != ".md" && first != ".ci": // a module
	case !nested && !slices.Contains([]string{".go", ".md", ".mod", ".work", ".yaml", ".yml", ".txt"}, ext):
	case !exists(text) && !exists(path.Join(path.Dir(doc), text)):
		t.Errorf("%s: names %s, which is not there", doc, text)
	}
}

// checkName checks pkg.Name, pkg.Type.Member and Type.Member, if the first
// part is a package or a type of ours.
func checkName(t *testing.T, doc, name string, names map[string]bool) {
	t.Helper()
	first, _, _ := strings.Cut(name, ".")
	if names[first] && !names[name] && name != strings.ToUpper(name) {
		t.Errorf("%s: names %s, which is not there", doc, name)
	}
}

func TestAnchors(t *testing.T) {
	t.Parallel()
	got := anchors("# A `b` c\n\n```sh\n# no heading\n```\n\n## 三种写法 (three)\n")
	if want := []string{"a-b-c", "三种写法-three"}; !slices.Equal(got, want) {
		t.Errorf("anchors = %q, want %q", got, want)
	}
}

// commands are those that documents show, each with the file that runs it,
// and the text in that file that does.
var commands = map[string]struct{ file, text string }{
	"go run ./cmd/wxpay demo":                                                {"Makefile", "\tgo run ./cmd/wxpay demo"},
	"go run ./cmd/wxgen gen":                                                 {"Makefile", "\tgo run ./cmd/wxgen gen"},
	"go run ./cmd/wxgen check":                                               {"internal/house/text_test.go", `"go", "run", "./cmd/wxgen", "check"`},
	"go run ./cmd/wxpay emulator":                                            {"internal/house/readme_test.go", `program, "emulator"`},
	"set -a; . .wxpay/wxpay.env":                                             {"internal/house/readme_test.go", `"set -a; . .wxpay/wxpay.env"`},
	"go run ./examples/firstcall":                                            {"internal/house/readme_test.go", `"go run ./examples/firstcall"`},
	"go run ./cmd/wxpay docs 免密支付":                                           {"cmd/wxpay/testdata/script/docs.txtar", "\nexec wxpay docs 免密支付\n"},
	"go run ./cmd/wxpay docs contract_display_account":                       {"cmd/wxpay/testdata/script/docs.txtar", "\nexec wxpay docs contract_display_account\n"},
	"go run ./cmd/wxpay docs POST /v3/papay/sign/contracts/pre-entrust-sign": {"cmd/wxpay/testdata/script/docs.txtar", "\nexec wxpay docs POST /v3/papay/sign/contracts/pre-entrust-sign\n"},
	"go run ./cmd/wxpay docs --serve":                                        {"cmd/wxpay/docs_test.go", `"docs", "--serve"`},
	"go run ./cmd/wxpay openapi > wechatpay.yaml":                            {"cmd/wxpay/testdata/script/openapi.txtar", "\nexec wxpay openapi\ncp stdout wechatpay.yaml\n"},
	"go run ./cmd/wxpay openapi --product papay --product password-exempt-contract > contracts.yaml": {"cmd/wxpay/testdata/script/openapi.txtar", "\nexec wxpay openapi --product papay --product password-exempt-contract\n"},
	"go run ./cmd/wxgen bundle -o wechatpay.yaml":                                                    {"cmd/wxgen/main_test.go", `"bundle"`},
	"go run ./cmd/wxpay emulator --forward-to http://127.0.0.1:9000/notify":                          {"bench/compat/program_test.go", `"--forward-to", shop.URL + "/notify"`},
	"python3 examples/python/contract.py":                                                            {"bench/compat/examples_test.go", `"examples/python/contract.py"`},
	"node examples/javascript/contract.mjs":                                                          {"bench/compat/examples_test.go", `"examples/javascript/contract.mjs"`},
	"php examples/php/contract.php":                                                                  {"bench/compat/examples_test.go", `"examples/php/contract.php"`},
	"npm ci --prefix examples/javascript":                                                            {"Makefile", "testdata/npm examples/javascript\n"},
	"make check":                                                                                     {".ci/run", "\nmake check\n"},
	"make test":                                                                                      {".ci/run", "\nmake test\n"},

	"go mod edit -require github.com/wxpay-go/wxpay@v0.0.0 -replace github.com/wxpay-go/wxpay=../wxpay": {"internal/house/readme_test.go", `"go mod edit -require github.com/wxpay-go/wxpay@v0.0.0 -replace github.com/wxpay-go/wxpay=../wxpay"`},
}

// TestDocumentsShowWhatIsRun: every line of a shell block is a command that a
// test or CI runs.
func TestDocumentsShowWhatIsRun(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{}
	for _, doc := range documents(t) {
		for _, m := range fence.FindAllStringSubmatch(read(t, doc), -1) {
			if m[1] != "sh" || slices.Contains(newcomersPages, doc) {
				continue
			}
			for line := range strings.Lines(m[2]) {
				line, _, _ = strings.Cut(strings.TrimSpace(line), "  #")
				if _, ok := commands[line]; !ok && line != "" {
					t.Errorf("%s: nothing runs %q", doc, line)
				}
				shown[line] = true
			}
		}
	}
	for line, where := range commands {
		if !shown[line] {
			t.Errorf("no document shows %q any more", line)
		}
		if !strings.Contains(read(t, where.file), where.text) {
			t.Errorf("%s does not run %q", where.file, line)
		}
	}
}

// TestReadmeListsEveryCommand: the table of the program says what wxpay --help
// says, which a test of cmd/wxpay holds.
func TestReadmeListsEveryCommand(t *testing.T) {
	t.Parallel()
	help, _, _ := strings.Cut(read(t, "cmd/wxpay/testdata/help/wxpay.txt"), "\nFlags:")
	var want []string
	for _, m := range aCommand.FindAllStringSubmatch(help, -1) {
		if m[1] != "help" {
			want = append(want, "| `wxpay "+m[1]+"` | "+m[2]+" |")
		}
	}
	var got []string
	for line := range strings.Lines(read(t, "README.md")) {
		if strings.HasPrefix(line, "| `wxpay ") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("README.md lists\n%s\nand wxpay --help\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// aCommand is a line of wxpay --help below the title of a group.
var aCommand = regexp.MustCompile(`(?m)^  ([a-z0-9]+) {2,}([A-Z].*)$`)

// TestArchitectureNamesEveryRoom: a package of the programs that is not named
// is one that a reader does not find.
func TestArchitectureNamesEveryRoom(t *testing.T) {
	t.Parallel()
	text := read(t, "ARCHITECTURE.md")
	rooms := map[string]bool{}
	for _, file := range files(t, func(path string) bool { return isGo(path) && strings.HasPrefix(path, "cmd/internal/") }) {
		rooms[strings.Join(strings.Split(file, "/")[:3], "/")] = true
	}
	for room := range rooms {
		if !strings.Contains(text, "`"+room+"`") {
			t.Errorf("ARCHITECTURE.md does not name %s", room)
		}
	}
}
