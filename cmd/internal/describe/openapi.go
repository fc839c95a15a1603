package describe

import (
	"bytes"
	_ "embed"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// frame is what the document has besides the description: the servers, how a
// request is signed, the shape of an error and of a notification.
//
//go:embed openapi.yaml
var frame []byte

// OpenAPI returns the whole description as one OpenAPI 3.1 document in YAML,
// with the x- extensions of the description files kept. The same description
// gives the same bytes.
func (d *Description) OpenAPI() ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(frame, &doc); err != nil {
		return nil, err
	}
	root := doc.Content[0]
	root.HeadComment = Marker
	schemas := child(child(root, "components"), "schemas")
	for _, file := range d.sorted("schemas/") {
		set(schemas, componentName(file), d.carry(file))
	}
	paths := child(root, "paths")
	for _, file := range append(d.sorted("hk/"), d.sorted("v3/")...) {
		set(paths, templateOf(file), d.pathItem(file))
	}
	hooks := child(root, "webhooks")
	for _, file := range d.sorted("events/") {
		d.webhook(hooks, schemas, file)
	}
	for _, p := range d.Products {
		tags := child(root, "tags")
		tags.Content = append(tags.Content, mapping("name", p.Name, "description", p.Title+": "+p.Summary))
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(&doc); err != nil {
		return nil, err
	}
	return out.Bytes(), enc.Close()
}

// pathItem carries a path over. A host of its own, x-host, becomes what OpenAPI
// says it with: the servers of the path.
func (d *Description) pathItem(file string) *yaml.Node {
	item := d.carry(file)
	for i := 1; i < len(item.Content); i += 2 {
		if host := child(item.Content[i], "x-host").Value; host != "" {
			servers := &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{mapping("url", "https://"+host)}}
			set(item, "servers", servers)
			break
		}
	}
	return item
}

// webhook adds an event. On the wire its resource is encrypted, so the schema
// of the description becomes a component of its own, and the body of the
// webhook the envelope, which names the type that it opens to.
func (d *Description) webhook(hooks, schemas *yaml.Node, file string) {
	item := d.carry(file)
	post := child(item, "post")
	component := child(post, "operationId").Value
	media := child(child(child(post, "requestBody"), "content"), "application/json")
	set(schemas, component, child(media, "schema"))

	typ := strings.TrimSuffix(path.Base(file), ".yaml")
	eventType := mapping("type", "object")
	set(eventType, "properties", &yaml.Node{Kind: yaml.MappingNode})
	set(child(eventType, "properties"), "event_type", mapping("const", typ))
	body := &yaml.Node{Kind: yaml.MappingNode}
	set(body, "allOf", &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{
		mapping("$ref", "#/components/schemas/Notification"), eventType,
	}})
	set(body, "x-decrypted", text("#/components/schemas/"+component))
	set(media, "schema", body)
	set(hooks, typ, item)
}

// sorted lists the files below a folder, in name order.
func (d *Description) sorted(folder string) []string {
	files := slices.Sorted(maps.Keys(d.files))
	return slices.DeleteFunc(files, func(f string) bool { return !strings.HasPrefix(f, folder) })
}

// carry copies what a file holds, without comments, its references turned from
// files into components.
func (d *Description) carry(file string) *yaml.Node {
	return clone(d.files[file], path.Dir(file))
}

func clone(n *yaml.Node, dir string) *yaml.Node {
	c := &yaml.Node{Kind: n.Kind, Style: n.Style, Tag: n.Tag, Value: n.Value}
	for i, sub := range n.Content {
		isRef := n.Kind == yaml.MappingNode && i%2 == 1 && n.Content[i-1].Value == "$ref"
		if isRef && !strings.HasPrefix(sub.Value, "#") {
			c.Content = append(c.Content, text("#/components/schemas/"+componentName(path.Join(dir, sub.Value))))
			continue
		}
		c.Content = append(c.Content, clone(sub, dir))
	}
	return c
}

// componentName turns "schemas/pay/StoreInfo.yaml" into "pay.StoreInfo".
func componentName(file string) string {
	name := strings.TrimSuffix(strings.TrimPrefix(file, "schemas/"), ".yaml")
	return strings.ReplaceAll(name, "/", ".")
}

func text(value string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(value)
	return n
}

func mapping(pairs ...string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i+1 < len(pairs); i += 2 {
		set(n, pairs[i], text(pairs[i+1]))
	}
	return n
}

// child returns the value at key, or an empty node nobody sees: what is read
// here was checked by [Load], or is the frame.
func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return &yaml.Node{}
}

func set(n *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content[i+1] = value
			return
		}
	}
	n.Style &^= yaml.FlowStyle // "{}" in the frame holds the place only
	n.Content = append(n.Content, text(key), value)
}
