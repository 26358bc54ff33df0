//go:build linux

package network

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/cgi"
	"os"
	"os/signal"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"haneul/engine/compute/guest/tool"
)

const httpdUsage = `usage: httpd [-p [ADDRESS:]PORT] [-h FOLDER] [-c SCRIPT] [-q]
Serves the files of FOLDER (here if not given) and runs the programs in FOLDER/cgi-bin.
With -c every request runs SCRIPT, which finds the path in $PATH_INFO, the words after ? in $QUERY_STRING,
the method in $REQUEST_METHOD and a body of $CONTENT_LENGTH bytes on standard input. It prints headers,
an empty line and the answer:
    #!/bin/sh
    echo "Content-Type: text/plain"
    echo
    echo "you asked for $PATH_INFO"
httpd runs until it is ended: put & after it in a script.
`

const (
	maxBody  = 32 << 20
	atOnce   = 64 // scripts; more requests wait
	stopping = 3 * time.Second
)

// Httpd is httpd [-p PORT] [-h FOLDER] [-c SCRIPT] [-q] [-f].
func Httpd(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "p:h:c:qfv", "port=p", "home=h", "cgi=c", "quiet=q")
	if err != nil || len(o.Args) > 0 {
		if err != nil {
			c.Warn("%v", err)
		}
		fmt.Fprint(c.Stderr, httpdUsage)
		return 2
	}
	address := o.Str('p', "80")
	if !strings.Contains(address, ":") {
		address = ":" + address
	}
	h, err := newHTTPD(o.Str('h', "."), o.Str('c', ""), c.Stderr)
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if !o.Has('q') {
		h.access = log.New(os.Stdout, "", 0)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return c.Fail(1, "%s: %s", address, tool.Reason(err))
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 20 * time.Second, ErrorLog: h.errors}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	stopped := make(chan struct{})
	go func() {
		<-signals
		ctx, cancel := context.WithTimeout(context.Background(), stopping)
		defer cancel()
		_ = server.Shutdown(ctx) // requests under way are answered
		close(stopped)
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return c.Fail(1, "%v", err)
	}
	<-stopped
	return 0
}

// httpd serves a folder, or one script.
type httpd struct {
	root   string
	script string
	files  http.Handler
	errors *log.Logger
	access *log.Logger // nil for none
	places chan struct{}
}

func newHTTPD(root, script string, stderr io.Writer) (*httpd, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(root); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s: Not a directory", root)
	}
	if script != "" {
		if script, err = filepath.Abs(script); err != nil {
			return nil, err
		}
		if err := runnable(script); err != nil {
			return nil, err
		}
	}
	return &httpd{
		root: root, script: script, files: http.FileServer(http.Dir(root)), errors: log.New(stderr, "httpd: ", 0),
		places: make(chan struct{}, atOnce),
	}, nil
}

// runnable says why a program cannot be run.
func runnable(name string) error {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %s", name, tool.Reason(err))
	case info.IsDir():
		return fmt.Errorf("%s: Is a directory", name)
	case info.Mode()&0o111 == 0:
		return fmt.Errorf("%s is not executable (chmod +x %s)", name, name)
	}
	return nil
}

func (h *httpd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	counting := &counter{ResponseWriter: w, status: http.StatusOK}
	h.serve(counting, r)
	if h.access != nil {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		h.access.Printf("%s - - [%s] \"%s %s %s\" %d %d %dms", host, started.Format("02/Jan/2006:15:04:05 -0700"), r.Method,
			r.URL.RequestURI(), r.Proto, counting.status, counting.bytes.Load(), time.Since(started).Milliseconds())
	}
}

func (h *httpd) serve(w http.ResponseWriter, r *http.Request) {
	clean := path.Clean("/" + r.URL.Path)
	switch {
	case h.script != "":
		h.run(w, r, h.script, "")
	case strings.HasPrefix(clean, "/cgi-bin/"):
		name, _, _ := strings.Cut(strings.TrimPrefix(clean, "/cgi-bin/"), "/")
		h.run(w, r, filepath.Join(h.root, "cgi-bin", name), "/cgi-bin/"+name)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		http.Error(w, "only programs in /cgi-bin take "+r.Method, http.StatusMethodNotAllowed)
	default:
		h.files.ServeHTTP(w, r)
	}
}

// run runs a program for a request. A body without a length is read first: CGI programs are told how long it is.
func (h *httpd) run(w http.ResponseWriter, r *http.Request, program, root string) {
	if err := runnable(program); err != nil {
		if errors.Is(err, os.ErrNotExist) || strings.Contains(err.Error(), "No such file") {
			http.NotFound(w, r)
			return
		}
		h.errors.Print(err)
		http.Error(w, "the program cannot be run: see the server's log", http.StatusInternalServerError)
		return
	}
	if r.ContentLength != 0 {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "the body is too long", http.StatusRequestEntityTooLarge)
			return
		}
		r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
		r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	select {
	case h.places <- struct{}{}:
		defer func() { <-h.places }()
	case <-r.Context().Done():
		return
	}
	handler := cgi.Handler{
		Path: program, Root: root, Dir: filepath.Dir(program), Logger: h.errors, Stderr: h.errors.Writer(), InheritEnv: inherited(),
	}
	if root == "" {
		handler.Root = "/"
	}
	handler.ServeHTTP(w, r)
}

// inherited are the names of the environment, which scripts get beside what CGI says.
func inherited() (names []string) {
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		if !strings.HasPrefix(name, "HTTP_") {
			names = append(names, name)
		}
	}
	return names
}

// counter notes what was answered, for the log.
type counter struct {
	http.ResponseWriter
	status int
	bytes  atomic.Int64
}

func (c *counter) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.bytes.Add(int64(n))
	return n, err
}

// Flush passes on what is there.
func (c *counter) Flush() {
	if f, ok := c.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}
