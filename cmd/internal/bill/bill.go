// Package bill asks for bills (账单) and downloads them: whole, with their digest
// checked, or not at all under their own name.
package bill

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/caller"
	"github.com/wxpay-go/wxpay/spec"
)

// paramDate is the day of a bill, in every endpoint that answers one.
const paramDate = "bill_date"

// Kind is a bill that can be asked for by its day.
type Kind struct {
	Name      string // "trade", "ecommerce-fundflow"
	Operation *spec.Operation
}

// Kinds are all of the description: the endpoints that take a day and answer
// where a file is.
func Kinds() (list []Kind) {
	for method, path := range spec.Addresses() {
		if method != http.MethodGet || !strings.Contains(path, "bill") {
			continue
		}
		op, ok := spec.Lookup(method, path)
		if ok && hasDate(op) && op.Response != nil && answersFile(op.Response) {
			list = append(list, Kind{nameOf(path), op})
		}
	}
	slices.SortFunc(list, func(a, b Kind) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func hasDate(op *spec.Operation) bool {
	return slices.ContainsFunc(op.Params, func(f spec.Field) bool { return f.Name == paramDate })
}

func answersFile(f *spec.Field) bool {
	if f.Items != nil && answersFile(f.Items) {
		return true
	}
	return slices.ContainsFunc(f.Fields, func(m spec.Field) bool { return m.Name == "download_url" || answersFile(&m) })
}

// nameOf is the path without what every bill has in it.
func nameOf(path string) string {
	var words []string
	for word := range strings.SplitSeq(strings.TrimPrefix(path, "/v3/"), "/") {
		switch word = strings.TrimSuffix(strings.TrimSuffix(word, "-download-url"), "bill"); {
		case strings.HasPrefix(word, "{"), word == "", word == "bills", word == "bill-type":
		default:
			words = append(words, strings.TrimSuffix(word, "-"))
		}
	}
	return strings.Join(words, "-")
}

// Find returns the kind of a name. The error names those that were perhaps
// meant.
func Find(name string) (Kind, error) {
	kinds := Kinds()
	var names []string
	for _, k := range kinds {
		if k.Name == name {
			return k, nil
		}
		names = append(names, k.Name)
	}
	near := caller.Nearest(name, names)
	if len(near) == 0 {
		return Kind{}, fmt.Errorf("there is no bill %q; there are %s", name, strings.Join(names, ", "))
	}
	return Kind{}, fmt.Errorf("there is no bill %q; nearest: %s", name, strings.Join(near, ", "))
}

// Address is where a file is, and its digest.
type Address struct {
	URL       string `json:"download_url"`
	HashType  string `json:"hash_type"`
	HashValue string `json:"hash_value"`
	Sequence  int    `json:"bill_sequence"` // of several
	Sealed    string `json:"encrypt_key"`   // the file is encrypted, with a key that this holds
}

// Ask asks for the addresses of a day's bill. fields are as
// [caller.Request.Fields]; gzip asks for a packed file, where the endpoint
// knows that. Mistakes in the fields are [*caller.Error]s.
func (k Kind) Ask(ctx context.Context, wx *wxpay.Client, key crypto.Signer, date string, gzip bool, fields []string) ([]Address, error) {
	if date != "" {
		fields = append(fields[:len(fields):len(fields)], paramDate+"="+date)
	}
	if gzip {
		if !slices.ContainsFunc(k.Operation.Params, func(f spec.Field) bool { return f.Name == "tar_type" }) {
			return nil, &caller.Error{Field: "tar_type", Rule: "is not known to this bill", Remedy: "do without --gzip"}
		}
		fields = append(fields, "tar_type=GZIP")
	}
	call, err := caller.Prepare(caller.Request{Method: k.Operation.Method, Path: k.Operation.Path, Fields: fields})
	if err != nil {
		return nil, err
	}
	answer, err := call.Do(ctx, wx, key)
	if err != nil {
		return nil, err
	}
	return addresses(answer.Body)
}

// addresses finds them in an answer: the one, or a list.
func addresses(body []byte) ([]Address, error) {
	var answer struct {
		Address
		List []Address `json:"download_bill_list"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("the answer names no file: %w", err)
	}
	list := answer.List
	if answer.URL != "" {
		list = append(list, answer.Address)
	}
	if len(list) == 0 {
		return nil, errors.New("the answer names no file: there is no bill of that day")
	}
	return list, nil
}
