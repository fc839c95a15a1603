package describe_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wxpay-go/wxpay/cmd/internal/describe"
	"github.com/wxpay-go/wxpay/spec"
)

// head and tail are what every operation of wide has around what it shows.
const (
	head = `  tags: [hk]
  summary: Does something.
  x-title: 做
  x-idempotent: true
  x-inferred:
    x-links: none was found
    x-roles: nobody says
    x-updated: nobody says
`
	tail = `    default:
      $ref: "#/components/responses/Error"
  x-errors: [PARAM_ERROR]
`
	taken = `  responses:
    "204":
      description: Taken.
` + tail
)

// wide holds one of each thing that small does not need.
var wide = map[string]string{
	"errors.yaml": small["errors.yaml"],
	"products.yaml": `- {name: hk, package: hk, prefix: /hk/v3, title: 香港, summary: Hong Kong., contract: true}
- {name: hk/tea, package: hktea, prefix: /v3/hk_tea, title: 茶, summary: Tea.}
`,
	"hk/v3/files/upload.yaml": "# https://api.mch.weixin.qq.com/hk/v3/files/upload\npost:\n  operationId: hk.UploadFile\n" + head + `  requestBody:
    required: true
    content:
      multipart/form-data:
        schema:
          type: object
          required: [meta, file]
          properties:
            meta:
              type: object
              required: [sha256, filename]
              properties:
                sha256: {type: string, x-label: 摘要, x-digest: sha256, examples: [e3b0]}
                filename: {type: string, x-label: 文件名, x-filename: true, examples: [a.png]}
            file: {type: string, format: binary, description: The picture.}
        encoding:
          meta: {contentType: application/json}
` + taken,
	"hk/v3/files/{file_id}.yaml": "# https://apihk.mch.weixin.qq.com/hk/v3/files/{file_id}\nget:\n  operationId: hk.DownloadFile\n  x-host: apihk.mch.weixin.qq.com\n  x-verify: none\n" + head + `  parameters:
    - {name: file_id, in: path, required: true, x-label: 文件, schema: {type: string, examples: [f1]}}
  responses:
    "200":
      description: The file.
      content:
        application/octet-stream: {}
` + tail,
	"hk/v3/things/index.yaml": "# https://api.mch.weixin.qq.com/hk/v3/things/\nget:\n  operationId: hk.ListThings\n" + head + `  x-page: {offset: skip, limit: take, items: data, total: total}
  parameters:
    - {name: skip, in: query, x-label: 跳, schema: {type: integer, examples: [0]}}
    - {name: take, in: query, x-label: 取, schema: {type: integer, examples: [10]}}
  responses:
    "200":
      description: Some things.
      content:
        application/json:
          schema:
            type: object
            properties:
              total: {type: integer, x-label: 总数, examples: [1]}
              data:
                type: array
                x-label: 东西
                items: {type: object, additionalProperties: true}
` + tail,
	"hk/v3/things/{a_id}/stop.yaml": "# https://api.mch.weixin.qq.com/hk/v3/things/{a_id}/stop\npost:\n  operationId: hk.StopThingByAID\n" + head + `  parameters:
    - {name: a_id, in: path, required: true, x-label: 甲, schema: {type: string, examples: [a]}}
` + taken,
	"hk/v3/things/{b_id}/stop.yaml": "# https://api.mch.weixin.qq.com/hk/v3/things/{b_id}/stop\npost:\n  operationId: hk.StopThingByBID\n  x-alias: /hk/v3/things/{a_id}/stop\n" + head + `  parameters:
    - {name: b_id, in: path, required: true, x-label: 乙, schema: {type: string, examples: [b]}}
  requestBody:
    required: true
    content:
      application/json:
        schema:
          type: object
          properties:
            why:
              type: string
              x-label: 原因
              contentMediaType: application/json
              contentSchema:
                type: object
                properties:
                  payOrdId: {type: string, x-label: 单, examples: [p1]}
                  list: {type: array, x-label: 列, items: {type: integer, examples: [7]}}
` + taken,
	"events/TEA.ASKED.yaml": `post:
  operationId: notify.TeaAsked
  tags: [hk/tea]
  summary: Asks for tea.
  x-title: 要茶
  x-event-type: TEA.ASKED
  x-within: 1
  x-again: [10, 300]
  x-inferred:
    x-original-type: no source says it
    x-links: none was found
  requestBody:
    required: true
    content:
      application/json:
        schema: {type: object, properties: {cup: {type: string, x-label: 杯, examples: [big]}}}
  responses:
    "200":
      description: Which tea.
      content:
        application/json:
          schema: {type: object, properties: {leaf: {type: string, x-label: 叶, enum: [GREEN]}}}
    default:
      $ref: "#/components/responses/Refused"
`,
}

func wideFolder(t *testing.T, file, old, now string) fstest.MapFS {
	t.Helper()
	dir := fstest.MapFS{}
	for name, text := range wide {
		if name == file {
			changed := strings.Replace(text, old, now, 1)
			if changed == text {
				t.Fatalf("%s does not hold %q", file, old)
			}
			text = changed
		}
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return dir
}

func loadWide(t *testing.T) *describe.Description {
	t.Helper()
	d, err := describe.Load(wideFolder(t, "", "", ""))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// operation finds what a test is about.
func operation(t *testing.T, d *describe.Description, id string) *spec.Operation {
	t.Helper()
	for _, op := range d.Operations {
		if op.ID == id {
			return op
		}
	}
	t.Fatalf("%s is not there", id)
	return nil
}

func TestLoadUpload(t *testing.T) {
	t.Parallel()
	op := operation(t, loadWide(t), "hk.UploadFile")
	if op.File == nil || op.File.Name != "file" || op.File.Doc != "The picture." || !op.File.Required || op.Request == nil {
		t.Fatalf("upload: %+v", op)
	}
	if f := op.Request.Fields; len(f) != 2 || f[0].Digest != "sha256" || !f[1].Filename || f[0].Filename || f[1].Digest != "" {
		t.Errorf("meta: %+v", f)
	}
}

func TestLoadDownload(t *testing.T) {
	t.Parallel()
	op := operation(t, loadWide(t), "hk.DownloadFile")
	if op.Status != 200 || op.Response != nil || op.Verify != spec.VerifyNone || op.Host != "apihk.mch.weixin.qq.com" || len(op.Inferred) != 3 {
		t.Errorf("download: %+v", op)
	}
}

func TestLoadList(t *testing.T) {
	t.Parallel()
	op := operation(t, loadWide(t), "hk.ListThings")
	if op.Path != "/hk/v3/things/" {
		t.Errorf("path = %q: a path that ends in a slash stands in index.yaml", op.Path)
	}
	if op.Page != (spec.Page{Offset: "skip", Limit: "take", Items: "data", Total: "total"}) {
		t.Errorf("page: %+v", op.Page)
	}
	if items := op.Response.Fields[1].Items; items.Type != "object" || items.Fields != nil {
		t.Errorf("items that are free in form: %+v", items)
	}
}

func TestLoadAliasAndText(t *testing.T) {
	t.Parallel()
	op := operation(t, loadWide(t), "hk.StopThingByBID")
	if op.Alias != "/hk/v3/things/{a_id}/stop" {
		t.Errorf("alias = %q", op.Alias)
	}
	why := op.Request.Fields[0]
	if why.Text == nil || why.Text.Fields[0].Name != "payOrdId" || why.Sample != `{"list":[7],"payOrdId":"p1"}` {
		t.Errorf("JSON in a string: %+v", why)
	}
}

func TestLoadEventWithAnswer(t *testing.T) {
	t.Parallel()
	e := loadWide(t).Events[0]
	if e.Within != 1 || !slices.Equal(e.Again, []int{10, 300}) || e.Answer == nil || e.Answer.Fields[0].Name != "leaf" || e.OriginalType != "" || e.Product != "hk/tea" {
		t.Errorf("event: %+v", e)
	}
	d, err := describe.Load(folder(t, "", "", ""))
	if err != nil {
		t.Fatal(err)
	}
	if e := d.Events[0]; e.Within != 5 || e.Again != nil || e.Answer != nil {
		t.Errorf("event without a word on its answer: %+v", e)
	}
}

func TestLoadProducts(t *testing.T) {
	t.Parallel()
	p := loadWide(t).Products
	if len(p) != 2 || p[0].Name != "hk" || !p[0].Contract || p[1].Package != "hktea" || p[1].Contract {
		t.Errorf("products: %+v", p)
	}
}

// TestLoadWideFaults breaks wide as TestLoadFaults does small.
func TestLoadWideFaults(t *testing.T) {
	t.Parallel()
	const (
		up   = "hk/v3/files/upload.yaml"
		down = "hk/v3/files/{file_id}.yaml"
		list = "hk/v3/things/index.yaml"
		stop = "hk/v3/things/{b_id}/stop.yaml"
		ask  = "events/TEA.ASKED.yaml"
	)
	tests := []struct{ name, file, old, new, want string }{
		{"upload of a meta that is no JSON", up, "{contentType: application/json}", "{contentType: text/plain}", up + ":28:11: must be {meta: {contentType: application/json}}"},
		{"upload without its file", up, "            file: {type: string, format: binary, description: The picture.}\n", "", up + ":20:13: an upload has two parts"},
		{"file that is text", up, "format: binary", "format: date", up + ":26:19: a file is {type: string, format: binary}"},
		{"file that nothing is said of", up, ", description: The picture.", "", up + `:26:19: neither "description" nor "x-label"`},
		{"unknown digest", up, "x-digest: sha256", "x-digest: md5", up + `:24:63: unknown digest "md5"`},
		{"host of the first line", down, "# https://apihk", "# https://api", down + ":1:1: the path differs from the file"},
		{"list by a parameter that is not there", list, "offset: skip", "offset: jump", list + `:12:20: "jump" is no member of the type integer`},
		{"list of what is no array", list, "items: data", "items: total", list + `:12:46: "total" is no member of the type array`},
		{"list without its offset", list, "offset: skip, ", "", list + `:12:11: "offset" is missing`},
		{"slash at the end that the first line lacks", list, "things/\n", "things\n", list + ":1:1: the path differs from the file"},
		{"alias of another path", stop, "x-alias: /hk/v3/things/{a_id}/stop", "x-alias: /hk/v3/things/{c_id}/stop", stop + ":1:1: x-alias must be there"},
		{"camel case of our own", stop, "            why:\n", "            whyNot:\n", stop + `:22:13: "whyNot" is no member name`},
		{"answer within no time", ask, "x-within: 1", "x-within: 0", ask + `:7:13: "x-within" must be between 1`},
		{"sent again at once", ask, "x-again: [10, 300]", "x-again: [0, 300]", ask + `:8:13: an entry of "x-again" must be between 1`},
		{"contract that is no yes or no", "products.yaml", "contract: true", "contract: maybe", `products.yaml:1:85: "contract" must be true or false`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := describe.Load(wideFolder(t, tt.file, tt.old, tt.new))
			if err == nil {
				t.Fatal("no error")
			}
			for line := range strings.Lines(err.Error()) {
				if strings.HasPrefix(line, tt.want) {
					return
				}
			}
			t.Errorf("error is\n%v\nand says nowhere\n%s", err, tt.want)
		})
	}
}
