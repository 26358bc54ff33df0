package awscli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"haneul/engine/awscli/jmespath"
	"haneul/engine/emu"
)

// Version is the release of the AWS CLI whose behaviour this package follows.
const Version = "2.9.19"

// Exit codes of the AWS CLI.
const (
	exitInterrupted = 130
	exitUsage       = 252
	exitConfig      = 253
	exitService     = 254
	exitGeneral     = 255
)

// Env is the world a command runs in. Package awscli reads nothing else: no environment variable, no file but those the
// command names.
type Env struct {
	Endpoint        string // of the cloud, e.g. http://127.0.0.1:4566
	AccessKeyID     string // "" means there are no credentials
	SecretAccessKey string
	SessionToken    string // of temporary credentials, else ""
	Region          string // "" means ap-northeast-2
	Output          string // default of --output, "" means json
	Dir             string // where relative file:// paths start; "" means the process's directory
	Home            string // what ~ stands for in file:// paths; "" leaves it alone
	Getenv          func(string) string
	Stdin           io.Reader
	Stdout, Stderr  io.Writer
	// Services lists the cloud's operations; it is called once per command.
	Services func() []*emu.Service
	Client   *http.Client   // nil: one that uses no proxy
	Zone     *time.Location // for the times of JSON services; nil means local
}

// globals are the options every command knows.
type globals struct {
	parsed
	query    *jmespath.Expression
	output   string
	endpoint string
	region   string
	paginate bool
	sign     bool
	raw      bool // --cli-binary-format raw-in-base64-out
}

func globalOptions() []*option {
	return []*option{
		{name: "--debug", dest: "debug", arity: flag, value: true},
		{name: "--endpoint-url", dest: "endpoint_url"},
		{name: "--no-verify-ssl", dest: "verify_ssl", arity: flag, value: false},
		{name: "--no-paginate", dest: "no_paginate", arity: flag, value: true},
		{name: "--output", dest: "output", choices: []string{"json", "text", "table", "yaml", "yaml-stream"}},
		{name: "--query", dest: "query"},
		{name: "--profile", dest: "profile"},
		{name: "--region", dest: "region"},
		{name: "--version", dest: "version", arity: flag, value: true},
		{name: "--color", dest: "color", choices: []string{"on", "off", "auto"}},
		{name: "--no-sign-request", dest: "no_sign_request", arity: flag, value: true},
		{name: "--ca-bundle", dest: "ca_bundle"},
		{name: "--cli-read-timeout", dest: "read_timeout", number: true},
		{name: "--cli-connect-timeout", dest: "connect_timeout", number: true},
		{name: "--cli-binary-format", dest: "binary_format", choices: []string{"base64", "raw-in-base64-out"}},
		{name: "--no-cli-pager", dest: "no_cli_pager", arity: flag, value: true},
		{name: "--cli-auto-prompt", dest: "cli_auto_prompt", arity: flag, value: true},
		{name: "--no-cli-auto-prompt", dest: "no_cli_auto_prompt", arity: flag, value: true},
	}
}

// exitError is a failure with its exit code; its text goes to standard error between two line ends, as the CLI writes
// its errors.
type exitError struct {
	code int
	text string
}

func (e *exitError) Error() string { return e.text }

func failf(code int, format string, args ...any) error {
	return &exitError{code, fmt.Sprintf(format, args...)}
}

// Run runs one aws command, without the word aws, and returns its exit code.
func Run(ctx context.Context, env Env, args []string) int {
	r := &runner{Env: env.withDefaults()}
	err := r.main(ctx, args)
	if err == nil {
		return 0
	}
	if ctx.Err() != nil {
		fmt.Fprintln(r.Stdout)
		return exitInterrupted
	}
	fmt.Fprintf(r.Stderr, "\n%s\n", err)
	var usage usageError
	var exit *exitError
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &exit):
		return exit.code
	}
	return exitGeneral
}

func (e Env) withDefaults() Env {
	if e.Region == "" {
		e.Region = "ap-northeast-2"
	}
	if e.Output == "" {
		e.Output = "json"
	}
	if e.Getenv == nil {
		e.Getenv = func(string) string { return "" }
	}
	if e.Zone == nil {
		e.Zone = time.Local
	}
	if e.Client == nil {
		e.Client = &http.Client{Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true}}
	}
	return e
}

// runner runs one command.
type runner struct {
	Env
	g globals
}

func (r *runner) main(ctx context.Context, args []string) error {
	services := r.services()
	names := make([]string, 0, len(services)+1)
	for _, s := range services {
		names = append(names, s.Name)
	}
	p := parser{
		options:    globalOptions(),
		positional: &option{name: "command", dest: "command", required: true, choices: append(names, "help")},
	}
	if err := r.unsupported(args, services); err != nil {
		return err
	}
	got, err := p.parse(args)
	if got.flag("version") {
		fmt.Fprintf(r.Stdout, "aws-cli/%s haneul\n", Version)
		return nil
	}
	if err != nil {
		return err
	}
	if err := r.takeGlobals(got); err != nil {
		return err
	}
	if got.str("command") == "help" {
		r.help(services)
		return nil
	}
	for _, s := range services {
		if s.Name == got.str("command") {
			return r.service(ctx, s, got.rest)
		}
	}
	return nil
}

// services are those that can be reached over the wire.
func (r *runner) services() []*emu.Service {
	var out []*emu.Service
	for _, s := range r.Services() {
		if len(s.Wire) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// unsupported refuses by name what the real CLI has beside operations of a service, and services that this cloud lacks.
func (r *runner) unsupported(args []string, services []*emu.Service) error {
	word := firstWord(args)
	switch word {
	case "configure", "history", "cli-dev", "sso", "login", "logout":
		return failf(exitUsage, "aws %s is not part of the built-in CLI. Credentials, region and endpoint come from the environment; "+
			"run \"aws help\" for the commands there are.", word)
	}
	if !slices.Contains(elsewhere, word) || slices.ContainsFunc(services, func(s *emu.Service) bool { return s.Name == word }) {
		return nil
	}
	var names []string
	for _, s := range services {
		names = append(names, s.Name)
	}
	return failf(exitUsage, "aws %s is not emulated. The services of this cloud: %s.", word, strings.Join(names, ", "))
}

// firstWord is the first argument that is neither a global option nor its value: the command.
func firstWord(args []string) string {
	options := globalOptions()
	for i := 0; i < len(args); i++ {
		if !strings.HasPrefix(args[i], "-") {
			return args[i]
		}
		n := slices.IndexFunc(options, func(o *option) bool { return o.name == args[i] })
		if n >= 0 && options[n].arity != flag {
			i++
		}
	}
	return ""
}

// elsewhere are services of AWS that a learner may ask for, as the real CLI calls them: its list has some four hundred.
// https://docs.aws.amazon.com/cli/latest/reference/
var elsewhere = []string{
	"acm", "amplify", "apigateway", "apigatewayv2", "application-autoscaling", "appsync", "athena", "autoscaling", "backup", "batch", "bedrock",
	"bedrock-runtime", "budgets", "ce", "cloudformation", "cloudfront", "cloudtrail", "cloudwatch", "codebuild", "codedeploy", "codepipeline",
	"cognito-identity", "cognito-idp", "configservice", "ddb", "deploy", "dms", "docdb", "dynamodb", "dynamodbstreams", "ec2-instance-connect", "ecr",
	"ecs", "efs", "eks", "elasticache", "elasticbeanstalk", "elb", "elbv2", "emr", "events", "firehose", "fsx", "glacier", "glue", "guardduty",
	"kafka", "kinesis", "kms", "lambda", "lightsail", "logs", "memorydb", "mq", "neptune", "opensearch", "organizations", "pipes", "rds", "rds-data",
	"redshift", "resource-groups", "resourcegroupstaggingapi", "route53", "route53domains", "s3", "s3api", "s3control", "sagemaker", "scheduler",
	"secretsmanager", "service-quotas", "servicediscovery", "ses", "sesv2", "sns", "ssm", "stepfunctions", "support", "transcribe", "translate",
	"waf", "wafv2", "xray",
}

func (r *runner) takeGlobals(got parsed) (err error) {
	r.g = globals{
		parsed: got, output: got.str("output"), region: got.str("region"), endpoint: r.Endpoint,
		paginate: !got.flag("no_paginate"), sign: !got.flag("no_sign_request"), raw: got.str("binary_format") == "raw-in-base64-out",
	}
	if q, ok := got.values["query"].(string); ok {
		if r.g.query, err = jmespath.Compile(q); err != nil {
			return failf(exitUsage, "Bad value for --query %s: %s", q, err)
		}
	}
	if u, ok := got.values["endpoint_url"].(string); ok {
		if err := r.allow(u); err != nil {
			return err
		}
		r.g.endpoint = u
	}
	if p := got.str("profile"); p != "" {
		return failf(exitGeneral, "The config profile (%s) could not be found", p)
	}
	if r.g.output == "" {
		r.g.output = r.Output
	}
	if r.g.output != "json" && r.g.output != "text" {
		return failf(exitUsage, "--output %s is not part of the built-in CLI: use json or text.", r.g.output)
	}
	if got.flag("cli_auto_prompt") {
		return failf(exitUsage, "--cli-auto-prompt is not part of the built-in CLI.")
	}
	if r.g.region == "" {
		r.g.region = r.Region
	}
	return nil
}

// allow refuses endpoints that could be somebody else's: credentials of this cloud are not to be sent around.
func (r *runner) allow(endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme == "" {
		return failf(exitUsage, "Bad value for --endpoint-url \"%s\": scheme is missing.  Must be of the form "+
			"http://<hostname>/ or https://<hostname>/", endpoint)
	}
	own, err := url.Parse(r.Endpoint)
	switch host := u.Hostname(); {
	case err == nil && u.Host == own.Host:
	case host == "localhost", host == "::1", strings.HasPrefix(host, "127."):
	default:
		return failf(exitUsage, "Bad value for --endpoint-url \"%s\": the built-in CLI speaks to this cloud only (%s).", endpoint, r.Endpoint)
	}
	return nil
}

// readFile reads the file that a file:// or fileb:// parameter names.
func (r *runner) readFile(path string) ([]byte, error) {
	if r.Home != "" && (path == "~" || strings.HasPrefix(path, "~/")) {
		path = r.Home + path[1:]
	}
	path = os.Expand(path, func(name string) string {
		if v := r.Getenv(name); v != "" {
			return v
		}
		return "$" + name
	})
	if r.Dir != "" && !filepath.IsAbs(path) {
		path = filepath.Join(r.Dir, path)
	}
	return os.ReadFile(path)
}
