package emulator

import "github.com/wxpay-go/wxpay/spec"

// Description is what the emulator knows of APIv3. The one of package spec is
// everything that is published; another one serves to test an endpoint that is
// not, or not yet. What it returns is shared, and never changed.
type Description interface {
	// Match finds the endpoint of a request; see [spec.Match].
	Match(method, escapedPath string) (op *spec.Operation, params map[string]string, ok bool)
	// Methods lists the methods that exist at a path; see [spec.Methods].
	Methods(escapedPath string) []string
	// Lookup finds an endpoint by its template; see [spec.Lookup].
	Lookup(method, path string) (*spec.Operation, bool)
	// LookupEvent finds a notification; see [spec.LookupEvent].
	LookupEvent(eventType string) (*spec.Event, bool)
}

// published is the description of package spec.
type published struct{}

func (published) Match(method, escapedPath string) (*spec.Operation, map[string]string, bool) {
	return spec.Match(method, escapedPath)
}
func (published) Methods(escapedPath string) []string { return spec.Methods(escapedPath) }
func (published) Lookup(method, path string) (*spec.Operation, bool) {
	return spec.Lookup(method, path)
}
func (published) LookupEvent(eventType string) (*spec.Event, bool) {
	return spec.LookupEvent(eventType)
}
