package admin

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Client talks to one engine.
type Client struct {
	base  string
	token string
	http  *http.Client
}

// NewClient reaches the engine at endpoint, e.g. http://127.0.0.1:4566, past any proxy.
func NewClient(endpoint, token string) *Client {
	return &Client{
		base:  strings.TrimSuffix(endpoint, "/") + Prefix,
		token: token,
		http: &http.Client{Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: 2 * time.Second}).DialContext,
			MaxIdleConnsPerHost: 16,
			IdleConnTimeout:     10 * time.Second, // clients come and go
		}},
	}
}

// Status asks the engine how it is.
func (c *Client) Status(ctx context.Context) (s Status, err error) {
	return s, c.call(ctx, http.MethodGet, "status", nil, &s)
}

// Shutdown lets the engine finish and leave.
func (c *Client) Shutdown(ctx context.Context) error {
	return c.call(ctx, http.MethodPost, "shutdown", nil, nil)
}

// Clouds lists the clouds, branches included.
func (c *Client) Clouds(ctx context.Context) (cs []Cloud, err error) {
	return cs, c.call(ctx, http.MethodGet, "clouds", nil, &cs)
}

// Cloud finds a cloud by name.
func (c *Client) Cloud(ctx context.Context, name string) (cl Cloud, err error) {
	return cl, c.call(ctx, http.MethodGet, cloudPath(name), nil, &cl)
}

// Create makes a cloud; a cloud of that name is an error with code CloudExists.
func (c *Client) Create(ctx context.Context, s CloudSpec) (cl Cloud, err error) {
	return cl, c.call(ctx, http.MethodPost, "clouds", s, &cl)
}

// Ensure finds a cloud or makes it.
func (c *Client) Ensure(ctx context.Context, s CloudSpec) (Cloud, error) {
	cl, err := c.Create(ctx, s)
	var e *Error
	if errors.As(err, &e) && e.Code == "CloudExists" {
		return c.Cloud(ctx, s.Name)
	}
	return cl, err
}

// Delete ends a cloud and removes its data.
func (c *Client) Delete(ctx context.Context, name string) error {
	return c.call(ctx, http.MethodDelete, cloudPath(name), nil, nil)
}

// Reset empties a cloud; its account and keys stay.
func (c *Client) Reset(ctx context.Context, name string) error {
	return c.call(ctx, http.MethodPost, cloudPath(name)+"/reset", nil, nil)
}

// Branch makes a second cloud with the state of the first.
func (c *Client) Branch(ctx context.Context, of string, s BranchSpec) (cl Cloud, err error) {
	return cl, c.call(ctx, http.MethodPost, cloudPath(of)+"/branch", s, &cl)
}

// Clock reads a cloud's clock.
func (c *Client) Clock(ctx context.Context, cloud string) (k Clock, err error) {
	return k, c.call(ctx, http.MethodGet, cloudPath(cloud)+"/clock", nil, &k)
}

// Advance moves a cloud's clock; what becomes due on the way is done.
func (c *Client) Advance(ctx context.Context, cloud string, d time.Duration) (k Clock, err error) {
	return k, c.call(ctx, http.MethodPost, cloudPath(cloud)+"/clock", clockChange{Advance: d.String()}, &k)
}

// Freeze stops a cloud's clock.
func (c *Client) Freeze(ctx context.Context, cloud string) (k Clock, err error) {
	return k, c.call(ctx, http.MethodPost, cloudPath(cloud)+"/clock", clockChange{Freeze: true}, &k)
}

// Resume lets a cloud's clock run.
func (c *Client) Resume(ctx context.Context, cloud string) (k Clock, err error) {
	return k, c.call(ctx, http.MethodPost, cloudPath(cloud)+"/clock", clockChange{Resume: true}, &k)
}

// Sleep returns when d has passed on the cloud's virtual clock.
func (c *Client) Sleep(ctx context.Context, cloud string, d time.Duration) error {
	return c.call(ctx, http.MethodPost, cloudPath(cloud)+"/sleep", map[string]string{"for": d.String()}, nil)
}

// Quiet returns when no call is in flight but parked ones, or with an error after the timeout.
func (c *Client) Quiet(ctx context.Context, cloud string, timeout time.Duration) (q Quiet, err error) {
	return q, c.call(ctx, http.MethodPost, cloudPath(cloud)+"/quiet", map[string]string{"timeout": timeout.String()}, &q)
}

// Faults lists the faults in force.
func (c *Client) Faults(ctx context.Context, cloud string) (fs []Fault, err error) {
	return fs, c.call(ctx, http.MethodGet, cloudPath(cloud)+"/faults", nil, &fs)
}

// AddFault puts a fault in force and returns it with its id.
func (c *Client) AddFault(ctx context.Context, cloud string, f Fault) (added Fault, err error) {
	return added, c.call(ctx, http.MethodPost, cloudPath(cloud)+"/faults", f, &added)
}

// ClearFaults removes one fault, or all of them if id is "".
func (c *Client) ClearFaults(ctx context.Context, cloud, id string) error {
	p := cloudPath(cloud) + "/faults"
	if id != "" {
		p += "/" + url.PathEscape(id)
	}
	return c.call(ctx, http.MethodDelete, p, nil, nil)
}

// Times lists what is modelled, and how long it takes.
func (c *Client) Times(ctx context.Context, cloud string) (all []ModelledTime, err error) {
	return all, c.call(ctx, http.MethodGet, cloudPath(cloud)+"/times", nil, &all)
}

// SetTime changes how long something that is modelled takes.
func (c *Client) SetTime(ctx context.Context, cloud, name string, d time.Duration) error {
	return c.call(ctx, http.MethodPut, cloudPath(cloud)+"/times/"+url.PathEscape(name), ModelledTime{TimeMS: d.Milliseconds()}, nil)
}

// ResetTime lets it take again what it takes by default.
func (c *Client) ResetTime(ctx context.Context, cloud, name string) error {
	return c.call(ctx, http.MethodDelete, cloudPath(cloud)+"/times/"+url.PathEscape(name), nil, nil)
}

// Find is the journal entry of a request.
func (c *Client) Find(ctx context.Context, cloud, requestID string) (e Entry, err error) {
	return e, c.call(ctx, http.MethodGet, cloudPath(cloud)+"/journal/"+url.PathEscape(requestID), nil, &e)
}

// Issued reports whether an access key id is one that the cloud has issued: its root's, a user's or a session's.
func (c *Client) Issued(ctx context.Context, cloud, id string) (bool, error) {
	var k AccessKey
	err := c.call(ctx, http.MethodGet, cloudPath(cloud)+"/access-keys/"+url.PathEscape(id), nil, &k)
	var refused *Error
	if errors.As(err, &refused) && refused.Code == "NoSuchKey" {
		return false, nil
	}
	return err == nil, err
}

// Journal reads a cloud's journal from a sequence number on, at most limit entries (0: all).
func (c *Client) Journal(ctx context.Context, cloud string, from uint64, limit int) (es []Entry, err error) {
	err = c.follow(ctx, cloud, from, limit, false, func(e Entry) bool { es = append(es, e); return true })
	return es, err
}

// Follow reads a cloud's journal and goes on as it grows, until f returns false or ctx ends.
func (c *Client) Follow(ctx context.Context, cloud string, from uint64, f func(Entry) bool) error {
	return c.follow(ctx, cloud, from, 0, true, f)
}

func (c *Client) follow(ctx context.Context, cloud string, from uint64, limit int, follow bool, f func(Entry) bool) error {
	q := url.Values{"from": {strconv.FormatUint(from, 10)}, "limit": {strconv.Itoa(limit)}}
	if follow {
		q.Set("follow", "1")
	}
	res, err := c.send(ctx, http.MethodGet, cloudPath(cloud)+"/journal?"+q.Encode(), nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	lines := bufio.NewReader(res.Body)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		if !f(e) {
			return nil
		}
	}
}

// Resources lists what exists in a cloud.
func (c *Client) Resources(ctx context.Context, cloud string) (rs []Resource, err error) {
	return rs, c.call(ctx, http.MethodGet, cloudPath(cloud)+"/resources", nil, &rs)
}

// Coverage lists what the engine emulates.
func (c *Client) Coverage(ctx context.Context) (cs []Coverage, err error) {
	return cs, c.call(ctx, http.MethodGet, "coverage", nil, &cs)
}

func cloudPath(name string) string { return "clouds/" + url.PathEscape(name) }

// call sends a JSON body, if any, and reads a JSON answer, if wanted.
func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	res, err := c.send(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if out == nil {
		_, err = io.Copy(io.Discard, res.Body)
		return err
	}
	return json.NewDecoder(res.Body).Decode(out)
}

func (c *Client) send(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, err
	}
	return c.do(req)
}

func (c *Client) do(req *http.Request) (*http.Response, error) {
	req.Header.Set(TokenHeader, c.token)
	res, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the engine does not answer: %w", err)
	}
	if res.StatusCode < 300 {
		return res, nil
	}
	defer res.Body.Close()
	e := &Error{Status: res.StatusCode}
	if json.NewDecoder(res.Body).Decode(e) != nil || e.Message == "" {
		e.Message = "the engine answered " + res.Status
	}
	return nil, e
}
