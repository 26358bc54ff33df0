package engine_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"

	"haneul/engine"
	"haneul/engine/awscli"
)

// TestInside: an instance reaches AWS's API and the catalogue, and none of the engine's own doors.
func TestInside(t *testing.T) {
	h, err := engine.Open(engine.HostOptions{Token: "t", Log: t.Logf})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for path, want := range map[string]string{
		awscli.CataloguePath + "?service=sqs": "application/json",
		"/_haneul/v1/status":                  "text/xml",
		"/":                                   "text/plain; charset=utf-8",
	} {
		near, far := net.Pipe()
		defer near.Close()
		h.Answer(far)
		req, err := http.NewRequest(http.MethodGet, "http://169.254.170.254"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = req.Write(near) }()
		resp, err := http.ReadResponse(bufio.NewReader(near), req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		if got := resp.Header.Get("Content-Type"); got != want {
			t.Errorf("%s: %s %s\n%.200s", path, resp.Status, got, body)
		}
	}
}
