// Command without is what its neighbour is without the description.
package main

import (
	"encoding/json"
	"fmt"
	"net/url"
)

func main() {
	op, err := url.Parse("https://api.mch.weixin.qq.com/v3/certificates")
	text, _ := json.Marshal(op)
	fmt.Println(true, len(text) > 0, err)
}
