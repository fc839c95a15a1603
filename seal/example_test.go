package seal_test

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"

	"github.com/wxpay-go/wxpay/seal"
)

func ExampleOpen() {
	plain, err := seal.Open([]byte("testAPIv3Key0000"), seal.Resource{ // a published test key; a real one has 32 bytes
		Algorithm:      seal.Algorithm,
		Ciphertext:     "FsdXzxryWfKwvLJKf8LG/ToRPTRh8RN9wROC",
		AssociatedData: "Dl56FrqWQJF1t9LtC3vEUsniZKvbqdR8",
		Nonce:          "wCq51qZv4Yfg",
	})
	fmt.Printf("%s %v\n", plain, err)
	// Output:
	// Hello World <nil>
}

func ExampleClose() {
	r, err := seal.Close([]byte("testAPIv3Key0000"), []byte("Hello World"), "Dl56FrqWQJF1t9LtC3vEUsniZKvbqdR8", "wCq51qZv4Yfg")
	fmt.Println(r.Ciphertext, err)
	// Output:
	// FsdXzxryWfKwvLJKf8LG/ToRPTRh8RN9wROC <nil>
}

func ExampleDecryptField() {
	key, err := rsa.GenerateKey(rand.Reader, 2048) // in life: sign.ParsePrivateKey
	if err != nil {
		fmt.Println(err)
		return
	}
	sealed, err := seal.EncryptField(&key.PublicKey, "张三")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(seal.DecryptField(key, sealed))
	// Output:
	// 张三 <nil>
}

func ExampleCheckAPIv3Key() {
	fmt.Println(seal.CheckAPIv3Key("0123456789abcdef0123456789ABCDE"))
	// Output:
	// seal: key: key has 31 bytes, not 32; give the APIv3 key (APIv3密钥) as it was set in the merchant console, without blanks or a line break
}
