//go:build linux

package guest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"time"

	"haneul/engine/awscli"
	"haneul/engine/compute"
	"haneul/engine/compute/guest/imds"
	"haneul/engine/compute/guest/tool"
	"haneul/engine/emu"
)

// aws is the built-in AWS CLI on the instance's own cloud, as the instance's role, unless the environment has other keys.
func aws(c *tool.Call) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	env := awscli.Env{
		Endpoint: os.Getenv(compute.EnvEndpoint), Region: os.Getenv("AWS_REGION"), Output: os.Getenv("AWS_DEFAULT_OUTPUT"),
		AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"), SessionToken: os.Getenv("AWS_SESSION_TOKEN"),
		Home: os.Getenv("HOME"), Getenv: os.Getenv, Stdin: c.Stdin, Stdout: c.Out, Stderr: c.Stderr,
	}
	if env.Endpoint == "" {
		env.Endpoint = "http://" + compute.CloudAddress
	}
	if env.Region == "" {
		env.Region = os.Getenv("AWS_DEFAULT_REGION")
	}
	if env.AccessKeyID == "" {
		fromRole(&env)
	}
	services, err := cloudServices(ctx, env.Endpoint, c.Args)
	if err != nil {
		return c.Fail(255, "%v", err)
	}
	env.Services = func() []*emu.Service { return services }
	return awscli.Run(ctx, env, c.Args)
}

// fromRole takes credentials and region from the metadata service. Without a role there are none, which the CLI reports.
func fromRole(env *awscli.Env) {
	if env.Region == "" {
		if b, err := imds.Get("meta-data/placement/region"); err == nil {
			env.Region = string(b)
		}
	}
	name, err := imds.Get("meta-data/iam/security-credentials/")
	if err != nil {
		return
	}
	b, err := imds.Get("meta-data/iam/security-credentials/" + strings.TrimSpace(string(name)))
	var keys struct{ AccessKeyId, SecretAccessKey, Token string }
	if err != nil || json.Unmarshal(b, &keys) != nil {
		return
	}
	env.AccessKeyID, env.SecretAccessKey, env.SessionToken = keys.AccessKeyId, keys.SecretAccessKey, keys.Token
}

// cloudServices asks the cloud for its services; any word of the command may be the name of one.
func cloudServices(ctx context.Context, endpoint string, words []string) ([]*emu.Service, error) {
	names := url.Values{}
	for _, w := range words {
		if !strings.HasPrefix(w, "-") && len(w) < 40 {
			names.Add("service", w)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(endpoint, "/")+awscli.CataloguePath+"?"+names.Encode(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := (&http.Client{Transport: &http.Transport{Proxy: nil}}).Do(req)
	if err != nil {
		return nil, fmt.Errorf("the cloud does not answer at %s: %w", endpoint, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the cloud at %s answers %s to the question which operations it has", endpoint, resp.Status)
	}
	return awscli.ReadCatalogue(b)
}
