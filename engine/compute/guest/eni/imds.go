//go:build linux

package eni

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"haneul/engine/compute"
)

// imds is the instance metadata service.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
type imds struct {
	mu     sync.RWMutex
	data   compute.Metadata
	paths  map[string]string
	tokens map[string]time.Time // when they end, by the wall clock
	now    func() time.Time
}

const (
	tokenHeader = "X-aws-ec2-metadata-token"
	ttlHeader   = "X-aws-ec2-metadata-token-ttl-seconds"
	maxTTL      = 21600
	// maxTokens keeps a loop that asks for tokens from filling the memory.
	maxTokens = 10000
)

func newIMDS() *imds {
	m := &imds{tokens: map[string]time.Time{}, now: time.Now}
	m.set(compute.Metadata{Disabled: true})
	return m
}

func (m *imds) set(d compute.Metadata) {
	paths := metadataPaths(d)
	m.mu.Lock()
	defer m.mu.Unlock()
	if d.InstanceID != m.data.InstanceID {
		clear(m.tokens)
	}
	m.data, m.paths = d, paths
}

func (m *imds) listen() (port uint16, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	s := http.Server{Handler: m, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	go s.Serve(l)
	return l.Addr().(*net.TCPAddr).AddrPort().Port(), nil
}

func (m *imds) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Server", "EC2ws")
	m.mu.RLock()
	disabled, optional := m.data.Disabled, m.data.TokenOptional
	m.mu.RUnlock()
	path := strings.Trim(r.URL.Path, "/")
	switch {
	case disabled:
		refuse(w, http.StatusForbidden)
	case path == "latest/api/token":
		m.issue(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		refuse(w, http.StatusMethodNotAllowed)
	case r.Header.Get(tokenHeader) == "" && optional:
		m.answer(w, path)
	case !m.valid(r.Header.Get(tokenHeader)):
		refuse(w, http.StatusUnauthorized)
	default:
		m.answer(w, path)
	}
}

// issue hands out a session token. A request that was forwarded gets none: that is what protects against open proxies.
func (m *imds) issue(w http.ResponseWriter, r *http.Request) {
	ttl, err := strconv.Atoi(r.Header.Get(ttlHeader))
	switch {
	case r.Method != http.MethodPut:
		refuse(w, http.StatusMethodNotAllowed)
		return
	case r.Header.Get("X-Forwarded-For") != "":
		refuse(w, http.StatusForbidden)
		return
	case err != nil || ttl < 1 || ttl > maxTTL:
		refuse(w, http.StatusBadRequest)
		return
	}
	var b [40]byte
	rand.Read(b[:])
	token := base64.URLEncoding.EncodeToString(b[:])
	now := m.now()
	m.mu.Lock()
	if len(m.tokens) >= maxTokens {
		for t, end := range m.tokens {
			if end.Before(now) || len(m.tokens) >= maxTokens {
				delete(m.tokens, t)
			}
		}
	}
	m.tokens[token] = now.Add(time.Duration(ttl) * time.Second)
	m.mu.Unlock()
	w.Header().Set(ttlHeader, strconv.Itoa(ttl))
	write(w, token)
}

func (m *imds) valid(token string) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	end, ok := m.tokens[token]
	return ok && m.now().Before(end)
}

// answer gives a value, or lists what is below a path.
func (m *imds) answer(w http.ResponseWriter, path string) {
	if path == "" {
		write(w, "1.0\n2021-07-15\nlatest")
		return
	}
	version, rest, _ := strings.Cut(path, "/")
	if version != "latest" && !datedVersion(version) {
		refuse(w, http.StatusNotFound)
		return
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	if v, ok := m.paths[rest]; ok {
		write(w, v)
		return
	}
	if names := children(m.paths, rest); len(names) > 0 {
		write(w, strings.Join(names, "\n"))
		return
	}
	refuse(w, http.StatusNotFound)
}

func datedVersion(s string) bool {
	_, err := time.Parse("2006-01-02", s)
	return err == nil || s == "1.0"
}

// children lists the names below a path; those that have children of their own end in a slash.
func children(paths map[string]string, under string) (names []string) {
	if under != "" {
		under += "/"
	}
	for p := range paths {
		rest, ok := strings.CutPrefix(p, under)
		if !ok || strings.HasPrefix(rest, ".") {
			continue
		}
		if head, _, deeper := strings.Cut(rest, "/"); deeper {
			rest = head + "/"
		}
		names = append(names, rest)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return slices.DeleteFunc(names, func(n string) bool { // public-keys has a value and children: it is listed once
		_, both := slices.BinarySearch(names, n+"/")
		return both
	})
}

func write(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain")
	_, _ = w.Write([]byte(text))
}

// refuse answers as the service does, with a page.
func refuse(w http.ResponseWriter, status int) {
	title := fmt.Sprintf("%d - %s", status, http.StatusText(status))
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>%s</title>
 </head>
 <body>
  <h1>%s</h1>
 </body>
</html>
`, title, title)
}
