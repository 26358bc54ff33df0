package ec2

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"haneul/engine/emu"
)

// IpPermission is a protocol and ports, with all the peers they are allowed for.
type IpPermission struct {
	FromPort         *int64
	IpProtocol       string
	IpRanges         []IpRange
	Ipv6Ranges       []Ipv6Range
	PrefixListIds    []PrefixListId
	ToPort           *int64
	UserIdGroupPairs []UserIdGroupPair `query:"groups"`
}

// IpRange is a peer by IPv4 addresses.
type IpRange struct{ CidrIp, Description string }

// Ipv6Range is a peer by IPv6 addresses. It is kept and shown; instances here have no IPv6, so it lets nothing through.
type Ipv6Range struct{ CidrIpv6, Description string }

// PrefixListId names a prefix list; there are none.
type PrefixListId struct{ PrefixListId, Description string }

// UserIdGroupPair is a peer by security group: all its members.
type UserIdGroupPair struct{ Description, GroupId, GroupName, UserId, VpcId string }

// permissions gathers rules as DescribeSecurityGroups shows them.
func permissions(account string, rules []rule, egress bool) []IpPermission {
	out := []IpPermission{}
	for _, r := range rules {
		if r.Egress != egress {
			continue
		}
		from, to := r.ports()
		i := slices.IndexFunc(out, func(p IpPermission) bool {
			return p.IpProtocol == r.Protocol && (from == nil || *p.FromPort == *from && *p.ToPort == *to)
		})
		if i < 0 {
			i = len(out)
			out = append(out, IpPermission{from, r.Protocol, []IpRange{}, []Ipv6Range{}, []PrefixListId{}, to, []UserIdGroupPair{}})
		}
		switch p := &out[i]; {
		case r.CIDR != "":
			p.IpRanges = append(p.IpRanges, IpRange{r.CIDR, r.Description})
		case r.CIDR6 != "":
			p.Ipv6Ranges = append(p.Ipv6Ranges, Ipv6Range{r.CIDR6, r.Description})
		default:
			p.UserIdGroupPairs = append(p.UserIdGroupPairs, UserIdGroupPair{Description: r.Description, GroupId: r.Group, UserId: account})
		}
	}
	return out
}

// ports are nil for all protocols, as AWS leaves them out then.
func (r *rule) ports() (from, to *int64) {
	if r.Protocol == "-1" {
		return nil, nil
	}
	return &r.From, &r.To
}

// same reports whether two rules allow the same: descriptions and ids do not count.
func (r *rule) same(o *rule) bool {
	return r.Egress == o.Egress && r.Protocol == o.Protocol && r.From == o.From && r.To == o.To && r.CIDR == o.CIDR && r.CIDR6 == o.CIDR6 && r.Group == o.Group
}

// String is the rule as AWS quotes it in InvalidPermission.Duplicate.
func (r *rule) String() string {
	peer := r.CIDR + r.CIDR6 + r.Group
	if r.Protocol == "-1" {
		return fmt.Sprintf("peer: %s, ALL, ALLOW", peer)
	}
	return fmt.Sprintf("peer: %s, %s, from port: %d, to port: %d, ALLOW", peer, strings.ToUpper(r.Protocol), r.From, r.To)
}

// ruleValue is a rule's property under the name of a filter ip-permission.NAME.
func ruleValue(r rule, name string) (string, bool) {
	switch name {
	case "protocol":
		return r.Protocol, true
	case "from-port":
		return strconv.FormatInt(r.From, 10), true
	case "to-port":
		return strconv.FormatInt(r.To, 10), true
	case "cidr":
		return r.CIDR, true
	case "ipv6-cidr":
		return r.CIDR6, true
	case "group-id":
		return r.Group, true
	}
	return "", false
}

var protocolNames = map[string]string{"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}

// protocolAndPorts checks and normalises what a rule is about.
func protocolAndPorts(protocol string, from, to *int64) (p string, f, t int64, err error) {
	p = strings.ToLower(protocol)
	if name, ok := protocolNames[p]; ok {
		p = name
	}
	switch p {
	case "":
		return p, 0, 0, missingParameter("ipProtocol")
	case "-1":
		return p, -1, -1, nil
	case "tcp", "udp":
		if from == nil || to == nil {
			return p, 0, 0, invalidValue("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.")
		}
		switch {
		case *from < 0 || *from > 65535:
			return p, 0, 0, invalidValue("TCP/UDP (%s) port (%d) out of range", "from", *from)
		case *to < 0 || *to > 65535:
			return p, 0, 0, invalidValue("TCP/UDP (%s) port (%d) out of range", "to", *to)
		case *from > *to:
			return p, 0, 0, invalidValue("Invalid TCP/UDP port range (%d:%d)", *from, *to)
		}
		return p, *from, *to, nil
	case "icmp", "icmpv6":
		if p == "icmp" && (from == nil || to == nil) {
			return p, 0, 0, invalidValue("Invalid value 'Must specify both from and to ports with ICMP.' for portRange.")
		}
		f, t = -1, -1
		if from != nil {
			f = *from
		}
		if to != nil {
			t = *to
		}
		switch {
		case f < -1 || f > 255:
			return p, 0, 0, invalidValue("ICMP %s (%d) out of range", "type", f)
		case t < -1 || t > 255:
			return p, 0, 0, invalidValue("ICMP %s (%d) out of range", "code", t)
		}
		return p, f, t, nil
	}
	if n, bad := strconv.Atoi(p); bad != nil || n < 0 || n > 255 {
		return p, 0, 0, invalidValue("Invalid value '%s' for IP protocol. Unknown protocol.", protocol)
	}
	return p, -1, -1, nil
}

// asked is what a call says about rules: permissions, or the single one of the older parameters.
type asked struct {
	CidrIp                     string
	FromPort                   *int64
	IpPermissions              []IpPermission
	IpProtocol                 string
	SourceSecurityGroupName    string
	SourceSecurityGroupOwnerId string
	ToPort                     *int64
}

// rules spells out what was asked for as single rules without ids.
func (s *Service) rules(c *emu.Call, in *asked, g row[group], egress bool) (out []rule, err error) {
	all := in.IpPermissions
	if in.IpProtocol != "" || in.CidrIp != "" || in.SourceSecurityGroupName != "" {
		if len(all) > 0 {
			return nil, invalidCombination("The parameter 'ipPermissions' may not be used in combination with 'ipProtocol'")
		}
		single := IpPermission{FromPort: in.FromPort, ToPort: in.ToPort, IpProtocol: in.IpProtocol}
		if in.SourceSecurityGroupName != "" {
			single.UserIdGroupPairs = []UserIdGroupPair{{GroupName: in.SourceSecurityGroupName}}
			if in.IpProtocol == "" {
				single.IpProtocol = "-1"
			}
		} else {
			single.IpRanges = []IpRange{{CidrIp: in.CidrIp}}
		}
		all = []IpPermission{single}
	}
	if len(all) == 0 {
		return nil, missingParameter("ipPermissions")
	}
	for _, p := range all {
		base := rule{Egress: egress}
		if base.Protocol, base.From, base.To, err = protocolAndPorts(p.IpProtocol, p.FromPort, p.ToPort); err != nil {
			return nil, err
		}
		if out, err = s.peers(c, out, base, p, g); err != nil {
			return nil, err
		}
	}
	for _, r := range out {
		if !groupText(r.Description) {
			return nil, invalidValue("Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*")
		}
	}
	return out, nil
}

func (s *Service) peers(c *emu.Call, out []rule, base rule, p IpPermission, g row[group]) ([]rule, error) {
	if len(p.PrefixListIds) > 0 {
		return nil, fail("InvalidPrefixListID.NotFound", "The prefix list ID '%s' does not exist", p.PrefixListIds[0].PrefixListId)
	}
	if len(p.IpRanges)+len(p.Ipv6Ranges)+len(p.UserIdGroupPairs) == 0 {
		return nil, missingParameter("cidrIp, cidrIpv6, prefixListId or groupId")
	}
	for _, x := range p.IpRanges {
		r := base
		prefix, err := netip.ParsePrefix(x.CidrIp)
		if err != nil || !prefix.Addr().Is4() {
			return nil, invalidValue("CIDR block %s is malformed", x.CidrIp)
		}
		r.CIDR, r.Description = prefix.Masked().String(), x.Description
		out = append(out, r)
	}
	for _, x := range p.Ipv6Ranges {
		r := base
		prefix, err := netip.ParsePrefix(x.CidrIpv6)
		if err != nil || !prefix.Addr().Is6() {
			return nil, invalidValue("CIDR block %s is malformed", x.CidrIpv6)
		}
		r.CIDR6, r.Description = prefix.Masked().String(), x.Description
		out = append(out, r)
	}
	for _, x := range p.UserIdGroupPairs {
		r := base
		other, err := s.peerGroup(c, x, g.V.VPC)
		if err != nil {
			return nil, err
		}
		r.Group, r.Description = other, x.Description
		out = append(out, r)
	}
	return out, nil
}

func (s *Service) peerGroup(c *emu.Call, x UserIdGroupPair, vpc string) (string, error) {
	if x.UserId != "" && x.UserId != c.Account {
		return "", notEmulated("security groups of other accounts")
	}
	if x.GroupId == "" {
		g, ok := s.groupNamed(c.Region, vpc, x.GroupName)
		if !ok {
			return "", fail("InvalidGroup.NotFound", "The security group '%s' does not exist in VPC '%s'", x.GroupName, vpc)
		}
		return g.ID, nil
	}
	g, ok := s.groups.Get(key{c.Region, x.GroupId})
	switch {
	case !ok:
		return "", kindGroup.missing(x.GroupId)
	case g.VPC != vpc:
		return "", fail("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.")
	}
	return x.GroupId, nil
}
