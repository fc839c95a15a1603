// Command with carries the description and asks it one question.
package main

import (
	"encoding/json"
	"fmt"

	"github.com/wxpay-go/wxpay/spec"
)

func main() {
	op, _, ok := spec.Match("GET", "/v3/certificates")
	text, err := json.Marshal(op)
	fmt.Println(ok, len(text) > 0, err)
}
