package shell

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// world is a machine on which everything tries to lead the AWS CLI astray: a home with credentials, profiles, an alias and
// a credential process, an environment full of AWS_ variables, proxies and endpoints that must never be asked.
type world struct {
	place  Place
	env    []string // the learner's own
	home   string
	trap   string // a file that exists once somebody touched the learner's credentials
	mu     sync.Mutex
	engine []string // authorization headers the engine saw
	canary []string // requests that must not happen
}

func poisoned(t *testing.T) *world {
	w := &world{home: t.TempDir()}
	engine := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		if r.Method == http.MethodConnect || "http://"+r.Host != w.place.Endpoint {
			http.Error(rw, "not here", http.StatusForbidden)
			return
		}
		w.engine = append(w.engine, r.Header.Get("Authorization"))
		io.WriteString(rw, `<ListQueuesResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><ListQueuesResult><QueueUrl>http://127.0.0.1/1/orders</QueueUrl></ListQueuesResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></ListQueuesResponse>`)
	}))
	t.Cleanup(engine.Close)
	canary := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.canary = append(w.canary, r.Method+" "+r.Host+r.URL.String())
	}))
	t.Cleanup(canary.Close)

	w.trap = filepath.Join(w.home, "touched")
	write(t, w.home, "steal.sh", "#!/bin/sh\necho x > "+w.trap+"\nexit 1\n")
	section := "\nendpoint_url = " + canary.URL + "\ncredential_process = " + filepath.Join(w.home, "steal.sh") +
		"\nregion = us-east-1\nca_bundle = /nowhere\nservices = here\n"
	write(t, w.home, ".aws/config", "[default]"+section+"[profile work]"+section+"[services here]\nsqs =\n  endpoint_url = "+canary.URL+"\n")
	write(t, w.home, ".aws/credentials", "[default]\naws_access_key_id = AKIAREALREALREALREAL\naws_secret_access_key = REALSECRET\n[work]\naws_access_key_id = AKIAREALREALREALREAL\naws_secret_access_key = REALSECRET\n")
	write(t, w.home, ".aws/cli/alias", "[toplevel]\nsqs = !"+filepath.Join(w.home, "steal.sh")+"\n")
	w.env = []string{
		"HOME=" + w.home, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8",
		"AWS_PROFILE=work", "AWS_DEFAULT_PROFILE=work", "AWS_ACCESS_KEY_ID=AKIAREALREALREALREAL", "AWS_SECRET_ACCESS_KEY=REALSECRET",
		"AWS_SESSION_TOKEN=REALTOKEN", "AWS_REGION=us-east-1", "AWS_CONFIG_FILE=" + filepath.Join(w.home, ".aws/config"),
		"AWS_SHARED_CREDENTIALS_FILE=" + filepath.Join(w.home, ".aws/credentials"),
		"AWS_ENDPOINT_URL=" + canary.URL, "AWS_ENDPOINT_URL_SQS=" + canary.URL, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true",
		"AWS_CONTAINER_CREDENTIALS_FULL_URI=" + canary.URL, "AWS_WEB_IDENTITY_TOKEN_FILE=" + w.trap, "AWS_ROLE_ARN=arn:aws:iam::1:role/x",
		"AWS_EC2_METADATA_SERVICE_ENDPOINT=" + canary.URL, "AWS_CA_BUNDLE=/nowhere", "AWS_DATA_PATH=/nowhere",
		"HTTP_PROXY=" + canary.URL, "HTTPS_PROXY=" + canary.URL, "http_proxy=" + canary.URL, "https_proxy=" + canary.URL,
		"ALL_PROXY=" + canary.URL, "all_proxy=" + canary.URL, "NO_PROXY=", "no_proxy=",
	}
	w.mu.Lock() // the handler above reads it
	defer w.mu.Unlock()
	w.place = Place{
		Cloud: "fifo", Endpoint: engine.URL, AccessKeyID: "AKIALABLABLABLABLABL", SecretAccessKey: "labsecret",
		Region: "ap-northeast-2", Dir: t.TempDir(), Vars: map[string]string{"AWS_PROFILE": "work", "AWS_ENDPOINT_URL": canary.URL, "QUEUE": "x"},
	}
	return w
}

// unharmed fails if anything was led astray.
func (w *world) unharmed(t *testing.T) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := os.Stat(w.trap); err == nil {
		t.Error("the learner's own credentials were read")
	}
	if len(w.canary) > 0 {
		t.Errorf("requests left: %v", w.canary)
	}
	for _, a := range w.engine {
		if !strings.Contains(a, "AKIALABLABLABLABLABL") {
			t.Errorf("the engine saw a foreign signature: %s", a)
		}
	}
}

// asked is how often the engine was.
func (w *world) asked() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.engine)
}

func always(path string) func(context.Context) string {
	return func(context.Context) string { return path }
}

func TestEnvironIsOurs(t *testing.T) {
	w := poisoned(t)
	env := Environ(w.env, w.place)
	for _, kv := range env {
		if strings.Contains(kv, "REAL") || strings.Contains(kv, "us-east-1") || strings.Contains(kv, "work") || strings.Contains(kv, "/nowhere") {
			t.Errorf("from the learner's environment: %s", kv)
		}
	}
	for _, kv := range []string{"AWS_ENDPOINT_URL=" + w.place.Endpoint, "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "HTTPS_PROXY=" + w.place.Endpoint, "QUEUE=x", "LANG=C.UTF-8", "HOME=" + w.home} {
		if !slices.Contains(env, kv) {
			t.Errorf("missing: %s", kv)
		}
	}
	if !strings.HasPrefix(pathOf(env), w.place.Dir) {
		t.Errorf("PATH is %s", pathOf(env))
	}
}

// TestRecordingCLI runs a program that only writes down how it was called.
func TestRecordingCLI(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the fake CLI is a shell script")
	}
	w := poisoned(t)
	real := write(t, t.TempDir(), "aws", "#!/bin/sh\necho \"args: $*\"\nenv\n")
	var out, errs bytes.Buffer
	a := AWS{Place: w.place, Real: always(real), Builtin: func(context.Context, Call) int { t.Error("the built-in one was asked"); return 0 }}
	a.Run(t.Context(), Call{
		Args: []string{"aws", "--endpoint-url=http://evil", "sqs", "list-queues", "--endpoint-url", "http://evil2", "--output", "text"},
		Dir:  t.TempDir(), Env: Environ(w.env, w.place), Stdout: &out, Stderr: &errs,
	})
	first, rest, _ := strings.Cut(out.String(), "\n")
	if want := "args: sqs list-queues --output text --endpoint-url " + w.place.Endpoint; first != want {
		t.Errorf("called with %q, want %q", first, want)
	}
	if strings.Contains(rest, "REAL") || !strings.Contains(rest, "HOME="+w.place.Dir) {
		t.Errorf("environment:\n%s", rest)
	}
	if !strings.Contains(errs.String(), "http://evil2 is ignored") {
		t.Errorf("not said: %q", errs.String())
	}
}

// TestRealCLI runs the AWS CLI of this machine, if it has one, on the poisoned machine.
func TestRealCLI(t *testing.T) {
	w := poisoned(t)
	env := Environ(w.env, w.place)
	real := FindReal(t.Context(), env)
	if real == "" {
		t.Skip("no AWS CLI here")
	}
	paths := []string{real}
	if old := "/usr/bin/aws"; old != real && executable(old) {
		paths = append(paths, old)
	}
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			env := with(env, "AWS_PROFILE=work", "AWS_CONFIG_FILE="+w.home+"/.aws/config") // typed in the lab shell
			a := AWS{Place: w.place, Real: always(path), Builtin: func(context.Context, Call) int { return usage }}
			for line, want := range map[string]int{
				"aws sqs list-queues --query QueueUrls[0] --output text": 0,
				"aws sqs list-queues --profile work":                     255,
				"aws s3 ls s3://bucket --region us-east-1":               -1, // whatever, but here
				"aws sqs list-queues --endpoint-url https://example.com": 0,
			} {
				var out, errs bytes.Buffer
				code := a.Run(t.Context(), Call{Args: strings.Fields(line), Dir: t.TempDir(), Env: env, Stdout: &out, Stderr: &errs})
				if want >= 0 && code != want && code != 253 {
					t.Errorf("%s: exit %d\n%s%s", line, code, out.String(), errs.String())
				}
			}
			w.unharmed(t)
			if w.asked() == 0 {
				t.Error("the engine was not asked at all")
			}
		})
	}
}

// TestOldSDK plays an SDK that ignores AWS_ENDPOINT_URL: its request ends at the engine, which refuses it.
func TestOldSDK(t *testing.T) {
	if _, err := os.Stat("/usr/bin/python3"); err != nil {
		t.Skip("no python3 here")
	}
	w := poisoned(t)
	dir := t.TempDir()
	write(t, dir, "old.py", "#!/usr/bin/python3\nimport urllib.request\nfor u in ('https://sqs.ap-northeast-2.amazonaws.com/', 'http://sqs.ap-northeast-2.amazonaws.com/'):\n"+
		"    try:\n        urllib.request.urlopen(u, timeout=5)\n        print('reached')\n    except OSError as e:\n        print(e)\n")
	s := open(t, Config{Dir: dir, Env: Environ(w.env, w.place), Confined: true})
	var out bytes.Buffer
	s.Line(t.Context(), "./old.py", &out, &out)
	if strings.Count(out.String(), "403") != 2 || strings.Contains(out.String(), "reached") {
		t.Errorf("the SDK saw:\n%s", out.String())
	}
	w.unharmed(t)
}

func TestFallBack(t *testing.T) {
	answer := func(code int, text string) Command {
		return func(_ context.Context, c Call) int {
			fmt.Fprint(c.Stdout, text)
			fmt.Fprint(c.Stderr, text+"!")
			return code
		}
	}
	for _, c := range []struct {
		first, second Command
		out, errs     string
		code          int
	}{
		{answer(0, "a"), answer(0, "b"), "a", "a!", 0},
		{answer(254, "a"), answer(0, "b"), "a", "a!", 254},
		{answer(252, ""), answer(0, "b"), "b", "note b!", 0},
		{answer(252, ""), answer(252, "b"), "", "!", 252},
	} {
		var out, errs bytes.Buffer
		call := Call{Stdout: &out, Stderr: &errs}
		code := either(call, func(x Call) int { return c.first(t.Context(), x) }, func(x Call) int { return c.second(t.Context(), x) }, "note ")
		if code != c.code || out.String() != c.out || errs.String() != c.errs {
			t.Errorf("got %d %q %q, want %d %q %q", code, out.String(), errs.String(), c.code, c.out, c.errs)
		}
	}
}

func TestShim(t *testing.T) {
	w := poisoned(t)
	bin, err := WriteShim(w.place, "/opt/it's here/haneul")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(bin, "aws")
	if runtime.GOOS == "windows" {
		path += ".cmd"
	}
	if !isShim(path) {
		b, _ := os.ReadFile(path)
		t.Errorf("not recognised as a shim: %s", b)
	}
	if Ours(w.env) || !Ours(Environ(w.env, w.place)) {
		t.Error("whose environment this is cannot be told")
	}
}

// TestIssuedKeys: keys that the cloud issued are used, with their session token; any others are not, and their id is all
// that is looked at.
func TestIssuedKeys(t *testing.T) {
	w := poisoned(t)
	var seen []string
	a := AWS{
		Place: w.place,
		Builtin: func(_ context.Context, c Call) int {
			seen = append(seen, Lookup(c.Env, "AWS_ACCESS_KEY_ID")+" "+Lookup(c.Env, "AWS_SECRET_ACCESS_KEY")+" "+Lookup(c.Env, "AWS_SESSION_TOKEN")+" "+Lookup(c.Env, "AWS_ENDPOINT_URL"))
			return 0
		},
		Issued: func(_ context.Context, id string) bool { return id == "ASIAKIM" },
	}
	var errs bytes.Buffer
	for _, keys := range [][]string{
		{"AWS_ACCESS_KEY_ID=ASIAKIM", "AWS_SECRET_ACCESS_KEY=kim", "AWS_SESSION_TOKEN=token", "AWS_ENDPOINT_URL=http://evil"},
		{"AWS_ACCESS_KEY_ID=AKIAREALREALREALREAL", "AWS_SECRET_ACCESS_KEY=REALSECRET", "AWS_SESSION_TOKEN=REALTOKEN"},
		{"AWS_SESSION_TOKEN=REALTOKEN"},
	} {
		a.Run(t.Context(), Call{Args: []string{"aws", "sqs", "list-queues"}, Env: with(Environ(w.env, w.place), keys...), Stdout: io.Discard, Stderr: &errs})
	}
	own := w.place.AccessKeyID + " labsecret  " + w.place.Endpoint
	if want := []string{"ASIAKIM kim token " + w.place.Endpoint, own, own}; !slices.Equal(seen, want) {
		t.Errorf("called as\n%q, want\n%q", seen, want)
	}
	if strings.Count(errs.String(), "is ignored") != 1 {
		t.Errorf("said: %s", errs.String())
	}
}
