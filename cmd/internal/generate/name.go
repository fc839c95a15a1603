package generate

import (
	"go/token"
	"strings"
	"unicode"

	"github.com/wxpay-go/wxpay/cmd/internal/describe"
)

// words splits a name of the protocol: at anything that is no letter or digit,
// and where a small letter is followed by a capital one.
func words(name string) []string {
	var out []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			out = append(out, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	small := false
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			small = false
			continue
		case small && unicode.IsUpper(r):
			end()
		}
		word.WriteRune(r)
		small = unicode.IsLower(r)
	}
	end()
	return out
}

// exported is the Go name of a name of the protocol: "sub_mchid" is SubMchID.
func exported(name string) string {
	var b strings.Builder
	for _, w := range words(name) {
		if s, ok := describe.Initialisms[w]; ok {
			b.WriteString(s)
			continue
		}
		b.WriteString(strings.ToUpper(w[:1]) + w[1:])
	}
	return b.String()
}

// taken are names that generated functions use for themselves.
var taken = map[string]bool{"ctx": true, "in": true, "n": true, "opts": true, "req": true, "wx": true, "wxpay": true}

// unexported is the Go name of a parameter: "service_id" is serviceID.
func unexported(name string) string {
	list := words(name)
	rest := exported(strings.Join(list[1:], "_"))
	s := list[0] + rest
	if token.IsKeyword(s) || taken[s] {
		s += "Value"
	}
	return s
}

// constant is the name of one value of an enumeration: the type's name and the
// words of the value, without those that the type's name ends in already.
func constant(typ, value string) string {
	list := words(value)
	lower, skip := strings.ToLower(typ), 0
	for k := 1; k < len(list); k++ {
		if strings.HasSuffix(lower, strings.Join(list[:k], "")) {
			skip = k
		}
	}
	return typ + exported(strings.Join(list[skip:], "_"))
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
