package openapi

import (
	"net/http"

	"go.yaml.in/yaml/v4"

	"github.com/wxpay-go/wxpay/spec"
)

// eventPackage is where the Go types of the events are, and the first word of
// their components.
const eventPackage = "notify"

// webhooks writes the notifications. On the wire their resource is encrypted,
// so what it opens to becomes a component of its own, and the body of the
// webhook the envelope, which names that component.
func (d *document) webhooks(hooks mapping, events []*spec.Event) {
	for _, e := range events {
		resource := *e.Resource
		resource.Go = e.Go
		name := eventPackage + "." + e.Go
		d.share(eventPackage, name, &resource)
		item := newMapping()
		item.put("post", d.event(e, componentsAt+name))
		hooks.put(e.Type, item.node)
	}
}

func (d *document) event(e *spec.Event, resource string) *yaml.Node {
	o := newMapping()
	o.text("operationId", eventPackage+"."+e.Go)
	o.texts("tags", []string{e.Product})
	o.text("summary", e.Summary)
	o.text("description", e.Doc)
	o.text("x-title", e.Title)
	o.text("x-event-type", e.Type)
	o.text("x-original-type", e.OriginalType)
	if len(e.Links) > 0 {
		o.put("x-links", links(e.Links))
	}
	o.size("x-within", e.Within)
	o.sizes("x-again", e.Again)
	o.pairs("x-inferred", e.Inferred)
	body := newMapping()
	body.yes("required", true)
	body.put("content", media(jsonType, envelope(e.Type, resource)))
	o.put("requestBody", body.node)
	o.put("responses", d.taken(e))
	return o.node
}

// envelope is the body of a notification of one type.
func envelope(typ, resource string) *yaml.Node {
	base := newMapping()
	base.text("$ref", componentsAt+"Notification")
	eventType := newMapping()
	eventType.text("const", typ)
	properties := newMapping()
	properties.put("event_type", eventType.node)
	narrowed := newMapping()
	narrowed.text("type", "object")
	narrowed.put("properties", properties.node)
	m := newMapping()
	m.put("allOf", list(base.node, narrowed.node))
	m.text("x-decrypted", resource)
	return m.node
}

// taken is what WeChat Pay is to be answered.
func (d *document) taken(e *spec.Event) *yaml.Node {
	success := newMapping()
	if e.Answer == nil {
		success.text("description", "Taken; it is not delivered again.")
		return answers(http.StatusNoContent, success.node, "Refused")
	}
	success.text("description", "Taken, and what WeChat Pay asked for.")
	success.put("content", media(jsonType, d.schema(eventPackage, e.Answer)))
	return answers(http.StatusOK, success.node, "Refused")
}
