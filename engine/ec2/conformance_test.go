package ec2_test

import (
	"testing"

	"haneul/engine/ec2"
	"haneul/engine/emu"
	"haneul/engine/emu/emutest"
)

// TestConformance runs random scripts, each played, restored and rebuilt: the tables must come out the same.
func TestConformance(t *testing.T) {
	suite := &emutest.Suite{
		New: func(o emu.Options) *emu.Cloud {
			c := emu.New(o)
			ec2.New(c, &imagined{machines: map[string]*imaginedMachine{}}, roles{})
			return c
		},
		Service: "ec2",
		Scripts: 150,
		Calls:   25,
		Values: map[string][]string{
			"ImageId":                           {image},
			"InstanceType":                      {"t3.micro", "t3.small", "m5d.large"},
			"KeyName":                           {"mine", "other"},
			"KeyType":                           {"ed25519"},
			"MinCount":                          {"1"},
			"MaxCount":                          {"1", "2"},
			"CidrBlock":                         {"10.0.0.0/16", "10.0.1.0/24", "172.31.64.0/24"},
			"AvailabilityZone":                  {"ap-northeast-2a", "ap-northeast-2c"},
			"AvailabilityZoneId":                {""},
			"GroupName":                         {"web", "db"},
			"IpProtocol":                        {"tcp", "-1"},
			"FromPort":                          {"80"},
			"ToPort":                            {"80"},
			"CidrIp":                            {"0.0.0.0/0", "203.0.113.0/24"},
			"VolumeType":                        {"gp3", "gp2"},
			"Size":                              {"1", "8", "20"},
			"VolumeSize":                        {"8", "20"},
			"Device":                            {"/dev/sdf", "/dev/sdg"},
			"DeviceName":                        {"/dev/sdf", "/dev/xvda"},
			"UserData":                          {"aGVsbG8="},
			"ResourceType":                      {"instance", "volume"},
			"Attribute":                         {"instanceType", "disableApiTermination", "userData"},
			"DestinationCidrBlock":              {"0.0.0.0/0"},
			"MarketType":                        {"spot"},
			"SpotInstanceType":                  {"one-time", "persistent"},
			"InstanceInterruptionBehavior":      {"terminate", "stop"},
			"InstanceInitiatedShutdownBehavior": {"stop", "terminate"},
			"Iops":                              {"3000"},
			"Throughput":                        {"125"},
			"Name":                              {"web"},
			"PrivateIpAddress":                  {"172.31.0.10"},
			"Arn":                               {""},
			"Tenancy":                           {"default"},
			"Key":                               {"team", "Name"},
			"DisableApiTermination":             {"false"},
			"RunInstances.KeyName":              {"mine"},
			"RunInstances.GroupName":            {""},
			"RunInstances.SubnetId":             {""},
			"RunInstances.PrivateIpAddress":     {""},
			"RunInstances.SecurityGroups":       {"base"},
			"RunInstances.DeviceName":           {"/dev/sdf"},
			"RunInstances.SnapshotId":           {""},
			"RunInstances.HttpTokens":           {"optional"},
			"RunInstances.HttpEndpoint":         {"enabled"},
			"RunInstances.InstanceMetadataTags": {"enabled"},
			"RunInstances.Iops":                 {"3000"},
		},
		Before: func(r *emutest.Run) {
			for _, call := range [][2]string{
				{"CreateKeyPair", `{"KeyName":"mine","KeyType":"ed25519"}`},
				{"CreateSecurityGroup", `{"GroupName":"base","Description":"d"}`},
				{"CreateVolume", `{"AvailabilityZone":"ap-northeast-2a","Size":1}`},
				{"RunInstances", `{"ImageId":"` + image + `","InstanceType":"t3.micro","MinCount":2,"MaxCount":2}`},
				{"DescribeSubnets", `{}`},
				{"DescribeSecurityGroups", `{}`},
				{"DescribeRouteTables", `{}`},
				{"DescribeInternetGateways", `{}`},
				{"DescribeInstances", `{}`},
			} {
				r.Do("ec2:"+call[0], call[1])
			}
		},
	}
	suite.Test(t)
}
