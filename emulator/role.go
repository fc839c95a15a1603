package emulator

import (
	"net/http"
	"slices"
)

// Role is what kind of merchant the caller is.
type Role string

const (
	// RoleAny is a merchant that may do what any may: for tests that do not
	// care.
	RoleAny Role = ""
	// RoleDirect is a directly connected merchant (直连商户). It has no
	// sub-merchants.
	RoleDirect Role = "direct"
	// RoleProvider is a service provider (服务商) or platform with
	// sub-merchants (特约商户), and may do what a direct merchant may.
	RoleProvider Role = "service-provider"
	// RoleClearing is a payment or clearing institution (从业机构／清算机构) with
	// sub-merchants.
	RoleClearing Role = "clearing-institution"
)

// closedTo are the roles of endpoints, as the description names them, that a
// merchant of a role may not call.
//
// Assumed: the documents say for whom a page is, not how another merchant is
// refused.
var closedTo = map[Role][]string{
	RoleAny:      nil,
	RoleDirect:   {"service-provider", "partner", "ecommerce", "qs"},
	RoleProvider: {"qs"},
	RoleClearing: {"normal", "direct", "harmony", "ecommerce"},
}

func (c *Config) checkRole() error {
	if _, ok := closedTo[c.Role]; !ok {
		return &ConfigError{"Role", "is not a known role", "use direct, service-provider or clearing-institution, or leave it out"}
	}
	if c.Role == RoleDirect && len(c.SubMerchants) > 0 {
		return &ConfigError{"SubMerchants", "are not a direct merchant's", "leave them out, or make it a service-provider"}
	}
	return nil
}

// checkMerchant refuses an endpoint that is not for the caller's role, and a
// sub-merchant that is not the caller's.
//
// Assumed: NO_AUTH for both, whose documented hint names the second case; the
// text and the number of the second are those of the official troubleshooting
// list.
func (e *Emulator) checkMerchant(c *call) error {
	if role := c.op.Behavior.Args["role"]; role != "" && slices.Contains(closedTo[e.cfg.Role], role) {
		return &refusal{status: http.StatusForbidden, code: "NO_AUTH", message: "商户暂无权限使用此功能"}
	}
	if e.cfg.Role != RoleDirect && len(e.cfg.SubMerchants) == 0 {
		return nil
	}
	for _, id := range c.subMerchants() {
		if !slices.Contains(e.cfg.SubMerchants, id) {
			return &refusal{status: http.StatusForbidden, code: "NO_AUTH", message: "受理关系不存在", number: "268443701"}
		}
	}
	return nil
}

const memberSubMchID = "sub_mchid"

// subMerchants are those that a request names, wherever it does: in the path,
// in the query, and anywhere in the body, as a combined order names several.
func (c *call) subMerchants() []string {
	var ids []string
	for _, where := range []map[string]string{c.path, c.query} {
		if id := where[memberSubMchID]; id != "" {
			ids = append(ids, id)
		}
	}
	return appendSubMerchants(ids, c.body)
}

func appendSubMerchants(ids []string, value any) []string {
	switch v := value.(type) {
	case map[string]any:
		if id, ok := v[memberSubMchID].(string); ok {
			ids = append(ids, id)
		}
		for _, inner := range v {
			ids = appendSubMerchants(ids, inner)
		}
	case []any:
		for _, inner := range v {
			ids = appendSubMerchants(ids, inner)
		}
	}
	return ids
}
