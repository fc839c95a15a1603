package generate

import (
	"go/token"
	"strings"
	"unicode"

	"github.com/wxpay-go/wxpay/cmd/internal/naming"
)

// exported is the Go name of a name of the protocol: "sub_mchid" is SubMchID.
func exported(name string) string { return naming.Exported(name) }

// words splits a name of the protocol, in lower case.
func words(name string) []string { return naming.Words(name) }

// taken are names that generated functions use for themselves.
var taken = map[string]bool{"ctx": true, "in": true, "n": true, "opts": true, "req": true, "wx": true, "wxpay": true}

// unexported is the Go name of a parameter: "service_id" is serviceID.
func unexported(name string) string {
	list := words(name)
	s := list[0] + naming.Join(list[1:])
	if token.IsKeyword(s) || taken[s] {
		s += "Value"
	}
	return s
}

// constant is the name of one value of an enumeration: the type's name and the
// words of the value, without those that the type's name ends in already. It is
// "" for a value that makes no name in ASCII: such a value stays without one.
func constant(typ, value string) string {
	list := words(value)
	if len(list) == 0 || strings.ContainsFunc(value, func(r rune) bool { return r > unicode.MaxASCII }) {
		return ""
	}
	lower, skip := strings.ToLower(typ), 0
	for k := 1; k < len(list); k++ {
		if strings.HasSuffix(lower, strings.Join(list[:k], "")) {
			skip = k
		}
	}
	if skip == 0 && strings.HasPrefix(value, "-") {
		typ += "Minus"
	}
	return typ + naming.Join(list[skip:])
}

// fileName is a Go name in the spelling of files: "QSPreEntrustSign" is
// qs_pre_entrust_sign.
func fileName(name string) string {
	var b strings.Builder
	letters := []rune(name)
	for i, r := range letters {
		if i > 0 && unicode.IsUpper(r) {
			next := i+1 < len(letters) && unicode.IsLower(letters[i+1])
			if !unicode.IsUpper(letters[i-1]) || next {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
