//go:build linux

package network

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"haneul/engine/compute/guest/tool"
)

// curl's exit codes.
const (
	curlBadURL   = 3
	curlResolve  = 6
	curlConnect  = 7
	curlHTTP     = 22
	curlWrite    = 23
	curlRead     = 26
	curlTimeout  = 28
	curlRedirect = 47
	curlEmpty    = 52
)

// Curl is curl with the options people use on the command line.
func Curl(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "X:H:d:o:Om:w:u:A:e:F:T:b:r:sSfLiIkvgGx:1:2:3:4:5:#",
		"request=X", "header=H", "data=d", "data-raw=1", "data-binary=2", "data-urlencode=3", "output=o", "remote-name=O", "max-time=m",
		"connect-timeout=4", "write-out=w", "user=u", "user-agent=A", "referer=e", "form=F", "upload-file=T", "cookie=b", "range=r",
		"silent=s", "show-error=S", "fail=f", "location=L", "include=i", "head=I", "insecure=k", "verbose=v", "globoff=g", "get=G", "proxy=x",
		"json=5", "progress-bar=#")
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	if len(o.Args) == 0 {
		return c.Fail(2, "no URL specified")
	}
	if o.Has('x') {
		return c.Fail(2, "-x: there is no proxy here")
	}
	code := 0
	for _, u := range o.Args {
		if n := (&transfer{c: c, o: o}).run(u); n != 0 {
			code = n
		}
	}
	return code
}

// transfer is one URL of a curl.
type transfer struct {
	c *tool.Call
	o *tool.Options
}

func (t *transfer) fail(code int, format string, args ...any) int {
	if !t.o.Has('s') || t.o.Has('S') {
		t.c.Warn("(%d) %s", code, fmt.Sprintf(format, args...))
	}
	return code
}

func seconds(s string) (time.Duration, error) {
	f, err := strconv.ParseFloat(s, 64)
	return time.Duration(f * float64(time.Second)), err
}

func (t *transfer) run(raw string) int {
	c, o := t.c, t.o
	if !strings.Contains(raw, "://") {
		raw = "http://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return t.fail(curlBadURL, "URL rejected: %s", raw)
	}
	req, err := t.request(u)
	if err != nil {
		return t.fail(curlRead, "%v", err)
	}
	client, err := t.client()
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	ctx := context.Background()
	if o.Has('m') {
		limit, err := seconds(o.Str('m', ""))
		if err != nil {
			return c.Fail(2, "option -m: expected a proper numerical parameter")
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	started := time.Now()
	if o.Has('v') {
		t.trace("> ", fmt.Sprintf("%s %s HTTP/1.1\nHost: %s", req.Method, req.URL.RequestURI(), req.Host), req.Header)
	}
	resp, err := client.Do(req.WithContext(ctx))
	if err != nil {
		code := t.failed(u, err, started)
		t.writeOut(nil, 0, started)
		return code
	}
	defer resp.Body.Close()
	if o.Has('v') {
		t.trace("< ", resp.Proto+" "+resp.Status, resp.Header)
	}
	if o.Has('f') && resp.StatusCode >= 400 {
		code := t.fail(curlHTTP, "The requested URL returned error: %d", resp.StatusCode)
		t.writeOut(resp, 0, started)
		return code
	}
	n, code := t.receive(u, resp)
	t.writeOut(resp, n, started)
	return code
}

func (t *transfer) trace(mark, first string, h http.Header) {
	fmt.Fprintf(t.c.Stderr, "%s%s\n", mark, strings.ReplaceAll(first, "\n", "\n"+mark))
	for k, vs := range h {
		for _, v := range vs {
			fmt.Fprintf(t.c.Stderr, "%s%s: %s\n", mark, k, v)
		}
	}
	fmt.Fprintln(t.c.Stderr, mark)
}

// failed reports a transfer that got no answer, in curl's words.
func (t *transfer) failed(u *url.URL, err error, started time.Time) int {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	took := time.Since(started).Milliseconds()
	var dns *net.DNSError
	var timeout net.Error
	var op *net.OpError
	switch {
	case errors.As(err, &dns):
		return t.fail(curlResolve, "Could not resolve host: %s", u.Hostname())
	case errors.Is(err, errRedirects):
		return t.fail(curlRedirect, "Maximum (50) redirects followed")
	case errors.As(err, &op) && op.Op == "dial" && t.o.Has('m') && op.Timeout(), errors.As(err, &timeout) && timeout.Timeout():
		return t.fail(curlTimeout, "Connection timed out after %d milliseconds", took)
	case errors.As(err, &op) && op.Op == "dial":
		return t.fail(curlConnect, "Failed to connect to %s port %s after %d ms: %s", u.Hostname(), port, took, tool.Reason(err))
	case errors.Is(err, io.EOF):
		return t.fail(curlEmpty, "Empty reply from server")
	}
	return t.fail(56, "%v", errors.Unwrap(err))
}

var errRedirects = errors.New("too many redirects")

func (t *transfer) client() (*http.Client, error) {
	dialer := &net.Dialer{}
	if t.o.Has('4') {
		limit, err := seconds(t.o.Str('4', ""))
		if err != nil {
			return nil, errors.New("option --connect-timeout: expected a proper numerical parameter")
		}
		dialer.Timeout = limit
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: dialer.DialContext, DisableCompression: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: t.o.Has('k')},
		},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if !t.o.Has('L') {
				return http.ErrUseLastResponse
			}
			if len(via) > 50 {
				return errRedirects
			}
			return nil
		},
	}, nil
}

// body is what the data options ask to send, nil for nothing.
func (t *transfer) body() (data []byte, kind string, err error) {
	o := t.o
	switch {
	case o.Has('F'):
		return t.form()
	case o.Has('T'):
		data, err = t.file(o.Str('T', ""))
		return data, "", err
	}
	kind = "application/x-www-form-urlencoded"
	var parts []string
	for _, letter := range []byte("d1235") {
		for _, v := range o.All(letter) {
			switch {
			case letter == '3':
				name, value, ok := strings.Cut(v, "=")
				if ok && name != "" {
					v = name + "=" + url.QueryEscape(value)
				} else {
					v = url.QueryEscape(strings.TrimPrefix(v, "="))
				}
			case letter != '1' && strings.HasPrefix(v, "@"):
				b, err := t.file(v[1:])
				if err != nil {
					return nil, "", err
				}
				if v = string(b); letter == 'd' {
					v = strings.NewReplacer("\r", "", "\n", "").Replace(v)
				}
			}
			if letter == '5' {
				kind = "application/json"
			}
			parts = append(parts, v)
		}
	}
	if parts == nil {
		return nil, "", nil
	}
	return []byte(strings.Join(parts, "&")), kind, nil
}

func (t *transfer) file(name string) ([]byte, error) {
	r, err := t.c.Open(name)
	if err != nil {
		return nil, fmt.Errorf("Failed to open %s: %s", name, tool.Reason(err))
	}
	defer r.Close()
	return io.ReadAll(r)
}

func (t *transfer) form() ([]byte, string, error) {
	var b strings.Builder
	w := multipart.NewWriter(&b)
	for _, f := range t.o.All('F') {
		name, value, _ := strings.Cut(f, "=")
		if !strings.HasPrefix(value, "@") {
			_ = w.WriteField(name, value)
			continue
		}
		data, err := t.file(value[1:])
		if err != nil {
			return nil, "", err
		}
		part, _ := w.CreateFormFile(name, path.Base(value[1:]))
		_, _ = part.Write(data)
	}
	w.Close()
	return []byte(b.String()), w.FormDataContentType(), nil
}

func (t *transfer) request(u *url.URL) (*http.Request, error) {
	o := t.o
	data, kind, err := t.body()
	if err != nil {
		return nil, err
	}
	method := http.MethodGet
	switch {
	case o.Has('G'):
		u.RawQuery = strings.Trim(u.RawQuery+"&"+string(data), "&")
		data = nil
	case o.Has('I'):
		method = http.MethodHead
	case o.Has('T'):
		method = http.MethodPut
	case data != nil:
		method = http.MethodPost
	}
	var body io.Reader
	if data != nil {
		body = strings.NewReader(string(data))
	}
	req, err := http.NewRequest(o.Str('X', method), u.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", o.Str('A', "curl/7.88.1"))
	req.Header.Set("Accept", "*/*")
	if kind != "" && data != nil {
		req.Header.Set("Content-Type", kind)
	}
	for letter, name := range map[byte]string{'e': "Referer", 'b': "Cookie"} {
		if o.Has(letter) {
			req.Header.Set(name, o.Str(letter, ""))
		}
	}
	if o.Has('r') {
		req.Header.Set("Range", "bytes="+o.Str('r', ""))
	}
	if o.Has('u') {
		req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(o.Str('u', ""))))
	}
	for _, h := range o.All('H') {
		name, value, ok := strings.Cut(h, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch {
		case strings.EqualFold(name, "Host"):
			req.Host = value
		case !ok && strings.HasSuffix(h, ";"):
			req.Header[http.CanonicalHeaderKey(strings.TrimSuffix(name, ";"))] = []string{""}
		case value == "":
			req.Header.Del(name)
		default:
			req.Header.Set(name, value)
		}
	}
	return req, nil
}

// receive writes the answer where it belongs.
func (t *transfer) receive(u *url.URL, resp *http.Response) (int64, int) {
	o := t.o
	out := io.Writer(t.c.Out)
	name := o.Str('o', "")
	if o.Has('O') {
		if name = path.Base(u.Path); name == "/" || name == "." {
			return 0, t.fail(curlWrite, "Remote file name has no length")
		}
	}
	if name != "" && name != "-" {
		f, err := os.Create(name)
		if err != nil {
			return 0, t.fail(curlWrite, "Failure writing output to destination: %s", tool.Reason(err))
		}
		defer f.Close()
		out = f
	}
	if o.Has('i') || o.Has('I') {
		fmt.Fprintf(out, "%s %s\r\n", resp.Proto, resp.Status)
		_ = resp.Header.Write(out)
		fmt.Fprint(out, "\r\n")
	}
	buf := make([]byte, 32<<10)
	var total int64
	for {
		n, err := resp.Body.Read(buf)
		if _, werr := out.Write(buf[:n]); werr != nil {
			return total, t.fail(curlWrite, "Failure writing output to destination")
		}
		total += int64(n)
		t.c.Out.Flush()
		switch {
		case err == io.EOF:
			return total, 0
		case errors.Is(err, context.DeadlineExceeded):
			return total, t.fail(curlTimeout, "Operation timed out with %d bytes received", total)
		case err != nil:
			return total, t.fail(18, "transfer closed with outstanding read data remaining")
		}
	}
}

// writeOut prints what -w asks for.
func (t *transfer) writeOut(resp *http.Response, n int64, started time.Time) {
	if !t.o.Has('w') {
		return
	}
	values := []string{`\n`, "\n", `\t`, "\t", `\r`, "\r", "%{time_total}", fmt.Sprintf("%.6f", time.Since(started).Seconds()),
		"%{size_download}", strconv.FormatInt(n, 10)}
	if resp != nil {
		ip, _, _ := net.SplitHostPort(resp.Request.Host)
		values = append(values, "%{http_code}", strconv.Itoa(resp.StatusCode), "%{response_code}", strconv.Itoa(resp.StatusCode),
			"%{content_type}", resp.Header.Get("Content-Type"), "%{url_effective}", resp.Request.URL.String(), "%{remote_ip}", ip,
			"%{redirect_url}", resp.Header.Get("Location"))
	} else {
		values = append(values, "%{http_code}", "000", "%{response_code}", "000")
	}
	t.c.Out.WriteString(strings.NewReplacer(append(values, "%%", "%")...).Replace(t.o.Str('w', "")))
}

// Wget is wget [-qS] [-O FILE] [-T SECONDS] [-t TRIES] [--header H] [--post-data D] URL….
func Wget(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "qO:T:t:1:2:Scn", "quiet=q", "output-document=O", "timeout=T", "tries=t", "header=1", "post-data=2", "server-response=S", "continue=c")
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	if len(o.Args) == 0 {
		return c.Fail(1, "missing URL")
	}
	for _, u := range o.Args {
		args := []string{"-fL", "-sS"}
		name := o.Str('O', path.Base(u))
		if parsed, err := url.Parse(u); err == nil && !o.Has('O') {
			if name = path.Base(parsed.Path); name == "/" || name == "." {
				name = "index.html"
			}
		}
		if o.Has('S') {
			args = append(args, "-v")
		}
		args = append(args, "-o", name, "--connect-timeout", o.Str('T', "60"))
		for _, h := range o.All('1') {
			args = append(args, "-H", h)
		}
		if o.Has('2') {
			args = append(args, "-d", o.Str('2', ""))
		}
		sub := &tool.Call{Name: "wget", Args: append(args, u), Stdin: c.Stdin, Out: c.Out, Stderr: c.Stderr}
		switch code := Curl(sub); {
		case code == curlHTTP:
			return 8
		case code != 0:
			return 4
		}
		if !o.Has('q') && name != "-" {
			if info, err := os.Stat(name); err == nil {
				fmt.Fprintf(c.Stderr, "‘%s’ saved [%d]\n", name, info.Size())
			}
		}
	}
	return 0
}
