package console_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/png" // screenshots
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/wxpay-go/wxpay/emulator"
)

// patience is how long a journey may take. A browser on a busy machine is slow.
const patience = time.Minute

// chromium is where the browser is. Without one the test fails: what it would
// see is nowhere else seen.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("there is no chromium; run make deps")
	return ""
}

// tab is a page of the browser, and what went wrong in it.
type tab struct {
	*stage
	ctx context.Context

	mu     sync.Mutex
	faults []string
}

// open starts a browser for a test, with one tab in the language.
func open(t *testing.T, s *stage, lang string) *tab {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, cancelAll := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancelAll)
	ctx, cancelTab := chromedp.NewContext(ctx)
	t.Cleanup(cancelTab)
	b := &tab{stage: s, ctx: ctx}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	_, err := chromedp.Call(ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": lang}})
	if err != nil {
		t.Fatal(err)
	}
	b.run(chromedp.EmulateViewport(1280, 800))
	t.Cleanup(func() { // before the browser ends: cleanups run from the last
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, fault := range b.faults {
			t.Error("in the browser: " + fault)
		}
	})
	return b
}

// listen notes what a page complains of: a script that failed, or something
// that the page's own policy forbids.
func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.faults = append(b.faults, e.ExceptionDetails.Text+" "+e.ExceptionDetails.URL)
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError && !strings.HasSuffix(e.Entry.URL, "/favicon.ico") {
			b.faults = append(b.faults, e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

// patient bounds one action. The first one, which starts the browser, must not
// be bounded: the bound would end the browser too.
func (b *tab) patient() (context.Context, context.CancelFunc) {
	return context.WithTimeout(b.ctx, patience)
}

func (b *tab) run(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := b.patient()
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.lost(err)
	}
}

// lost ends the test where the browser does not do what it should, and says
// where that was.
func (b *tab) lost(err error) {
	b.t.Helper()
	at, _ := chromedp.Run(b.ctx, chromedp.Location())
	text, _ := chromedp.Run(b.ctx, chromedp.Text(chromedp.CSS("body")))
	b.t.Fatalf("%v at %s:\n%s", err, at, text)
}

// ask runs an action that has a result.
func ask[T any](b *tab, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := b.patient()
	defer cancel()
	result, err := chromedp.Run(ctx, action)
	if err != nil {
		b.lost(err)
	}
	return result
}

// visit opens a page of the merchant's.
func (b *tab) visit(at string) {
	b.t.Helper()
	if strings.HasPrefix(at, "/") {
		at = b.base + at
	}
	b.run(chromedp.Navigate(at), chromedp.WaitVisible(chromedp.CSS("main")))
}

// press presses the button with a text, and waits for the page that follows.
func (b *tab) press(text string) {
	b.t.Helper()
	b.follow(fmt.Sprintf(`//main//*[self::button or self::a][normalize-space()=%q]`, text))
}

// follow clicks what a selector finds, and waits for the page that follows.
func (b *tab) follow(selector string) {
	b.t.Helper()
	ctx, cancel := b.patient()
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(selector, chromedp.NodeVisible)); err != nil {
		b.lost(fmt.Errorf("follow %s: %w", selector, err))
	}
}

// sees waits until a text is on the page.
func (b *tab) sees(text string) {
	b.t.Helper()
	b.run(chromedp.WaitVisible(fmt.Sprintf(`//body//*[contains(normalize-space(.), %q)]`, text)))
}

// TestBrowserPaysAndSigns walks the whole life of a contract on the phone: the
// user pays, is asked, signs, looks it up, and stops it. The merchant's page,
// which stays open, follows by itself.
func TestBrowserPaysAndSigns(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	prepayID := s.order("20260918100000000001")
	s.presign("wxwtdk20260918000001", prepayID)
	b := open(t, s, "zh-CN")
	b.visit("/phone")
	b.follow("a.item")
	b.sees("支付后可签约")
	b.press("立即支付")
	b.sees("开通免密支付？")
	b.press("同意并开通")
	b.sees("已签约")
	b.visit("/phone/contracts")
	b.sees("wxwtdk20260918000001")
	b.press("关闭服务")
	b.sees("没有生效中的协议")
	contracts, err := s.pay.Contracts()
	if err != nil || contracts[0].State != emulator.Terminated || contracts[0].Termination.Mode != "USER_TERMINATE" {
		t.Errorf("contracts = %+v, %v", contracts, err)
	}
}

// TestBrowserWithoutScripts pays and signs with scripts switched off.
func TestBrowserWithoutScripts(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	prepayID := s.order("20260918100000000001")
	s.presign("wxwtdk20260918000001", prepayID)
	b := open(t, s, "en")
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.visit("/phone/pay/" + prepayID)
	b.press("Pay now")
	b.press("Agree")
	b.visit("/contracts")
	b.follow("a.row")
	b.press("WeChat Pay ends it")
	contracts, err := s.pay.Contracts()
	if err != nil || contracts[0].Termination == nil || contracts[0].Termination.Mode != "SYSTEM_TERMINATE" {
		t.Errorf("contracts = %+v, %v", contracts, err)
	}
}

// TestBrowserScans reads the QR code off the screen, opens what it says, as a
// phone would, and signs there.
func TestBrowserScans(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	redirect := s.harmonyQR("wxwtdk20260918000001")
	b := open(t, s, "en")
	b.visit("/contracts")
	b.follow("a.row")
	b.press("QR code")
	b.run(chromedp.WaitVisible(chromedp.CSS("#code")))
	scanned := b.scan()
	if scanned != redirect {
		t.Fatalf("the code holds %q, want %q", scanned, redirect)
	}
	b.visit(scanned)
	b.sees("Scanned code")
	b.press("Agree")
	b.sees("✓ Signed")
}

// scan reads the QR code off the screen, as a camera does: frame after frame,
// until one can be read. The reader misses a code in a hundred.
func (b *tab) scan() string {
	b.t.Helper()
	var why error
	for _, scale := range []float64{1, 2, 3, 1.5, 2.5} {
		b.run(chromedp.EmulateViewport(1280, 800, chromedp.EmulateScale(scale)))
		text, err := read(ask(b, chromedp.FullScreenshot(100)))
		if err == nil {
			return text
		}
		why = err
	}
	b.t.Fatal(why)
	return ""
}

// read reads the QR code in a picture.
func read(shot []byte) (string, error) {
	picture, _, err := image.Decode(bytes.NewReader(shot))
	if err != nil {
		return "", err
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		return "", err
	}
	code, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		return "", err
	}
	return code.GetText(), nil
}

// TestBrowserFollows: a page that is open shows what happens, without anybody
// loading it again.
func TestBrowserFollows(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	b := open(t, s, "en")
	b.visit("/requests")
	b.sees("No request has come yet")
	s.spoiled()
	b.sees("SIGN_ERROR")
	b.follow("a.row")
	b.sees("The cause is found")
	b.sees("blanks behind colons and commas")
	session := s.presign("wxwtdk20260918000001", "")
	b.visit("/phone/sign/" + session)
	if err := s.pay.Decline(session); err != nil {
		t.Fatal(err)
	}
	b.sees("This page is over")
}

// TestBrowserNotifications sends a notification again, with a fault.
func TestBrowserNotifications(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if _, err := s.pay.Agree(s.presign("wxwtdk20260918000001", ""), ""); err != nil {
		t.Fatal(err)
	}
	b := open(t, s, "en")
	b.visit("/events")
	b.press("Send what is due now (1)")
	b.follow("a.row")
	b.sees("Plaintext of the resource")
	b.press("signature probe")
	b.sees("Sent; the answer was 204")
	b.run(chromedp.SetValue(chromedp.CSS(`input[name="duration"]`), "1h"))
	b.press("Move")
	b.sees("2026-09-18 11:00:00")
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.received != 2 {
		t.Errorf("%d were received", s.received)
	}
}

// TestBrowserTries finds an endpoint, sends its samples, and sees the answer;
// then what that has covered.
func TestBrowserTries(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	b := open(t, s, "en")
	b.visit("/endpoints")
	b.run(chromedp.SendKeys(chromedp.CSS(`input[name="q"]`), "normal mini-program 免密"))
	b.press("Search")
	b.follow("a.row")
	b.sees("Sign and send")
	b.press("Sign and send")
	b.sees("The answer is 200")
	b.sees("pre_entrustweb_id")
	b.visit("/coverage")
	b.run(chromedp.WaitVisible(`//li[@class="met"]/code[.="POST ` + mini + `"]`))
	b.follow("#switch")
	b.sees("覆盖情况")
}

// TestBrowserMakes makes a merchant and lets something go wrong for it.
func TestBrowserMakes(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	b := open(t, s, "en")
	b.visit("/merchants")
	b.run(chromedp.SendKeys(chromedp.CSS(`input[name="mchid"]`), "1900000201"))
	b.press("Make")
	b.sees("Made: merchant 1900000201")
	b.follow(`a[href$="/1900000201/requests"]`)
	b.sees("No request has come yet")
	b.follow(`a[href$="/1900000201/faults"]`)
	b.run(chromedp.SendKeys(chromedp.CSS(`input[name="path"]`), "/v3/papay/*"))
	b.press("Let it go wrong")
	b.sees("/v3/papay/*")
	b.press("End it")
	b.sees("Nothing goes wrong on purpose.")
	b.follow("#switch")
	b.sees("目前没有设置故障")
}

// TestBrowserScreenshots takes a picture of every page, on a phone and on a
// desktop, in both languages, and holds what a picture must be: nothing reaches
// beyond the screen, and nothing that is pressed is too small for a finger.
// Run it with -artifacts to keep the pictures.
func TestBrowserScreenshots(t *testing.T) {
	t.Parallel()
	dir := t.ArtifactDir()
	s := newStage(t)
	s.fill()
	pages := s.everyPage()
	pages["failure"] = "/requests/none"
	for _, lang := range []string{"en", "zh-CN"} {
		b := open(t, s, lang)
		for _, screen := range []struct {
			name          string
			width, height int64
			opts          []chromedp.EmulateViewportOption
		}{{"desktop", 1280, 800, nil}, {"phone", 390, 844, []chromedp.EmulateViewportOption{chromedp.EmulateMobile, chromedp.EmulateScale(2)}}} {
			b.run(chromedp.EmulateViewport(screen.width, screen.height, screen.opts...))
			for name, at := range pages {
				file := filepath.Join(dir, name+"."+screen.name+"."+lang+".png")
				b.picture(at, file, screen.width)
			}
		}
		b.forgive(pages["failure"])
	}
}

// picture takes one, and looks at it.
func (b *tab) picture(at, file string, width int64) {
	b.t.Helper()
	b.visit(at)
	wide := ask(b, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`))
	small := ask(b, chromedp.Evaluate[[]string](`[...document.querySelectorAll("main button, main a.row, main a.item, main a.button")].filter(e => e.offsetParent && e.getBoundingClientRect().height < 32).map(e => e.textContent.trim())`))
	if wide > width {
		b.t.Errorf("%s is %d wide on a screen of %d", file, wide, width)
	}
	if len(small) > 0 {
		b.t.Errorf("%s: too small to be pressed: %q", file, small)
	}
	if err := os.WriteFile(file, ask(b, chromedp.FullScreenshot(100)), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// forgive drops the complaint about a page that is meant to be missing.
func (b *tab) forgive(at string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var kept []string
	for _, fault := range b.faults {
		if !strings.Contains(fault, at) {
			kept = append(kept, fault)
		}
	}
	b.faults = kept
}
