// Package imds asks the instance metadata service, version 2.
package imds

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"haneul/engine/compute"
)

var (
	// ErrNotFound: there is no such path.
	ErrNotFound = errors.New("not in the instance metadata")
	// ErrForbidden: the instance's metadata options switch the service off.
	ErrForbidden = errors.New("the instance metadata service is disabled")
)

var client = &http.Client{Timeout: 3 * time.Second, Transport: &http.Transport{Proxy: nil}}

// Get reads http://169.254.169.254/latest/<path> with a token of its own.
func Get(path string) ([]byte, error) {
	const base = "http://" + compute.MetadataAddress + "/latest/"
	token, err := do(http.MethodPut, base+"api/token", "X-aws-ec2-metadata-token-ttl-seconds", "60")
	if err != nil {
		return nil, err
	}
	return do(http.MethodGet, base+path, "X-aws-ec2-metadata-token", strings.TrimSpace(string(token)))
}

func do(method, url, header, value string) ([]byte, error) {
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set(header, value)
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the instance metadata service does not answer: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return nil, ErrNotFound
	case resp.StatusCode == http.StatusForbidden:
		return nil, ErrForbidden
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the instance metadata service answers %s", resp.Status)
	}
	return body, err
}
