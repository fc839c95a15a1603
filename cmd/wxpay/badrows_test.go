package main

import "strings"

// readers are the places where a file is read: FILE stands for it. Each is
// given every kind that it cannot use.
var readers = []struct {
	line string
	code int      // 2, or 1 where a report says it
	can  []string // kinds that are fine there
}{
	{"call POST /v3/security/echo --data FILE", 2, nil},
	{"call POST /v3/merchant/media/upload file=@FILE", 2, []string{"binary", "text", "key.pem", "cert.pem", "image.png", "array.json", "two.json", "half.json", "noentries.har", "request.http"}},
	{"upload image FILE", 2, []string{"image.png"}},
	{"sign FILE", 2, []string{"request.http"}},
	{"verify FILE", 2, []string{"request.http"}},
	{"verify request.http --platform-cert-file FILE", 2, []string{"cert.pem"}},
	{"verify object.json --headers FILE", 2, []string{"request.http"}},
	{"decrypt FILE", 2, nil},
	{"trigger --fixture FILE", 2, nil},
	{"emulator import FILE --url $URL", 2, []string{"array.json", "noentries.har"}}, // the emulator refuses these
	{"emulator --listen 127.0.0.1:0 --dir $NEW --merchants FILE", 2, nil},
	{"emulator --listen 127.0.0.1:0 --dir $NEW --data FILE", 2, []string{"missing", "empty"}},
	{"emulator --listen 127.0.0.1:0 --dir $NEW --tls-cert FILE --tls-key FILE", 2, nil},
	{"emulator --listen 127.0.0.1:0 --dir FILE", 2, []string{"missing", "folder"}},
	{"env --dir FILE", 2, nil},
	{"certs list --dir FILE", 2, []string{"folder"}},
	{"certs export --dir FILE", 2, nil},
	{"listen list --store FILE", 2, []string{"empty"}},
	{"listen --listen 127.0.0.1:0 --store FILE", 2, []string{"missing", "empty"}},
	{"proxy --token-file FILE", 2, []string{"missing", "noentries.har"}}, // one long word could be a token
	{"init x --from FILE", 2, nil},
	{"init x --mchid 1900000109 --key-file FILE", 1, []string{"key.pem"}},
	{"init x --mchid 1900000109 --key-file key.pem --cert-file FILE", 1, []string{"cert.pem"}},
	{"init x --mchid 1900000109 --key-file key.pem --apiv3-key-file FILE", 1, nil},
	{"init x --mchid 1900000109 --key-file key.pem --public-key-file FILE", 1, nil},
	{"init x --mchid 1900000109 --key-file key.pem --platform-cert-file FILE", 1, nil},
}

// writers are the places where a file or a folder is written: FILE stands for
// what cannot be.
var writers = []string{
	"bill trade --date 2026-01-02 --output FILE",
	"call POST /v3/security/echo echo_message=x --output FILE",
	"certs export --output FILE",
	"emulator export FILE --url $URL",
	"trigger TRANSACTION.SUCCESS --output FILE",
}

var folderWriters = []string{"certs download --dir FILE", "certs watch --times 1 --dir FILE", "man --dir FILE", "proxy --token-file FILE/token", "listen --listen 127.0.0.1:0 --store FILE/inbox"}

func fileUses() (list []badUse) {
	kinds := []string{"missing", "folder", "huge", "key.pem", "cert.pem", "image.png"}
	for kind := range badFiles {
		if kind != "object.json" && kind != "image.png" {
			kinds = append(kinds, kind)
		}
	}
	for _, r := range readers {
		can := map[string]bool{}
		for _, kind := range r.can {
			can[kind] = true
		}
		for _, kind := range kinds {
			if !can[kind] {
				list = append(list, badUse{strings.ReplaceAll(r.line, "FILE", kind), r.code, ""})
			}
		}
	}
	for _, line := range writers {
		list = append(list, badUse{strings.ReplaceAll(line, "FILE", "folder"), 2, "folder"}, badUse{strings.ReplaceAll(line, "FILE", "none/x"), 2, "none/x"})
	}
	for _, line := range folderWriters {
		list = append(list, badUse{strings.ReplaceAll(line, "FILE", "text"), 2, "text"})
	}
	return list
}

// ownUses are the mistakes that are possible with one command alone.
var ownUses = []badUse{
	{"", 2, "name a command; wxpay --help lists them"},
	{"cal", 2, "nearest: call"},
	{"help frob", 2, `unknown command "frob"`},

	{"bill", 2, "name a bill: "},
	{"bill frob", 2, "there are ecommerce-fundflow, "},
	{"bill trad", 2, "nearest: trade"},
	{"bill trade --date yesterday", 2, "write it as 2026-01-02"},
	{"bill trade --date 2026-01-02 bill_typ=ALL", 2, "nearest: bill_type"},
	{"bill trade --date 2026-01-02 -o -", 2, "--output"},

	{"call", 2, "name method and path"},
	{"call GET", 2, "name method and path"},
	{"call GET /v3/certificate", 2, "nearest: GET /v3/certificates"},
	{"call POST /v3/certificates", 2, "it has GET"},
	{"call GET https://api.mch.weixin.qq.com/v3/certificates", 2, "give its path alone"},
	{"call POST /v3/security/echo echo_messag=x", 2, "nearest: echo_message"},
	{"call POST /v3/security/echo hello", 2, "write name=value"},
	{"call POST /v3/security/echo echo_message:=x", 2, "must be JSON after :="},
	{"call POST /v3/security/echo --data -", 2, "--data -: the body must be a JSON object, and is empty"},
	{"call POST /v3/security/echo --data half.json", 2, "--data half.json: the body must be a JSON object, and ends too early"},
	{"call POST /v3/security/echo --data array.json", 2, "and is something else"},
	{"call POST /v3/security/echo --data two.json", 2, "and something follows it"},
	{"call POST /v3/security/echo --data text", 2, "and is broken at byte 1"},
	{"call POST /v3/pay/transactions/jsapi amount.total=many", 2, "amount.total must be an integer"},
	{"call POST /v3/pay/transactions/jsapi amount.totl=1", 2, "nearest: total"},
	{"call POST /v3/pay/transactions/jsapi", 2, "payer.openid is required"},
	{"call GET /v3/certificates --dry-run --output x", 2, "--dry-run and --output contradict each other"},
	{"call GET /v3/certificates --digest SHA1:00", 2, "--digest is of a file"},
	{"call GET /v3/merchant-service/images/MEDIA_ID --output photo.png --profile page", 1, "is a web page and not the file"},
	{"v3 securty", 2, "nearest: security"},
	{"v3 security echo hello", 2, `has no "hello"`},
	{"v3 security echo echo_messag=x", 2, "nearest: echo_message"},

	{"certs lst", 2, "nearest: list"},
	{"certs watch --interval 1s", 2, "must be 1m0s or more"},
	{"certs watch --times -1", 2, "less than nothing"},
	{"certs export A B", 2, "name one serial"},
	{"certs export FFFF", 2, "no certificate has the serial FFFF"},
	{"certs export --format xml", 2, "neither pem nor der"},
	{"completion frob", 2, "name one of bash"},
	{"coverage --url foo", 2, "is no address"},
	{"coverage --url ftp://127.0.0.1", 2, "is no address"},
	{"coverage --url http://127.0.0.1:1", 3, "no emulator answers"},
	{"coverage --url $PAGE", 1, "is no emulator"},
	{"coverage --url $URL --require FROB", 2, "--require"},
	{"decrypt", 2, "name one file"},
	{"decrypt -", 2, "standard input: is empty"},
	{"decrypt --field frob", 1, "does not open"},
	{"decrypt --field frob file", 2, "takes no arguments"},
	{"docs frobnicate", 1, "nothing is found"},
	{"docs GET /v3/certificatez", 2, "nearest: GET /v3/certificates"},
	{"docs --limit -1", 2, "--limit"},
	{"docs --serve papay", 2, "--serve takes no words"},
	{"docs --serve --listen $TAKEN", 3, "choose another port"},
	{"docs --listen 127.0.0.1:0 --limit 1 --listen 127.0.0.1:1", 2, "--listen is for --serve"},
	{"doctor --profile down", 3, "connection/refused"},
	{"emulator exprt", 2, "nearest: export"},
	{"emulator export", 2, "takes one file"},
	{"emulator export x --url http://127.0.0.1:1", 3, "no emulator answers"},
	{"emulator export x --url $PAGE", 1, "is no emulator"},
	{"emulator export x --url $URL --mchid ../x", 1, "there is no merchant ../x"},
	{"emulator import array.json --url $URL", 1, "something else than array is wanted"},
	{"emulator import - --url $URL", 2, "standard input: is not the JSON document"},
	{"emulator import array.json --url $PAGE", 1, "is no emulator"},
	{"emulator --listen 127.0.0.1:0 --dir $NEW --proxy $TAKEN", 3, "choose another port"},
	{"emulator --listen 127.0.0.1:0 --dir $NEW --keys frob", 2, "use both, public-key or certificate"},
	{"emulator --listen 127.0.0.1:0 --dir $NEW --clock noon", 2, "--clock"},
	{"emulator --listen 127.0.0.1:0 --dir $NEW --forward-to foo", 2, "ForwardTo"},
	{"encrypt", 2, "standard input is empty"},
	{"encrypt --nonce 1", 2, "give --resource too"},
	{"env --dir of-shop --lang cobol", 2, "is none of"},
	{"env --dir of-shop --proxy foo", 2, "--proxy"},
	{"init ../x", 2, "is no name of a profile"},
	{"init a b", 2, "one name is enough"},
	{"init x --mchid abc", 1, "mchid/no-number"},
	{"init --list --default x", 2, "--default and --list contradict each other"},
	{"init --default none", 2, "there is no profile none"},
	{"init --remove none", 2, "there is no profile none"},
	{"init x", 2, "nothing is known of the merchant"},

	{"listen lst", 2, "nearest: list"},
	{"listen --forward-to foo", 2, "is no URL"},
	{"listen --forward-to https://shop.example/x", 2, "--allow-remote"},
	{"listen list --store missing", 2, "missing is not there"},
	{"listen show", 2, "name the id of a notification"},
	{"listen show EV-1 --store missing", 2, "missing is not there"},
	{"listen replay", 2, "name the ids to replay"},
	{"listen replay EV-1", 2, "--forward-to"},
	{"listen replay EV-1 --all --forward-to http://127.0.0.1:1", 2, "name the ids to replay"},
	{"man call frob", 2, `there is no command "call frob"`},
	{"openapi --product frob", 2, `no product is called "frob"`},
	{"sign", 2, "name one file"},
	{"sign -", 2, "standard input: is empty"},
	{"sign request.http --canonical --raw", 2, "--canonical and --raw contradict each other"},
	{"sign request.http --timestamp noon", 2, "--timestamp"},
	{"sign --pay frob", 2, "none of jsapi, miniprogram, app"},
	{"sign --pay jsapi", 2, "needs --appid and --prepay-id"},
	{"trigger", 2, "name an event"},
	{"trigger TRANSACTION.SUCCES", 2, "nearest: TRANSACTION.SUCCESS"},
	{"trigger TRANSACTION.SUCCESS amount.totl=1", 2, "nearest: total"},
	{"trigger TRANSACTION.SUCCESS http://127.0.0.1:1/notify", 3, "no answer from http://127.0.0.1:1/notify: connect: connection refused"},
	{"trigger TRANSACTION.SUCCESS https://shop.example/notify", 2, "--allow-remote"},
	{"trigger TRANSACTION.SUCCESS --fault frob", 2, "none of stale"},
	{"trigger TRANSACTION.SUCCESS --dir folder", 2, "has no keys of an emulator"},
	{"trigger --list --dry-run", 2, "--dry-run and --list contradict each other"},
	{"upload image", 2, "name a kind and a file"},
	{"upload imag image.png", 2, "there are complaint-image, image"},
	{"verify object.json", 2, "give them with --headers"},
	{"verify -", 2, "standard input: is empty"},
	{"verify request.http", 1, ""},
	{"verify object.json --at noon", 2, "--at"},
	{"verify object.json --at now --ignore-clock", 2, "--at and --ignore-clock contradict each other"},
}
