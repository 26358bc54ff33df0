package ec2_test

import (
	"testing"

	"haneul/engine/clienttest"
)

// aws-sdk-go-v2 launches a real machine in package engine's tests.

// TestBoto3 runs testdata/clients.py.
func TestBoto3(t *testing.T) { clienttest.Boto3(t, "testdata/clients.py") }

// TestAWSCLI makes a few calls: the CLI's own ways of naming parameters meet ours here.
func TestAWSCLI(t *testing.T) { clienttest.CLIs(t, "ec2", walk) }

func walk(c *clienttest.CLI) {
	vol := c.Run("create-volume", "--availability-zone", "ap-northeast-2a", "--size", "1", "--volume-type", "gp3", "--query", "VolumeId", "--output", "text")
	group := c.Run("create-security-group", "--group-name", "web", "--description", "front", "--query", "GroupId", "--output", "text")
	for _, x := range []struct {
		want string
		args []string
	}{
		{"True", []string{"authorize-security-group-ingress", "--group-id", group, "--protocol", "tcp", "--port", "22", "--cidr", "203.0.113.7/32", "--query", "Return", "--output", "text"}},
		{"203.0.113.7/32", []string{"describe-security-groups", "--group-ids", group, "--query", "SecurityGroups[0].IpPermissions[0].IpRanges[0].CidrIp", "--output", "text"}},
		{"4", []string{"describe-subnets", "--query", "length(Subnets)", "--output", "text"}},
		{"An error occurred (DryRunOperation) when calling the RunInstances operation: Request would have succeeded, but DryRun flag is set.",
			[]string{"run-instances", "--image-id", image, "--count", "2", "--instance-type", "t3.micro", "--security-group-ids", group, "--user-data", "#!/bin/sh\necho hi",
				"--tag-specifications", "ResourceType=instance,Tags=[{Key=Name,Value=web}]", "--instance-market-options", "MarketType=spot", "--dry-run",
				"--block-device-mappings", "DeviceName=/dev/sdf,Ebs={VolumeSize=5,DeleteOnTermination=false}", "--associate-public-ip-address"}},
		{"An error occurred (InvalidInstanceID.NotFound) when calling the TerminateInstances operation: The instance ID 'i-0123456789abcdef0' does not exist",
			[]string{"terminate-instances", "--instance-ids", "i-0123456789abcdef0"}},
		{"An error occurred (NotEmulated) when calling the CreateNatGateway operation: haneul does not emulate ec2:CreateNatGateway, which Amazon EC2 has.",
			[]string{"create-nat-gateway", "--subnet-id", "subnet-1"}},
		{"modifying\t1\t2\t0", []string{"modify-volume", "--volume-id", vol, "--size", "2", "--query", "VolumeModification.[ModificationState,OriginalSize,TargetSize,Progress]", "--output", "text"}},
		{"modifying\tNone", []string{"describe-volumes-modifications", "--volume-ids", vol, "--query", "VolumesModifications[0].[ModificationState,EndTime]", "--output", "text"}},
		{"An error occurred (IncorrectModificationState) when calling the ModifyVolume operation: Volume " + vol + " cannot be modified in modification state MODIFYING",
			[]string{"modify-volume", "--volume-id", vol, "--size", "3"}},
		{"An error occurred (InvalidParameterValue) when calling the ModifyVolume operation: New size cannot be smaller than existing size",
			[]string{"modify-volume", "--volume-id", vol, "--size", "1"}},
	} {
		c.Want(x.want, x.args...)
	}
	c.Run("delete-security-group", "--group-id", group) // newer ones print what came of it
	c.Want("An error occurred (InvalidGroup.NotFound) when calling the DescribeSecurityGroups operation: The security group '"+group+"' does not exist",
		"describe-security-groups", "--group-ids", group)
	c.As("AKIAIOSFODNN7EXAMPLE", "wrong", "").Want("An error occurred (AuthFailure) when calling the DescribeVpcs operation: AWS was not able to validate the provided access credentials", "describe-vpcs")
}
