// Firstcall makes the safest call there is: it asks WeChat Pay to send a
// message back. It moves no money and changes nothing.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/api/security"
)

func main() {
	cfg, err := wxpay.ConfigFromEnv() // the WECHATPAY_* variables
	if err != nil {
		log.Fatal(err)
	}
	wx, err := wxpay.New(cfg)
	if err != nil {
		log.Fatal(err)
	}
	out, err := security.Echo(context.Background(), wx, &security.EchoRequest{EchoMessage: "hello"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.EchoMessage)
}
