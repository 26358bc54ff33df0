package ec2_test

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestRefusals is what people do wrong, and what they are told.
func TestRefusals(t *testing.T) {
	w := newWorld(t)
	vpc := w.ok("DescribeVpcs", `{}`).get("Vpcs.0.VpcId")
	id, off := w.run(""), w.run("")
	w.ok("StopInstances", `{"InstanceIds":["`+off+`"]}`)
	w.settle()
	gone := w.run("")
	w.ok("TerminateInstances", `{"InstanceIds":["`+gone+`"]}`)
	w.settle()
	other := w.ok("CreateVpc", `{"CidrBlock":"10.0.0.0/16"}`).get("Vpc.VpcId")
	foreign := w.ok("CreateSecurityGroup", `{"GroupName":"other","Description":"o","VpcId":"`+other+`"}`).get("GroupId")
	group := w.ok("CreateSecurityGroup", `{"GroupName":"web","Description":"w"}`).get("GroupId")
	standard := w.ok("DescribeSecurityGroups", `{"GroupNames":["default"]}`).get("SecurityGroups.0.GroupId")
	subnet := w.see(id).get("SubnetId")
	w.ok("RebootInstances", `{"InstanceIds":["`+gone+`"]}`) // which AWS accepts
	w.ok("DescribeInstances", `{"Filters":[{"Name":"instance-id"}]}`).want("Reservations", "[]")
	const launch = `{"ImageId":"` + image + `","InstanceType":"t3.micro","MinCount":1,"MaxCount":1`
	rule := func(r string) string { return `{"GroupId":"` + group + `","IpPermissions":[` + r + `]}` }
	for _, x := range [][3]string{
		{"DescribeInstances", `{"InstanceIds":["i-x"]}`, `InvalidInstanceID.Malformed: Invalid id: "i-x"`},
		{"DescribeInstances", `{"InstanceIds":["web"]}`, `InvalidInstanceID.Malformed: Invalid id: "web"`},
		{"DescribeInstances", `{"InstanceIds":["i-12345678"]}`, "InvalidInstanceID.NotFound: The instance ID 'i-12345678' does not exist"},
		{"DescribeInstances", `{"InstanceIds":["i-12345678","i-87654321"]}`, "InvalidInstanceID.NotFound: The instance IDs 'i-12345678, i-87654321' do not exist"},
		{"DescribeInstances", `{"InstanceIds":["` + id + `"],"MaxResults":5}`, "InvalidParameterCombination: The parameter instancesSet cannot be used with the parameter maxResults"},
		{"DescribeInstances", `{"NextToken":"!"}`, "InvalidParameterValue: Unable to parse pagination token"},
		{"DescribeInstances", `{"Filters":[{"Name":"colour","Values":["red"]}]}`, "InvalidParameterValue: The filter 'colour' is invalid"},
		{"DescribeImages", `{"MaxResults":1}`, "InvalidParameterValue: Invalid value '1' for maxResults. Expecting a value greater than 5."},
		{"DescribeSnapshots", `{"MaxResults":1}`, "InvalidParameterValue: Value ( 1 ) for parameter maxResults is invalid. Expecting a value greater than 5."},
		{"DescribeImages", `{"ImageIds":["ami-x"]}`, `InvalidAMIID.Malformed: Invalid id: "ami-x"`},
		{"DescribeSecurityGroups", `{"GroupIds":["web"]}`, `InvalidGroupId.Malformed: Invalid id: "web" (expecting "sg-...")`},
		{"DescribeSecurityGroups", `{"GroupIds":["sg-12345678"]}`, "InvalidGroup.NotFound: The security group 'sg-12345678' does not exist"},
		{"DescribeVpcs", `{"VpcIds":["x"]}`, `InvalidVpcID.Malformed: Invalid id: "x" (expecting "vpc-...")`},
		{"DescribeVpcs", `{"VpcIds":["vpc-12345678"]}`, "InvalidVpcID.NotFound: The vpc ID 'vpc-12345678' does not exist"},
		{"DescribeVpcs", `{"VpcIds":["` + vpc + `"],"MaxResults":5}`, "InvalidParameterCombination: The parameter VpcIds cannot be used with the parameter MaxResults"},
		{"DeleteInternetGateway", `{"InternetGatewayId":"igw-12345678"}`, "InvalidInternetGatewayID.NotFound: The internetGateway ID 'igw-12345678' does not exist"},
		{"DeleteInternetGateway", `{"InternetGatewayId":"x"}`, `InvalidInternetGatewayId.Malformed: Invalid id: "x" (expecting "igw-...")`},
		{"DeleteRouteTable", `{"RouteTableId":"rtb-x"}`, `InvalidRouteTableId.Malformed: Invalid id: "rtb-x"`},
		{"DeleteRouteTable", `{"RouteTableId":"rtb-12345678"}`, "InvalidRouteTableID.NotFound: The routeTable ID 'rtb-12345678' does not exist"},
		{"DescribeVolumes", `{"VolumeIds":["x"]}`, "InvalidParameterValue: Value (x) for parameter volumes is invalid. Expected: 'vol-...'."},
		{"DeleteVolume", `{"VolumeId":"x"}`, "InvalidParameterValue: The volume ID 'x' is malformed"},
		{"DetachVolume", `{"VolumeId":"x"}`, "InvalidParameterValue: Value (x) for parameter volumeId is invalid. Expected: 'vol-...'."},
		{"DeleteSnapshot", `{"SnapshotId":"snap-x"}`, "InvalidSnapshotID.Malformed: Value ( snap-x ) for parameter SNAPSHOT is invalid. "},
		{"DeleteSnapshot", `{"SnapshotId":"x"}`, "InvalidParameterValue: Value (x) for parameter snapshotId is invalid. Expected: 'snap-...'."},
		{"DeleteSnapshot", `{"SnapshotId":"snap-12345678"}`, "InvalidSnapshot.NotFound: The snapshot 'snap-12345678' does not exist."},
		{"DescribeKeyPairs", `{"KeyPairIds":["key-12345678"]}`, "InvalidParameterValue: Invalid value 'key-12345678' for keyPairId."},
		{"DescribeKeyPairs", `{"KeyPairIds":["key-12345678"],"KeyNames":["a"]}`, "InvalidParameterCombination: The parameter 'keyPairId' may not be used in combination with 'keyName'"},
		{"CreateKeyPair", `{"KeyName":" a"}`, "InvalidParameterValue: Invalid value ' a' for keyName. It should be trimmed"},
		{"CreateKeyPair", `{"KeyName":"a","KeyType":"ecdsa"}`, "InvalidParameterValue: 1 validation error detected: Value 'ecdsa' at 'keyType' failed to satisfy constraint: Member must satisfy enum value set: [rsa, ed25519]"},
		{"CreateKeyPair", `{"KeyName":"a","KeyFormat":"der"}`, "InvalidParameterValue: 1 validation error detected: Value 'der' at 'keyFormat' failed to satisfy constraint: Member must satisfy enum value set: [ppk, pem]"},
		{"CreateVpc", `{"CidrBlock":"10.0.0.0/16","InstanceTenancy":"shared"}`, "InvalidParameterValue: Value (shared) for parameter instanceTenancy is invalid."},
		{"CreateDefaultVpc", `{}`, "DefaultVpcAlreadyExists: A Default VPC already exists for this account in this region."},
		{"DescribeRegions", `{"RegionNames":["us--east-1"]}`, "InvalidParameterValue: Invalid region: [us--east-1]"},
		{"CreateTags", `{"Resources":["107.20.243.249"],"Tags":[{"Key":"a","Value":"b"}]}`, "InvalidID: The ID '107.20.243.249' is not valid"},
		{"CreateKeyPair", `{"KeyName":"열쇠"}`, "InvalidParameterValue: Value for parameter KeyName is invalid. Character sets beyond ASCII are not supported."},
		{"CreateKeyPair", `{"KeyName":"` + strings.Repeat("a", 256) + `"}`, "InvalidParameterValue: Value for parameter KeyName is invalid. Length exceeds maximum of 255."},
		{"DeleteKeyPair", `{}`, "MissingParameter: KeyName or KeyPairId must be provided"},

		{"StopInstances", `{"InstanceIds":["` + gone + `"]}`, "IncorrectInstanceState: This instance '" + gone + "' is not in a state from which it can be stopped."},
		{"StartInstances", `{"InstanceIds":["` + gone + `"]}`, "IncorrectInstanceState: The instance '" + gone + "' is not in a state from which it can be started."},
		{"RebootInstances", `{"InstanceIds":["` + off + `"]}`, "IncorrectState: Cannot reboot instance " + off + " that is currently in stopped state."},
		{"ModifyInstanceAttribute", `{"InstanceId":"` + id + `"}`, "InvalidParameterCombination: No attributes specified."},
		{"ModifyInstanceAttribute", `{"InstanceId":"` + id + `","SourceDestCheck":{"Value":true},"DisableApiStop":{"Value":true}}`, "InvalidParameterCombination: Fields for multiple attribute types specified: sourceDestCheck, disableApiStop"},
		{"ModifyInstanceAttribute", `{"InstanceId":"` + off + `","InstanceType":{"Value":"t4g.micro"}}`, "InvalidInstanceAttributeValue: 't4g.micro' is not a valid instance type for instance '" + off + "' of architecture 'x86_64'."},
		{"ModifyVpcAttribute", `{"VpcId":"` + vpc + `"}`, "InvalidParameterCombination: No attributes specified."},
		{"CreateImage", `{"InstanceId":"` + gone + `","Name":"golden"}`, "InvalidParameterValue: Invalid value '" + gone + "' for instanceId. Instance is not in state 'running' or 'stopping' or 'stopped'"},
		{"CreateImage", `{"InstanceId":"` + id + `","Name":"이미지"}`, "InvalidAMIName.Malformed: AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'"},
		{"AssociateIamInstanceProfile", `{"InstanceId":"` + gone + `","IamInstanceProfile":{"Name":"web"}}`, "IncorrectInstanceState: The instance '" + gone + "' is not in the 'running' or 'stopped' states."},
		{"AssociateIamInstanceProfile", `{"InstanceId":"` + id + `","IamInstanceProfile":{}}`, "MissingParameter: The request must contain the parameter iamInstanceProfile.arn or iamInstanceProfile.name"},

		{"RunInstances", `{"ImageId":"` + image + `","InstanceType":"t3.micro","MinCount":0,"MaxCount":0}`, "InvalidParameterValue: Maximum instance count must be greater than zero"},
		{"RunInstances", `{"ImageId":"` + image + `","InstanceType":"t3.micro","MinCount":0,"MaxCount":1}`, "InvalidParameterValue: Minimum instance count must be greater than zero"},
		{"RunInstances", launch + `,"PrivateIpAddress":"172.31.0.256"}`, "InvalidParameterValue: invalid value for parameter address: 172.31.0.256"},
		{"RunInstances", launch + `,"PrivateIpAddress":"::1"}`, "InvalidParameterValue: invalid value for parameter address: ::1"},
		{"RunInstances", launch + `,"BlockDeviceMappings":[{"DeviceName":"disk","Ebs":{"VolumeSize":1}}]}`, "InvalidBlockDeviceMapping: Invalid device name disk"},
		{"RunInstances", launch + `,"SubnetId":"` + subnet + `","Placement":{"AvailabilityZone":"ap-northeast-2c"}}`, "InvalidParameterValue: Value (ap-northeast-2c) for parameter availabilityZone is invalid. Subnet '" + subnet + "' is in the availability zone ap-northeast-2a"},
		{"RunInstances", launch + `,"NetworkInterfaces":[{"DeviceIndex":0}],"SubnetId":"` + subnet + `"}`, "InvalidParameterCombination: Network interfaces and an instance-level subnet ID may not be specified on the same request"},
		{"RunInstances", launch + `,"NetworkInterfaces":[{"DeviceIndex":0}],"SecurityGroupIds":["` + group + `"]}`, "InvalidParameterCombination: Network interfaces and an instance-level security groups may not be specified on the same request"},
		{"RunInstances", launch + `,"NetworkInterfaces":[{"DeviceIndex":0}],"PrivateIpAddress":"172.31.0.9"}`, "InvalidParameterCombination: Network interfaces and an instance-level private IP address may not be specified on the same request"},
		{"RunInstances", launch + `,"SubnetId":"` + subnet + `","SecurityGroupIds":["` + foreign + `"]}`, "InvalidParameter: Security group " + foreign + " and subnet " + subnet + " belong to different networks."},

		{"CreateSecurityGroup", `{"GroupName":"sg-web","Description":"d"}`, "InvalidParameterValue: Value (sg-web) for parameter GroupName is invalid. Group names may not be in the format sg-*."},
		{"CreateSecurityGroup", `{"GroupName":"default","Description":"d"}`, "InvalidParameterValue: Cannot use reserved security group name: default"},
		{"CreateSecurityGroup", `{"GroupName":"a","Description":"웹 서버"}`, "InvalidParameterValue: Value (웹 서버) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported."},
		{"CreateSecurityGroup", `{"GroupName":"웹","Description":"d"}`, "InvalidParameterValue: Value (웹) for parameter GroupName is invalid. Character sets beyond ASCII are not supported."},
		{"CreateSecurityGroup", `{"GroupName":"a?","Description":"d"}`, "InvalidParameterValue: Invalid security group name. Valid names are non-empty strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"},
		{"CreateSecurityGroup", `{"GroupName":"a","Description":"d?"}`, "InvalidParameterValue: Invalid security group description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"},
		{"DeleteSecurityGroup", `{"GroupId":"` + standard + `"}`, `CannotDelete: the specified group: "` + standard + `" name: "default" cannot be deleted by a user`},
		{"AuthorizeSecurityGroupIngress", rule(`{"IpProtocol":"tcp","FromPort":80,"ToPort":80,"IpRanges":[{"CidrIp":"0.0.0.0/0","Description":"누구나"}]}`), "InvalidParameterValue: Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"},
		{"AuthorizeSecurityGroupIngress", rule(`{"IpProtocol":"tcp","FromPort":80,"ToPort":80,"IpRanges":[{"CidrIp":"0.0.0.0"}]}`), "InvalidParameterValue: CIDR block 0.0.0.0 is malformed"},
		{"AuthorizeSecurityGroupIngress", rule(`{"IpProtocol":"tcp","FromPort":-2,"ToPort":80,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}`), "InvalidParameterValue: TCP/UDP (from) port (-2) out of range"},
		{"AuthorizeSecurityGroupIngress", rule(`{"IpProtocol":"icmp","FromPort":256,"ToPort":-1,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}`), "InvalidParameterValue: ICMP type (256) out of range"},
		{"AuthorizeSecurityGroupIngress", rule(`{"IpProtocol":"icmp","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}`), "InvalidParameterValue: Invalid value 'Must specify both from and to ports with ICMP.' for portRange."},
		{"AuthorizeSecurityGroupIngress", rule(`{"IpProtocol":"http","FromPort":80,"ToPort":80,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}`), "InvalidParameterValue: Invalid value 'http' for IP protocol. Unknown protocol."},
		{"AuthorizeSecurityGroupIngress", rule(`{"IpProtocol":"tcp","FromPort":80,"ToPort":80,"PrefixListIds":[{"PrefixListId":"pl-12345678"}]}`), "InvalidPrefixListID.NotFound: The prefix list ID 'pl-12345678' does not exist"},
		{"RevokeSecurityGroupIngress", rule(`{"IpProtocol":"tcp","FromPort":80,"ToPort":80,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}`), "InvalidPermission.NotFound: The specified rule does not exist in this security group."},
	} {
		w.refused(x[0], x[1], x[2])
	}
}

// How far a text is known to be AWS's. What is recorded was answered by AWS and published whole; what is quoted stands in
// people's logs; what is relayed was written down by somebody else who may have seen it.
var evidence = []string{"recorded", "quoted", "relayed", "unverified", "own"}

// TestTexts holds the package's refusals and testdata/errors.tsv together.
func TestTexts(t *testing.T) {
	said := refusals(t)
	b, err := os.ReadFile("testdata/errors.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var last string
	known := map[string]bool{}
	for n, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 || f[3] == "" || !slices.Contains(evidence, f[2]) {
			t.Errorf("line %d: %q", n+1, line)
			continue
		}
		row := f[0] + "\t" + f[1]
		if cmp.Compare(last, row) >= 0 {
			t.Errorf("line %d is not in order", n+1)
		}
		if said[row] == "" {
			t.Errorf("nobody says %s: %s", f[0], f[1])
		}
		last, known[row] = row, true
	}
	for _, row := range slices.Sorted(maps.Keys(said)) {
		if !known[row] {
			t.Errorf("not in errors.tsv: %s\t%s", row, said[row])
		}
	}
}

// refusals are the codes and texts, as the package's source has them, with a place where each is said. What the source puts
// together has "…" for what is not written there.
func refusals(t *testing.T) map[string]string {
	t.Helper()
	codes := map[string]string{"invalidValue": "InvalidParameterValue", "invalidCombination": "InvalidParameterCombination", "incorrectState": "IncorrectInstanceState",
		"notPermitted": "OperationNotPermitted", "otherRequest": "IdempotentParameterMismatch", "fail": "", "missingParameter": "-", "notEmulated": "-"}
	said := map[string]string{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if d, ok := n.(*ast.FuncDecl); ok {
				_, helper := codes[d.Name.Name]
				return !helper || d.Name.Name == "missingParameter"
			}
			var code, sentence string
			switch x := n.(type) {
			case *ast.CallExpr:
				fun, ok := x.Fun.(*ast.Ident)
				if !ok {
					return true
				}
				switch c, ok := codes[fun.Name]; {
				case !ok || c == "-":
					return true
				case c == "":
					code, sentence = text(x.Args[0]), text(x.Args[1])
				default:
					code, sentence = c, text(x.Args[0])
				}
			case *ast.CompositeLit:
				of := map[string]ast.Expr{}
				for _, e := range x.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok {
						if k, ok := kv.Key.(*ast.Ident); ok {
							of[k.Name] = kv.Value
						}
					}
				}
				if of["Code"] == nil || of["Message"] == nil {
					return true
				}
				code, sentence = text(of["Code"]), text(of["Message"])
			case *ast.ValueSpec:
				// The sentences of kinds.
				for _, v := range x.Values {
					if k, ok := v.(*ast.CompositeLit); ok {
						if of, ok := k.Type.(*ast.Ident); ok && of.Name == "kind" && text(k.Elts[4]) != "" {
							said[text(k.Elts[1])+".NotFound\t"+text(k.Elts[4])] = fset.Position(k.Pos()).String()
						}
					}
				}
				return true
			default:
				return true
			}
			if sentence != "…" {
				said[code+"\t"+sentence] = fset.Position(n.Pos()).String()
			}
			return true
		})
	}
	return said
}

// text is what an expression says.
func text(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(x.Value); err == nil {
			return s
		}
	case *ast.BinaryExpr:
		return text(x.X) + text(x.Y)
	}
	return "…"
}
