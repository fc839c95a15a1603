package wxpay_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/sign"
)

func TestDoSignsWhatItSends(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{"echo_message":"hello","new_field":[1]}`}}}
	cfg := config(a.do)
	cfg.Language = "en"
	out, err := callEcho(newClient(t, cfg))
	if err != nil {
		t.Fatal(err)
	}
	if out.Message != "hello" {
		t.Errorf("message = %q", out.Message)
	}
	s := a.sent[0]
	auth := verifySent(t, s)
	if auth.MchID != "1900007291" || auth.Serial != merchantSerial || auth.Timestamp != "1722850421" || len(auth.Nonce) != 32 {
		t.Errorf("authorization = %+v", auth)
	}
	for name, want := range map[string]string{
		"Accept": "application/json", "Content-Type": "application/json", "Accept-Language": "en",
		"Wechatpay-Serial": publicKeyID, "User-Agent": "wxpay-go/" + wxpay.Version,
	} {
		if got := s.header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if s.body != `{"echo_message":"hello"}` {
		t.Errorf("body = %s", s.body)
	}
}

// Trap 6: what is signed is what is sent, without the line feed and the
// escapes of json.Encoder.
func TestTrap06BodyIsEncodedOnce(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{}`}}}
	wx := newClient(t, config(a.do))
	if err := wx.At("v3/x").Post(t.Context(), map[string]string{"a": "<&>"}, nil); err != nil {
		t.Fatal(err)
	}
	if got := a.sent[0].body; got != `{"a":"<&>"}` {
		t.Errorf("body = %s", got)
	}
	verifySent(t, a.sent[0])
}

// Trap 8: a GET has no body and signs an empty line; the query is signed.
func TestTrap08GetSignsItsQuery(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{}`}}}
	wx := newClient(t, config(a.do))
	err := wx.Chain("v3/pay/x").Get(t.Context(), nil, wxpay.Query("sub_mchid", "19000 00109"), wxpay.Query("名", 7))
	if err != nil {
		t.Fatal(err)
	}
	s := a.sent[0]
	if s.target != "/v3/pay/x?sub_mchid=19000%2000109&%E5%90%8D=7" || s.body != "" || s.header.Get("Content-Type") != "" {
		t.Errorf("sent %+v", s)
	}
	verifySent(t, s)
}

// Trap 9: path values are escaped once and never re-cased.
func TestTrap09PathValuesAreEscapedOnce(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, value, want string }{
		{"digits and letters stay", "wxwtdk20200910AbC", "/v3/c/wxwtdk20200910AbC/t"},
		{"case and underscores stay", "oUpF8uMuAJO_M2px", "/v3/c/oUpF8uMuAJO_M2px/t"},
		{"a slash does not add a segment", "a/b", "/v3/c/a%2Fb/t"},
		{"a percent sign is escaped", "a%2Fb", "/v3/c/a%252Fb/t"},
		{"a question mark does not begin a query", "a?b=c", "/v3/c/a%3Fb=c/t"},
		{"a blank and Chinese", "用 户", "/v3/c/%E7%94%A8%20%E6%88%B7/t"},
		{"a line break cannot forge a line", "a\nb", "/v3/c/a%0Ab/t"},
		{"a pipe", "a|b", "/v3/c/a%7Cb/t"},
		{"an exclamation mark", "a!b", "/v3/c/a%21b/t"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := &answering{t: t, replies: []any{reply{body: `{}`}}}
			wx := newClient(t, config(a.do))
			if err := wx.At("v3/c/{code}/t", tt.value).Get(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if got := a.sent[0].target; got != tt.want {
				t.Errorf("target = %s, want %s", got, tt.want)
			}
			verifySent(t, a.sent[0])
		})
	}
}

func TestLiteralsOfAPathAreSentAsTheyAre(t *testing.T) {
	t.Parallel()
	const path = "v3/a!b/(c)/d'e*/f%20g/$&+,;=:@~"
	a := &answering{t: t, replies: []any{reply{body: `{}`}}}
	if err := newClient(t, config(a.do)).Chain(path).Get(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := a.sent[0].target; got != "/"+path {
		t.Errorf("target = %s", got)
	}
	verifySent(t, a.sent[0])
}

func TestAnswerRefused(t *testing.T) {
	t.Parallel()
	const good = `{"echo_message":"secret"}`
	tests := []struct {
		name   string
		reply  reply
		reason wxpay.Reason
		code   sign.Code
	}{
		{"html from a gateway", reply{unsigned: true, body: "<html>502</html>", header: map[string]string{"Content-Type": "text/html"}}, wxpay.ReasonHTML, ""},
		{"truncated", reply{body: good, length: 100}, wxpay.ReasonTruncated, ""},
		{"oversized by its length", reply{body: good, length: 9 << 20}, wxpay.ReasonOversized, ""},
		{"oversized without a length", reply{body: strings.Repeat(" ", 8<<20) + good, length: -1}, wxpay.ReasonOversized, ""},
		{"unsigned", reply{body: good, unsigned: true}, wxpay.ReasonUntrusted, sign.CodeMissing},
		{"one header stripped", reply{body: good, header: map[string]string{"Wechatpay-Nonce": ""}}, wxpay.ReasonUntrusted, sign.CodeMissing},
		{"signed by an unknown key", reply{body: good, serial: "PUB_KEY_ID_9"}, wxpay.ReasonUntrusted, sign.CodeSerial},
		{"signed by another key", reply{body: good, key: strangerKey()}, wxpay.ReasonUntrusted, sign.CodeSignature},
		{"stale", reply{body: good, time: now.Add(-5 * time.Minute)}, wxpay.ReasonUntrusted, sign.CodeClock},
		{"from the future", reply{body: good, time: now.Add(5 * time.Minute)}, wxpay.ReasonUntrusted, sign.CodeClock},
		{"redirect", reply{status: 302, header: map[string]string{"Location": "https://evil.example/"}}, wxpay.ReasonRedirect, ""},
		{"not modified", reply{status: 304}, wxpay.ReasonRedirect, ""},
		{"signed, and no JSON", reply{body: "ok"}, wxpay.ReasonFormat, ""},
		{"signed, and of another type", reply{body: `{"echo_message":7}`}, wxpay.ReasonFormat, ""},
		{"signed, and empty", reply{body: ""}, wxpay.ReasonFormat, ""},
		{"204 with a bad signature", reply{status: 204, key: strangerKey()}, wxpay.ReasonUntrusted, sign.CodeSignature},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := &answering{t: t, replies: []any{tt.reply}}
			cfg := config(a.do)
			cfg.Retry.Attempts = 1
			wx := newClient(t, cfg)
			out := &echoResponse{}
			answer := wxpay.Answer{}
			err := wx.Do(t.Context(), &echo, &echoRequest{Message: "hello"}, out, wxpay.Into(&answer))
			e, ok := errors.AsType[*wxpay.AnswerError](err)
			if !ok || e.Reason != tt.reason || e.RequestID != "08F5B8C2B506-0" {
				t.Fatalf("error = %v, want reason %q", err, tt.reason)
			}
			if s, _ := errors.AsType[*sign.Error](err); tt.code != "" && (s == nil || s.Code != tt.code || !errors.Is(err, sign.ErrUntrusted)) {
				t.Errorf("error = %v, want code %q", err, tt.code)
			}
			if *out != (echoResponse{}) || answer.Body != nil {
				t.Errorf("a refused answer was returned: %+v %+v", out, answer)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error holds the body: %v", err)
			}
		})
	}
}

// Trap 5: an empty answer is verified over an empty line, and not decoded.
func TestTrap05NoContentIsVerified(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{status: 204}}}
	out := echoResponse{Message: "as before"}
	if err := newClient(t, config(a.do)).Do(t.Context(), &echo, &echoRequest{Message: "x"}, &out); err != nil {
		t.Fatal(err)
	}
	if out.Message != "as before" {
		t.Errorf("out = %+v", out)
	}
}

// Traps 3 and 4: the shape of an error never hides its status, and an error
// needs no signature.
func TestTrap03And04Errors(t *testing.T) {
	t.Parallel()
	const body = `{"code":"PARAM_ERROR","message":"参数错误","detail":{"field":"/appid","value":36,"location":"body"}}`
	tests := []struct {
		name        string
		reply       reply
		code, field string
		signed      bool
	}{
		{"signed business error", reply{status: 400, body: body}, "PARAM_ERROR", "/appid", true},
		{"unsigned error", reply{status: 400, body: body, unsigned: true}, "PARAM_ERROR", "/appid", false},
		{"wrongly signed error", reply{status: 400, body: body, key: strangerKey()}, "PARAM_ERROR", "/appid", false},
		{"empty body of an unknown path", reply{status: 404, unsigned: true}, "", "", false},
		{"html of a gateway", reply{status: 403, body: "<html>", unsigned: true}, "", "", false},
		{"code of another type", reply{status: 400, body: `{"code":268443699,"message":{}}`, unsigned: true}, "", "", false},
		{"detail is a text", reply{status: 400, body: `{"code":"X","detail":"y"}`, unsigned: true}, "X", "", false},
		{"nested detail", reply{status: 401, body: `{"code":"SIGN_ERROR","detail":{"detail":{"issue":"sign not match"},"field":"signature"}}`, unsigned: true}, "SIGN_ERROR", "signature", false},
		{"truncated", reply{status: 400, body: body, length: 1000}, "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := &answering{t: t, replies: []any{tt.reply}}
			_, err := callEcho(newClient(t, config(a.do)))
			e, ok := errors.AsType[*wxpay.Error](err)
			if !ok || e.Status != tt.reply.status || e.Code != tt.code || e.Field() != tt.field || e.Signed != tt.signed {
				t.Fatalf("error = %+v", err)
			}
			if wxpay.IsCode(err, "PARAM_ERROR") != (tt.code == "PARAM_ERROR") {
				t.Error("IsCode disagrees")
			}
			if len(a.sent) != 1 {
				t.Errorf("sent %d times", len(a.sent))
			}
		})
	}
}

// dialError is what the dialer returns when nobody listens.
var dialError = &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}

// Traps 26 and 27: what may be sent again is signed anew, and 202 asks for the
// same request again.
func TestTrap26And27Retry(t *testing.T) {
	t.Parallel()
	ok := reply{body: `{"echo_message":"hello"}`}
	cut := errors.New("connection reset")
	tests := []struct {
		name       string
		replies    []any
		idempotent bool
		want       int // attempts
		good       bool
	}{
		{"server error, idempotent", []any{reply{status: 500}, ok}, true, 2, true},
		{"server error, not idempotent", []any{reply{status: 500}, ok}, false, 1, false},
		{"html of a gateway, idempotent", []any{reply{status: 502, unsigned: true, body: "<html>"}, ok}, true, 2, true},
		{"cut connection, idempotent", []any{cut, ok}, true, 2, true},
		{"cut connection, not idempotent: its fate is unknown", []any{cut, ok}, false, 1, false},
		{"never connected, not idempotent", []any{dialError, ok}, false, 2, true},
		{"name not found, not idempotent", []any{&net.DNSError{Err: "no such host"}, ok}, false, 2, true},
		{"429 was refused without effect", []any{reply{status: 429}, ok}, false, 2, true},
		{"202 is taken, not done", []any{reply{status: 202, body: `{}`}, ok}, true, 2, true},
		{"a refusal is final", []any{reply{status: 400}, ok}, true, 1, false},
		{"401 is final", []any{reply{status: 401}, ok}, true, 1, false},
		{"truncated, idempotent", []any{reply{length: 99}, ok}, true, 2, true},
		{"signature probe, idempotent", []any{reply{body: "{}", header: map[string]string{"Wechatpay-Signature": "WECHATPAY/SIGNTEST/x"}}, ok}, true, 2, true},
		{"wrong signature is final", []any{reply{body: "{}", key: strangerKey()}, ok}, true, 1, false},
		{"three attempts are all", []any{reply{status: 500}}, true, 3, false},
	}
	merchantKey() // made outside the bubbles
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := &answering{t: t, replies: tt.replies}
			wx := newClient(t, config(a.do))
			synctest.Test(t, func(t *testing.T) {
				op := &wxpay.Op{Method: "POST", Path: "/v3/x", Idempotent: tt.idempotent}
				err := wx.Do(t.Context(), op, map[string]int{"a": 1}, nil)
				if (err == nil) != tt.good || len(a.sent) != tt.want {
					t.Errorf("%d attempts, error %v; want %d, good %v", len(a.sent), err, tt.want, tt.good)
				}
			})
			nonces := map[string]bool{}
			for _, s := range a.sent {
				nonces[verifySent(t, s).Nonce] = true
				if s.body != `{"a":1}` {
					t.Errorf("body = %s", s.body)
				}
			}
			if len(nonces) != len(a.sent) {
				t.Error("a retry was not signed anew")
			}
		})
	}
}

// Trap 28: too many requests have three codes; the status decides.
func TestTrap28RateLimitByStatus(t *testing.T) {
	t.Parallel()
	merchantKey()
	for _, code := range []string{wxpay.CodeFrequencyLimited, wxpay.CodeRatelimitExceeded, wxpay.CodeRateLimited, ""} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			a := &answering{t: t, replies: []any{reply{status: 429, body: `{"code":"` + code + `"}`}, reply{body: `{}`}}}
			wx := newClient(t, config(a.do))
			synctest.Test(t, func(t *testing.T) {
				if err := wx.At("v3/x").Post(t.Context(), map[string]int{}, nil); err != nil || len(a.sent) != 2 {
					t.Errorf("%d attempts, %v", len(a.sent), err)
				}
			})
		})
	}
}

func TestRetryWaits(t *testing.T) {
	t.Parallel()
	merchantKey()
	tests := []struct {
		name     string
		header   map[string]string
		min, max time.Duration
	}{
		{"twice as long each time, with jitter", nil, 300 * time.Millisecond, 600 * time.Millisecond},
		{"as long as the answer asks", map[string]string{"Retry-After": "2"}, 4 * time.Second, 4 * time.Second},
		{"but not for ever", map[string]string{"Retry-After": "3000"}, 10 * time.Second, 10 * time.Second},
		{"an odd Retry-After is no error", map[string]string{"Retry-After": "soon"}, 300 * time.Millisecond, 600 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := &answering{t: t, replies: []any{reply{status: 429, header: tt.header}}}
			wx := newClient(t, config(a.do))
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				if _, err := callEcho(wx); err == nil {
					t.Error("no error")
				}
				if d := time.Since(start); d < tt.min || d > tt.max {
					t.Errorf("waited %v, want %v to %v", d, tt.min, tt.max)
				}
			})
		})
	}
}

func TestRetryHonoursTheContext(t *testing.T) {
	t.Parallel()
	merchantKey()
	a := &answering{t: t, replies: []any{reply{status: 500}}}
	wx := newClient(t, config(a.do))
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		start := time.Now()
		err := wx.Do(ctx, &echo, &echoRequest{Message: "x"}, nil)
		if e, ok := errors.AsType[*wxpay.Error](err); !ok || e.Status != 500 {
			t.Errorf("error = %v, want the last answer", err)
		}
		if d := time.Since(start); d != 50*time.Millisecond || len(a.sent) != 1 {
			t.Errorf("ended after %v and %d attempts", d, len(a.sent))
		}
	})
}

func TestTimeoutBoundsEachAttempt(t *testing.T) {
	t.Parallel()
	merchantKey()
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int32
		cfg := config(func(req *http.Request) (*http.Response, error) {
			n.Add(1)
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		cfg.Timeout, cfg.Retry.Attempts = time.Second, 2
		_, err := callEcho(newClient(t, cfg))
		if e, ok := errors.AsType[*wxpay.NetworkError](err); !ok || e.Attempts != 2 || !errors.Is(err, context.DeadlineExceeded) || n.Load() != 2 {
			t.Errorf("error = %v after %d attempts", err, n.Load())
		}
	})
}

func TestBackupDomain(t *testing.T) {
	t.Parallel()
	merchantKey()
	ok := reply{body: `{"echo_message":"hello"}`}
	synctest.Test(t, func(t *testing.T) {
		a := &answering{t: t, replies: []any{dialError, dialError, ok}}
		cfg := config(a.do)
		clock := now
		cfg.Now = func() time.Time { return clock }
		wx := newClient(t, cfg)
		hosts := func() string {
			var list []string
			for _, s := range a.sent {
				list = append(list, strings.TrimSuffix(s.host, ".mch.weixin.qq.com"))
			}
			a.sent = nil
			return strings.Join(list, " ")
		}
		if _, err := callEcho(wx); err != nil {
			t.Fatal(err)
		}
		if got := hosts(); got != "api api api2" {
			t.Errorf("first call went to %s", got)
		}
		a.replies = []any{ok}
		if _, err := callEcho(wx); err != nil {
			t.Fatal(err)
		}
		if got := hosts(); got != "api2" {
			t.Errorf("the next call went to %s", got)
		}
		clock = clock.Add(31 * time.Second)
		a.replies = []any{reply{body: `{"echo_message":"hello"}`, time: clock}}
		if _, err := callEcho(wx); err != nil {
			t.Fatal(err)
		}
		if got := hosts(); got != "api" {
			t.Errorf("after half a minute it went to %s", got)
		}
	})
}

func TestNoBackupForOtherServers(t *testing.T) {
	t.Parallel()
	merchantKey()
	synctest.Test(t, func(t *testing.T) {
		a := &answering{t: t, replies: []any{dialError}}
		cfg := config(a.do)
		cfg.BaseURL = "http://127.0.0.1:9"
		if _, err := callEcho(newClient(t, cfg)); err == nil {
			t.Error("no error")
		}
		for _, s := range a.sent {
			if s.host != "127.0.0.1:9" {
				t.Errorf("sent to %s", s.host)
			}
		}
	})
}

// Trap 30: nothing is sent to where a redirect points.
func TestTrap30RedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var hits atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer srv.Close()
	cfg := config(nil)
	cfg.BaseURL, cfg.Transport = srv.URL, nil
	_, err := callEcho(newClient(t, cfg))
	if e, ok := errors.AsType[*wxpay.AnswerError](err); !ok || e.Reason != wxpay.ReasonRedirect || hits.Load() != 1 {
		t.Errorf("error = %v after %d requests", err, hits.Load())
	}
}

func TestSixtyFourCallersShareConnections(t *testing.T) {
	t.Parallel()
	var opened atomic.Int32
	body := reply{body: `{"echo_message":"hello"}`}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		body.sign(t, w.Header())
		_, _ = io.WriteString(w, body.body)
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	cfg := config(nil)
	cfg.BaseURL, cfg.Transport = srv.URL, nil
	wx := newClient(t, cfg)
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for range 4 {
				if _, err := callEcho(wx); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := opened.Load(); n > 65 {
		t.Errorf("64 callers opened %d connections", n)
	}
}

func TestIntoGivesTheVerifiedBytes(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{"echo_message":"hello"}`}}}
	var answer wxpay.Answer
	if _, err := callEcho(newClient(t, config(a.do)), wxpay.Into(&answer)); err != nil {
		t.Fatal(err)
	}
	want := wxpay.Answer{Status: 200, RequestID: "08F5B8C2B506-0", Serial: publicKeyID, Body: json.RawMessage(`{"echo_message":"hello"}`)}
	if answer.Status != want.Status || answer.RequestID != want.RequestID || answer.Serial != want.Serial || string(answer.Body) != string(want.Body) {
		t.Errorf("answer = %+v", answer)
	}
}

func TestHeadersOfTheProtocolCannotBeSet(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{"echo_message":"hello"}`}}}
	_, err := callEcho(newClient(t, config(a.do)), wxpay.Header("authorization", "Bearer x"), wxpay.Header("wechatpay-serial", "x"), wxpay.Header("Wechatpay-Negative-Test", "case"))
	if err != nil {
		t.Fatal(err)
	}
	verifySent(t, a.sent[0])
	if h := a.sent[0].header; h.Get("Wechatpay-Negative-Test") != "case" || h.Get("Wechatpay-Serial") != publicKeyID {
		t.Errorf("header = %v", h)
	}
}
