// Package awscli is the built-in aws command: the grammar, messages, output and exit codes of the AWS CLI 2.9 over the
// operation table of the cloud, for machines on which the real one is not installed.
//
// [Run] reads its arguments as the real CLI does (abbreviated options, shorthand syntax, JSON, file:// and fileb://,
// --query, --output, --cli-input-json, --generate-cli-skeleton, pagination), checks them as botocore does, sends one signed
// request in the cloud's own JSON dialect (X-Amz-Target: Haneul_SERVICE.OPERATION) and prints what comes back. Exit
// codes: 0; 252 for bad usage; 253 for missing credentials; 254 for an error from the service; 255 for anything else.
//
// Not there: --output table, yaml and yaml-stream, --cli-input-yaml, auto-prompt, the pager, profiles, aliases, and the
// commands that are not operations (configure, s3, …). Each is refused by name. Requests go to this cloud only: an
// --endpoint-url that is neither the cloud's nor on this machine is refused.
//
// The file names follow the way of a command: argparse, command (which operation, which parameters), unpack and
// shorthand (text to values), validate, call (HTTP), paginate, output.
package awscli
