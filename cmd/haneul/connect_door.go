package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"haneul/engine/admin"
)

// sshPort is where an instance's login is. A listener there greets as an SSH server does; see engine/compute/guest/eni.
const sshPort = 22

// knocking is how long a connection may take before a firewall is blamed. Here an open port answers in milliseconds.
const knocking = 5 * time.Second

// answers refuses an instance at whose address nobody can be.
func (v *visit) answers(i admin.Instance) error {
	pairs := []any{"instance", titled(i), "id", i.ID, "state", i.State, "reason", orDash(i.Reason), "region", v.inRegion()}
	switch i.State {
	case "running":
	case "stopped":
		return unreachable("connect-stopped", pairs...)
	case "pending", "stopping":
		return unreachable("connect-"+i.State, pairs...)
	default:
		return unreachable("connect-terminated", pairs...)
	}
	from, err := netip.ParseAddr(v.from)
	if err == nil && !from.IsPrivate() && i.PublicIP == "" && !v.bool("serial") {
		return unreachable("connect-no-address", pairs...)
	}
	return nil
}

// knock tries the port a login needs.
func (v *visit) knock(ctx context.Context) error {
	slow := time.AfterFunc(time.Second, func() {
		v.remark("cli.connect.trying", "address", v.address(), "port", sshPort, "from", v.from)
	})
	defer slow.Stop()
	conn, err := v.admin().Dial(ctx, v.cloud, v.instance.ID, admin.DialSpec{From: v.from, Port: sshPort, Timeout: int(knocking / time.Millisecond)})
	if err != nil {
		return v.shut(sshPort, err)
	}
	return conn.Close()
}

// shut explains why a port could not be reached.
func (v *visit) shut(port int, err error) error {
	pairs := []any{"instance", titled(v.instance), "address", v.address(), "port", port, "from", v.from}
	var refused *admin.Error
	switch {
	case !errors.As(err, &refused):
		return unreachable("engine-lost")
	case refused.Code == admin.DialTimeout && len(v.instance.Groups) > 0:
		pairs = append(pairs, "groups", v.groups())
		if v.inLab() { // what a lab asks for, nobody says before it was tried
			key := "connect-timeout-lab"
			if port == sshPort {
				key += "-login"
			}
			return unreachable(key, append(pairs, "command", v.reading(), "id", v.instance.ID)...)
		}
		return unreachable("connect-timeout", append(pairs, "command", v.opening(port))...)
	case refused.Code == admin.DialRefused && port == sshPort:
		return unreachable("connect-refused-login", pairs...)
	case refused.Code == admin.DialRefused:
		return unreachable("connect-refused", pairs...)
	}
	return &failure{code: exitUnreachable, key: "cli.error.connect-failed", pairs: pairs, cause: err}
}

// address is where the caller sees the instance.
func (v *visit) address() string {
	if from, err := netip.ParseAddr(v.from); err == nil && from.IsPrivate() {
		return v.instance.PrivateIP
	}
	return v.instance.PublicIP
}

// groups are the instance's security groups, with their names.
func (v *visit) groups() string {
	var all []string
	for _, g := range v.instance.Groups {
		all = append(all, g.Key+" ("+g.Value+")")
	}
	return strings.Join(all, ", ")
}

// opening is the command that would let the caller in.
func (v *visit) opening(port int) string {
	return fmt.Sprintf("aws ec2 authorize-security-group-ingress --group-id %s --protocol tcp --port %d --cidr %s/32%s", v.instance.Groups[0].Key, port, v.from, v.inRegion())
}

// reading is the command that shows the rules of the instance's groups.
func (v *visit) reading() string {
	ids := ""
	for _, g := range v.instance.Groups {
		ids += " " + g.Key
	}
	return "aws ec2 describe-security-groups --group-ids" + ids + v.inRegion()
}

// inLab tells whether the instance is in the cloud of a lab.
func (v *visit) inLab() bool {
	a, err := v.labRecords().Status(v.cloud)
	return err == nil && a.Active && a.Cloud == v.cloud
}

// inRegion is the option that names the instance's region; "" where it is the one that aws uses anyway.
func (v *visit) inRegion() string {
	if v.instance.Region == v.region {
		return ""
	}
	return " --region " + v.instance.Region
}
