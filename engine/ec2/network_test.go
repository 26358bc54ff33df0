package ec2_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestDefaultNetwork(t *testing.T) {
	w := newWorld(t)
	vpc := w.ok("DescribeVpcs", `{}`).want("Vpcs.0.CidrBlock", "172.31.0.0/16").want("Vpcs.0.IsDefault", "true").get("Vpcs.0.VpcId")
	subnets := w.ok("DescribeSubnets", `{"Filters":[{"Name":"availability-zone","Values":["ap-northeast-2c"]}]}`)
	subnets.want("Subnets.0.CidrBlock", "172.31.32.0/20").want("Subnets.0.AvailableIpAddressCount", "4091").want("Subnets.0.MapPublicIpOnLaunch", "true")
	if n := w.ok("DescribeSubnets", `{}`).len("Subnets"); n != 4 {
		t.Errorf("%d subnets", n)
	}
	w.ok("CreateSecurityGroup", `{"GroupName":"web","Description":"d"}`) // the first row in the region
	w.ok("DescribeVpcs", `{}`).want("Vpcs.0.VpcId", vpc)
	w.ok("DescribeSubnets", `{"SubnetIds":["`+subnets.get("Subnets.0.SubnetId")+`"]}`).want("Subnets.0.VpcId", vpc)
	w.ok("DescribeAccountAttributes", `{"AttributeNames":["default-vpc"]}`).want("AccountAttributes.0.AttributeValues.0.AttributeValue", vpc)
	w.region = "us-east-1"
	if n := w.ok("DescribeSubnets", `{}`).len("Subnets"); n != 6 {
		t.Errorf("%d subnets in us-east-1", n)
	}
}

func TestVPC(t *testing.T) {
	w := newWorld(t)
	w.refused("CreateVpc", `{"CidrBlock":"10.0.0.0/8"}`, "InvalidVpc.Range: The CIDR '10.0.0.0/8' is invalid.")
	vpc := w.ok("CreateVpc", `{"CidrBlock":"10.0.0.0/16"}`).get("Vpc.VpcId")
	sub := w.ok("CreateSubnet", `{"VpcId":"`+vpc+`","CidrBlock":"10.0.1.0/24","AvailabilityZone":"ap-northeast-2b"}`).want("Subnet.AvailableIpAddressCount", "251").get("Subnet.SubnetId")
	w.refused("CreateSubnet", `{"VpcId":"`+vpc+`","CidrBlock":"10.0.1.128/25"}`, "InvalidSubnet.Conflict: The CIDR '10.0.1.128/25' conflicts with another subnet")
	w.refused("CreateSubnet", `{"VpcId":"`+vpc+`","CidrBlock":"10.1.0.0/24"}`, "InvalidSubnet.Range: The CIDR '10.1.0.0/24' is invalid.")
	w.refused("DeleteVpc", `{"VpcId":"`+vpc+`"}`, "DependencyViolation: The vpc '"+vpc+"' has dependencies and cannot be deleted.")

	// A public address needs a route to an attached gateway.
	w.ok("ModifySubnetAttribute", `{"SubnetId":"`+sub+`","MapPublicIpOnLaunch":{"Value":true}}`)
	inside := w.run(`,"SubnetId":"` + sub + `"`)
	w.see(inside).want("PublicIpAddress", "").want("PrivateIpAddress", "10.0.1.4")
	igw := w.ok("CreateInternetGateway", `{}`).get("InternetGateway.InternetGatewayId")
	w.ok("AttachInternetGateway", `{"InternetGatewayId":"`+igw+`","VpcId":"`+vpc+`"}`)
	w.refused("AttachInternetGateway", `{"InternetGatewayId":"`+igw+`","VpcId":"`+vpc+`"}`, "Resource.AlreadyAssociated: resource "+igw+" is already attached to network "+vpc)
	rtb := w.ok("CreateRouteTable", `{"VpcId":"`+vpc+`"}`).want("RouteTable.Routes.0.GatewayId", "local").get("RouteTable.RouteTableId")
	w.ok("CreateRoute", `{"RouteTableId":"`+rtb+`","DestinationCidrBlock":"0.0.0.0/0","GatewayId":"`+igw+`"}`).want("Return", "true")
	w.ok("CreateRoute", `{"RouteTableId":"`+rtb+`","DestinationCidrBlock":"0.0.0.0/0","GatewayId":"`+igw+`"}`).want("Return", "true")
	w.refused("CreateRoute", `{"RouteTableId":"`+rtb+`","DestinationCidrBlock":"10.0.5.0/24","GatewayId":"`+igw+`"}`, "InvalidParameterValue: The destination CIDR block 10.0.5.0/24 is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.")
	other := w.ok("CreateInternetGateway", `{}`).get("InternetGateway.InternetGatewayId")
	w.refused("CreateRoute", `{"RouteTableId":"`+rtb+`","DestinationCidrBlock":"0.0.0.0/0","GatewayId":"`+other+`"}`, "InvalidParameterValue: route table "+rtb+" and network gateway "+other+" belong to different networks")
	w.refused("CreateRoute", `{"RouteTableId":"`+rtb+`","GatewayId":"`+igw+`"}`, "MissingParameter: The request must contain exactly one of: destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId")
	assoc := w.ok("AssociateRouteTable", `{"RouteTableId":"`+rtb+`","SubnetId":"`+sub+`"}`).get("AssociationId")
	if got := w.see(w.run(`,"SubnetId":"` + sub + `"`)).get("PublicIpAddress"); !strings.HasPrefix(got, "198.1") {
		t.Errorf("no public address: %q", got)
	}
	w.refused("DeleteSubnet", `{"SubnetId":"`+sub+`"}`, "DependencyViolation: The subnet '"+sub+"' has dependencies and cannot be deleted.")
	w.refused("DeleteRouteTable", `{"RouteTableId":"`+rtb+`"}`, "DependencyViolation: The routeTable '"+rtb+"' has dependencies and cannot be deleted.")
	w.ok("DisassociateRouteTable", `{"AssociationId":"`+assoc+`"}`)
	w.ok("DeleteRouteTable", `{"RouteTableId":"`+rtb+`"}`)
}

func TestSecurityGroups(t *testing.T) {
	w := newWorld(t)
	vpc := w.ok("DescribeVpcs", `{}`).get("Vpcs.0.VpcId")
	web := w.ok("CreateSecurityGroup", `{"GroupName":"web","Description":"front"}`).get("GroupId")
	db := w.ok("CreateSecurityGroup", `{"GroupName":"db","Description":"back","VpcId":"`+vpc+`"}`).get("GroupId")
	w.refused("CreateSecurityGroup", `{"GroupName":"web","Description":"again"}`, "InvalidGroup.Duplicate: The security group 'web' already exists for VPC '"+vpc+"'")
	w.ok("AuthorizeSecurityGroupIngress", `{"GroupName":"web","IpProtocol":"tcp","FromPort":80,"ToPort":80,"CidrIp":"0.0.0.0/0"}`).want("SecurityGroupRules.0.CidrIpv4", "0.0.0.0/0")
	w.refused("AuthorizeSecurityGroupIngress", `{"GroupId":"`+web+`","IpPermissions":[{"IpProtocol":"6","FromPort":80,"ToPort":80,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}`,
		`InvalidPermission.Duplicate: the specified rule "peer: 0.0.0.0/0, TCP, from port: 80, to port: 80, ALLOW" already exists`)
	w.refused("AuthorizeSecurityGroupIngress", `{"GroupId":"`+web+`","IpPermissions":[{"IpProtocol":"tcp","FromPort":80,"ToPort":70000,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}`,
		"InvalidParameterValue: TCP/UDP (to) port (70000) out of range")
	w.ok("AuthorizeSecurityGroupIngress", `{"GroupId":"`+db+`","IpPermissions":[{"IpProtocol":"tcp","FromPort":5432,"ToPort":5432,"UserIdGroupPairs":[{"GroupId":"`+web+`"}]}]}`)

	// A rule about a group lists the addresses of its members, and follows them.
	back := w.run(`,"SecurityGroupIds":["` + db + `"]`)
	peers := func() (p string) {
		for _, a := range w.machines.machine(back).Settings.Rules {
			if !a.Egress {
				p += fmt.Sprint(a.Protocol, a.From, a.Peers)
			}
		}
		return p
	}
	if got := peers(); got != "" {
		t.Errorf("nobody is in the group, and yet %s", got)
	}
	front := w.run(`,"SecurityGroupIds":["` + web + `"]`)
	if got := peers(); got != "tcp 5432 [172.31.0.5/32]" && got != "tcp5432 [172.31.0.5/32]" && got != "tcp5432[172.31.0.5/32]" {
		t.Errorf("peers are %s", got)
	}
	w.refused("DeleteSecurityGroup", `{"GroupId":"`+web+`"}`, "DependencyViolation: resource "+web+" has a dependent object")
	w.ok("TerminateInstances", `{"InstanceIds":["`+front+`"]}`)
	if got := peers(); got != "" {
		t.Errorf("the member is gone, and yet %s", got)
	}
	w.refused("DeleteSecurityGroup", `{"GroupId":"`+web+`"}`, "DependencyViolation: resource "+web+" has a dependent object")
	w.ok("RevokeSecurityGroupIngress", `{"GroupId":"`+db+`","IpPermissions":[{"IpProtocol":"tcp","FromPort":5432,"ToPort":5432,"UserIdGroupPairs":[{"GroupId":"`+web+`"}]}]}`)
	w.refused("RevokeSecurityGroupIngress", `{"GroupId":"`+db+`","IpProtocol":"tcp","FromPort":1,"ToPort":1,"CidrIp":"0.0.0.0/0"}`, "InvalidPermission.NotFound: The specified rule does not exist in this security group.")
	if got := w.ok("DeleteSecurityGroup", `{"GroupId":"`+web+`"}`).get("GroupId"); got != web {
		t.Errorf("the group that went is %q", got)
	}
	def := w.ok("DescribeSecurityGroups", `{"GroupNames":["default"]}`).get("SecurityGroups.0.GroupId")
	w.refused("DeleteSecurityGroup", `{"GroupId":"`+def+`"}`, `CannotDelete: the specified group: "`+def+`" name: "default" cannot be deleted by a user`)
}

func TestFiltersAndPages(t *testing.T) {
	w := newWorld(t)
	w.refused("DescribeInstances", `{"Filters":[{"Name":"colour","Values":["red"]}]}`, "InvalidParameterValue: The filter 'colour' is invalid")
	w.refused("DescribeInstances", `{"MaxResults":4}`, "InvalidParameterValue: Value ( 4 ) for parameter maxResults is invalid. Expecting a value greater than 5.")
	w.ok("RunInstances", `{"ImageId":"`+image+`","InstanceType":"t3.nano","MinCount":7,"MaxCount":7,"TagSpecifications":[{"ResourceType":"instance","Tags":[{"Key":"team","Value":"a*b"}]}]}`)
	page := w.ok("DescribeInstances", `{"MaxResults":5}`)
	if n := page.len("Reservations.0.Instances"); n != 5 {
		t.Errorf("%d on the first page", n)
	}
	rest := w.ok("DescribeInstances", `{"MaxResults":5,"NextToken":"`+page.get("NextToken")+`"}`)
	if n := rest.len("Reservations.0.Instances"); n != 2 || rest.get("NextToken") != "" {
		t.Errorf("%d on the second page", n)
	}
	for filter, n := range map[string]int{`"tag:team","Values":["a\\*b"]`: 7, `"tag:team","Values":["a\\*c"]`: 0, `"tag-key","Values":["t?am"]`: 7,
		`"private-ip-address","Values":["172.31.0.4","172.31.0.5"]`: 2, `"instance-type","Values":["t3.*"]`: 7} {
		if got := w.ok("DescribeInstances", `{"Filters":[{"Name":`+filter+`}]}`).len("Reservations.0.Instances"); got != n {
			t.Errorf("%s finds %d, want %d", filter, got, n)
		}
	}
}
