// Package clienttest proves services with the clients people use, unchanged and over HTTP: the AWS CLI and boto3 of Debian
// (2.9 and 1.26, of 2022), newer ones where PATH has them, and aws-sdk-go-v2. They are what says that the wire and the
// shapes are AWS's: old and new ones do not even speak the same protocol.
package clienttest

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"haneul/engine"
	"haneul/engine/admin"
)

const (
	token  = "a-token-for-tests"
	region = "ap-northeast-2"
)

// Cloud is the default cloud of an engine that clients can reach.
type Cloud struct {
	Endpoint string
	Host     *engine.Host
	// Env is the environment of a client: it has the root key, and keeps away from everything but the engine.
	Env []string
}

// Serve starts an engine without machines. Its clock stands still: however slow a client is, time moves when the test says
// so.
func Serve(t testing.TB) *Cloud {
	t.Helper()
	h, err := engine.Open(engine.HostOptions{Token: token, Log: t.Logf})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Default().Freeze(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		<-done
		h.Close()
	})
	c, home, key := &Cloud{Endpoint: "http://" + l.Addr().String(), Host: h}, t.TempDir(), h.Default().RootKey()
	c.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "ENDPOINT=" + c.Endpoint, "TOKEN=" + token, "AWS_DEFAULT_REGION=" + region,
		"AWS_ACCESS_KEY_ID=" + key.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + key.Secret,
		"AWS_CONFIG_FILE=" + filepath.Join(home, "config"), "AWS_SHARED_CREDENTIALS_FILE=" + filepath.Join(home, "credentials"),
		"AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "NO_PROXY=*", "LC_ALL=C.UTF-8",
	}
	return c
}

// Advance moves the cloud's clock.
func (c *Cloud) Advance(t testing.TB, d time.Duration) {
	t.Helper()
	if _, err := admin.NewClient(c.Endpoint, token).Advance(t.Context(), admin.DefaultCloud, d); err != nil {
		t.Fatal(err)
	}
}

// Config is aws-sdk-go-v2's, with some credentials. Root is with the root key's.
func (c *Cloud) Config(id, secret, session string) aws.Config {
	return aws.Config{Region: region, BaseEndpoint: &c.Endpoint, Credentials: credentials.NewStaticCredentialsProvider(id, secret, session)}
}

func (c *Cloud) Root() aws.Config {
	key := c.Host.Default().RootKey()
	return c.Config(key.AccessKeyID, key.Secret, "")
}

// installed lists those of the programs that are there, Debian's own first.
func installed(t *testing.T, names ...string) (paths []string) {
	t.Helper()
	if testing.Short() {
		t.Skip("a real client takes seconds")
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// Boto3 runs a script with every boto3 there is, each in a cloud of its own. The script finds it in ENDPOINT.
func Boto3(t *testing.T, script string) {
	ran := false
	for _, python := range installed(t, "/usr/bin/python3", "python3") {
		version, err := exec.Command(python, "-c", "import boto3; print(boto3.__version__)").Output()
		if err != nil {
			t.Logf("%s has no boto3", python)
			continue
		}
		ran = true
		t.Run(strings.TrimSpace(string(version)), func(t *testing.T) {
			cmd := exec.Command(python, script)
			cmd.Env = Serve(t).Env
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	if !ran {
		t.Skip("boto3 is not installed: apt-get install python3-boto3")
	}
}

// CLI is the AWS CLI of one of the installed versions.
type CLI struct {
	testing.TB
	*Cloud
	path string
	// Service comes before the arguments; "" for none.
	Service string
}

// CLIs walks with every AWS CLI there is, each in a cloud of its own.
func CLIs(t *testing.T, service string, walk func(c *CLI)) {
	found := installed(t, "/usr/bin/aws", "aws")
	if len(found) == 0 {
		t.Skip("the AWS CLI is not installed: apt-get install awscli")
	}
	for _, path := range found {
		t.Run(path, func(t *testing.T) { walk(&CLI{t, Serve(t), path, service}) })
	}
}

// As is the same CLI with other credentials.
func (c *CLI) As(id, secret, session string) *CLI {
	cloud, other := *c.Cloud, *c
	cloud.Env = append(slices.Clone(c.Env), "AWS_ACCESS_KEY_ID="+id, "AWS_SECRET_ACCESS_KEY="+secret, "AWS_SESSION_TOKEN="+session)
	other.Cloud = &cloud
	return &other
}

// Run returns the command's output, or what it complained about, as the old CLI prints it.
func (c *CLI) Run(args ...string) string {
	c.Helper()
	if c.Service != "" {
		args = append([]string{c.Service}, args...)
	}
	cmd := exec.Command(c.path, append([]string{"--endpoint-url", c.Endpoint}, args...)...)
	cmd.Env = c.Env
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if cmd.Run() == nil {
		return strings.TrimSpace(out.String())
	}
	said, _, _ := strings.Cut(complaint.String(), "\n\nAdditional error details")
	return strings.TrimPrefix(strings.TrimSpace(said), "aws: [ERROR]: ")
}

// Want runs a command and compares what it says.
func (c *CLI) Want(want string, args ...string) {
	c.Helper()
	if got := c.Run(args...); got != want {
		c.Errorf("aws %s %s\n got %s\nwant %s", c.Service, strings.Join(args, " "), got, want)
	}
}
