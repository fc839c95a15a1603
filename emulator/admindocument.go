package emulator

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// AdminOpenAPI returns the admin interface, with the merchants of a
// [Platform], as an OpenAPI 3.1 document in JSON. It is made of the routes that
// serve and the Go types that they read and write, and is the same at every
// call.
func AdminOpenAPI() json.RawMessage {
	return adminOpenAPI(&schemas{words: adminWords()})
}

// adminDocument is AdminOpenAPI, to be answered with its line breaks.
func adminDocument() document { return document(AdminOpenAPI()) }

// openAPI is an OpenAPI document, as far as the admin interface needs one.
type openAPI struct {
	OpenAPI    string                                  `json:"openapi"`
	Info       map[string]string                       `json:"info"`
	Servers    []openAPIServer                         `json:"servers"`
	Security   []string                                `json:"security"` // empty: there is none
	Tags       []map[string]string                     `json:"tags"`
	Paths      map[string]map[string]*openAPIOperation `json:"paths"`
	Components map[string]any                          `json:"components"`
}

type openAPIServer struct {
	URL         string                       `json:"url"`
	Description string                       `json:"description"`
	Variables   map[string]map[string]string `json:"variables,omitempty"`
}

type openAPIOperation struct {
	ID         string          `json:"operationId"`
	Tags       []string        `json:"tags"`
	Summary    string          `json:"summary"`
	Servers    []openAPIServer `json:"servers,omitempty"`
	Parameters []any           `json:"parameters,omitempty"`
	Body       any             `json:"requestBody,omitempty"`
	Responses  map[string]any  `json:"responses"`
}

// adminServers are where the routes are found: of the first merchant, and of
// each. Relative to where the document is.
var adminServers = []openAPIServer{
	{URL: adminPath, Description: "the first merchant"},
	{
		URL: adminMerchants + "/{mchid}", Description: "one of several merchants",
		Variables: map[string]map[string]string{"mchid": {"default": DefaultMchID}},
	},
}

func adminOpenAPI(s *schemas) json.RawMessage {
	s.components, s.types = map[string]*schema{}, map[string]reflect.Type{}
	d := &openAPI{
		OpenAPI: "3.1.0",
		Info: map[string]string{
			"title": "wxpay emulator: the admin interface", "version": "1",
			"description": "What the user, time and WeChat Pay itself do to the emulator, and what it knows. No part of WeChat Pay. " +
				"An answer is never signed. A request comes from the same machine, unless the emulator was told to allow others.",
		},
		Servers: adminServers, Security: []string{},
		Paths: map[string]map[string]*openAPIOperation{},
	}
	fault := s.of(reflect.TypeFor[adminFault](), false)
	s.components["AdminFault"].Properties["code"].Enum = adminCodes()
	own, above := (&Emulator{}).adminRoutes(), (&Platform{}).adminRoutes()
	for _, r := range own {
		d.add(s, &r, nil)
	}
	for _, r := range above {
		if r.run.do != nil {
			d.add(s, &r, adminServers[:1])
		}
	}
	d.Components = map[string]any{
		"schemas":   s.components,
		"responses": map[string]any{"Fault": answerOf(adminFaultText(), fault)},
	}
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		panic("emulator: " + err.Error()) // made of texts and maps alone
	}
	return append(text, '\n')
}

// add makes an operation of a route.
func (d *openAPI) add(s *schemas, r *adminRoute, servers []openAPIServer) {
	op := &openAPIOperation{
		ID: r.operationID(), Tags: []string{r.tag()}, Summary: r.Does, Servers: servers,
		Responses: map[string]any{
			"200":     answerOf("What came of it.", s.of(r.run.out, false)),
			"default": map[string]string{"$ref": "#/components/responses/Fault"},
		},
	}
	for _, name := range r.parameters() {
		of := reflect.TypeFor[string]()
		if r.run.ref != nil {
			of = r.run.ref
		}
		op.Parameters = append(op.Parameters, map[string]any{"name": name, "in": "path", "required": true, "schema": s.of(of, true)})
	}
	if r.run.in != nil {
		op.Body = map[string]any{
			"description": r.Body, "required": len(r.Needs) > 0,
			"content": jsonOf(s.of(r.run.in, true).needing(r.Needs)),
		}
	}
	if !slices.ContainsFunc(d.Tags, func(tag map[string]string) bool { return tag["name"] == r.tag() }) {
		d.Tags = append(d.Tags, map[string]string{"name": r.tag(), "description": r.Does})
	}
	if d.Paths[r.Path] == nil {
		d.Paths[r.Path] = map[string]*openAPIOperation{}
	}
	d.Paths[r.Path][strings.ToLower(r.Method)] = op
}

func answerOf(description string, s *schema) map[string]any {
	return map[string]any{"description": description, "content": jsonOf(s)}
}

func jsonOf(s *schema) map[string]any {
	return map[string]any{"application/json": map[string]any{"schema": s}}
}

// parameters are the names in the braces of a path.
func (r *adminRoute) parameters() (names []string) {
	for part := range strings.SplitSeq(r.Path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

// tag is the first part of the path: what the route is about.
func (r *adminRoute) tag() string {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/"), "/")
	name, _, _ := strings.Cut(first, ".")
	if name == "" {
		return "index"
	}
	return name
}

// operationID is the method and the path as one name: postOrdersPay, and
// getOrdersByPrepayId where the path ends with a name.
func (r *adminRoute) operationID() string {
	if r.Path == "/" {
		return "getIndex"
	}
	var id strings.Builder
	id.WriteString(strings.ToLower(r.Method))
	parts := strings.Split(r.Path, "/")
	for i, part := range parts {
		name, parameter := strings.CutPrefix(part, "{")
		if parameter && i < len(parts)-1 {
			continue
		}
		if parameter {
			id.WriteString("By")
		}
		for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return r < 'a' || r > 'z' }) {
			id.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return id.String()
}

// adminFaultText says which status a fault's code has.
func adminFaultText() string {
	var says []string
	for _, code := range adminCodes() {
		says = append(says, strconv.Itoa(adminStatus[code])+" "+code)
	}
	return "It was refused, or the emulator failed: " + strings.Join(says, ", ") + "."
}

func adminCodes() []string { return slices.Sorted(maps.Keys(adminStatus)) }
