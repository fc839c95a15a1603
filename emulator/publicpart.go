package emulator

import (
	"crypto/x509"
	"path/filepath"
)

// publicPart is what of the credentials may be shown to who asks.
type publicPart struct {
	MchID          string `json:"mchid"`
	MerchantSerial string `json:"merchant_serial"`
	PlatformSerial string `json:"platform_serial"`
	PlatformCert   string `json:"platform_cert"` // PEM
	PublicKeyID    string `json:"public_key_id"`
	PublicKey      string `json:"public_key"`         // PEM
	Env            string `json:"env_file,omitempty"` // that names every file
}

// public is what of the credentials may be shown.
func (c *Credentials) public(folder string) publicPart {
	part := publicPart{
		MchID: c.MchID, MerchantSerial: c.MerchantSerial(), PlatformSerial: c.PlatformSerial(),
		PlatformCert: string(encodePEM("CERTIFICATE", c.PlatformCert.Raw)), PublicKeyID: c.PublicKeyID,
	}
	if folder != "" {
		part.Env = filepath.Join(folder, fileEnv)
	}
	if der, err := x509.MarshalPKIXPublicKey(c.PublicKey()); err == nil {
		part.PublicKey = string(encodePEM("PUBLIC KEY", der))
	}
	return part
}
