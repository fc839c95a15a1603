package describe

import (
	"regexp"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// answerWithin is how many seconds WeChat Pay waits for an answer where its
// page says nothing else.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791836
const answerWithin = 5

const refusedRef = "#/components/responses/Refused"

var (
	eventKeys = []string{
		"operationId", "tags", "summary", "description", "requestBody", "responses",
		"x-title", "x-event-type", "x-original-type", "x-links", "x-within", "x-again", "x-inferred",
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
		Doc:          strings.TrimSpace(o.text("description")),
		OriginalType: o.text("x-original-type"),
		Links:        o.texts("x-links"),
		Within:       o.size("x-within"),
		Again:        o.sizes("x-again"),
		Inferred:     o.reasons("x-inferred"),
	}
	if e.Within == 0 {
		e.Within = answerWithin
	}
	o.mustOrSay("x-original-type", e.Inferred)
	l.checkEvent(o, e)
	if o.must("requestBody") {
		body := l.object(file, o.at("requestBody"), "required", "content")
		if body.must("content") {
			e.Resource = l.json(l.object(file, body.at("content"), jsonType))
		}
	}
	if o.must("responses") {
		l.answer(l.object(file, o.at("responses"), "200", "204", "default"), e)
	}
	return []*spec.Event{e}
}

// answer reads what WeChat Pay is to be answered: 204, or 200 with the data
// that it asked for.
func (l *loader) answer(r object, e *spec.Event) {
	l.sharedResponse(r, "default", refusedRef)
	if !r.has("200") {
		if r.must("204") {
			l.object(r.file, r.at("204"), "description").mustText("description")
		}
		return
	}
	if r.has("204") {
		r.fault(r.at("204"), "there must be one success: \"200\" or \"204\"")
	}
	success := l.object(r.file, r.at("200"), "description", "content")
	success.mustText("description")
	if success.must("content") {
		e.Answer = l.json(l.object(r.file, success.at("content"), jsonType))
	}
}

func (l *loader) checkEvent(o object, e *spec.Event) {
	o.mustOrSay("x-links", e.Inferred)
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
