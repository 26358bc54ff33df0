"""A day with EC2 as boto3 sees it: everything that needs no machine."""
import os

import boto3
import botocore.exceptions

ec2 = boto3.client("ec2", endpoint_url=os.environ["ENDPOINT"])


def refused(code, call, **args):
    try:
        call(**args)
    except botocore.exceptions.ClientError as e:
        assert e.response["Error"]["Code"] == code, e
        return e.response["Error"]["Message"]
    raise AssertionError(f"{call.__name__} should be refused with {code}")


# What every account finds.
vpc = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]
assert vpc["CidrBlock"] == "172.31.0.0/16" and vpc["IsDefault"] and vpc["Tags"] == []
zones = [z["ZoneName"] for z in ec2.describe_availability_zones()["AvailabilityZones"]]
assert zones == ["ap-northeast-2" + z for z in "abcd"], zones
subnets = ec2.describe_subnets()["Subnets"]
assert sorted(s["AvailabilityZone"] for s in subnets) == zones
assert {s["VpcId"] for s in subnets} == {vpc["VpcId"]}
assert "ap-northeast-2" in [r["RegionName"] for r in ec2.describe_regions()["Regions"]]
kind = ec2.describe_instance_types(InstanceTypes=["t3.micro"])["InstanceTypes"][0]
assert (kind["VCpuInfo"]["DefaultVCpus"], kind["MemoryInfo"]["SizeInMiB"]) == (2, 1024)
assert len([t for p in ec2.get_paginator("describe_instance_types").paginate(PaginationConfig={"PageSize": 5}) for t in p["InstanceTypes"]]) > 20

# Images.
image = ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "name", "Values": ["al2023-ami-2023*"]}, {"Name": "architecture", "Values": ["x86_64"]}])["Images"][0]
assert image["State"] == "available" and image["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"] == 8

# Security groups.
group = ec2.create_security_group(GroupName="web", Description="front", TagSpecifications=[{"ResourceType": "security-group", "Tags": [{"Key": "team", "Value": "하늘"}]}])["GroupId"]
rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "all & more"}]}
made = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
assert made["Return"] and made["SecurityGroupRules"][0]["CidrIpv4"] == "0.0.0.0/0"
shown = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
assert shown["IpPermissions"][0]["IpRanges"] == [{"CidrIp": "0.0.0.0/0", "Description": "all & more"}], shown
assert shown["IpPermissions"][0]["UserIdGroupPairs"] == [] and shown["Tags"] == [{"Key": "team", "Value": "하늘"}]
assert shown["IpPermissionsEgress"][0]["IpProtocol"] == "-1" and "FromPort" not in shown["IpPermissionsEgress"][0]
assert refused("InvalidPermission.Duplicate", ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[rule]) == \
    'the specified rule "peer: 0.0.0.0/0, TCP, from port: 80, to port: 80, ALLOW" already exists'
assert refused("InvalidGroup.NotFound", ec2.describe_security_groups, GroupIds=["sg-12345678"]) == "The security group 'sg-12345678' does not exist"
ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[rule])
assert ec2.describe_security_groups(GroupNames=["web"])["SecurityGroups"][0]["IpPermissions"] == []

# A network of one's own.
own = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
ec2.get_waiter("vpc_available").wait(VpcIds=[own])
sub = ec2.create_subnet(VpcId=own, CidrBlock="10.0.1.0/24", AvailabilityZone=zones[1])["Subnet"]["SubnetId"]
igw = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=own)
table = ec2.create_route_table(VpcId=own)["RouteTable"]["RouteTableId"]
ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=igw)
association = ec2.associate_route_table(RouteTableId=table, SubnetId=sub)["AssociationId"]
routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
assert [r["GatewayId"] for r in routes] == ["local", igw], routes
refused("DependencyViolation", ec2.delete_vpc, VpcId=own)
ec2.modify_vpc_attribute(VpcId=own, EnableDnsHostnames={"Value": True})
assert ec2.describe_vpc_attribute(VpcId=own, Attribute="enableDnsHostnames")["EnableDnsHostnames"] == {"Value": True}
ec2.disassociate_route_table(AssociationId=association)
ec2.delete_route_table(RouteTableId=table)
ec2.detach_internet_gateway(InternetGatewayId=igw, VpcId=own)
ec2.delete_internet_gateway(InternetGatewayId=igw)
ec2.delete_subnet(SubnetId=sub)
ec2.delete_vpc(VpcId=own)

# Volumes.
volume = ec2.create_volume(AvailabilityZone=zones[0], Size=10, VolumeType="gp3")
assert volume["Iops"] == 3000 and volume["State"] == "available" and volume["Attachments"] == []
ec2.get_waiter("volume_available").wait(VolumeIds=[volume["VolumeId"]])
assert ec2.modify_volume(VolumeId=volume["VolumeId"], Size=20)["VolumeModification"]["TargetSize"] == 20
assert refused("IncorrectModificationState", ec2.modify_volume, VolumeId=volume["VolumeId"], Size=30) == \
    f"Volume {volume['VolumeId']} cannot be modified in modification state MODIFYING"
change = ec2.describe_volumes_modifications(VolumeIds=[volume["VolumeId"]])["VolumesModifications"][0]
assert change["OriginalSize"] == 10 and change["StartTime"] and change["ModificationState"] == "modifying" and "EndTime" not in change, change
refused("InvalidParameterValue", ec2.modify_volume, VolumeId=volume["VolumeId"], Size=5)
ec2.create_tags(Resources=[volume["VolumeId"]], Tags=[{"Key": "Name", "Value": "data"}, {"Key": "empty", "Value": ""}])
tags = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [volume["VolumeId"]]}])["Tags"]
assert [(t["Key"], t["Value"], t["ResourceType"]) for t in tags] == [("Name", "data", "volume"), ("empty", "", "volume")], tags
ec2.delete_volume(VolumeId=volume["VolumeId"])
refused("InvalidVolume.NotFound", ec2.describe_volumes, VolumeIds=[volume["VolumeId"]])

# Key pairs.
pair = ec2.create_key_pair(KeyName="mine", KeyType="ed25519")
assert pair["KeyMaterial"].startswith("-----BEGIN OPENSSH PRIVATE KEY-----")
assert ec2.create_key_pair(KeyName="old")["KeyMaterial"].startswith("-----BEGIN RSA PRIVATE KEY-----")
public = ec2.describe_key_pairs(KeyNames=["mine"], IncludePublicKey=True)["KeyPairs"][0]["PublicKey"]
ec2.delete_key_pair(KeyName="mine")
assert ec2.import_key_pair(KeyName="mine", PublicKeyMaterial=public.encode())["KeyFingerprint"] == pair["KeyFingerprint"]

# Instances, as far as they go without a machine.
assert ec2.describe_instances()["Reservations"] == []
assert refused("InvalidInstanceID.NotFound", ec2.describe_instances, InstanceIds=["i-12345678"]) == "The instance ID 'i-12345678' does not exist"
assert refused("InvalidInstanceID.Malformed", ec2.stop_instances, InstanceIds=["i-x"]) == 'Invalid id: "i-x"'
launch = dict(ImageId=image["ImageId"], InstanceType="t3.micro", MinCount=1, MaxCount=1, UserData="#!/bin/sh\necho hi\n", KeyName="mine")
assert refused("DryRunOperation", ec2.run_instances, DryRun=True, **launch) == "Request would have succeeded, but DryRun flag is set."
assert "Docker" in refused("InsufficientInstanceCapacity", ec2.run_instances, **launch)
refused("InvalidAMIID.NotFound", ec2.run_instances, ImageId="ami-12345678", InstanceType="t3.micro", MinCount=1, MaxCount=1)

# What is not there says so by name.
assert "CreateNatGateway" in refused("NotEmulated", ec2.create_nat_gateway, SubnetId=subnets[0]["SubnetId"])
assert "CpuOptions" in refused("NotEmulated", ec2.run_instances, CpuOptions={"CoreCount": 1}, **launch)
