package describe

import (
	"regexp"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

const refusedRef = "#/components/responses/Refused"

var (
	eventKeys = []string{
		"operationId", "tags", "summary", "description", "requestBody", "responses",
		"x-title", "x-event-type", "x-original-type", "x-links",
	}
	eventType = regexp.MustCompile(`^[A-Z][A-Z0-9_]*(\.[A-Z][A-Z0-9_]*)+$`)
)

// event reads one file below events: a Path Item as it stands under webhooks,
// with the decrypted resource as its body.
func (l *loader) event(file string) []*spec.Event {
	root, ok := l.read(file)
	if !ok {
		return nil
	}
	item := l.object(file, root, "post")
	if !item.must("post") {
		return nil
	}
	o := l.object(file, item.at("post"), eventKeys...)
	e := &spec.Event{
		Type:         o.mustText("x-event-type"),
		Title:        o.mustText("x-title"),
		Summary:      o.mustText("summary"),
		Doc:          strings.TrimSpace(o.mustText("description")),
		OriginalType: o.mustText("x-original-type"),
		Links:        o.texts("x-links"),
	}
	l.checkEvent(o, e)
	if o.must("requestBody") {
		e.Resource = l.content(l.object(file, o.at("requestBody"), "required", "content"))
	}
	if o.must("responses") {
		r := l.object(file, o.at("responses"), "204", "default")
		if r.must("204") {
			l.object(file, r.at("204"), "description").mustText("description")
		}
		l.sharedResponse(r, "default", refusedRef)
	}
	return []*spec.Event{e}
}

func (l *loader) checkEvent(o object, e *spec.Event) {
	o.must("x-links")
	if want := strings.TrimSuffix(strings.TrimPrefix(o.file, "events/"), ".yaml"); e.Type != want {
		o.fault(o.at("x-event-type"), "%q differs from the file, which is called %s", e.Type, want)
	}
	if !eventType.MatchString(e.Type) {
		o.fault(o.at("x-event-type"), "%q is no event type: upper-case words joined by a dot", e.Type)
	}
	if tags := o.texts("tags"); len(tags) != 1 || l.products[tags[0]] == nil {
		o.fault(o.at("tags"), "tags must name one product of products.yaml")
	} else {
		e.Product = tags[0]
	}
	pkg, name, _ := strings.Cut(o.mustText("operationId"), ".")
	e.Go = name
	if want := eventName(e.Type); pkg != "notify" || name != want {
		o.fault(o.at("operationId"), "must be notify.%s", want)
		return
	}
	l.take(o.file, o.at("operationId"), pkg, name)
}

// eventName is the Go type of an event: "ENTRUST.SIGN" is EntrustSign.
func eventName(typ string) string { return GoName(strings.ToLower(typ)) }
