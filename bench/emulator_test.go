package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// BenchmarkEmulator is what the emulator takes of one signed request on one
// core, beside a floor that does what no server can leave out: it verifies the
// request and signs the answer, 2048 bits each. The merchant's own signature
// is made outside.
//
// query is a GET of a contract, presign a POST that opens a signing session,
// each for a growing number of contracts in force.
func BenchmarkEmulator(b *testing.B) {
	for _, r := range asked() {
		b.Run(r.name, func(b *testing.B) {
			var answer []byte
			for _, contracts := range []int{1, 1_000, 100_000, 1_000_000} {
				b.Run(fmt.Sprintf("contracts=%d", contracts), func(b *testing.B) {
					answer = serveMany(b, full(b, contracts), r)
				})
			}
			b.Run("floor", func(b *testing.B) {
				serveMany(b, newFloorServer(answer), r)
			})
		})
	}
}

// BenchmarkEmulatorMemory is what contracts in force take of memory, each with
// all that finds it again. The floor is the bytes of their JSON alone.
func BenchmarkEmulatorMemory(b *testing.B) {
	const contracts = 1_000_000
	for b.Loop() {
		before := heap()
		e := full(b, contracts)
		b.ReportMetric(float64(heap()-before)/contracts, "B/contract")
		runtime.KeepAlive(e)
	}
}

// heap is how many bytes are in use.
func heap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// question is a request that can be asked again and again.
type question struct{ name, method, target, body string }

func asked() []question {
	const contracts = "/v3/password-exempt-contract/contracts"
	return []question{
		{"query", http.MethodGet, contracts + "/service-id/12535/out-contract-code/c0", ""},
		{"presign", http.MethodPost, contracts + "/normal/pre-entrust-sign/mini-program", `{"appid":"wxd678efh567hg6787","service_id":12535,` +
			`"out_contract_code":"another","notify_url":"https://127.0.0.1/notify","contract_display_account":"微信代扣用户A","openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}`},
	}
}

// serveMany measures the handler by one request, and returns its last answer.
func serveMany(b *testing.B, h http.Handler, q question) (answer []byte) {
	b.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	ask := q.asker(b, h)
	measure(b, func() (err error) {
		answer, err = ask()
		return err
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
	return answer
}

// asker asks the handler; the request is signed once a minute.
func (q question) asker(tb testing.TB, h http.Handler) func() ([]byte, error) {
	tb.Helper()
	creds := emulated()
	merchant := &floor{mchID: creds.MchID, serial: creds.MerchantSerial(), key: creds.MerchantKey}
	var signed time.Time
	var authorization string
	return func() (_ []byte, err error) {
		if now := time.Now(); now.Sub(signed) > time.Minute {
			signed = now
			if authorization, err = merchant.authorization(q.method, q.target, []byte(q.body)); err != nil {
				return nil, err
			}
		}
		return q.ask(h, authorization)
	}
}

func (q question) ask(h http.Handler, authorization string) ([]byte, error) {
	req := httptest.NewRequestWithContext(context.Background(), q.method, q.target, strings.NewReader(q.body))
	req.Header = http.Header{
		"Accept": {"application/json"}, "User-Agent": {"bench/1.0"}, "Content-Type": {"application/json"},
		"Authorization": {authorization}, "Wechatpay-Serial": {emulated().PublicKeyID},
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	if w.Code != http.StatusOK || w.Header().Get("Wechatpay-Signature") == "" {
		return nil, fmt.Errorf("%s is answered with %d: %s", q.name, w.Code, w.Body)
	}
	return w.Body.Bytes(), nil
}

// full is an emulator with that many contracts in force, each of a user of its
// own.
func full(tb testing.TB, contracts int) *emulator.Emulator {
	tb.Helper()
	e, err := emulator.New(emulator.Config{Credentials: emulated()})
	if err != nil {
		tb.Fatal(err)
	}
	for i := range contracts {
		_, err := e.AddContract(emulator.Contract{
			Kind: "service_id", Plan: 12535, Code: "c" + strconv.Itoa(i),
			AppID: "wxd678efh567hg6787", OpenID: "oUpF8uMuAJO_M2pxb1Q9zNjW" + strconv.Itoa(i),
			DisplayAccount: "微信代扣用户A", NotifyURL: "https://127.0.0.1/notify",
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	return e
}

// emulated are the keys of both sides, made once.
var emulated = sync.OnceValue(func() *emulator.Credentials {
	creds, err := emulator.NewCredentials("1900000109", time.Now())
	if err != nil {
		panic(err) // the random source of the system is broken
	}
	return creds
})

func newFloorServer(answer []byte) *floorServer {
	c := emulated()
	return &floorServer{&c.MerchantKey.PublicKey, c.PublicKeySigner, c.PublicKeyID, answer}
}
