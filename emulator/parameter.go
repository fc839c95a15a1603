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
		if err := e.checkParam(c, &c.op.Params[i]); err != nil {
			return err
		}
	}
	if err := c.checkUnknownQuery(); err != nil {
		return err
	}
	if err := e.checkBody(c); err != nil {
		return err
	}
	if err := c.checkParts(); err != nil {
		return err
	}
	if err := c.checkSubUser(); err != nil {
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
		if len(list) > 1 && !c.takesList(name) {
			return paramError(fault{Field: name, Issue: "is given twice", Location: "query"})
		}
		c.query[name] = strings.Join(list, ",")
	}
	return nil
}

// takesList reports whether a parameter of the query is a list. Assumed: its
// items come in one text with commas between them, as three clients of other
// people send them, or one by one; no document says.
func (c *call) takesList(name string) bool {
	return slices.ContainsFunc(c.op.Params, func(f spec.Field) bool {
		return f.In == "query" && f.Name == name && f.Type == "array"
	})
}

// checkParam checks a parameter outside the body. Wechatpay-Serial is not
// checked here: the pages list it as required, and the service asks for it
// only where a field is encrypted; see encryptionKey.
func (e *Emulator) checkParam(c *call, f *spec.Field) error {
	if f.In == "header" && strings.EqualFold(f.Name, sign.HeaderSerial) {
		return nil
	}
	text, location := c.param(f)
	at := fault{Field: f.Name, Location: location}
	if text == "" {
		if f.Required {
			at.Issue = "is required"
			return paramError(at)
		}
		return nil
	}
	if f.Encrypted {
		plain, err := e.unseal(c, at, text)
		if err != nil {
			return err
		}
		if f.In == "query" {
			c.query[f.Name] = plain
		}
		text = plain
	} else {
		at.Value = text
	}
	if at.Issue = checkParamText(f, text); at.Issue != "" {
		return paramError(at)
	}
	return nil
}

// param is the text of a parameter, and where it stands in the words of an
// error.
func (c *call) param(f *spec.Field) (text, location string) {
	switch f.In {
	case "path":
		return c.path[f.Name], "url"
	case "query":
		return c.query[f.Name], "query"
	}
	return c.header.Get(f.Name), f.In
}

// checkParamText checks a parameter, each item of a list by itself.
func checkParamText(f *spec.Field, text string) string {
	if f.Type != "array" || f.Items == nil {
		return checkText(f, text)
	}
	for item := range strings.SplitSeq(text, ",") {
		if issue := checkText(f.Items, item); issue != "" {
			return issue
		}
	}
	return ""
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
//
// mchid is the caller's only where no sp_mchid is, and only at an endpoint
// that direct merchants call: elsewhere it names a merchant of the partner's.
func (e *Emulator) checkCaller(c *call) error {
	names := []string{"sp_mchid"}
	if c.body["sp_mchid"] == nil && c.query["sp_mchid"] == "" && forDirect(c.op) {
		names = []string{"mchid"}
	}
	for _, name := range names {
		inBody, _ := c.body[name].(string)
		for _, named := range []string{inBody, c.query[name]} {
			if named != "" && named != e.cfg.MchID {
				return headerError("http header中的mchid与post payload中的mchid不匹配")
			}
		}
	}
	return nil
}

// checkSubUser refuses a sub_openid without the sub_appid that it is one of.
// Assumed: documented for orders alone, and here for all that take both.
func (c *call) checkSubUser() error {
	payer, _ := c.body["payer"].(map[string]any)
	if text(payer, "sub_openid") == "" && c.text("sub_openid") == "" || c.text("sub_appid") != "" || !hasField(c.op.Request, "sub_appid") {
		return nil
	}
	return bodyError("/sub_appid", "is required with sub_openid")
}

// forDirect reports whether direct merchants may call an endpoint; nothing
// said means everybody.
func forDirect(op *spec.Operation) bool {
	return len(op.Roles) == 0 || slices.ContainsFunc(op.Roles, func(role string) bool {
		return strings.Contains(role, "直连") || strings.Contains(role, "普通商户")
	})
}

// unknownMember refuses a parameter that the endpoint does not have.
func unknownMember(f fault) *refusal {
	f.Issue = "is not a parameter of this endpoint"
	r := paramError(f)
	r.message, r.number = "参数中含有非法的额外参数", "270924358"
	return r
}
