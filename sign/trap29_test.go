package sign_test

import (
	"testing"

	"github.com/wxpay-go/wxpay/sign"
)

// Trap 29: one guide prints the lines of an answer as body, timestamp, nonce.
// The order is timestamp, nonce, body.
func TestTrap29GuideWithTheWrongOrder(t *testing.T) {
	t.Parallel()
	got := string(sign.AppendAnswer(nil, "1722850421", "d824f2e0", []byte("{}")))
	if got != "1722850421\nd824f2e0\n{}\n" {
		t.Errorf("lines = %q", got)
	}
}
