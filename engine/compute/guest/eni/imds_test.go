//go:build linux

package eni

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"haneul/engine/compute"
)

type imdsTest struct {
	*testing.T
	m *imds
}

func (t imdsTest) do(method, path string, header ...string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	t.m.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestIMDSv2(t *testing.T) {
	it := imdsTest{t, newIMDS()}
	now := time.Unix(1_700_000_000, 0)
	it.m.now = func() time.Time { return now }
	if code, _ := it.do("GET", "/latest/meta-data/"); code != http.StatusForbidden {
		t.Error("a warm ENI answers", code)
	}
	it.m.set(compute.Metadata{
		InstanceID: "i-1", PrivateIP: "172.31.5.10", MAC: "06:41", KeyName: "my-key", PublicKey: "ssh-ed25519 AAAA",
		Role: &compute.Role{Name: "app", AccessKeyID: "ASIA1"}, UserData: []byte("#!/bin/sh\n"),
	})
	for _, c := range []struct {
		method, ttl string
		want        int
	}{{"PUT", "", 400}, {"PUT", "0", 400}, {"PUT", "21601", 400}, {"GET", "60", 405}, {"PUT", "21600", 200}} {
		if code, _ := it.do(c.method, "/latest/api/token", ttlHeader, c.ttl); code != c.want {
			t.Errorf("%s with TTL %q: %d, want %d", c.method, c.ttl, code, c.want)
		}
	}
	if code, _ := it.do("PUT", "/latest/api/token", ttlHeader, "60", "X-Forwarded-For", "1.2.3.4"); code != 403 {
		t.Error("a forwarded request gets a token", code)
	}
	_, token := it.do("PUT", "/latest/api/token", ttlHeader, "60")
	for path, want := range map[string]string{
		"/latest/meta-data/instance-id":               "i-1",
		"/2021-07-15/meta-data/local-ipv4":            "172.31.5.10",
		"/latest/user-data":                           "#!/bin/sh\n",
		"/latest/meta-data/iam/security-credentials/": "app",
		"/latest/meta-data/public-keys/":              "0=my-key",
		"/latest/meta-data/public-keys/0/":            "openssh-key",
		"/latest/meta-data/public-keys/0/openssh-key": "ssh-ed25519 AAAA",
		"/latest/meta-data/network/interfaces/macs/":  "06:41/",
		"/latest": "dynamic/\nmeta-data/\nuser-data",
	} {
		if code, body := it.do("GET", path, tokenHeader, token); code != 200 || body != want {
			t.Errorf("%s: %d %q, want %q", path, code, body, want)
		}
	}
	if _, list := it.do("GET", "/latest/meta-data/", tokenHeader, token); !strings.Contains(list, "\npublic-keys/\n") || strings.Contains(list, "\npublic-keys\n") {
		t.Errorf("meta-data lists %q", list)
	}
	if code, _ := it.do("GET", "/latest/meta-data/spot/instance-action", tokenHeader, token); code != 404 {
		t.Error("an interruption that nobody announced", code)
	}
	if code, _ := it.do("GET", "/latest/meta-data/instance-id"); code != 401 {
		t.Error("no token, and not 401 but", code)
	}
	now = now.Add(time.Minute)
	if code, _ := it.do("GET", "/latest/meta-data/instance-id", tokenHeader, token); code != 401 {
		t.Error("the token has ended, and not 401 but", code)
	}
}

func TestSpotAction(t *testing.T) {
	p := metadataPaths(compute.Metadata{SpotAction: &compute.SpotAction{Action: "terminate", Time: "2026-11-20T09:35:00Z"}})
	if got := p["meta-data/spot/instance-action"]; got != `{"action":"terminate","time":"2026-11-20T09:35:00Z"}` {
		t.Error(got)
	}
}

func TestResolverKnowsPrivateNames(t *testing.T) {
	r := &resolver{}
	r.set(compute.Metadata{Hosts: map[string]string{"db.example": "172.31.9.9"}})
	for name, want := range map[string]string{
		"ip-172-31-5-10": "172.31.5.10", "ip-172-31-5-10.ap-northeast-2.compute.internal": "172.31.5.10",
		"db.example": "172.31.9.9", "example.com": "", "ip-1-2": "",
	} {
		ip, ok := r.lookup(name)
		if ok != (want != "") || ok && ip.String() != want {
			t.Errorf("%s is %v %v, want %q", name, ip, ok, want)
		}
	}
}
