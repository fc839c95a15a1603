package main

import (
	"fmt"
	"net/url"
	"path/filepath"

	"github.com/wxpay-go/wxpay/cmd/internal/authority"
	"github.com/wxpay-go/wxpay/cmd/internal/shell"
)

// way is how a program gets to the emulator.
type way struct {
	url *url.URL // of the proxy
	dir string   // of the credentials, absolute
}

func (w *way) ca() string { return filepath.Join(w.dir, authority.CertFile) }

// proxyURL checks the URL of a proxy.
func proxyURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" || u.Hostname() == "" || u.Port() == "" {
		return nil, usageError{fmt.Errorf("--proxy: %q is no URL such as http://127.0.0.1:8090", text)}
	}
	return u, nil
}

// proxied is, for each language, what its programs take a proxy and a
// certificate from.
var proxied = map[string]func(*environment, *way){
	"sh":     forShell,
	"go":     forGo,
	"python": forPython,
	"node":   forNode,
	"php":    forPHP,
	"java":   forJava,
	"dotnet": forDotnet,
}

func (e *environment) set(name, value string) {
	e.Variable = append(e.Variable, shell.Variable{Name: name, Value: value})
}

// proxies names the proxy in both cases: curl reads https_proxy, others the
// other. This machine is reached without it: the notifications' receiver, and
// the emulator's own address.
func (e *environment) proxies(w *way) {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
		e.set(name, w.url.String())
	}
	for _, name := range []string{"NO_PROXY", "no_proxy"} {
		e.set(name, "localhost,127.0.0.1,::1")
	}
}

// forShell: curl, wget and what else is built on OpenSSL.
func forShell(e *environment, w *way) {
	e.proxies(w)
	e.set("CURL_CA_BUNDLE", w.ca())
	e.set("SSL_CERT_FILE", w.ca())
}

// forGo: net/http asks the environment for both. The folder of certificates is
// read beside the file, so that other hosts stay trusted.
func forGo(e *environment, w *way) {
	e.proxies(w)
	e.set("SSL_CERT_FILE", w.ca())
	e.Notes = append(e.Notes, "on macOS and Windows Go trusts the system alone: add "+w.ca()+" to the keychain or the store of the user")
}

// forPython: requests reads the first, httpx and urllib the second.
func forPython(e *environment, w *way) {
	e.proxies(w)
	e.set("REQUESTS_CA_BUNDLE", w.ca())
	e.set("SSL_CERT_FILE", w.ca())
}

// forNode: axios and undici's EnvHttpProxyAgent ask for the proxy by
// themselves; fetch and https do from Node.js 24 on, if they are told to.
func forNode(e *environment, w *way) {
	e.proxies(w)
	e.set("NODE_EXTRA_CA_CERTS", w.ca())
	e.set("NODE_USE_ENV_PROXY", "1")
	e.Notes = append(e.Notes, "fetch and https take the proxy from Node.js 24 on (NODE_USE_ENV_PROXY), axios in every version")
}

// forPHP: curl takes the proxy from the environment, and the certificate from
// a php.ini alone; a folder of more of those can be named.
func forPHP(e *environment, w *way) {
	e.proxies(w)
	ini := filepath.Join(w.dir, "php")
	e.Before = append(e.Before,
		"mkdir -p "+shell.Quote(ini),
		fmt.Sprintf(`printf 'curl.cainfo="%%s"\nopenssl.cafile="%%s"\n' %s %s > %s`, shell.Quote(w.ca()), shell.Quote(w.ca()), shell.Quote(filepath.Join(ini, "wxpay.ini"))),
	)
	e.set("PHP_INI_SCAN_DIR", ":"+ini) // first the folder that is built in
	e.Notes = append(e.Notes, "a program behind php-fpm reads its pool's environment: put the two lines of php/wxpay.ini into its php.ini, and env[HTTPS_PROXY] into the pool")
}

// forJava: the virtual machine takes both from properties, and the certificate
// from a key store.
func forJava(e *environment, w *way) {
	store := filepath.Join(w.dir, "truststore.p12")
	e.Before = append(e.Before,
		"rm -f "+shell.Quote(store),
		"keytool -importcert -noprompt -alias wxpay-emulator -storetype PKCS12 -storepass changeit -file "+shell.Quote(w.ca())+" -keystore "+shell.Quote(store)+" >/dev/null 2>&1 || echo 'wxpay env: keytool made no key store' >&2",
	)
	e.set("JAVA_TOOL_OPTIONS", fmt.Sprintf(
		`-Dhttps.proxyHost=%s -Dhttps.proxyPort=%s "-Dhttp.nonProxyHosts=localhost|127.*|[::1]" "-Djavax.net.ssl.trustStore=%s" -Djavax.net.ssl.trustStoreType=PKCS12 -Djavax.net.ssl.trustStorePassword=changeit`,
		w.url.Hostname(), w.url.Port(), store))
	e.Notes = append(e.Notes, "OkHttp (wechatpay-java) and java.net take these; an Apache HttpClient does if it was built with useSystemProperties()")
}

// forDotnet: HttpClient asks the environment for the proxy, and OpenSSL for
// the certificate where there is OpenSSL.
func forDotnet(e *environment, w *way) {
	e.proxies(w)
	e.set("SSL_CERT_FILE", w.ca())
	e.Notes = append(e.Notes, "on macOS and Windows .NET trusts the system alone: add "+w.ca()+" to the keychain or the store of the user")
}
