package shell

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Place is the one cloud that commands reach, and where our own files for that are.
type Place struct {
	Cloud           string // its name in the engine
	Endpoint        string // http://127.0.0.1:4566
	AccessKeyID     string
	SecretAccessKey string
	Region          string
	Dir             string            // folder of ours for config, credentials and the shim
	Vars            map[string]string // the lab's own variables, e.g. ORDERS_URL
}

// bin is the folder that comes first on the PATH.
func (p Place) bin() string { return filepath.Join(p.Dir, "bin") }

// dropped are variables that could lead a client elsewhere or to the learner's own credentials. Everything that begins
// with AWS_ or ends with _proxy goes too.
var dropped = []string{"BOTO_CONFIG"}

// Environ makes the environment of a lab's commands out of the learner's own.
func Environ(base []string, p Place) []string {
	env := map[string]string{}
	for _, kv := range base {
		if k, v, ok := strings.Cut(kv, "="); ok && k != "" && !leadsAway(k) {
			env[k] = v
		}
	}
	path := pathKey(env)
	if first := p.bin() + string(os.PathListSeparator); !strings.HasPrefix(env[path], first) {
		env[path] = first + env[path]
	}
	for k, v := range p.Vars {
		if !leadsAway(k) {
			env[k] = v
		}
	}
	maps.Copy(env, p.variables())
	lines := make([]string, 0, len(env))
	for _, k := range slices.Sorted(maps.Keys(env)) {
		lines = append(lines, k+"="+env[k])
	}
	return lines
}

// variables are ours; a lab's own variables cannot change them.
func (p Place) variables() map[string]string {
	return map[string]string{
		"HANEUL_CLOUD":                p.Cloud,
		"AWS_ENDPOINT_URL":            p.Endpoint,
		"AWS_ACCESS_KEY_ID":           p.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY":       p.SecretAccessKey,
		"AWS_REGION":                  p.Region,
		"AWS_DEFAULT_REGION":          p.Region,
		"AWS_CONFIG_FILE":             filepath.Join(p.Dir, "config"),
		"AWS_SHARED_CREDENTIALS_FILE": filepath.Join(p.Dir, "credentials"),
		"AWS_EC2_METADATA_DISABLED":   "true",
		"AWS_PAGER":                   "",
		"AWS_CLI_AUTO_PROMPT":         "off",
		// Older SDKs ignore AWS_ENDPOINT_URL and would call the real AWS. The engine is their proxy: it answers nobody
		// but itself.
		"HTTP_PROXY":  p.Endpoint,
		"HTTPS_PROXY": p.Endpoint,
		"http_proxy":  p.Endpoint,
		"https_proxy": p.Endpoint,
		"NO_PROXY":    localHosts,
		"no_proxy":    localHosts,
	}
}

const localHosts = "127.0.0.1,localhost,::1"

func leadsAway(name string) bool {
	name = strings.ToUpper(name)
	return strings.HasPrefix(name, "AWS_") || strings.HasSuffix(name, "_PROXY") || slices.Contains(dropped, name)
}

// pathKey is how this system spells PATH: Windows says Path.
func pathKey(env map[string]string) string {
	for k := range env {
		if strings.EqualFold(k, "PATH") {
			return k
		}
	}
	return "PATH"
}

// Lookup finds a variable in a list of NAME=value lines.
func Lookup(env []string, name string) string {
	for i := len(env) - 1; i >= 0; i-- {
		if k, v, ok := strings.Cut(env[i], "="); ok && k == name {
			return v
		}
	}
	return ""
}

// with sets variables in a list of NAME=value lines.
func with(env []string, pairs ...string) []string {
	out := slices.Clone(env)
	for _, p := range pairs {
		name, _, _ := strings.Cut(p, "=")
		out = slices.DeleteFunc(out, func(kv string) bool { return strings.HasPrefix(kv, name+"=") })
		out = append(out, p)
	}
	return out
}
