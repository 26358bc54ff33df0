package ec2

import "haneul/engine/emu"

// Service is EC2 of one cloud.
type Service struct {
	tables
	effects
	machines Machines
	roles    Roles
}

// New adds EC2 to a cloud. Without machines (nil) everything but running instances works; without roles (nil) there are
// no instance profiles.
func New(c *emu.Cloud, m Machines, r Roles) *Service {
	if m == nil {
		m = noMachines{}
	}
	if r == nil {
		r = noRoles{}
	}
	s := &Service{tables: newTables(c), machines: m, roles: r}
	s.effects = s.newEffects(c)
	emu.OnDue(s.instances, func(_ key, i *instance) (emu.Time, bool) { return i.Notice, i.Notice != 0 }, s.reclaim)
	emu.OnDue(s.instances, keysDue, s.replaceKeys)
	emu.OnDue(s.instances, func(_ key, i *instance) (emu.Time, bool) { return i.Ended + keptTerminated, i.State == terminated }, s.forget)
	c.Register(&emu.Service{
		Name: "ec2", Title: "Amazon EC2",
		Wire:      []emu.Protocol{{Kind: emu.EC2, Version: "2016-11-15", Namespace: "http://ec2.amazonaws.com/doc/2016-11-15"}},
		Ops:       s.operations(),
		Missing:   missing,
		Invalid:   invalid,
		Strike:    s.strike,
		Modelled:  modelled,
		Resources: s.resources(c.Account()),
	})
	c.Register(s.reports())
	return s
}

func (s *Service) operations() []*emu.Operation {
	return []*emu.Operation{
		// run_instances.go, describe_instances.go
		emu.External("RunInstances", nothing[*RunInstancesInput], s.ready, s.runInstances),
		emu.Op("DescribeInstances", reads(s.describeInstances)).Reads(),
		emu.Op("DescribeInstanceStatus", reads(s.describeInstanceStatus)).Reads(),
		// instance_states.go
		emu.External("StartInstances", nothing[*StartInstancesInput], s.ready, s.startInstances),
		emu.Op("StopInstances", writes(s, s.stopInstances)),
		emu.Op("RebootInstances", writes(s, s.rebootInstances)),
		emu.Op("TerminateInstances", writes(s, s.terminateInstances)),
		// instance_attributes.go
		emu.Op("ModifyInstanceAttribute", writes(s, s.modifyInstanceAttribute)),
		emu.Op("DescribeInstanceAttribute", reads(s.describeInstanceAttribute)).Reads(),
		emu.Op("ModifyInstanceMetadataOptions", writes(s, s.modifyInstanceMetadataOptions)),
		emu.External("GetConsoleOutput", s.beginConsole, s.readConsole, s.finishConsole),
		// instance_profiles.go
		emu.Op("AssociateIamInstanceProfile", writes(s, s.associateIamInstanceProfile)),
		emu.Op("DisassociateIamInstanceProfile", writes(s, s.disassociateIamInstanceProfile)),
		emu.Op("ReplaceIamInstanceProfileAssociation", writes(s, s.replaceIamInstanceProfileAssociation)),
		emu.Op("DescribeIamInstanceProfileAssociations", reads(s.describeIamInstanceProfileAssociations)).Reads(),
		// spot.go
		emu.Op("DescribeSpotInstanceRequests", reads(s.describeSpotInstanceRequests)).Reads(),
		emu.Op("CancelSpotInstanceRequests", writes(s, s.cancelSpotInstanceRequests)),
		// types.go, zones.go
		emu.Op("DescribeInstanceTypes", reads(s.describeInstanceTypes)).Reads(),
		emu.Op("DescribeInstanceTypeOfferings", reads(s.describeInstanceTypeOfferings)).Reads(),
		emu.Op("DescribeAvailabilityZones", reads(s.describeAvailabilityZones)).Reads(),
		emu.Op("DescribeRegions", reads(s.describeRegions)).Reads(),
		emu.Op("DescribeAccountAttributes", reads(s.describeAccountAttributes)).Reads(),
		// images.go
		emu.Op("CreateImage", writes(s, s.createImage)),
		emu.Op("DescribeImages", reads(s.describeImages)).Reads(),
		emu.Op("DeregisterImage", writes(s, s.deregisterImage)),
		// key_pairs.go
		emu.External("CreateKeyPair", s.beginKeyPair, generateKey, s.finishKeyPair),
		emu.Op("ImportKeyPair", writes(s, s.importKeyPair)),
		emu.Op("DescribeKeyPairs", reads(s.describeKeyPairs)).Reads(),
		emu.Op("DeleteKeyPair", writes(s, s.deleteKeyPair)),
		// volumes.go, volume_modifications.go, attachments.go, snapshots.go
		emu.Op("CreateVolume", writes(s, s.createVolume)),
		emu.Op("DescribeVolumes", reads(s.describeVolumes)).Reads(),
		emu.Op("ModifyVolume", writes(s, s.modifyVolume)),
		emu.Op("DescribeVolumesModifications", reads(s.describeVolumesModifications)).Reads(),
		emu.Op("DeleteVolume", writes(s, s.deleteVolume)),
		emu.Op("AttachVolume", writes(s, s.attachVolume)),
		emu.Op("DetachVolume", writes(s, s.detachVolume)),
		emu.Op("CreateSnapshot", writes(s, s.createSnapshot)),
		emu.Op("DescribeSnapshots", reads(s.describeSnapshots)).Reads(),
		emu.Op("DeleteSnapshot", writes(s, s.deleteSnapshot)),
		// vpcs.go, subnets.go, internet_gateways.go, route_tables.go
		emu.Op("CreateVpc", writes(s, s.createVpc)),
		emu.Op("CreateDefaultVpc", writes(s, s.createDefaultVpc)),
		emu.Op("DescribeVpcs", reads(s.describeVpcs)).Reads(),
		emu.Op("DeleteVpc", writes(s, s.deleteVpc)),
		emu.Op("ModifyVpcAttribute", writes(s, s.modifyVpcAttribute)),
		emu.Op("DescribeVpcAttribute", reads(s.describeVpcAttribute)).Reads(),
		emu.Op("CreateSubnet", writes(s, s.createSubnet)),
		emu.Op("DescribeSubnets", reads(s.describeSubnets)).Reads(),
		emu.Op("ModifySubnetAttribute", writes(s, s.modifySubnetAttribute)),
		emu.Op("DeleteSubnet", writes(s, s.deleteSubnet)),
		emu.Op("CreateInternetGateway", writes(s, s.createInternetGateway)),
		emu.Op("DescribeInternetGateways", reads(s.describeInternetGateways)).Reads(),
		emu.Op("AttachInternetGateway", writes(s, s.attachInternetGateway)),
		emu.Op("DetachInternetGateway", writes(s, s.detachInternetGateway)),
		emu.Op("DeleteInternetGateway", writes(s, s.deleteInternetGateway)),
		emu.Op("CreateRouteTable", writes(s, s.createRouteTable)),
		emu.Op("DescribeRouteTables", reads(s.describeRouteTables)).Reads(),
		emu.Op("CreateRoute", writes(s, s.createRoute)),
		emu.Op("ReplaceRoute", writes(s, s.replaceRoute)),
		emu.Op("DeleteRoute", writes(s, s.deleteRoute)),
		emu.Op("AssociateRouteTable", writes(s, s.associateRouteTable)),
		emu.Op("DisassociateRouteTable", writes(s, s.disassociateRouteTable)),
		emu.Op("DeleteRouteTable", writes(s, s.deleteRouteTable)),
		// groups.go, rule_changes.go
		emu.Op("CreateSecurityGroup", writes(s, s.createSecurityGroup)),
		emu.Op("DescribeSecurityGroups", reads(s.describeSecurityGroups)).Reads(),
		emu.Op("DeleteSecurityGroup", writes(s, s.deleteSecurityGroup)),
		emu.Op("AuthorizeSecurityGroupIngress", writes(s, s.authorizeSecurityGroupIngress)),
		emu.Op("AuthorizeSecurityGroupEgress", writes(s, s.authorizeSecurityGroupEgress)),
		emu.Op("RevokeSecurityGroupIngress", writes(s, s.revokeSecurityGroupIngress)),
		emu.Op("RevokeSecurityGroupEgress", writes(s, s.revokeSecurityGroupEgress)),
		emu.Op("ModifySecurityGroupRules", writes(s, s.modifySecurityGroupRules)),
		emu.Op("DescribeSecurityGroupRules", reads(s.describeSecurityGroupRules)).Reads(),
		// tags.go
		emu.Op("CreateTags", writes(s, s.createTags)),
		emu.Op("DescribeTags", reads(s.describeTags)).Reads(),
		emu.Op("DeleteTags", writes(s, s.deleteTags)),
	}
}
