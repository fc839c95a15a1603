module github.com/wxpay-go/wxpay/cmd

go 1.26.0

require github.com/wxpay-go/wxpay v0.0.0

replace github.com/wxpay-go/wxpay => ../
