package console

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// write is a form: its path below the merchant's, and what it does. It answers
// with a sentence, and where to go, "" for back to where the form was.
type write struct {
	path string
	do   func(v *visit) (done, to string, err error)
}

func (c *console) writes() []write {
	return []write{
		{"orders/{id}/pay", acted("Paid", "已支付", func(v *visit) error { _, err := v.pay.Pay(v.PathValue("id"), v.PostForm.Get("openid")); return err })},
		{"sessions/{id}/agree", agree},
		{"sessions/{id}/fail", acted("Signing failed", "签约失败", func(v *visit) error { _, err := v.pay.Fail(v.PathValue("id"), ""); return err })},
		{"sessions/{id}/decline", acted("Declined; nobody is told", "已放弃，不会通知任何人", func(v *visit) error { return v.pay.Decline(v.PathValue("id")) })},
		{"contracts/{id}/terminate", terminate},
		{"contracts/{id}/stay", acted("The contract stays", "已保留协议", func(v *visit) error { _, err := v.pay.Stay(v.PathValue("id")); return err })},
		{"contracts/{id}/lapse", acted("Run out", "已到期", func(v *visit) error { _, err := v.pay.Lapse(v.PathValue("id")); return err })},
		{"events/{id}/send", send},
		{"scenarios/{ref}", play},
		{"deliver", acted("Everything that was due is sent", "到期的通知已发送", func(v *visit) error { _, err := v.pay.Deliver(v.Context()); return err })},
		{"clock", advance},
		{"endpoints/try", c.try},
		{"faults", disrupt},
		{"faults/{id}/end", acted("Ended", "已结束", func(v *visit) error { return v.pay.Restore(v.PathValue("id")) })},
		{"merchants", c.makeMerchant},
		{"merchants/{other}/remove", c.removeMerchant},
	}
}

// acted is a form that only says that it worked.
func acted(en, zh string, do func(*visit) error) func(*visit) (string, string, error) {
	return func(v *visit) (string, string, error) { return v.t(en, zh), "", do(v) }
}

// agree leads on: after signing, the session's page says so.
func agree(v *visit) (string, string, error) {
	_, err := v.pay.Agree(v.PathValue("id"), v.PostForm.Get("openid"))
	return v.t("Signed", "已签约"), "", err
}

// terminate says what became of the contract, of which the merchant may have
// been asked.
func terminate(v *visit) (string, string, error) {
	contract, err := v.pay.Terminate(v.PathValue("id"), v.PostForm.Get("mode"), v.PostForm.Get("remark"))
	if err != nil || contract.State == emulator.Terminated || contract.Inquiry == nil {
		return v.t("Ended", "已解约"), "", err
	}
	return v.t("The merchant was asked: ", "已问询商户：") + stateText(v.lang, contract.Inquiry.Outcome), "", nil
}

// send sends a notification again, and says how that went.
func send(v *visit) (string, string, error) {
	made, err := v.pay.Redeliver(v.Context(), v.PathValue("id"), emulator.Fault(v.PostForm.Get("fault")))
	if err != nil {
		return "", "", err
	}
	if made.Status == 0 {
		return v.t("Sent; no answer: ", "已发送，没有应答：") + made.Error, "", nil
	}
	return v.t("Sent; the answer was ", "已发送，应答状态码 ") + strconv.Itoa(made.Status), "", nil
}

// play lets a scenario happen.
func play(v *visit) (string, string, error) {
	name := v.PostForm.Get("scenario")
	_, err := v.pay.Play(v.Context(), name, v.PathValue("ref"))
	return v.t("It happened: ", "已执行：") + name, "", err
}

// advance moves the clock, and does what falls due on the way.
func advance(v *visit) (string, string, error) {
	d, err := time.ParseDuration(v.PostForm.Get("duration"))
	if err != nil {
		return "", "", &failure{http.StatusBadRequest, "that is no time such as 90s or 2h", "请填写如 90s 或 2h 的时长"}
	}
	return v.t("The clock moved by ", "时钟已前进 ") + d.String(), "", v.pay.Advance(v.Context(), d)
}

// action serves a write, and leads back to where the form was.
func (c *console) action(wr write) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := c.visit(r)
		if err == nil {
			err = c.checkToken(r)
		}
		if err != nil {
			c.fail(w, r, err)
			return
		}
		done, to, err := wr.do(v)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		if to == "" {
			to = back(r.PostForm.Get("back"), Path)
		}
		setNotice(w, done, 60)
		http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // back stays in the console
	}
}

// cookieNotice takes a sentence along to the next page.
const cookieNotice = "wxpay-notice"

func setNotice(w http.ResponseWriter, done string, age int) {
	http.SetCookie(w, &http.Cookie{Name: cookieNotice, Value: url.QueryEscape(done), Path: Path, MaxAge: age, SameSite: http.SameSiteStrictMode, HttpOnly: true}) //nolint:gosec // http on loopback, and no secret
}

// notice is what the last form did. It is told once.
func notice(w http.ResponseWriter, r *http.Request) string {
	cookie, err := r.Cookie(cookieNotice)
	if err != nil || r.Header.Get("X-Live") != "" {
		return ""
	}
	setNotice(w, "", -1)
	text, err := url.QueryUnescape(cookie.Value)
	if err != nil {
		return ""
	}
	return text
}
