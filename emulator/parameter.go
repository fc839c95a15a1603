package emulator

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/sign"
	"github.com/wxpay-go/wxpay/spec"
)

// checkParameters holds the request against the description: path, query,
// headers, body. The first fault in documented order is reported.
func (e *Emulator) checkParameters(c *call) error {
	if err := c.readQuery(); err != nil {
		return err
	}
	for i := range c.op.Params {
		if err := c.checkParam(&c.op.Params[i]); err != nil {
			return err
		}
	}
	if err := c.checkUnknownQuery(); err != nil {
		return err
	}
	if err := e.checkBody(c); err != nil {
		return err
	}
	return e.checkCaller(c)
}

// readQuery decodes the query. Assumed: a parameter given twice is refused;
// no document says which one would count.
func (c *call) readQuery() error {
	values, err := url.ParseQuery(c.rawURL)
	if err != nil {
		return paramError(fault{Issue: "the query is not well-formed", Location: "query"})
	}
	c.query = make(map[string]string, len(values))
	for name, list := range values {
		if len(list) > 1 {
			return paramError(fault{Field: name, Issue: "is given twice", Location: "query"})
		}
		c.query[name] = list[0]
	}
	return nil
}

// checkParam checks a parameter outside the body. Wechatpay-Serial is not
// checked here: the pages list it as required, and the service asks for it
// only where a field is encrypted; see encryptionKey.
func (c *call) checkParam(f *spec.Field) error {
	var text string
	location := f.In
	switch f.In {
	case "path":
		text, location = c.path[f.Name], "url"
	case "query":
		text = c.query[f.Name]
	case "header":
		if strings.EqualFold(f.Name, sign.HeaderSerial) {
			return nil
		}
		text = c.header.Get(f.Name)
	}
	if text == "" {
		if f.Required {
			return paramError(fault{Field: f.Name, Issue: "is required", Location: location})
		}
		return nil
	}
	if issue := checkText(f, text); issue != "" {
		return paramError(fault{Field: f.Name, Value: text, Issue: issue, Location: location})
	}
	return nil
}

// checkUnknownQuery refuses parameters that the endpoint does not have.
// Assumed: documented for the body alone ("参数中含有非法的额外参数").
func (c *call) checkUnknownQuery() error {
	for _, name := range slices.Sorted(maps.Keys(c.query)) {
		known := func(f spec.Field) bool { return f.In == "query" && f.Name == name }
		if !slices.ContainsFunc(c.op.Params, known) {
			return unknownMember(fault{Field: name, Value: c.query[name], Location: "query"})
		}
	}
	return nil
}

// checkBody decodes and checks the JSON body of an endpoint that has one. A
// body that nobody asked for is passed over.
func (e *Emulator) checkBody(c *call) (err error) {
	if c.op.Request == nil {
		return nil
	}
	if c.body, err = decodeBody(c.raw); err != nil {
		return err
	}
	check := bodyChecker{e: e, c: c}
	return check.object(c.op.Request, c.body, "")
}

// checkCaller refuses a request that names another merchant than the one that
// signed it. Assumed: sp_mchid, the caller of partner endpoints, and the query
// are treated as the documented mchid of the body is.
func (e *Emulator) checkCaller(c *call) error {
	for _, name := range []string{"mchid", "sp_mchid"} {
		inBody, _ := c.body[name].(string)
		for _, named := range []string{inBody, c.query[name]} {
			if named != "" && named != e.cfg.MchID {
				return headerError("http header中的mchid与post payload中的mchid不匹配")
			}
		}
	}
	return nil
}

// unknownMember refuses a parameter that the endpoint does not have.
func unknownMember(f fault) *refusal {
	f.Issue = "is not a parameter of this endpoint"
	r := paramError(f)
	r.message, r.number = "参数中含有非法的额外参数", "270924358"
	return r
}
