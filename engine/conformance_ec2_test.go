package engine

import (
	"context"

	"haneul/engine/ec2"
	"haneul/engine/emu/emutest"
)

// agreeable is machines that do at once whatever is asked of them.
type agreeable struct{}

func (agreeable) Ready(context.Context) error                           { return nil }
func (agreeable) Boot(context.Context, ec2.Machine) (string, error)     { return "", nil }
func (agreeable) Reboot(context.Context, ec2.Machine) error             { return nil }
func (agreeable) Halt(context.Context, string, bool) error              { return nil }
func (agreeable) Remove(context.Context, string) error                  { return nil }
func (agreeable) Configure(context.Context, string, ec2.Settings) error { return nil }
func (agreeable) Console(context.Context, string) ([]byte, error)       { return []byte("READY\n"), nil }
func (agreeable) Capture(context.Context, string, string) error         { return nil }
func (agreeable) CopyVolume(context.Context, string, string) error      { return nil }
func (agreeable) RemoveVolume(context.Context, string) error            { return nil }
func (agreeable) RemoveImage(context.Context, string) error             { return nil }
func (agreeable) RemoveNetwork(context.Context, string) error           { return nil }

const (
	linux     = "ami-02023000000000086"
	publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f mina"
)

// ec2Hints are about EC2 alone, most of them: it has many parameters that exclude each other.
var ec2Hints = map[string][]string{
	"ec2:DryRun":                                     {"false", "false", "false", "true"},
	"ec2:ImageId":                                    {linux},
	"ec2:InstanceType":                               {"t3.micro", "t3.small", "m5d.large"},
	"ec2:KeyName":                                    {"mine", "other"},
	"ec2:KeyType":                                    {"ed25519"},
	"CreateKeyPair.KeyType":                          {"ed25519"}, // an RSA key takes its time
	"CreateKeyPair.KeyFormat":                        {"pem"},
	"ImportKeyPair.PublicKeyMaterial":                {publicKey},
	"ImportKeyPair.KeyName":                          {"theirs", "ours"},
	"ec2:CidrBlock":                                  {"10.0.1.0/24", "10.0.2.0/24", "172.31.64.0/24"},
	"CreateVpc.CidrBlock":                            {"10.0.0.0/16", "10.1.0.0/16"},
	"ec2:AvailabilityZone":                           {"ap-northeast-2a", "ap-northeast-2c"},
	"CreateSubnet.AvailabilityZoneId":                {""},
	"ec2:GroupName":                                  {"web", "db", "base"},
	"CreateSecurityGroup.VpcId":                      {""},
	"ec2:IpProtocol":                                 {"tcp", "udp"},
	"ec2:FromPort":                                   {"80"},
	"ec2:ToPort":                                     {"80", "443"},
	"ec2:CidrIp":                                     {"0.0.0.0/0", "203.0.113.0/24"},
	"ec2:CidrIpv4":                                   {"0.0.0.0/0", "203.0.113.0/24"},
	"ec2:CidrIpv6":                                   {"::/0"},
	"ec2:VolumeType":                                 {"gp3"},
	"ec2:Size":                                       {"1", "8", "20"},
	"ec2:VolumeSize":                                 {"8", "20"},
	"ec2:Device":                                     {"/dev/sdf", "/dev/sdg"},
	"ec2:DeviceName":                                 {"/dev/sdf", "/dev/xvda"},
	"ec2:Iops":                                       {"3000"},
	"ec2:Throughput":                                 {"125"},
	"ec2:UserData":                                   {"aGVsbG8="},
	"ec2:ResourceType":                               {"instance", "volume"},
	"ec2:Attribute":                                  {"instanceType", "disableApiTermination", "userData"},
	"ec2:DestinationCidrBlock":                       {"0.0.0.0/0", "192.168.0.0/16"},
	"ec2:MarketType":                                 {"spot"},
	"ec2:InstanceInitiatedShutdownBehavior":          {"stop", "terminate"},
	"ec2:Arn":                                        {""},
	"ec2:Tenancy":                                    {"default"},
	"ec2:Key":                                        {"team", "Name"},
	"CreateVolume.SnapshotId":                        {""},
	"ModifyVolume.Size":                              {"30", "40"},
	"DetachVolume.InstanceId":                        {""},
	"DetachVolume.Device":                            {""},
	"CreateTags.Resources":                           {"=InstanceId", "=VolumeId", "=VpcId"},
	"DeleteTags.Resources":                           {"=InstanceId", "=VolumeId", "=VpcId"},
	"AttachInternetGateway.VpcId":                    {"=VpcId"},
	"DetachInternetGateway.VpcId":                    {"=VpcId"},
	"CreateRoute.GatewayId":                          {"=InternetGatewayId"},
	"ReplaceRoute.GatewayId":                         {"=InternetGatewayId"},
	"AssociateRouteTable.SubnetId":                   {"=SubnetId"},
	"DisassociateRouteTable.AssociationId":           {"=RouteTableAssociationId", "=AssociationId"},
	"AssociateIamInstanceProfile.Name":               {"profile"},
	"AssociateIamInstanceProfile.Arn":                {""},
	"ReplaceIamInstanceProfileAssociation.Name":      {"profile"},
	"ReplaceIamInstanceProfileAssociation.Arn":       {""},
	"ModifyInstanceAttribute.Attribute":              {""},
	"ModifyInstanceAttribute.BlockDeviceMappings":    {""},
	"ModifyInstanceAttribute.Groups":                 {""},
	"ModifyInstanceAttribute.Value":                  {"true"},
	"CreateImage.NoReboot":                           {"true"},
	"DescribeSubnets.Filters":                        {""},
	"AuthorizeSecurityGroupIngress.PrefixListIds":    {""},
	"AuthorizeSecurityGroupIngress.UserIdGroupPairs": {""},
	"AuthorizeSecurityGroupIngress.SourceSecurityGroupName":    {""},
	"AuthorizeSecurityGroupIngress.SourceSecurityGroupOwnerId": {""},
	"AuthorizeSecurityGroupIngress.GroupName":                  {""},
	"AuthorizeSecurityGroupIngress.GroupId":                    {"=GroupId"},
	"AuthorizeSecurityGroupIngress.TagSpecifications":          {""},
	"AuthorizeSecurityGroupIngress.FromPort":                   {"80"},
	"AuthorizeSecurityGroupIngress.ToPort":                     {"80"},
	"AuthorizeSecurityGroupIngress.IpProtocol":                 {"tcp"},
	"AuthorizeSecurityGroupIngress.CidrIp":                     {"0.0.0.0/0", "203.0.113.0/24"},
	"AuthorizeSecurityGroupEgress.PrefixListIds":               {""},
	"AuthorizeSecurityGroupEgress.UserIdGroupPairs":            {""},
	"AuthorizeSecurityGroupEgress.SourceSecurityGroupName":     {""},
	"AuthorizeSecurityGroupEgress.SourceSecurityGroupOwnerId":  {""},
	"AuthorizeSecurityGroupEgress.GroupName":                   {""},
	"AuthorizeSecurityGroupEgress.GroupId":                     {"=GroupId"},
	"AuthorizeSecurityGroupEgress.TagSpecifications":           {""},
	"AuthorizeSecurityGroupEgress.FromPort":                    {"80"},
	"AuthorizeSecurityGroupEgress.ToPort":                      {"80"},
	"AuthorizeSecurityGroupEgress.IpProtocol":                  {"tcp"},
	"AuthorizeSecurityGroupEgress.CidrIp":                      {"0.0.0.0/0", "203.0.113.0/24"},
	"AuthorizeSecurityGroupEgress.Ipv6Ranges":                  {""},
	"RevokeSecurityGroupIngress.PrefixListIds":                 {""},
	"RevokeSecurityGroupIngress.UserIdGroupPairs":              {""},
	"RevokeSecurityGroupIngress.SourceSecurityGroupName":       {""},
	"RevokeSecurityGroupIngress.SourceSecurityGroupOwnerId":    {""},
	"RevokeSecurityGroupIngress.GroupName":                     {""},
	"RevokeSecurityGroupIngress.GroupId":                       {"=GroupId"},
	"RevokeSecurityGroupIngress.TagSpecifications":             {""},
	"RevokeSecurityGroupIngress.FromPort":                      {"80"},
	"RevokeSecurityGroupIngress.ToPort":                        {"80"},
	"RevokeSecurityGroupIngress.IpProtocol":                    {"tcp"},
	"RevokeSecurityGroupIngress.CidrIp":                        {"0.0.0.0/0", "203.0.113.0/24"},
	"RevokeSecurityGroupEgress.PrefixListIds":                  {""},
	"RevokeSecurityGroupEgress.UserIdGroupPairs":               {""},
	"RevokeSecurityGroupEgress.SourceSecurityGroupName":        {""},
	"RevokeSecurityGroupEgress.SourceSecurityGroupOwnerId":     {""},
	"RevokeSecurityGroupEgress.GroupName":                      {""},
	"RevokeSecurityGroupEgress.GroupId":                        {"=GroupId"},
	"RevokeSecurityGroupEgress.TagSpecifications":              {""},
	"RevokeSecurityGroupEgress.FromPort":                       {""},
	"RevokeSecurityGroupEgress.ToPort":                         {""},
	"RevokeSecurityGroupEgress.IpProtocol":                     {"-1"},
	"RevokeSecurityGroupEgress.CidrIp":                         {"0.0.0.0/0"},
	"RevokeSecurityGroupEgress.Ipv6Ranges":                     {""},
	"AuthorizeSecurityGroupIngress.IpPermissions":              {""},
	"RevokeSecurityGroupEgress.IpPermissions":                  {""},
	"RevokeSecurityGroupEgress.SecurityGroupRuleIds":           {""},
	"RevokeSecurityGroupIngress.IpPermissions":                 {""},
	"RevokeSecurityGroupIngress.SecurityGroupRuleIds":          {""},
	"ModifySecurityGroupRules.CidrIpv6":                        {""},
	"ModifySecurityGroupRules.ReferencedGroupId":               {""},
	"ModifySecurityGroupRules.CidrIpv4":                        {"198.51.100.0/24"},
	"ModifySecurityGroupRules.IpProtocol":                      {"tcp"},
	"ModifySecurityGroupRules.FromPort":                        {"443"},
	"ModifySecurityGroupRules.ToPort":                          {"443"},
	"ModifySecurityGroupRules.SecurityGroupRule":               {"always"},
	"ModifySecurityGroupRules.GroupId":                         {"=GroupId"},
	"RunInstances.MinCount":                                    {"1"},
	"RunInstances.MaxCount":                                    {"1", "2"},
	"RunInstances.KeyName":                                     {"mine"},
	"RunInstances.SecurityGroups":                              {"base"},
	"RunInstances.SecurityGroupIds":                            {""},
	"RunInstances.NetworkInterfaces":                           {""},
	"RunInstances.SubnetId":                                    {""},
	"RunInstances.PrivateIpAddress":                            {""},
	"RunInstances.GroupName":                                   {""},
	"RunInstances.BlockDeviceMappings":                         {""},
	"RunInstances.IamInstanceProfile":                          {""},
	"RunInstances.TagSpecifications":                           {""},
	"RunInstances.CreditSpecification":                         {""},
	"RunInstances.MetadataOptions":                             {""},
	"RunInstances.ClientToken":                                 {"one", "two", "three"},
	"RunInstances.InstanceType":                                {"t3.micro", "m5d.large"},
	"RunInstances.ValidUntil":                                  {""},
	"RunInstances.InstanceInterruptionBehavior":                {"terminate"},
}

// someInstances gives EC2's scripts something to work on; some of them a region without its default network, which is
// the only one that can get another.
func someInstances(r *emutest.Run) {
	if r.Draw.IntN(16) == 0 {
		bare(r)
		return
	}
	r.Do("ec2:CreateKeyPair", `{"KeyName":"mine","KeyType":"ed25519"}`)
	r.Do("ec2:CreateSecurityGroup", `{"GroupName":"base","Description":"d"}`)
	launch := `"ImageId":"` + linux + `","InstanceType":"t3.micro","MinCount":1,"MaxCount":1`
	r.Do("ec2:RunInstances", `{`+launch+`,"BlockDeviceMappings":[{"DeviceName":"/dev/sdf","Ebs":{"VolumeSize":8}}]}`)
	r.Do("ec2:RunInstances", `{`+launch+`,"InstanceMarketOptions":{"MarketType":"spot"},"IamInstanceProfile":{"Name":"profile"}}`)
	vpc := r.Do("ec2:CreateVpc", `{"CidrBlock":"10.0.0.0/16"}`).(*ec2.VpcOutput).Vpc.VpcId
	subnet := r.Do("ec2:CreateSubnet", `{"VpcId":"`+vpc+`","CidrBlock":"10.0.0.0/24"}`).(*ec2.SubnetOutput).Subnet.SubnetId
	table := r.Do("ec2:CreateRouteTable", `{"VpcId":"`+vpc+`"}`).(*ec2.CreateRouteTableOutput).RouteTable.RouteTableId
	r.Do("ec2:AssociateRouteTable", `{"RouteTableId":"`+table+`","SubnetId":"`+subnet+`"}`)
	for _, op := range []string{"DescribeSubnets", "DescribeRouteTables", "DescribeInstances", "DescribeSecurityGroups", "DescribeInternetGateways", "CreateInternetGateway"} {
		r.Do("ec2:"+op, `{}`)
	}
	web := r.Do("ec2:CreateSecurityGroup", `{"GroupName":"web","Description":"d"}`).(*ec2.CreateSecurityGroupOutput).GroupId
	r.Do("ec2:AuthorizeSecurityGroupIngress", `{"GroupId":"`+web+`","IpProtocol":"tcp","FromPort":80,"ToPort":80,"CidrIp":"0.0.0.0/0"}`)
	r.Do("ec2:CreateVolume", `{"AvailabilityZone":"ap-northeast-2a","Size":1}`)
}

// bare takes the default network down.
func bare(r *emutest.Run) {
	vpc := ""
	for _, s := range r.Do("ec2:DescribeSubnets", `{}`).(*ec2.DescribeSubnetsOutput).Subnets {
		vpc = s.VpcId
		r.Do("ec2:DeleteSubnet", `{"SubnetId":"`+s.SubnetId+`"}`)
	}
	for _, g := range r.Do("ec2:DescribeInternetGateways", `{}`).(*ec2.DescribeInternetGatewaysOutput).InternetGateways {
		r.Do("ec2:DetachInternetGateway", `{"InternetGatewayId":"`+g.InternetGatewayId+`","VpcId":"`+vpc+`"}`)
	}
	r.Do("ec2:DeleteVpc", `{"VpcId":"`+vpc+`"}`)
}
