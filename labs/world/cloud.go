package world

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"haneul/engine"
	"haneul/engine/admin"
	"haneul/engine/awscli"
	"haneul/engine/wire/sigv4"
)

// Refused is an error the cloud answered with.
type Refused struct {
	Operation     string // sqs:SendMessage
	Code, Message string
	RequestID     string
}

func (e *Refused) Error() string { return e.Operation + ": " + e.Code + ": " + e.Message }

// operations is the cloud's table as boto3 spells it: service → snake_case → operation.
var operations = sync.OnceValue(func() map[string]map[string]string {
	table := map[string]map[string]string{}
	for _, s := range engine.Services() {
		if len(s.Wire) == 0 {
			continue // the kernel's own
		}
		ops := map[string]string{}
		for _, op := range s.Ops {
			ops[strings.ReplaceAll(awscli.KebabCase(op.Name), "-", "_")] = op.Name
		}
		table[s.Name] = ops
	}
	return table
})

// caller sends calls to one cloud in the engine's own JSON dialect.
type caller struct {
	cloud    admin.Cloud
	endpoint string
	http     *http.Client
	signer   sigv4.Signer
}

// call runs one operation. in and out are JSON.
func (c *caller) call(ctx context.Context, service, operation string, in []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint+"/", bytes.NewReader(in))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.0")
	req.Header.Set("X-Amz-Target", "Haneul_"+service+"."+operation)
	req.Header.Set("User-Agent", "haneul-grader")
	key := sigv4.Key{ID: c.cloud.AccessKeyID, Secret: c.cloud.SecretAccessKey}
	c.signer.Sign(req, in, key, c.cloud.Region, service, time.Now())
	res, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the engine does not answer: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode < 300 {
		return body, err
	}
	refused := &Refused{Operation: service + ":" + operation, Code: res.Status, RequestID: res.Header.Get("x-amzn-RequestId")}
	var said struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &said) == nil && said.Type != "" {
		refused.Code, refused.Message = said.Type[strings.LastIndexByte(said.Type, '#')+1:], said.Message
	}
	if code, _, _ := strings.Cut(res.Header.Get("x-amzn-query-error"), ";"); code != "" {
		refused.Code = code
	}
	return nil, refused
}
