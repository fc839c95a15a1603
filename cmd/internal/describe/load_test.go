package describe_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wxpay-go/wxpay/cmd/internal/describe"
)

// small is a description that holds one of each thing. Every test of a fault
// changes one place of it.
var small = map[string]string{
	"products.yaml": `- name: tea-house
  package: teahouse
  prefix: /v3/tea-house
  title: 茶馆
  summary: Tea.
`,
	"errors.yaml": `- code: PARAM_ERROR
  status: 400
  message: 参数错误
  summary: A parameter is wrong.
  hint: Correct it.
  source: https://pay.weixin.qq.com/doc
`,
	"schemas/teahouse/Cup.yaml": `type: object
required: [size]
description: A cup.
x-label: 杯
properties:
  size:
    type: integer
    format: int64
    minimum: 1
    description: Size in ml.
    x-label: 大小
    x-inferred: [minimum]
    examples: [200]
`,
	"events/TEA.READY.yaml": `post:
  operationId: notify.TeaReady
  tags: [tea-house]
  summary: The tea is ready.
  description: Drink it.
  x-title: 茶好了
  x-event-type: TEA.READY
  x-original-type: tea
  x-links:
    - https://pay.weixin.qq.com/doc
  requestBody:
    required: true
    content:
      application/json:
        schema:
          type: object
          properties:
            tea_id:
              type: string
              description: Id of the tea.
              x-label: 茶号
              examples: [t1]
  responses:
    "204":
      description: Taken.
    default:
      $ref: "#/components/responses/Refused"
`,
	"v3/tea-house/{tea_id}/brew.yaml": `# https://api.mch.weixin.qq.com/v3/tea-house/{tea_id}/brew
post:
  operationId: teahouse.CreateBrew
  tags: [tea-house]
  summary: Brews tea.
  description: Brews it.
  x-title: 泡茶
  x-roles: [普通商户]
  x-updated: "2026-01-02"
  x-links:
    - https://pay.weixin.qq.com/doc
  x-idempotent: true
  x-inferred:
    x-idempotent: tea is brewed once
  x-behavior:
    name: brew
    args: {minutes: "3"}
  parameters:
    - name: tea_id
      in: path
      required: true
      description: Id of the tea.
      x-label: 茶号
      schema:
        type: string
        maxLength: 4
        pattern: ^[a-z0-9]+$
        examples: [t1]
  requestBody:
    required: true
    content:
      application/json:
        schema:
          type: object
          required: [leaf]
          anyOf:
            - required: [hot]
            - required: [cups]
          properties:
            leaf:
              type: string
              enum: [GREEN, BLACK]
              description: Kind of leaf.
              x-label: 茶叶
            hot:
              type: boolean
              description: Whether it is hot.
              x-label: 热
              examples: [false]
            cups:
              type: array
              maxItems: 9
              description: The cups.
              x-label: 杯
              items:
                $ref: ../../../schemas/teahouse/Cup.yaml
  responses:
    "204":
      description: Brewed.
    default:
      $ref: "#/components/responses/Error"
  x-errors: [PARAM_ERROR]
`,
}

const (
	brew  = "v3/tea-house/{tea_id}/brew.yaml"
	cup   = "schemas/teahouse/Cup.yaml"
	ready = "events/TEA.READY.yaml"
)

// folder is small with one text replaced in one file. An old text that the
// file does not hold exactly where it is meant would make a test that tests
// nothing, so it fails.
func folder(t *testing.T, file, old, changed string) fstest.MapFS {
	t.Helper()
	files := maps.Clone(small)
	switch {
	case old != "" && !strings.Contains(files[file], old):
		t.Fatalf("%s does not hold %q", file, old)
	case old != "":
		files[file] = strings.Replace(files[file], old, changed, 1)
	case file != "":
		files[file] = changed
	}
	dir := fstest.MapFS{}
	for name, text := range files {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return dir
}

// file is brew as the download of a file, with what x-verify says.
func file(verify string) string {
	text := strings.NewReplacer("post:", "get:", `    "204":`+"\n      description: Brewed.", `    "200":`+"\n      description: Tea.\n      content:\n        application/octet-stream: {}").Replace(small[brew])
	start, end := strings.Index(text, "  requestBody:"), strings.Index(text, "  responses:")
	text = text[:start] + text[end:]
	if verify != "" {
		text = strings.Replace(text, "  x-idempotent:", "  x-verify: "+verify+"\n  x-idempotent:", 1)
	}
	return strings.Replace(text, "CreateBrew", "DownloadBrew", 1)
}

func TestLoadSmall(t *testing.T) {
	t.Parallel()
	d, err := describe.Load(folder(t, "", "", ""))
	if err != nil {
		t.Fatal(err)
	}
	op := d.Operations[0]
	if op.ID != "teahouse.CreateBrew" || op.Method != "POST" || op.Path != "/v3/tea-house/{tea_id}/brew" || op.Product != "tea-house" ||
		op.Status != 204 || op.Response != nil || !op.Idempotent || op.Inferred["x-idempotent"] != "tea is brewed once" ||
		op.Behavior.Name != "brew" || op.Behavior.Args["minutes"] != "3" {
		t.Errorf("operation: %+v", op)
	}
	if p := op.Params[0]; p.Name != "tea_id" || p.In != "path" || !p.Required || p.Label != "茶号" || p.MaxLength != 4 || p.Sample != "t1" {
		t.Errorf("parameter: %+v", p)
	}
	var names []string
	for _, f := range op.Request.Fields {
		names = append(names, f.Name)
	}
	if !slices.Equal(names, []string{"leaf", "hot", "cups"}) {
		t.Errorf("members are %q, not in the order of the file", names)
	}
	leaf, hot, cups := op.Request.Fields[0], op.Request.Fields[1], op.Request.Fields[2]
	if !leaf.Required || leaf.Sample != "GREEN" || hot.Required || hot.Sample != false || len(op.Request.AnyOf) != 2 {
		t.Errorf("request: %+v", op.Request)
	}
	size := cups.Items.Fields[0]
	if cups.Items.Go != "Cup" || cups.MaxItems != 9 || size.Sample != int64(200) || *size.Minimum != 1 || !slices.Equal(size.Inferred, []string{"minimum"}) {
		t.Errorf("shared schema: %+v", cups.Items)
	}
	if e := d.Events[0]; e.Type != "TEA.READY" || e.Go != "TeaReady" || e.OriginalType != "tea" || e.Product != "tea-house" || e.Resource.Fields[0].Name != "tea_id" {
		t.Errorf("event: %+v", e)
	}
}

// TestLoadFaults breaks the small description in one place at a time. want is
// the place and the beginning of what is said about it.
func TestLoadFaults(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, old, new, want string }{
		{"no YAML", brew, "tags: [tea-house]", "tags: [tea-house", brew + ":5:10: is no YAML"},
		{"empty file", brew, small[brew], "", brew + ":1:1: is empty"},
		{"unknown key of an operation", brew, "x-roles:", "x-rolls:", brew + `:8:3: unknown key "x-rolls"`},
		{"unknown key of a schema", brew, "maxLength: 4", "maxlength: 4", brew + `:26:9: unknown key "maxlength"`},
		{"unknown method", brew, "post:", "fetch:", brew + `:2:1: unknown key "fetch"`},
		{"key twice", brew, "  summary: Brews tea.\n", "  summary: Brews tea.\n  summary: Again.\n", brew + `:6:3: key "summary" stands twice`},
		{"member that nothing is said of", brew, "              description: Kind of leaf.\n              x-label: 茶叶\n", "", brew + `:41:15: neither "description" nor "x-label" is there`},
		{"parameter that nothing is said of", brew, "      description: Id of the tea.\n      x-label: 茶号\n", "", brew + `:19:7: neither "description" nor "x-label" is there`},
		{"empty text", brew, "summary: Brews tea.", `summary: ""`, brew + `:5:12: "summary" is empty`},
		{"missing sample", brew, "              examples: [false]\n", "", brew + `:46:15: "examples" is missing`},
		{"sample too long", brew, "examples: [t1]", "examples: [t1234]", brew + ":28:20: the sample breaks a rule: maxLength"},
		{"sample off the pattern", brew, "examples: [t1]", "examples: [T1]", brew + ":28:20: the sample breaks a rule: pattern"},
		{"sample of another type", brew, "examples: [t1]", "examples: [1]", brew + `:28:20: "1" is not a string`},
		{"sample too small", cup, "examples: [200]", "examples: [0]", cup + ":13:16: the sample breaks a rule: minimum"},
		{"sample off the enumeration", brew, "x-label: 茶叶", "x-label: 茶叶\n              examples: [RED]", brew + ":45:26: the sample breaks a rule: enum"},
		{"pattern that is none", brew, "^[a-z0-9]+$", "^[a-z$", brew + ":27:18: is no RE2 pattern"},
		{"pattern without anchors", brew, "^[a-z0-9]+$", "a", brew + ":27:18: must be anchored"},
		{"rule for another type", brew, "maxLength: 4", "maximum: 4", brew + `:26:9: "maximum" means nothing for the type string`},
		{"unknown type", brew, "type: boolean", "type: bool", brew + `:46:21: unknown type "bool"`},
		{"unknown format", cup, "format: int64", "format: int32", cup + `:8:13: unknown format "int32"`},
		{"length of nothing", brew, "maxLength: 4", "maxLength: 0", brew + `:26:20: "maxLength" must be between 1`},
		{"inferred rule that is not there", cup, "x-inferred: [minimum]", "x-inferred: [pattern]", cup + `:12:18: there is no rule "pattern"`},
		{"required member that is not there", brew, "required: [leaf]", "required: [leave]", brew + `:35:22: no member is called "leave"`},
		{"either-or of a member that is not there", brew, "- required: [cups]", "- required: [pots]", brew + `:38:15: no member is called "pots"`},
		{"either-or of a required member", brew, "- required: [cups]", "- required: [leaf]", brew + `:38:15: "leaf" is required anyway`},
		{"either without or", brew, "            - required: [cups]\n", "", brew + ":37:13: one choice is none"},
		{"member name in camel case", brew, "            hot:", "            isHot:", brew + `:45:13: "isHot" is no member name`},
		{"reference into nothing", brew, "teahouse/Cup.yaml", "teahouse/Mug.yaml", brew + ":56:23: leads to schemas/teahouse/Mug.yaml, which cannot be read"},
		{"reference out of the schemas", brew, "../../../schemas/teahouse/Cup.yaml", "../../../errors.yaml", brew + ":56:23: must lead into schemas/"},
		{"reference in a circle", cup, "    type: integer\n    format: int64\n    minimum: 1\n    description: Size in ml.\n    x-label: 大小\n    x-inferred: [minimum]\n    examples: [200]\n",
			"    $ref: Cup.yaml\n", cup + ":7:11: leads back to " + cup},
		{"shared schema with a small name", "schemas/teahouse/mug.yaml", "", small[cup], "schemas/teahouse/mug.yaml:1:1: a shared schema is"},
		{"path that differs from the file", brew, "/{tea_id}/brew\n", "/{tea}/brew\n", brew + ":1:1: the path differs from the file"},
		{"parameter that the path does not have", brew, "name: tea_id", "name: tee_id", brew + ":19:13: the path has no {tee_id}"},
		{"parameter of the path that is not described", brew, "in: path", "in: query", brew + ":19:5: the parameter {tea_id} of the path is not described"},
		{"parameter of the path that is not required", brew, "      in: path\n      required: true\n", "      in: path\n", brew + ":19:7: a parameter of the path is required"},
		{"name against the rule", brew, "teahouse.CreateBrew", "teahouse.MakeTea", brew + `:3:16: MakeTea breaks the naming rule, which gives "CreateBrew"`},
		{"reason for a name that follows the rule", brew, "x-title:", "x-name-reason: why not\n  x-title:", brew + ":7:18: CreateBrew follows the naming rule"},
		{"name in another package", brew, "teahouse.CreateBrew", "coffee.Brew", brew + `:3:16: "coffee.Brew" must be teahouse.<FuncName>`},
		{"unknown product", brew, "tags: [tea-house]", "tags: [coffee]", brew + ":4:9: tags must name one product"},
		{"path outside of the product", "products.yaml", "prefix: /v3/tea-house", "prefix: /v3/tea", brew + ":4:9: the path is not below /v3/tea"},
		{"unknown error code", brew, "x-errors: [PARAM_ERROR]", "x-errors: [PARAM_EROR]", brew + `:62:14: unknown error code "PARAM_EROR"`},
		{"date of another form", brew, `"2026-01-02"`, `"2026.01.02"`, brew + `:9:14: "2026.01.02" is no yyyy-mm-dd`},
		{"link without https", brew, "- https://pay", "- http://pay", brew + ":11:7:"},
		{"two successes", brew, `    "204":`, "    \"200\":\n      description: x\n    \"204\":", brew + ":58:5: there must be one success"},
		{"error response of its own", brew, "responses/Error", "responses/Other", brew + `:61:7: "default" must be`},
		{"GET with a body", brew, "post:", "get:", brew + ":30:5: a GET has no body"},
		{"GET that is not idempotent", brew, small[brew], strings.NewReplacer("post:", "get:", "idempotent: true", "idempotent: false").Replace(small[brew]),
			brew + ":12:17: a GET is idempotent"},
		{"host that the first line does not name", brew, "x-title:", "x-host: other.example\n  x-title:", brew + ":1:1: the path differs from the file"},
		{"type that is taken", "schemas/teahouse/CreateBrewRequest.yaml", "", small[cup], brew + ":3:16: the name teahouse.CreateBrewRequest is taken by schemas/teahouse/CreateBrewRequest.yaml:1"},
		{"the same path under another name", "v3/tea-house/{id}/brew.yaml", "", strings.NewReplacer("{tea_id}", "{id}", "name: tea_id", "name: id").Replace(small[brew]),
			brew + ":1:1: no request could be told from one of /v3/tea-house/{id}/brew"},
		{"alias of nothing", brew, "x-title:", "x-alias: /v3/tea-house/{id}/brew\n  x-title:", brew + ":1:1: x-alias must be there for the later of two paths"},
		{"host that is none of WeChat Pay", brew, "x-title:", "x-host: tea.example\n  x-title:", brew + `:7:11: "tea.example" is no other host`},
		{"main host as another one", brew, "x-title:", "x-host: api.mch.weixin.qq.com\n  x-title:", brew + `:7:11: "api.mch.weixin.qq.com" is no other host`},
		{"no link, and no word about it", brew, "  x-links:\n    - https://pay.weixin.qq.com/doc\n", "", brew + `:3:3: "x-links" must be there, or x-inferred must say why`},
		{"a link, and a word that there is none", brew, "    x-idempotent: tea", "    x-links: none was found\n    x-idempotent: tea", brew + `:11:5: "x-links" must be there, or`},
		{"no date, and no word about it", brew, "  x-updated: \"2026-01-02\"\n", "", brew + `:3:3: "x-updated" must be there, or`},
		{"no roles, and no word about it", brew, "  x-roles: [普通商户]\n", "", brew + `:3:3: "x-roles" must be there, or`},
		{"list without an answer", brew, "x-title:", "x-page: {offset: offset, items: data}\n  x-title:", brew + ":7:11: an answer without members is no list"},
		{"file without a word on who vouches for it", brew, small[brew], file(""), brew + `:3:3: x-verify belongs to a file`},
		{"file that somebody else vouches for", brew, small[brew], file("hearsay"), brew + `:12:13: "hearsay" is not digest`},
		{"word on a file where there is none", brew, "x-title:", "x-verify: none\n  x-title:", brew + `:7:13: x-verify belongs to a file`},
		{"digest outside of an upload", brew, "x-label: 茶叶\n", "x-label: 茶叶\n              x-digest: sha256\n", brew + `:45:25: "x-digest" means something in the meta of an upload only`},
		{"text without its shape", cup, "examples: [200]", "contentMediaType: application/json", cup + `:13:5: "contentMediaType" means nothing for the type integer`},
		{"text with a sample of its own", brew, "enum: [GREEN, BLACK]", "contentMediaType: application/json\n              contentSchema: {type: array, items: {type: string, examples: [x]}}\n              examples: [y]",
			brew + ":44:25: the sample of a string that holds JSON is made"},
		{"text of another kind", brew, "enum: [GREEN, BLACK]", "contentMediaType: text/xml\n              contentSchema: {type: object, additionalProperties: true}", brew + ":42:33: a string holds application/json"},
		{"free form with members", cup, "type: object\n", "type: object\nadditionalProperties: true\n", cup + ":7:3: \"properties\" means nothing for an object that is free in form"},
		{"free form that is none", brew, "type: boolean\n", "type: object\n              additionalProperties: false\n", brew + ":47:37: must be true, or properties"},
		{"file of another kind", "v3/tea-house/notes.txt", "", "x", "v3/tea-house/notes.txt:1:1: only .yaml files"},
		{"event in another file", ready, "x-event-type: TEA.READY", "x-event-type: TEA.COLD", ready + `:7:17: "TEA.COLD" differs from the file`},
		{"event of another Go name", ready, "notify.TeaReady", "notify.TeaIsReady", ready + ":2:16: must be notify.TeaReady"},
		{"event without answer", ready, `    "204":` + "\n      description: Taken.\n", "", ready + `:24:5: "204" is missing`},
		{"event with two answers", ready, `    "204":`, "    \"200\":\n      description: x\n    \"204\":", ready + `:27:7: there must be one success`},
		{"event without original type, and no word about it", ready, "  x-original-type: tea\n", "", ready + `:2:3: "x-original-type" must be there, or`},
		{"product of a longer prefix", "products.yaml", small["products.yaml"], small["products.yaml"] + "- name: tea-house/brewing\n  package: teahousebrewing\n  prefix: /v3/tea-house/{tea_id}\n  title: 泡茶\n  summary: x\n", `products.yaml:8:11: "/v3/tea-house/{tea_id}" must begin with`},
		{"product of another package", "products.yaml", "package: teahouse", "package: tea", "products.yaml:2:12: the package of tea-house is called teahouse"},
		{"product twice", "products.yaml", small["products.yaml"], small["products.yaml"] + small["products.yaml"], `products.yaml:6:9: the product "tea-house" is there already`},
		{"error with no status", "errors.yaml", "status: 400", "status: 299", "errors.yaml:2:11: 299 is no HTTP status"},
		{"error in lower case", "errors.yaml", "code: PARAM_ERROR", "code: param_error", `errors.yaml:1:9: "param_error" is no error code`},
		{"error twice", "errors.yaml", small["errors.yaml"], small["errors.yaml"] + small["errors.yaml"], `errors.yaml:7:9: the error "PARAM_ERROR" is there already`},
		{"error without a hint", "errors.yaml", "  hint: Correct it.\n", "", `errors.yaml:1:3: "hint" is missing`},
		{"table that is no list", "errors.yaml", small["errors.yaml"], "code: X\n", "errors.yaml:1:1: must be a list"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := describe.Load(folder(t, tt.file, tt.old, tt.new))
			if err == nil || d != nil {
				t.Fatal("no error")
			}
			if !slices.ContainsFunc(strings.Split(err.Error(), "\n"), func(line string) bool { return strings.HasPrefix(line, tt.want) }) {
				t.Errorf("error is\n%v\nand says nowhere\n%s", err, tt.want)
			}
		})
	}
}

func TestFaultsAreAllReported(t *testing.T) {
	t.Parallel()
	dir := folder(t, brew, "x-roles:", "x-rolls:")
	dir["errors.yaml"].Data = []byte("{}")
	_, err := describe.Load(dir)
	faults, ok := errors.AsType[describe.Faults](err)
	if !ok || len(faults) < 3 {
		t.Fatalf("error is %v", err)
	}
	files := map[string]bool{}
	for _, f := range faults {
		files[f.File] = true
		if f.Line < 1 || f.Col < 1 || f.What == "" {
			t.Errorf("fault without a place: %+v", f)
		}
	}
	if !files[brew] || !files["errors.yaml"] {
		t.Errorf("faults are in %v", files)
	}
}

func TestGoName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"pre-entrust-sign": "PreEntrustSign", "qs/pay-redirect-sign": "QSPayRedirectSign", "sub_mchid": "SubMchID",
		"sp_openid": "SpOpenID", "notify_url": "NotifyURL", "transactions/jsapi": "TransactionsJSAPI", "id": "ID", "": "",
	} {
		if got := describe.GoName(text); got != want {
			t.Errorf("GoName(%q) = %q, want %q", text, got, want)
		}
	}
}
