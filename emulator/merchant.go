package emulator

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"time"
)

// Merchant says what one of several merchants is. What it leaves out is as the
// first one of them has it. See [Platform.Add].
type Merchant struct {
	// MchID is the merchant id, 1 to 32 digits. Empty, one is found that no
	// merchant here has.
	MchID string `json:"mchid"`

	// Role is what kind of merchant it is. Defaults to any. SubMerchants are
	// those (特约商户) of a service provider or a clearing institution; none
	// named means any.
	Role         Role     `json:"role,omitempty"`
	SubMerchants []string `json:"sub_merchants,omitempty"`

	// Keys says which key WeChat Pay signs answers with. Defaults to both.
	// NotifyKeys is the same for notifications: public-key or certificate.
	// Defaults to Keys, and to public-key where that is both.
	Keys       KeyMode `json:"keys,omitempty"`
	NotifyKeys KeyMode `json:"notify_keys,omitempty"`

	// Strict refuses a prepay_id that was not made here.
	Strict bool `json:"strict,omitempty"`

	// ForwardTo is a loopback URL that receives the notifications for every
	// notify_url that is not itself loopback. TerminateURLs gives, by service
	// id or plan id, the URL that is told of a termination. See [Config.ForwardTo].
	ForwardTo     string           `json:"forward_to,omitempty"`
	TerminateURLs map[int64]string `json:"terminate_urls,omitempty"`

	// Clock is where the merchant's clock stands still at first. Defaults to a
	// clock that does what that of the first merchant does now.
	Clock time.Time `json:"clock,omitzero"`

	// Seed makes what happens by chance happen again, identifiers and nonces
	// too. Defaults to one made of the first merchant's, if that was given one,
	// and the merchant id.
	Seed string `json:"seed,omitempty"`
}

// ReadMerchants reads a list of merchants in JSON, an array of objects with
// the members of [Merchant], such as
//
//	[{"mchid": "1900000201", "role": "service-provider", "sub_merchants": ["1900000211"]}]
//
// The error is a [*ConfigError] that says which merchant is wrong. An unknown
// member is a typing error, and refused.
func ReadMerchants(r io.Reader) ([]Merchant, error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	var list []Merchant
	if err := d.Decode(&list); err != nil {
		return nil, &ConfigError{"merchants", "is not a JSON array of merchants (" + jsonFault(err) + ")", `give for instance [{"mchid": "1900000201", "role": "direct"}]`}
	}
	if d.More() {
		return nil, &ConfigError{"merchants", "goes on after the array", "give one array"}
	}
	seen := map[string]bool{}
	for i, m := range list {
		field := fmt.Sprintf("merchants[%d]", i)
		if m.MchID == "" {
			return nil, &ConfigError{field + ".mchid", "is missing", "name the merchant, so that a restart finds it again"}
		}
		if seen[m.MchID] {
			return nil, &ConfigError{field + ".mchid", "is there twice", "name each merchant once"}
		}
		seen[m.MchID] = true
	}
	return list, nil
}

// config is the configuration of the merchant's emulator: its own, and for the
// rest that of the first merchant. What is one merchant's alone is not shared.
func (m *Merchant) config(first *Config, clock *Clock) Config {
	cfg := *first
	cfg.MchID, cfg.Role, cfg.SubMerchants = m.MchID, m.Role, m.SubMerchants
	cfg.Keys, cfg.NotifyKeys = m.Keys, m.NotifyKeys
	cfg.Strict = cfg.Strict || m.Strict
	if m.ForwardTo != "" {
		cfg.ForwardTo = m.ForwardTo
	}
	cfg.TerminateURLs = maps.Clone(first.TerminateURLs)
	if m.TerminateURLs != nil {
		cfg.TerminateURLs = m.TerminateURLs
	}
	if cfg.Folder != "" {
		cfg.Folder = MerchantFolder(cfg.Folder, m.MchID)
	}
	cfg.Credentials, cfg.Rand, cfg.Clock = nil, nil, clock
	cfg.Seed = m.Seed
	if cfg.Seed == "" && first.Seed != "" {
		cfg.Seed = first.Seed + "/" + m.MchID
	}
	return cfg
}

// MerchantFolder is where, in the folder of a platform, the credentials of a
// further merchant are.
func MerchantFolder(dir, mchID string) string { return filepath.Join(dir, "merchants", mchID) }
