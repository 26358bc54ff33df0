package engine

import (
	"strings"

	"haneul/engine/ec2"
	"haneul/engine/emu"
	"haneul/engine/iam"
)

// The links between services: each a few lines, as the consumer declares them. They call the other service in the same
// transaction, and IAM, faults and the journal apply as for any call.

// instanceRoles is IAM and STS as EC2 needs them.
type instanceRoles struct{}

// Profile implements [ec2.Roles]. Whoever may launch need not be allowed to look at profiles.
func (instanceRoles) Profile(c *emu.Call, nameOrARN string) (ec2.Profile, error) {
	name := nameOrARN[strings.LastIndexByte(nameOrARN, '/')+1:]
	in := new(iam.GetInstanceProfileInput)
	in.InstanceProfileName = name
	out, err := c.Do("iam:GetInstanceProfile", rootOf(c), in)
	if err != nil {
		return ec2.Profile{}, err
	}
	found := out.(*iam.InstanceProfileOutput).InstanceProfile
	if nameOrARN != name && nameOrARN != found.Arn {
		return ec2.Profile{}, emu.Errorf("NoSuchEntity", "There is no instance profile %s.", nameOrARN)
	}
	p := ec2.Profile{ARN: found.Arn, ID: found.InstanceProfileId}
	for _, r := range found.Roles {
		p.Role, p.RoleARN = r.RoleName, r.Arn
	}
	return p, nil
}

// Keys implements [ec2.Roles]: EC2 assumes the role as itself, and so its trust policy must name ec2.amazonaws.com.
func (instanceRoles) Keys(c *emu.Call, roleARN, instance string) (ec2.Keys, error) {
	self := emu.Principal{ARN: "ec2.amazonaws.com", ID: "ec2.amazonaws.com", Account: c.Account, Type: emu.AWSService, Name: "ec2.amazonaws.com"}
	out, err := c.Do("sts:AssumeRole", self, &iam.AssumeRoleInput{RoleArn: roleARN, RoleSessionName: instance})
	if err != nil {
		return ec2.Keys{}, err
	}
	k := out.(*iam.AssumeRoleOutput).Credentials
	return ec2.Keys{AccessKeyID: k.AccessKeyId, Secret: k.SecretAccessKey, Token: k.SessionToken, Expires: k.Expiration}, nil
}

func rootOf(c *emu.Call) emu.Principal {
	return emu.Principal{ARN: "arn:aws:iam::" + c.Account + ":root", ID: c.Account, Account: c.Account, Type: emu.Root, Name: "root"}
}
