package console

import (
	"errors"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/wxpay-go/wxpay/emulator"
)

// merchantsPage is who there is, and what a merchant can be made as.
type merchantsPage struct {
	Rows  []merchantRow
	Roles []emulator.Role
	Modes []emulator.KeyMode
}

type merchantRow struct {
	emulator.Merchant
	Env       string // file of the credentials, "" if they are nowhere
	Removable bool
}

func (c *console) merchants(*visit) (any, error) {
	page := &merchantsPage{
		Roles: []emulator.Role{emulator.RoleAny, emulator.RoleDirect, emulator.RoleProvider, emulator.RoleClearing},
		Modes: []emulator.KeyMode{emulator.KeyBoth, emulator.KeyPublic, emulator.KeyCertificate},
	}
	for i, m := range c.cfg.Platform.Merchants() {
		page.Rows = append(page.Rows, merchantRow{m, c.env(m.MchID, i == 0), i > 0})
	}
	return page, nil
}

// env is the file that leads a program to the credentials of a merchant.
func (c *console) env(mchID string, first bool) string {
	dir := c.cfg.Folder
	if dir == "" {
		return ""
	}
	if !first {
		dir = emulator.MerchantFolder(dir, mchID)
	}
	return filepath.Join(dir, "wxpay.env")
}

func (c *console) makeMerchant(v *visit) (string, string, error) {
	f := &fields{visit: v}
	m := emulator.Merchant{
		MchID: f.text("mchid"), Role: emulator.Role(f.text("role")), Keys: emulator.KeyMode(f.text("keys")), Strict: f.text("strict") != "",
		SubMerchants: strings.FieldsFunc(f.text("sub_merchants"), func(r rune) bool { return strings.ContainsRune(" ,;，；、", r) }),
	}
	made, err := c.cfg.Platform.Add(m)
	if bad, ok := errors.AsType[*emulator.ConfigError](err); ok {
		told := bad.Field + " " + bad.Rule + ": " + bad.Remedy
		return "", "", &failure{http.StatusBadRequest, told, told}
	}
	if err != nil {
		return "", "", err
	}
	return v.t("Made: merchant ", "已新建商户 ") + made.Credentials().MchID, "", nil
}

// removeMerchant forgets a merchant. A form of its own pages leads to the first
// one's, for its own are gone.
func (c *console) removeMerchant(v *visit) (string, string, error) {
	other := v.PathValue("other")
	err := c.cfg.Platform.Remove(other)
	return v.t("Removed: merchant ", "已删除商户 ") + other, Path + c.cfg.Platform.First().Credentials().MchID + "/merchants", err
}
