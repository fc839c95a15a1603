package diagnose

import (
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// lines are the five that a merchant signs or, of an answer, the last three.
type lines struct {
	answer                                 bool
	method, target, timestamp, nonce, body string
}

func (l lines) String() string { return join(l, "\n") + "\n" }

func join(l lines, with string) string {
	list := []string{l.method, l.target, l.timestamp, l.nonce, l.body}
	if l.answer {
		list = list[2:]
	}
	return strings.Join(list, with)
}

// manyBytes is the size of a body from which on no pairs of mistakes are
// tried: each costs a hash of it.
const manyBytes = 16 << 10

// texts are the texts that may have been signed, the likeliest first: the right
// one, one mistake, a mistake in the way that the lines are joined, and two
// mistakes of different lines.
func (s *search) texts() iter.Seq2[string, []Cause] {
	return func(yield func(string, []Cause) bool) {
		right := s.right
		if !yield(right.String(), nil) {
			return
		}
		bodies, others := s.bodies(), s.others(right)
		for _, list := range [][]variant{bodies, others} {
			for _, v := range list {
				if !yield(v.lines(right).String(), v.causes) {
					return
				}
			}
		}
		if !framed(right, nil, yield) || !s.clocks(right, yield) || len(right.body) > manyBytes {
			return
		}
		for _, b := range bodies {
			if !framed(b.lines(right), b.causes, yield) {
				return
			}
			for _, o := range others {
				if !yield(o.lines(b.lines(right)).String(), slices.Concat(o.causes, b.causes)) {
					return
				}
			}
		}
		for _, o := range others {
			if !framed(o.lines(right), o.causes, yield) {
				return
			}
		}
	}
}

// variant changes some of the lines.
type variant struct {
	causes []Cause
	lines  func(lines) lines
}

// others are the mistakes in the lines above the body.
func (s *search) others(right lines) []variant {
	var list []variant
	add := func(cause Cause, change func(*lines)) {
		changed := right
		if change(&changed); changed != right {
			list = append(list, variant{[]Cause{cause}, func(l lines) lines { change(&l); return l }})
		}
	}
	if !right.answer {
		for _, t := range s.targets() {
			add(t.cause, func(l *lines) { l.target = t.text })
		}
		add(LowerMethod, func(l *lines) { l.method = strings.ToLower(l.method) })
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			add(OtherMethod, func(l *lines) { l.method = method })
		}
	}
	add(Swapped, func(l *lines) { l.timestamp, l.nonce = l.nonce, l.timestamp })
	add(CasedNonce, func(l *lines) { l.nonce = strings.ToLower(l.nonce) })
	add(CasedNonce, func(l *lines) { l.nonce = strings.ToUpper(l.nonce) })
	add(NoNonce, func(l *lines) { l.nonce = "" })
	return list
}

type targetText struct {
	cause Cause
	text  string
}

// targets are the addresses that may have been signed in place of the one that
// was sent.
func (s *search) targets() []targetText {
	sent := s.right.target
	path, query, _ := strings.Cut(sent, "?")
	list := []targetText{
		{NoQuery, path},
		{AbsoluteTarget, "https://" + s.host + sent},
		{AbsoluteTarget, "http://" + s.host + sent},
		{AbsoluteTarget, "https://api.mch.weixin.qq.com" + sent},
		{AbsoluteTarget, s.host + sent},
		{NoSlash, strings.TrimPrefix(sent, "/")},
		{TrailingSlash, path + "/"},
		{TrailingSlash, strings.TrimSuffix(path, "/")},
	}
	if query != "" {
		list = append(list, targetText{TrailingSlash, path + "/?" + query}, targetText{NoQuery, path + "?"})
	}
	return append(append(list, recoded(path, query)...), targetText{LowerTarget, strings.ToLower(sent)})
}

// recoded are the addresses that an URL library makes of a decoded one.
func recoded(path, query string) []targetText {
	mark := ""
	if query != "" {
		mark = "?"
	}
	list := []targetText{{HexCase, hexCase(path, strings.ToLower) + mark + hexCase(query, strings.ToLower)}, {HexCase, hexCase(path, strings.ToUpper) + mark + hexCase(query, strings.ToUpper)}}
	if plain, err := url.PathUnescape(path); err == nil {
		list = append(list,
			targetText{DecodedTarget, plain + mark + query},
			targetText{EncodedTarget, (&url.URL{Path: plain}).EscapedPath() + mark + query})
		if q, err := url.QueryUnescape(query); err == nil {
			list = append(list, targetText{DecodedTarget, plain + mark + q})
		}
	}
	if q, err := url.QueryUnescape(query); err == nil {
		list = append(list, targetText{DecodedTarget, path + mark + q}, targetText{EncodedTarget, path + mark + reencode(query)})
	}
	if values, err := url.ParseQuery(query); err == nil {
		list = append(list, targetText{SortedQuery, path + mark + values.Encode()}, targetText{SortedQuery, path + mark + strings.ReplaceAll(values.Encode(), "+", "%20")})
	}
	return append(list,
		targetText{EncodedTarget, path + mark + strings.ReplaceAll(query, "+", "%20")},
		targetText{EncodedTarget, path + mark + strings.ReplaceAll(query, "%20", "+")},
		targetText{EncodedTarget, (&url.URL{Path: path}).EscapedPath() + mark + query}, // encoded twice
		targetText{EncodedTarget, path + mark + strings.ReplaceAll(query, "%", "%25")})
}

// reencode encodes each value of a query anew, in the order that it has.
func reencode(query string) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(value)
		if ok && err == nil {
			pairs[i] = name + "=" + url.QueryEscape(plain)
		}
	}
	return strings.Join(pairs, "&")
}

// hexCase changes the case of the digits behind each percent sign.
func hexCase(s string, change func(string) string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:], change(string(b[i+1:i+3])))
		}
	}
	return string(b)
}

// framed are the mistakes in the way that lines are put together.
func framed(l lines, also []Cause, yield func(string, []Cause) bool) bool {
	whole := l.String()
	for _, f := range []struct {
		cause Cause
		text  string
	}{
		{NoLastBreak, strings.TrimSuffix(whole, "\n")},
		{NoBodyLine, strings.TrimSuffix(whole, l.body+"\n")},
		{NoBodyLine, strings.TrimSuffix(whole, "\n"+l.body+"\n")},
		{ExtraBreak, whole + "\n"},
		{WindowsBreaks, strings.ReplaceAll(whole, "\n", "\r\n")},
		{WindowsBreaks, join(l, "\r\n") + "\r\n"},
		{EscapedBreaks, join(l, `\n`) + `\n`},
		{EscapedBreaks, join(l, `\n`)},
		{NoBreaks, join(l, "")},
		{AnswerForm, l.timestamp + "\n" + l.nonce + "\n" + l.body + "\n"},
		{BodyAlone, l.body},
	} {
		if !yield(f.text, append(slices.Clone(also), f.cause)) {
			return false
		}
	}
	return true
}

// clockReach is how many seconds apart two readings of a clock may be, for one
// request.
const clockReach = 120

// clocks are the other times that may have been signed: in milliseconds, or
// read from the clock a second time.
func (s *search) clocks(l lines, yield func(string, []Cause) bool) bool {
	seconds, err := strconv.ParseInt(l.timestamp, 10, 64)
	if err != nil {
		return true
	}
	for d := int64(1); d <= clockReach; d++ {
		for _, other := range []int64{seconds + d, seconds - d} {
			l.timestamp = strconv.FormatInt(other, 10)
			if !yield(l.String(), []Cause{TwoTimes}) {
				return false
			}
		}
	}
	if len(l.body) > manyBytes {
		return true
	}
	for ms := range int64(1000) {
		l.timestamp = strconv.FormatInt(seconds*1000+ms, 10)
		if !yield(l.String(), []Cause{MillisecondText}) {
			return false
		}
	}
	return true
}
