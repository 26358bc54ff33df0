package awscli

import (
	"encoding/base64"
	"strings"

	"haneul/engine/awscli/ordered"
	"haneul/engine/codec"
)

// The real CLI's own ways with EC2, from awscli/customizations/ec2 of 2.9: --count, --associate-public-ip-address, simple
// options for one rule of a security group, user data in base64, and the console in plain text.

// special are the options that a command has beside its operation's parameters. hides are parameters that they replace.
func (c *command) special() (options []*option, hides []string) {
	if c.service.Name != "ec2" {
		return nil, nil
	}
	switch c.op.Name {
	case "RunInstances":
		return []*option{
			{name: "--count", dest: "count"},
			{name: "--associate-public-ip-address", dest: "public_ip", arity: flag, value: true},
			{name: "--no-associate-public-ip-address", dest: "public_ip", arity: flag, value: false},
		}, []string{"min-count", "max-count"}
	case "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress":
		for _, name := range []string{"protocol", "port", "cidr", "source-group", "group-owner"} {
			options = append(options, &option{name: "--" + name, dest: "rule " + name})
		}
	}
	return options, nil
}

// onOff is the structure with one member, Value, that is a boolean: it is an option of its own, as a boolean is.
func onOff(f codec.Field) bool {
	if f.Kind != codec.Struct {
		return false
	}
	m := f.Type.Fields()
	return len(m) == 1 && m[0].JSON == "Value" && m[0].Kind == codec.Bool
}

// customise adds what the special options say.
func (c *command) customise(in *ordered.Object, got parsed) error {
	if c.service.Name != "ec2" {
		return nil
	}
	if c.op.Name == "RunInstances" {
		return runOptions(in, got)
	}
	return ruleOptions(in, got)
}

func runOptions(in *ordered.Object, got parsed) error {
	if count, ok := got.values["count"].(string); ok {
		low, high, ranged := strings.Cut(count, ":")
		if !ranged {
			high = low
		}
		for name, text := range map[string]string{"MinCount": low, "MaxCount": high} {
			n, err := pythonInt(text)
			if err != nil {
				return failf(exitUsage, "count parameter should be of the form <min>[:<max>] (e.g. 1 or 1:10)")
			}
			in.Set(name, n)
		}
	}
	public, ok := got.values["public_ip"].(bool)
	if !ok {
		return nil
	}
	if in.Has("NetworkInterfaces") {
		return failf(exitUsage, "Mixing the --network-interfaces option with the simple, scalar options is not supported.")
	}
	nic := ordered.Obj("DeviceIndex", int64(0), "AssociatePublicIpAddress", public)
	for from, to := range map[string]string{"SubnetId": "SubnetId", "SecurityGroupIds": "Groups", "PrivateIpAddress": "PrivateIpAddress"} {
		if in.Has(from) {
			nic.Set(to, in.Get(from))
			in.Delete(from)
		}
	}
	in.Set("NetworkInterfaces", []any{nic})
	return nil
}

// defaults adds what EC2's commands take for granted, after --cli-input-json has been read.
func (c *command) defaults(in *ordered.Object) {
	if c.service.Name != "ec2" || c.op.Name != "RunInstances" {
		return
	}
	for _, name := range []string{"MinCount", "MaxCount"} {
		if !in.Has(name) {
			in.Set(name, int64(1))
		}
	}
	switch data := in.Get("UserData").(type) {
	case string:
		in.Set("UserData", base64.StdEncoding.EncodeToString([]byte(data)))
	case []byte:
		in.Set("UserData", base64.StdEncoding.EncodeToString(data))
	}
}

// reveal decodes what EC2 answers in base64 and the real CLI shows as text: botocore's decode_console_output.
func (c *command) reveal(out *ordered.Object) {
	if c.service.Name != "ec2" || c.op.Name != "GetConsoleOutput" {
		return
	}
	if text, ok := out.Get("Output").(string); ok {
		if b, err := base64.StdEncoding.DecodeString(text); err == nil {
			out.Set("Output", strings.ToValidUTF8(string(b), "\uFFFD"))
		}
	}
}

// ruleOptions makes one permission of --protocol, --port, --cidr, --source-group and --group-owner.
func ruleOptions(in *ordered.Object, got parsed) error {
	p, given := &ordered.Object{}, func(name string) (string, bool) {
		v, ok := got.values["rule "+name].(string)
		return v, ok && v != ""
	}
	if v, ok := given("protocol"); ok {
		if v == "all" {
			v = "-1"
		}
		p.Set("IpProtocol", v)
	}
	if v, ok := given("port"); ok {
		from, to, ranged := strings.Cut(v, "-")
		switch {
		case v == "-1" || v == "all":
			from, to = "-1", "-1"
		case !ranged:
			to = from
		}
		low, err := pythonInt(from)
		high, bad := pythonInt(to)
		if err != nil || bad != nil {
			return failf(exitUsage, "port parameter should be of the form <from[-to]> (e.g. 22 or 22-25)")
		}
		p.Set("FromPort", low)
		p.Set("ToPort", high)
	}
	if v, ok := given("cidr"); ok {
		p.Set("IpRanges", []any{ordered.Obj("CidrIp", v)})
	}
	pair := &ordered.Object{}
	if v, ok := given("source-group"); ok {
		if strings.HasPrefix(v, "sg-") {
			pair.Set("GroupId", v)
		} else {
			pair.Set("GroupName", v)
		}
	}
	if v, ok := given("group-owner"); ok {
		pair.Set("UserId", v)
	}
	if pair.Len() > 0 {
		p.Set("UserIdGroupPairs", []any{pair})
	}
	if p.Len() == 0 {
		return nil
	}
	if in.Has("IpPermissions") {
		return failf(exitUsage, "The --protocol option is not compatible with the --ip-permissions option ")
	}
	in.Set("IpPermissions", []any{p})
	return nil
}
