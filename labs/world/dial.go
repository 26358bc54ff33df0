package world

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"haneul/engine/admin"
)

// reachInstance is t.instances.reach(id, port, source="203.0.113.10", timeout="3s", within=""): what somebody at an address
// finds at a port: "open", "Refused" (the machine said that nothing listens), "Timeout" (nobody answered: a firewall, or no
// machine), or another code. With within it is tried again until the port is open.
func (w *World) reachInstance(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var id, source, within string
	var port int
	timeout := "3s"
	if err := starlark.UnpackArgs("reach", args, kwargs, "id", &id, "port", &port, "source?", &source, "timeout?", &timeout, "within?", &within); err != nil {
		return nil, err
	}
	limit, again, err := spans(timeout, within)
	if err != nil {
		return nil, err
	}
	found := ""
	err = until(contextOf(th), again, func() (bool, error) {
		conn, code, err := w.dial(contextOf(th), id, admin.DialSpec{From: source, Port: port, Timeout: int(limit.Milliseconds())})
		if conn != nil {
			conn.Close()
			code = "open"
		}
		found = code
		return code == "open", err
	})
	return starlark.String(found), err
}

// dial connects to an instance through the firewalls. code is why it could not, where that says something about the
// learner's world.
func (w *World) dial(ctx context.Context, id string, s admin.DialSpec) (conn io.ReadWriteCloser, code string, err error) {
	conn, err = w.Admin.Dial(ctx, w.Cloud.Name, id, s)
	if code, _, ok := theirs(err); ok {
		return nil, code, nil
	}
	if message, ok := vanished(err); ok {
		return nil, message, nil
	}
	if err != nil {
		return nil, "", err
	}
	return conn, "", nil
}

// asking is one HTTP request to an instance.
type asking struct {
	id, path, method, body, source string
	headers                        *starlark.Dict
	port                           int
	limit                          time.Duration
}

// httpInstance is t.instances.http(id, path="/", method="GET", body="", headers={}, port=80, source="203.0.113.10",
// timeout="3s", within=""). It returns .ok (the status is 2xx), .status, .body, .headers (names in small letters) and .error:
// "" if there was an answer, else "Timeout", "Refused" or what went wrong. With within it is asked again until .ok.
func (w *World) httpInstance(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	a := asking{path: "/", method: http.MethodGet, headers: &starlark.Dict{}, port: 80}
	timeout, within := "3s", ""
	if err := starlark.UnpackArgs("http", args, kwargs, "id", &a.id, "path?", &a.path, "method?", &a.method, "body?", &a.body, "headers?", &a.headers,
		"port?", &a.port, "source?", &a.source, "timeout?", &timeout, "within?", &within); err != nil {
		return nil, err
	}
	limit, again, err := spans(timeout, within)
	if err != nil {
		return nil, err
	}
	a.limit = limit
	var got answered
	err = until(contextOf(th), again, func() (bool, error) {
		var err error
		got, err = w.ask(contextOf(th), a)
		return got.ok(), err
	})
	return got.value(), err
}

// answered is what came of an HTTP request.
type answered struct {
	status  int
	headers http.Header
	body    []byte
	trouble string
}

func (a *answered) ok() bool { return a.trouble == "" && a.status >= 200 && a.status < 300 }

func (a *answered) value() starlark.Value {
	headers := starlark.NewDict(len(a.headers))
	names := make([]string, 0, len(a.headers))
	for name := range a.headers {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		_ = headers.SetKey(starlark.String(strings.ToLower(name)), starlark.String(strings.Join(a.headers[name], ", "))) // a new dict takes any string
	}
	return starlarkstruct.FromStringDict(starlarkstruct.Default, starlark.StringDict{
		"ok": starlark.Bool(a.ok()), "status": starlark.MakeInt(a.status), "body": starlark.String(a.body), "headers": headers,
		"error": starlark.String(a.trouble),
	})
}

// ask sends one request on a connection of its own.
func (w *World) ask(ctx context.Context, a asking) (answered, error) {
	req, err := http.NewRequestWithContext(ctx, a.method, "http://"+a.id+"/", strings.NewReader(a.body))
	if err != nil {
		return answered{}, err
	}
	if req.URL.Path, req.URL.RawQuery, _ = strings.Cut(a.path, "?"); !strings.HasPrefix(req.URL.Path, "/") {
		return answered{}, fmt.Errorf("http: the path %q does not begin with /", a.path)
	}
	for _, kv := range a.headers.Items() {
		name, ok1 := starlark.AsString(kv[0])
		value, ok2 := starlark.AsString(kv[1])
		if !ok1 || !ok2 {
			return answered{}, fmt.Errorf("http: headers are strings, not %s", kv)
		}
		req.Header.Set(name, value)
	}
	req.Close = true
	end := time.Now().Add(a.limit)
	conn, code, err := w.dial(ctx, a.id, admin.DialSpec{From: a.source, Port: a.port, Timeout: int(a.limit.Milliseconds())})
	if conn == nil {
		return answered{trouble: code}, err
	}
	defer conn.Close()
	late, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	defer context.AfterFunc(late, func() { conn.Close() })()
	got, err := exchange(conn, req)
	switch {
	case err == nil:
		return got, nil
	case ctx.Err() != nil:
		return got, ctx.Err()
	case late.Err() != nil:
		return answered{trouble: admin.DialTimeout}, nil
	}
	return answered{trouble: reasonOf(err)}, nil
}

// exchange writes a request and reads its answer.
func exchange(conn io.ReadWriter, req *http.Request) (got answered, err error) {
	if err := req.Write(conn); err != nil {
		return got, err
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), req)
	if err != nil {
		return got, err
	}
	defer res.Body.Close()
	got.status, got.headers = res.StatusCode, res.Header
	got.body, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return got, err
}

// reasonOf is a text for an answer that did not come.
func reasonOf(err error) string {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, os.ErrClosed):
		return "the connection ended before the answer did"
	}
	return err.Error()
}
