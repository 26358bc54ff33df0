package wire

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Guard refuses, with 403, requests that a web page could have made: any with an Origin header, and any whose Host is not
// a name of this machine (a page can point its own name at 127.0.0.1). Names of this machine are loopback addresses,
// localhost and *.localhost, and those given: a name, an address, or ".example" for all names below it.
func Guard(next http.Handler, hosts ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case len(r.Header["Origin"]) > 0:
			refuse(w, "Requests from web pages (with an Origin header) are not answered.")
		case !ours(r.Host, hosts):
			refuse(w, fmt.Sprintf("This cloud answers to names of this machine only, and %q is not one it knows.", r.Host))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func refuse(w http.ResponseWriter, message string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Connection", "close")
	w.WriteHeader(http.StatusForbidden)
	fmt.Fprintln(w, message)
}

func ours(hostport string, hosts []string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil && ip.Unmap().IsLoopback() {
		return true
	}
	for _, h := range hosts {
		h = strings.ToLower(h)
		if h != "" && (host == h || h[0] == '.' && strings.HasSuffix(host, h)) {
			return true
		}
	}
	return false
}
