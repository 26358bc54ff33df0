package admin

import (
	"context"
	"net/http"
)

// Runtime is what instances run on.
type Runtime struct {
	Name    string   `json:"name"`              // Docker 20.10.24
	Notices []string `json:"notices,omitempty"` // what will not work as it should, in sentences
}

// NoRuntime is the code of the error when nothing could run instances. Its message says in a sentence what to do.
const NoRuntime = "NoRuntime"

// Runtime asks what instances would run on; an error with code [NoRuntime] if on nothing.
func (c *Client) Runtime(ctx context.Context) (r Runtime, err error) {
	return r, c.call(ctx, http.MethodGet, "runtime", nil, &r)
}

// Prepare makes what the first instance needs, the guest's image, and returns when it is there: at once but for the first
// time, which takes up to a minute.
func (c *Client) Prepare(ctx context.Context) error {
	return c.call(ctx, http.MethodPost, "runtime/image", nil, nil)
}

// Warm begins to make what the first instance in a cloud needs, and does not wait for it: the default VPC's network, and
// machines that stand by there. Without it the first launch takes a second longer.
func (c *Client) Warm(ctx context.Context, cloud string) error {
	return c.call(ctx, http.MethodPost, cloudPath(cloud)+"/warm", nil, nil)
}
