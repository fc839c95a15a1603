package main

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// A browser that comes to the emulator finds the console; a program finds
// WeChat Pay.
func TestEmulatorServesItsConsole(t *testing.T) {
	t.Parallel()
	p := start(t, "emulator", "--listen", "127.0.0.1:0")
	base := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(p.greeting(t))
	for accept, has := range map[string]string{"text/html": "<title>Requests · wxpay</title>", "application/json": ""} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", accept)
		answer, err := new(http.Client).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil || !strings.Contains(string(text), has) || has == "" && (answer.StatusCode != 404 || len(text) > 0) {
			t.Errorf("for %s: %d, %v\n%s", accept, answer.StatusCode, err, text)
		}
	}
}
