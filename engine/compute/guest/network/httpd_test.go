//go:build linux

package network

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// site is a folder with a page, a program beside it, and one that is not executable.
func site(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	put := func(name, text string, mode os.FileMode) {
		path := filepath.Join(dir, name)
		_ = os.MkdirAll(filepath.Dir(path), 0o755)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	put("index.html", "<h1>hello</h1>", 0o644)
	put("cgi-bin/echo", "#!/bin/sh\necho 'Content-Type: text/plain'\necho \"Status: 201 Made\"\necho\necho \"$REQUEST_METHOD $PATH_INFO $QUERY_STRING $CONTENT_LENGTH $HTTP_X_SHOP\"\ncat\n", 0o755)
	put("cgi-bin/count", "#!/bin/sh\necho\nflock n.lock sh -c 'v=$(cat n 2>/dev/null || echo 0); echo $((v+1)) > n'\n", 0o755)
	put("cgi-bin/plain", "#!/bin/sh\n", 0o644)
	put("cgi-bin/broken", "#!/bin/sh\necho no headers here\n", 0o755)
	return dir
}

func serve(t *testing.T, script string) (url, dir string, log *strings.Builder) {
	t.Helper()
	dir = site(t)
	log = &strings.Builder{}
	if script != "" {
		script = filepath.Join(dir, script)
	}
	h, err := newHTTPD(dir, script, log)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL, dir, log
}

func ask(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Shop", "noodles")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b)
}

func TestHTTPD(t *testing.T) {
	url, _, log := serve(t, "")
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/", "", 200, "<h1>hello</h1>"},
		{"GET", "/nothing", "", 404, "404 page not found\n"},
		{"POST", "/", "x", 405, "only programs in /cgi-bin take POST\n"},
		{"POST", "/cgi-bin/echo/a/b?x=1&y=%20", "name=국수", 201, "POST /a/b x=1&y=%20 11 noodles\nname=국수"},
		{"GET", "/cgi-bin/../../../etc/passwd", "", 404, "404 page not found\n"},
		{"GET", "/cgi-bin/none", "", 404, "404 page not found\n"},
		{"GET", "/cgi-bin/plain", "", 500, "the program cannot be run: see the server's log\n"},
		{"GET", "/cgi-bin/broken", "", 500, ""},
	} {
		status, got := ask(t, c.method, url+c.path, c.body)
		if status != c.status || got != c.want {
			t.Errorf("%s %s: %d %q, want %d %q", c.method, c.path, status, got, c.status, c.want)
		}
	}
	if !strings.Contains(log.String(), "is not executable (chmod +x ") {
		t.Errorf("the log does not say what is wrong with a program: %s", log)
	}
}

func TestOneScriptForEverything(t *testing.T) {
	url, _, _ := serve(t, "cgi-bin/echo")
	if status, got := ask(t, "PUT", url+"/shops/7", "x"); status != 201 || got != "PUT /shops/7  1 noodles\nx" {
		t.Errorf("%d %q", status, got)
	}
}

func TestBodyWithoutLength(t *testing.T) {
	url, _, _ := serve(t, "")
	resp, err := http.Post(url+"/cgi-bin/echo", "text/plain", io.MultiReader(strings.NewReader("abc"), strings.NewReader("def")))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	if got, want := string(b), "POST   6 \nabcdef"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestScriptsRunAtOnce(t *testing.T) {
	url, dir, _ := serve(t, "")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { ask(t, "POST", url+"/cgi-bin/count", "") })
	}
	all.Wait()
	if b, _ := os.ReadFile(filepath.Join(dir, "cgi-bin", "n")); strings.TrimSpace(string(b)) != "20" {
		t.Errorf("counted %q, want 20", b)
	}
}
