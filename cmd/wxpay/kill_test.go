package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

const (
	kills   = 100
	clients = 3   // that work at once
	busy    = 150 // a program is killed within its first so many moments
	user    = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
	app     = "wxd678efh567hg6787"
	heard   = "https://shop.example/n"

	pathPay    = "/v3/pay/transactions/jsapi"
	pathPre    = "/v3/password-exempt-contract/contracts/normal/pre-entrust-sign/mini-program"
	pathDeduct = "/v3/papay/pay/transactions/apply"
	pathRefund = "/v3/refund/domestic/refunds"
)

// TestKilled kills the emulator with SIGKILL at a hundred seeded moments while
// clients order, pay, refund, sign, deduct and terminate, and their receiver
// takes and refuses notifications. After each kill everything that was acknowledged is there,
// once; in the end every notification was delivered.
//
// A moment is a request that is sent, an answer that came, or a notification
// that arrived; the seed says at which one the program dies.
func TestKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	shop := newShop(t, filepath.Join(dir, "keys"))
	args := []string{"emulator", "--listen", "127.0.0.1:0", "--dir", shop.dir, "--data", filepath.Join(dir, "state"), "--forward-to", shop.receiver.URL}
	program := built(t, dir)
	for seed := range uint64(kills) {
		p := startProgram(t, program, args...)
		shop.opens(t, address.FindString(p.greeting(t)))
		shop.check(t, seed)
		shop.killedAt(t, p, moment(seed))
		if t.Failed() {
			t.Fatalf("seed %d, killed at moment %d", seed, moment(seed))
		}
	}
	t.Logf("killed with the seeds 0 to %d: %d orders, %d payments, %d contracts, %d terminations, %d deductions, %d refunds acknowledged",
		kills-1, len(shop.orders), len(shop.paid), len(shop.contracts), len(shop.ended), len(shop.deducted), len(shop.refunded))
	if len(shop.contracts) < kills || len(shop.ended) == 0 || len(shop.deducted) == 0 || len(shop.refunded) == 0 {
		t.Errorf("too little was done to be a test")
	}
	p := startProgram(t, program, args...)
	shop.opens(t, address.FindString(p.greeting(t)))
	shop.check(t, kills)
	shop.receivesAll(t)
	p.stopped(t)
}

// built is the program as users have it: without the race detector, with which
// a hundred starts take minutes.
func built(t *testing.T, dir string) string {
	t.Helper()
	program := filepath.Join(dir, "wxpay.exe") // a name that every system runs
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, text)
	}
	return program
}

// moment is when a program dies, made of the seed.
func moment(seed uint64) int {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, seed))
	return 1 + int(binary.BigEndian.Uint32(sum[:])%busy)
}

// shop is a merchant that remembers what it was told.
type shop struct {
	dir      string
	keys     *emulator.Credentials
	client   *http.Client
	receiver *httptest.Server
	base     string // of the emulator that runs now

	mu        sync.Mutex
	next      int
	orders    map[string]string // out_trade_no -> prepay_id
	paid      map[string]bool   // out_trade_no
	contracts map[string]string // out_contract_code -> contract_id
	ended     map[string]bool   // out_contract_code
	deducted  map[string]bool   // out_trade_no
	refunded  map[string]string // out_refund_no -> refund_id
	refused   map[string]int    // event id -> attempts that were refused
	accepted  map[string]int    // event id -> attempts that were accepted
	left      int               // moments until the program dies
	dies      func()
}

func newShop(t *testing.T, dir string) *shop {
	t.Helper()
	s := &shop{
		dir: dir, client: &http.Client{Transport: &http.Transport{}},
		orders: map[string]string{}, paid: map[string]bool{}, contracts: map[string]string{}, ended: map[string]bool{},
		deducted: map[string]bool{}, refunded: map[string]string{},
		refused: map[string]int{}, accepted: map[string]int{},
	}
	s.receiver = httptest.NewServer(http.HandlerFunc(s.receive))
	t.Cleanup(s.receiver.Close)
	t.Cleanup(s.client.CloseIdleConnections)
	return s
}

// opens begins to work with an emulator.
func (s *shop) opens(t *testing.T, base string) {
	t.Helper()
	s.base = base
	if s.keys != nil {
		return
	}
	var err error
	if s.keys, err = emulator.ReadFolder(s.dir); err != nil {
		t.Fatal(err)
	}
}

// tick counts one moment, and ends the program at its last.
func (s *shop) tick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left--; s.left == 0 && s.dies != nil {
		s.dies()
	}
}

// killedAt works until the program was killed. Work that fails before is a
// mistake, and ends the test.
func (s *shop) killedAt(t *testing.T, p *process, moments int) {
	t.Helper()
	s.remember(func() { s.left, s.dies = moments, func() { _ = p.Process.Kill() } })
	var group sync.WaitGroup
	for range clients {
		group.Go(func() {
			var err error
			for err == nil {
				err = s.work(t.Context())
			}
			s.remember(func() {
				if s.left > 0 {
					t.Errorf("with %d moments left: %v", s.left, err)
					s.left = 0
					s.dies()
				}
			})
		})
	}
	group.Wait()
	_ = p.Wait() // it was killed
	s.client.CloseIdleConnections()
}

// work makes one order and one contract, and what may follow, and remembers
// each answer.
func (s *shop) work(ctx context.Context) error {
	s.mu.Lock()
	s.next++
	n := s.next
	s.mu.Unlock()
	no := fmt.Sprintf("killed%06d", n)
	steps := []func(context.Context, string) error{s.buys, s.signs}
	switch n % 4 {
	case 0:
		steps = append(steps, s.ends)
	case 1:
		steps = append(steps, s.refunds)
	case 2:
		steps = append(steps, s.deducts)
	}
	for _, step := range steps {
		if err := step(ctx, no); err != nil {
			return err
		}
	}
	return nil
}

// buys makes an order and lets the user pay it.
func (s *shop) buys(ctx context.Context, no string) error {
	order, err := s.signed(ctx, pathPay, map[string]any{
		"appid": app, "mchid": s.keys.MchID, "description": "a test", "out_trade_no": no,
		"notify_url": heard, "amount": map[string]any{"total": 100}, "payer": map[string]any{"openid": user},
	})
	if err != nil {
		return err
	}
	prepay, _ := order["prepay_id"].(string)
	s.remember(func() { s.orders[no] = prepay })
	if _, err := s.admin(ctx, "/orders/"+prepay+"/pay", nil); err != nil {
		return err
	}
	s.remember(func() { s.paid[no] = true })
	return nil
}

// signs lets the user sign a contract.
func (s *shop) signs(ctx context.Context, no string) error {
	session, err := s.signed(ctx, pathPre, map[string]any{
		"appid": app, "service_id": 12535, "out_contract_code": no, "notify_url": heard, "contract_display_account": "a", "openid": user,
	})
	if err != nil {
		return err
	}
	contract, err := s.admin(ctx, fmt.Sprintf("/sessions/%v/agree", session["pre_entrustweb_id"]), nil)
	if err != nil {
		return err
	}
	id, _ := contract["contract_id"].(string)
	s.remember(func() { s.contracts[no] = id })
	return nil
}

// ends lets the user end the contract.
func (s *shop) ends(ctx context.Context, no string) error {
	if _, err := s.admin(ctx, "/contracts/"+s.contractOf(no)+"/terminate", nil); err != nil {
		return err
	}
	s.remember(func() { s.ended[no] = true })
	return nil
}

func (s *shop) contractOf(no string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.contracts[no]
}

// refunds gives a part of the order's money back.
func (s *shop) refunds(ctx context.Context, no string) error {
	refund, err := s.signed(ctx, pathRefund, map[string]any{
		"out_trade_no": no, "out_refund_no": no, "notify_url": heard,
		"amount": map[string]any{"refund": 40, "total": 100, "currency": "CNY"},
	})
	if err != nil {
		return err
	}
	id, _ := refund["refund_id"].(string)
	s.remember(func() { s.refunded[no] = id })
	return nil
}

// deducts deducts under a contract of the user's that was signed elsewhere.
func (s *shop) deducts(ctx context.Context, no string) error {
	const plan = 777
	if _, err := s.admin(ctx, fmt.Sprintf("/plans/%d", plan), map[string]any{"kind": "on-demand"}); err != nil {
		return err
	}
	code := "elsewhere" + no
	contract, err := s.admin(ctx, "/contracts", map[string]any{"plan": plan, "out_contract_code": code, "appid": app, "openid": user + no})
	if err != nil {
		return err
	}
	trade := "deducted" + no
	_, err = s.signed(ctx, pathDeduct, map[string]any{
		"appid": app, "out_trade_no": trade, "description": "a test", "transaction_notify_url": heard,
		"contract_id": contract["contract_id"], "amount": map[string]any{"total": 50, "currency": "CNY"},
	})
	if err != nil {
		return err
	}
	s.remember(func() { s.deducted[trade] = true })
	return nil
}

func (s *shop) remember(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// signed sends a POST of APIv3.
func (s *shop) signed(ctx context.Context, target string, body any) (map[string]any, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	auth := sign.Authorization{
		Scheme: sign.RSA.Scheme(), MchID: s.keys.MchID, Nonce: rand.Text(),
		Timestamp: strconv.FormatInt(time.Now().Unix(), 10), Serial: s.keys.MerchantSerial(),
	}
	message, err := sign.AppendRequest(nil, http.MethodPost, target, auth.Timestamp, auth.Nonce, text)
	if err != nil {
		return nil, err
	}
	signature, err := sign.RSA.Sign(s.keys.MerchantKey, message)
	if err != nil {
		return nil, err
	}
	auth.Signature = base64.StdEncoding.EncodeToString(signature)
	return s.post(ctx, target, text, auth.String())
}

// admin sends a request to the emulator itself.
func (s *shop) admin(ctx context.Context, path string, body map[string]any) (map[string]any, error) {
	if body == nil {
		return s.post(ctx, "/_wxpay"+path, nil, "")
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return s.post(ctx, "/_wxpay"+path, text, "")
}

func (s *shop) post(ctx context.Context, target string, body []byte, auth string) (map[string]any, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "test")
	if auth != "" {
		r.Header.Set("Authorization", auth)
	}
	s.tick()
	a, err := s.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		return nil, err
	}
	s.tick()
	if a.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("POST %s = %d %s", target, a.StatusCode, text)
	}
	var answer map[string]any
	return answer, json.Unmarshal(text, &answer)
}

// receive takes notifications. It refuses the first attempt of every other
// one, so that there is always one that waits for its next attempt.
func (s *shop) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var sent struct {
		ID       string
		Resource seal.Resource
	}
	if err == nil {
		err = json.Unmarshal(body, &sent)
	}
	if err == nil {
		_, err = seal.Open([]byte(s.keys.APIv3Key), sent.Resource)
	}
	s.tick()
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if sum := sha256.Sum256([]byte(sent.ID)); sum[0]%2 == 0 && s.refused[sent.ID] == 0 {
		s.refused[sent.ID]++
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	s.accepted[sent.ID]++
	w.WriteHeader(http.StatusNoContent)
}
