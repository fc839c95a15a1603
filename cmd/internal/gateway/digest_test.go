package gateway_test

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
)

func hexSHA1(b []byte) string { s := sha1.Sum(b); return hex.EncodeToString(s[:]) }

func hexSHA256(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }
