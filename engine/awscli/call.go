package awscli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"haneul/engine/awscli/ordered"
	"haneul/engine/emu"
	"haneul/engine/wire/sigv4"
)

// attempts is how often a call is tried: the standard mode of AWS's clients.
const attempts = 3

// backoff is the longest pause before the first retry; it doubles after each. The cloud is next door, so it is a tenth of
// what the real CLI waits.
const backoff = 100 * time.Millisecond

// serviceError is an error the service answered with.
type serviceError struct {
	code, message string
	status        int
}

func (e *serviceError) Error() string { return e.code + ": " + e.message }

// throttled are the codes that AWS's clients try again after.
var throttled = []string{
	"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "TooManyRequestsException",
	"ProvisionedThroughputExceededException", "TransactionInProgressException", "RequestLimitExceeded",
	"BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete",
	"EC2ThrottledException", "RequestTimeout", "RequestTimeoutException",
}

func (e *serviceError) retryable() bool {
	return slices.Contains(throttled, e.code) || e.status == 500 || e.status >= 502 && e.status <= 504
}

// call sends one operation, again if need be, and returns its output as the CLI shows it.
func (r *runner) call(ctx context.Context, c *command, in *ordered.Object) (*ordered.Object, error) {
	if err := c.validate(in); err != nil {
		return nil, err
	}
	wire, err := r.encode(c.input, in)
	if err != nil {
		return nil, err
	}
	out, err := r.try(ctx, c.service, c.op.Name, []byte(ordered.Compact(wire)))
	if err != nil {
		return nil, err
	}
	shown := r.show(c, out)
	c.reveal(shown)
	return shown, nil
}

// try sends a request up to three times.
func (r *runner) try(ctx context.Context, s *emu.Service, op string, body []byte) (any, error) {
	if r.g.sign && r.AccessKeyID == "" {
		return nil, failf(exitConfig, "Unable to locate credentials. You can configure credentials by running \"aws configure\".")
	}
	for try := 1; ; try++ {
		out, err := r.send(ctx, s.Name, op, body)
		if err == nil {
			return out, nil
		}
		var refused *serviceError
		if !errors.As(err, &refused) && ctx.Err() == nil {
			if try == attempts {
				return nil, failf(exitGeneral, "Could not connect to the endpoint URL: \"%s/\"", strings.TrimSuffix(r.g.endpoint, "/"))
			}
		} else if refused == nil || !refused.retryable() || try == attempts {
			return nil, failure(op, refused, try, err)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(rand.N(backoff << (try - 1))):
		}
	}
}

func failure(op string, e *serviceError, try int, err error) error {
	if e == nil {
		return err
	}
	retries := ""
	if try == attempts {
		retries = fmt.Sprintf(" (reached max retries: %d)", attempts-1)
	}
	return failf(exitService, "An error occurred (%s) when calling the %s operation%s: %s", e.code, op, retries, e.message)
}

// global services are signed for one region, whatever the caller's.
var global = map[string]string{"iam": "us-east-1"}

func (r *runner) send(ctx context.Context, service, op string, body []byte) (any, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(r.g.endpoint, "/")+"/", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.0")
	req.Header.Set("X-Amz-Target", "Haneul_"+service+"."+op)
	if r.g.sign {
		region := r.g.region
		if g, ok := global[service]; ok {
			region = g
		}
		key := sigv4.Key{ID: r.AccessKeyID, Secret: r.SecretAccessKey, Token: r.SessionToken}
		new(sigv4.Signer).Sign(req, body, key, region, service, time.Now())
	}
	req.Header.Set("User-Agent", "aws-cli/"+Version+" haneul")
	res, err := r.Client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	v, err := ordered.Parse(string(text))
	if res.StatusCode >= 300 {
		return nil, readError(res, v)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return &ordered.Object{}, nil
	}
	return v, err
}

func readError(res *http.Response, v any) *serviceError {
	e := &serviceError{code: "Unknown", message: "Unknown", status: res.StatusCode}
	if o, ok := v.(*ordered.Object); ok {
		if s, ok := o.Get("__type").(string); ok {
			e.code = s[strings.LastIndex(s, "#")+1:]
		}
		for _, k := range []string{"message", "Message"} {
			if s, ok := o.Get(k).(string); ok {
				e.message = s
			}
		}
	}
	if code, _, _ := strings.Cut(res.Header.Get("X-Amzn-Query-Error"), ";"); code != "" {
		e.code = code
	}
	return e
}
