package console

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// faultsPage is what goes wrong with requests on purpose, and what could.
type faultsPage struct {
	Rows  []faultRow
	Cases []emulator.DisruptionCase
}

type faultRow struct {
	emulator.Disruption
	Does string
}

func faults(v *visit) (any, error) {
	page := &faultsPage{Cases: emulator.DisruptionCases()}
	does := map[string]string{}
	for _, c := range page.Cases {
		does[c.Name] = c.Does
	}
	for _, d := range v.pay.Disruptions() {
		page.Rows = append(page.Rows, faultRow{d, does[d.Case]})
	}
	return page, nil
}

// disrupt lets something go wrong from now on.
func disrupt(v *visit) (string, string, error) {
	f := &fields{visit: v}
	d := emulator.Disruption{
		Case: f.text("case"), Method: f.text("method"), Path: f.text("path"),
		After: f.number("after"), Count: f.number("count"), Chance: f.share("chance"), Delay: f.duration("delay"),
	}
	if f.err != nil {
		return "", "", f.err
	}
	_, err := v.pay.Disrupt(d)
	return v.t("It goes wrong from now on: ", "已添加故障：") + d.Case, "", err
}

// fields reads a form; err is the first thing in it that cannot be read.
type fields struct {
	*visit
	err error
}

func (f *fields) text(name string) string { return strings.TrimSpace(f.PostForm.Get(name)) }

func (f *fields) number(name string) int {
	return parsed(f, name, strconv.Atoi, "a whole number", "整数")
}

func (f *fields) share(name string) float64 {
	return parsed(f, name, func(s string) (float64, error) { return strconv.ParseFloat(s, 64) }, "a number from 0 to 1", "0 到 1 之间的数")
}

func (f *fields) duration(name string) time.Duration {
	return parsed(f, name, time.ParseDuration, "a time such as 90s or 2h", "如 90s 或 2h 的时长")
}

// parsed is a field that may be left empty.
func parsed[T any](f *fields, name string, parse func(string) (T, error), en, zh string) (value T) {
	text := f.text(name)
	if text == "" {
		return value
	}
	value, err := parse(text)
	if err != nil && f.err == nil {
		f.err = &failure{http.StatusBadRequest, name + " is not " + en, name + " 应填写" + zh}
	}
	return value
}
