package coverage_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/coverage"
	"github.com/wxpay-go/wxpay/emulator"
)

const (
	terminate = "POST /v3/password-exempt-contract/contracts/service-id/{service_id}/out-contract-code/{out_contract_code}/terminate"
	other     = "POST /v3/credit-repayment/partner/contracts/h5-presign"
)

// none is everything there is, and nothing of it met.
func none(t *testing.T) emulator.Coverage {
	t.Helper()
	e, err := emulator.New(emulator.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e.Coverage()
}

func names(list []coverage.Item) string {
	var names []string
	for _, item := range list {
		names = append(names, item.Kind+" "+item.Name)
	}
	return strings.Join(names, "\n")
}

func TestMissing(t *testing.T) {
	t.Parallel()
	met := none(t)
	met.Endpoints[terminate]++
	met.States["SIGNED"] = 2
	met.Events["ENTRUST.SIGN"]++
	met.Deliveries["probe"]++
	tests := []struct {
		name            string
		require, except []string
		has, lacks      []string
		count           int // -1 is any
	}{
		{"contracts", []string{"contracts"}, nil,
			[]string{"contract state TERMINATED", "bad delivery stale", "event ENTRUST.TERMINATE", "endpoint GET /v3/password-exempt-contract/"},
			[]string{"SIGNED\n", "probe", "ENTRUST.SIGN\n", terminate + "\n", "credit-repayment", "INSURANCE", "error "}, -1},
		{"but not the other roles", []string{"contracts"}, []string{"*/contracts/qs/*", "*/service-provider/*"},
			[]string{"/normal/"}, []string{"/qs/", "/service-provider/"}, -1},
		{"a thing that was met", []string{"SIGNED", "ENTRUST.SIGN", terminate}, nil, nil, nil, 0},
		{"a thing that was not", []string{"TERMINATED", "states"}, []string{"TO_*", "SIGN_*"}, []string{"contract state TERMINATED", "PRE_SIGNED"}, nil, 2},
		{"a product", []string{"credit-repayment"}, nil, []string{"endpoint " + other, "event CREDIT_REPAYMENT.SIGN_CONTRACT"}, []string{"papay"}, -1},
		{"nothing", nil, nil, nil, nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			list, err := coverage.Missing(met, tt.require, tt.except)
			if err != nil || tt.count >= 0 && len(list) != tt.count {
				t.Fatalf("%d missing, %v:\n%s", len(list), err, names(list))
			}
			for _, part := range tt.has {
				if !strings.Contains(names(list), part) {
					t.Errorf("%q is not among\n%s", part, names(list))
				}
			}
			for _, part := range tt.lacks {
				if strings.Contains(names(list)+"\n", " "+part) || strings.HasPrefix(part, "/") && strings.Contains(names(list), part) {
					t.Errorf("%q is among\n%s", part, names(list))
				}
			}
		})
	}
}

// A gate that nothing has passed through is shut.
func TestNothingMetIsMissing(t *testing.T) {
	t.Parallel()
	list, err := coverage.Missing(none(t), []string{"contracts"}, []string{"*"})
	if err != nil || len(list) != 1 || !strings.Contains(list[0].Name, "any one") {
		t.Errorf("%v, %v", list, err)
	}
}

func TestUnknownRequirement(t *testing.T) {
	t.Parallel()
	_, err := coverage.Missing(none(t), []string{"SIGNED", "contract"}, nil)
	if unknown, ok := errors.AsType[*coverage.UnknownError](err); !ok || unknown.Name != "contract" {
		t.Errorf("error = %v", err)
	}
}

func TestGroupsSayWhatThingsAre(t *testing.T) {
	t.Parallel()
	met := none(t)
	met.Endpoints[terminate]++
	groups := coverage.Groups(met)
	if g := groups[0]; g.Kind != "endpoint" || g.Met != 1 || len(g.Items) < 1000 {
		t.Errorf("%s: %d of %d", g.Kind, g.Met, len(g.Items))
	}
	for _, item := range groups[0].Items {
		if item.Product == "" || item.Title == "" {
			t.Errorf("%+v says not what it is", item)
		}
	}
}
