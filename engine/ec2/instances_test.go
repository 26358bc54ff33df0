package ec2_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"haneul/engine/ec2"
	"haneul/engine/emu"
)

func TestLifeOfAnInstance(t *testing.T) {
	w := newWorld(t)
	out := w.ok("RunInstances", `{"ImageId":"`+image+`","InstanceType":"t3.micro","MinCount":1,"MaxCount":1,"UserData":"aGk=","TagSpecifications":[{"ResourceType":"instance","Tags":[{"Key":"Name","Value":"web"}]}]}`)
	out.want("Instances.0.State.Name", "pending").want("Instances.0.State.Code", "0").want("Instances.0.PrivateIpAddress", "172.31.0.4").want("OwnerId", account)
	id := out.get("Instances.0.InstanceId")
	i := w.see(id).want("State.Name", "running").want("Tags.0.Value", "web").want("Placement.AvailabilityZone", "ap-northeast-2a").
		want("PrivateDnsName", "ip-172-31-0-4.ap-northeast-2.compute.internal").want("SecurityGroups.0.GroupName", "default").
		want("BlockDeviceMappings.0.DeviceName", "/dev/xvda").want("MetadataOptions.HttpTokens", "required")
	if !strings.HasPrefix(i.get("PublicIpAddress"), "198.1") {
		t.Errorf("public address %q", i.get("PublicIpAddress"))
	}
	m := w.machines.machine(id)
	if string(m.Settings.Metadata.UserData) != "hi" || m.VCPUs != 2 || m.Memory != 1024 || m.Image != "" || m.VPCRange != "172.31.0.0/16" {
		t.Errorf("%+v", m)
	}
	w.ok("GetConsoleOutput", `{"InstanceId":"`+id+`"}`).want("Output", "UkVBRFkK")
	ids := `{"InstanceIds":["` + id + `"]}`
	w.refused("ModifyInstanceAttribute", `{"InstanceId":"`+id+`","InstanceType":{"Value":"t3.small"}}`, "IncorrectInstanceState: The instance '"+id+"' is not in the 'stopped' state.")
	w.ok("RebootInstances", ids)
	w.ok("StopInstances", ids).want("StoppingInstances.0.CurrentState.Name", "stopping").want("StoppingInstances.0.PreviousState.Name", "running")
	w.see(id).want("State.Name", "stopped").want("PublicIpAddress", "").want("PrivateIpAddress", "172.31.0.4").
		want("StateTransitionReason", "User initiated (2026-11-20 09:00:00 GMT)").want("StateReason.Code", "Client.UserInitiatedShutdown")
	w.ok("StopInstances", ids).want("StoppingInstances.0.CurrentState.Name", "stopped")
	w.ok("ModifyInstanceAttribute", `{"InstanceId":"`+id+`","InstanceType":{"Value":"t3.small"}}`)
	w.ok("StartInstances", ids).want("StartingInstances.0.CurrentState.Name", "pending")
	w.see(id).want("State.Name", "running").want("InstanceType", "t3.small").want("StateReason", "")
	if m := w.machines.machine(id); m.Memory != 2048 {
		t.Errorf("memory %d", m.Memory)
	}
	w.ok("ModifyInstanceAttribute", `{"InstanceId":"`+id+`","DisableApiTermination":{"Value":true}}`)
	w.refused("TerminateInstances", ids, "OperationNotPermitted: The instance '"+id+"' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.")
	w.ok("ModifyInstanceAttribute", `{"InstanceId":"`+id+`","Attribute":"disableApiTermination","Value":"false"}`)
	w.ok("TerminateInstances", ids).want("TerminatingInstances.0.CurrentState.Name", "shutting-down")
	w.see(id).want("State.Name", "terminated").want("PrivateIpAddress", "").want("VpcId", "")
	w.ok("GetConsoleOutput", `{"InstanceId":"`+id+`"}`).want("Output", "UkVBRFkK")
	w.refused("StartInstances", ids, "IncorrectInstanceState: The instance '"+id+"' is not in a state from which it can be started.")
	if got := w.machines.did(); got != "boot 172.31.0.4, reboot 172.31.0.4, halt 172.31.0.4 false, boot 172.31.0.4, remove 172.31.0.4" {
		t.Error(got)
	}
	if n := w.ok("DescribeVolumes", `{}`).len("Volumes"); n != 0 {
		t.Errorf("%d volumes are left", n)
	}
	w.after(61 * time.Minute)
	w.refused("DescribeInstances", ids, "InvalidInstanceID.NotFound: The instance ID '"+id+"' does not exist")
}

func TestLaunchRefusals(t *testing.T) {
	w := newWorld(t)
	w.ok("CreateSecurityGroup", `{"GroupName":"web","Description":"d"}`)
	const base = `{"ImageId":"` + image + `","InstanceType":"t3.micro","MinCount":1,"MaxCount":1`
	for _, x := range [][2]string{
		{`{"InstanceType":"t3.micro","MinCount":1,"MaxCount":1}`, "MissingParameter: The request must contain the parameter ImageId"},
		{`{"ImageId":"ami-12345678","InstanceType":"t3.micro","MinCount":1,"MaxCount":1}`, "InvalidAMIID.NotFound: The image id '[ami-12345678]' does not exist"},
		{`{"ImageId":"nonsense","InstanceType":"t3.micro","MinCount":1,"MaxCount":1}`, `InvalidAMIID.Malformed: Invalid id: "nonsense" (expecting "ami-...")`},
		{`{"ImageId":"` + image + `","InstanceType":"t9.huge","MinCount":1,"MaxCount":1}`, "InvalidParameterValue: Invalid value 't9.huge' for InstanceType."},
		{`{"ImageId":"` + image + `","InstanceType":"t3.micro","MinCount":2,"MaxCount":1}`, "InvalidParameterValue: Maximum instance count must not be smaller than minimum instance count"},
		{`{"ImageId":"` + image + `","InstanceType":"t3.micro","MinCount":17,"MaxCount":17}`, "VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit."},
		{base + `,"KeyName":"none"}`, "InvalidKeyPair.NotFound: The key pair 'none' does not exist"},
		{base + `,"SecurityGroups":["none"]}`, "InvalidGroup.NotFound: The security group 'none' does not exist in VPC '" + w.ok("DescribeVpcs", `{}`).get("Vpcs.0.VpcId") + "'"},
		{base + `,"SubnetId":"subnet-12345678"}`, "InvalidSubnetID.NotFound: The subnet ID 'subnet-12345678' does not exist"},
		{base + `,"Placement":{"AvailabilityZone":"ap-northeast-2z"}}`, "InvalidParameterValue: Invalid availability zone: [ap-northeast-2z]"},
		{base + `,"UserData":"!"}`, "InvalidUserData.Malformed: Invalid BASE64 encoding of user data."},
		{base + `,"PrivateIpAddress":"10.0.0.9"}`, "InvalidParameterValue: Address 10.0.0.9 does not fall within the subnet's address range"},
		{base + `,"PrivateIpAddress":"172.31.0.1"}`, "InvalidParameterValue: Address 172.31.0.1 is in subnet's reserved address range"},
		{base + `,"IamInstanceProfile":{"Name":"none"}}`, "InvalidParameterValue: Value (none) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"},
		{base + `,"BlockDeviceMappings":[{"DeviceName":"/dev/xvda","Ebs":{"VolumeSize":4}}]}`, "InvalidBlockDeviceMapping: Volume of size 4GB is smaller than snapshot '*', expect size >= 8GB"},
		{base + `,"DryRun":true}`, "DryRunOperation: Request would have succeeded, but DryRun flag is set."},
		{base + `,"InstanceMarketOptions":{"MarketType":"spot","SpotOptions":{"InstanceInterruptionBehavior":"stop"}}}`, "InvalidParameterCombination: The interruption behavior 'stop' needs a persistent Spot request"},
	} {
		_, err := w.call("RunInstances", x[0])
		before, after, star := strings.Cut(x[1], "*")
		if err == nil || star && !(strings.HasPrefix(err.Error(), before) && strings.HasSuffix(err.Error(), after)) || !star && err.Error() != x[1] {
			t.Errorf("%s\n got %v\nwant %s", x[0], err, x[1])
		}
	}
	if got := w.machines.did(); got != "" {
		t.Error(got)
	}
	w.machines.trouble = errors.New("instances need Docker: start it")
	w.refused("RunInstances", base+`}`, "InsufficientInstanceCapacity: instances need Docker: start it")
	w.ok("DescribeInstances", `{}`).want("Reservations", "[]")
}

func TestClientToken(t *testing.T) {
	w := newWorld(t)
	a := w.run(`,"ClientToken":"once"`)
	if b := w.run(`,"ClientToken":"once"`); a != b {
		t.Errorf("launched twice: %s, %s", a, b)
	}
	w.refused("RunInstances", `{"ImageId":"`+image+`","InstanceType":"t3.small","MinCount":1,"MaxCount":1,"ClientToken":"once"}`,
		"IdempotentParameterMismatch: Arguments on this idempotent request are inconsistent with arguments used in previous request(s).")
}

// A client token makes the other things that have one once as well.
func TestOtherClientTokens(t *testing.T) {
	w := newWorld(t)
	a := w.ok("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a","Size":1,"ClientToken":"once"}`).get("VolumeId")
	w.ok("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a","Size":1,"ClientToken":"once"}`).want("VolumeId", a)
	w.refused("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a","Size":2,"ClientToken":"once"}`,
		"IdempotentParameterMismatch: Parameters on this idempotent request are inconsistent with parameters used in previous request(s)")
	vpc := w.ok("DescribeVpcs", `{}`).get("Vpcs.0.VpcId")
	b := w.ok("CreateRouteTable", `{"VpcId":"`+vpc+`","ClientToken":"once"}`).want("ClientToken", "once").get("RouteTable.RouteTableId")
	w.ok("CreateRouteTable", `{"VpcId":"`+vpc+`","ClientToken":"once"}`).want("RouteTable.RouteTableId", b)
	other := w.ok("CreateVpc", `{"CidrBlock":"10.0.0.0/16"}`).get("Vpc.VpcId")
	w.refused("CreateRouteTable", `{"VpcId":"`+other+`","ClientToken":"once"}`,
		"IdempotentParameterMismatch: Arguments on this idempotent request are inconsistent with arguments used in previous request(s).")
}

func TestLaunchFails(t *testing.T) {
	w := newWorld(t)
	w.machines.broken = errors.New("the disk is full")
	id := w.run("")
	w.see(id).want("State.Name", "terminated").want("StateReason.Message", "Server.InternalError: the disk is full")
	w.machines.broken = nil
	id = w.run("")
	w.ok("StopInstances", `{"InstanceIds":["`+id+`"]}`)
	w.machines.broken = errors.New("out of memory")
	w.ok("StartInstances", `{"InstanceIds":["`+id+`"]}`)
	w.see(id).want("State.Name", "stopped").want("StateReason.Code", "Server.InternalError")
}

// TestTerminatedWhilePending: a machine that is being booted when its instance is terminated is removed afterwards.
func TestTerminatedWhilePending(t *testing.T) {
	w := newWorld(t)
	w.machines.hold = make(chan struct{})
	id := w.run("")
	for !w.machines.held() {
		time.Sleep(time.Millisecond)
	}
	w.see(id).want("State.Name", "pending")
	w.refused("StopInstances", `{"InstanceIds":["`+id+`"]}`, "IncorrectInstanceState: Instance '"+id+"' cannot be stopped as it has never reached the 'running' state.")
	w.ok("TerminateInstances", `{"InstanceIds":["`+id+`"]}`)
	w.see(id).want("State.Name", "shutting-down")
	close(w.machines.hold)
	w.machines.mu.Lock()
	w.machines.hold = nil
	w.machines.mu.Unlock()
	w.settle()
	w.see(id).want("State.Name", "terminated")
	if got := w.machines.did(); got != "boot 172.31.0.4, remove 172.31.0.4" {
		t.Error(got)
	}
}

func TestReports(t *testing.T) {
	w := newWorld(t)
	killed, ended, gone := w.run(""), w.run(""), w.run(`,"InstanceInitiatedShutdownBehavior":"terminate"`)
	w.ok("ec2.machines:Report", `{"ID":"`+killed+`","What":"killed"}`)
	w.see(killed).want("State.Name", "terminated").want("StateReason.Code", "Server.InternalError")
	w.ok("ec2.machines:Report", `{"ID":"`+ended+`","What":"ended"}`)
	w.see(ended).want("State.Name", "stopped").want("StateReason.Code", "Client.InstanceInitiatedShutdown")
	w.ok("ec2.machines:Report", `{"ID":"`+gone+`","What":"ended"}`)
	w.see(gone).want("State.Name", "terminated")
	w.ok("ec2.machines:Report", `{"ID":"i-unknown","What":"killed"}`)

	alive, lost := w.run(""), w.run("")
	w.ok("ec2.machines:Reconcile", `{"Machines":[{"ID":"`+alive+`","Running":true},{"ID":"i-stranger","Running":true},{"ID":"`+ended+`"}]}`).want("Orphans", "[i-stranger]")
	w.see(alive).want("State.Name", "running")
	w.see(lost).want("State.Name", "terminated")
	w.see(ended).want("State.Name", "stopped")
}

// What Docker says of a machine becomes its status, and why it was stopped its reason.
func TestReportedTrouble(t *testing.T) {
	w := newWorld(t)
	report := func(id, what, reason string) {
		w.ok("ec2.machines:Report", `{"ID":"`+id+`","What":"`+what+`","Reason":"`+reason+`"}`)
	}
	id := w.run("")
	status := func(status, check string) {
		t.Helper()
		for _, of := range []string{"InstanceStatus", "SystemStatus"} {
			w.ok("DescribeInstanceStatus", `{"InstanceIds":["`+id+`"]}`).want("InstanceStatuses.0."+of+".Status", status).want("InstanceStatuses.0."+of+".Details.0.Status", check)
		}
		w.ok("DescribeInstanceStatus", `{"Filters":[{"Name":"instance-status.reachability","Values":["`+check+`"]}]}`).want("InstanceStatuses.0.InstanceId", id)
	}
	status("ok", "passed")
	report(id, "unreachable", "")
	status("impaired", "failed")
	report(id, "reachable", "")
	status("ok", "passed")
	report(id, "unreachable", "")
	w.ok("RebootInstances", `{"InstanceIds":["`+id+`"]}`)
	status("ok", "passed")
	full := w.run(`,"InstanceInitiatedShutdownBehavior":"terminate"`)
	report(full, "ended", "Its root disk of 8.0 GiB is full.")
	w.see(full).want("State.Name", "stopped").want("StateReason.Message", "Server.InternalError: Its root disk of 8.0 GiB is full.")
	report(id, "killed", "The machine ran out of memory.")
	w.see(id).want("State.Name", "terminated").want("StateReason.Message", "Server.InternalError: The machine ran out of memory.")
}

func TestKill(t *testing.T) {
	w := newWorld(t)
	kill := func(what string) answer { return w.ok("haneul:AddFault", `{"Fault":{"Kind":"kill",`+what+`}}`) }
	a, b, c, d := w.run(""), w.run(""), w.run(""), w.run(`,"Placement":{"AvailabilityZone":"ap-northeast-2c"}`)
	kill(`"ARN":"`+a+`"`).want("Struck", "["+a+"]").want("Fault.ID", "")
	w.see(a).want("State.Name", "terminated").want("StateReason.Code", "Server.InternalError")
	kill(`"Service":"ec2","ARN":"arn:aws:ec2:*:instance/`+b+`"`).want("Struck", "["+b+"]")
	kill(`"Zone":"ap-northeast-2a"`).want("Struck", "["+c+"]")
	w.see(c).want("State.Name", "terminated")
	kill(`"ARN":"*:instance/*"`).want("Struck", "["+d+"]")
	if fs := w.Faults(); len(fs) != 0 {
		t.Errorf("a blow is over, and yet: %+v", fs)
	}
	for fault, want := range map[string]string{
		`"Kind":"kill","ARN":"` + a + `"`:             "IncorrectInstanceState: The instance '" + a + "' is not in the 'running' state.",
		`"Kind":"kill","ARN":"i-0123456789abcdef0"`:   "InvalidInstanceID.NotFound: The instance ID 'i-0123456789abcdef0' does not exist",
		`"Kind":"kill","ARN":"nonsense"`:              "InvalidParameterValue: Nothing that runs here is named nonsense.",
		`"Kind":"kill","Zone":"ap-northeast-2z"`:      "InvalidParameterValue: Invalid availability zone: [ap-northeast-2z]",
		`"Kind":"kill"`:                               "InvalidParameterValue: A kill needs the ARN or the id of what it hits, or an availability zone.",
		`"Kind":"kill","ARN":"*","Count":1`:           "InvalidParameterValue: A fault of the kind kill happens to what runs, not to calls: it takes a service, an ARN or a zone, and nothing else.",
		`"Kind":"outage","ARN":"*"`:                   "InvalidParameterValue: An outage needs an availability zone, and takes nothing else.",
		`"Kind":"interrupt","Zone":"ap-northeast-2a"`: "InvalidParameterValue: An interrupt needs the ARN or the id of what it hits.",
		`"Kind":"error","Zone":"ap-northeast-2a"`:     "InvalidParameterValue: Only an outage and a kill take an availability zone.",
	} {
		w.refused("haneul:AddFault", `{"Fault":{`+fault+`}}`, want)
	}
}

func TestOutage(t *testing.T) {
	w := newWorld(t)
	there, elsewhere, resting := w.run(""), w.run(`,"Placement":{"AvailabilityZone":"ap-northeast-2b"}`), w.run("")
	w.ok("StopInstances", `{"InstanceIds":["`+resting+`"]}`)
	f := w.ok("haneul:AddFault", `{"Fault":{"Kind":"outage","Zone":"ap-northeast-2a"}}`).want("Struck", "["+there+"]").get("Fault.ID")
	w.see(there).want("State.Name", "terminated").want("StateReason.Message", "Server.InternalError: The Availability Zone is down")
	w.see(elsewhere).want("State.Name", "running")
	w.ok("DescribeAvailabilityZones", `{}`).want("AvailabilityZones.0.State", "unavailable").want("AvailabilityZones.1.State", "available")
	w.see(w.run("")).want("Placement.AvailabilityZone", "ap-northeast-2b")
	w.refused("RunInstances", `{"ImageId":"`+image+`","InstanceType":"t3.micro","MinCount":1,"MaxCount":1,"Placement":{"AvailabilityZone":"ap-northeast-2a"}}`,
		"InsufficientInstanceCapacity: We currently do not have sufficient t3.micro capacity in the Availability Zone you requested (ap-northeast-2a). Our system will be working on provisioning additional capacity. You can currently get t3.micro capacity by not specifying an Availability Zone in your request or choosing ap-northeast-2b, ap-northeast-2c, ap-northeast-2d.")
	w.refused("StartInstances", `{"InstanceIds":["`+resting+`"]}`, "InsufficientInstanceCapacity: Insufficient capacity.")
	w.refused("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a","Size":1}`, "InsufficientVolumeCapacity: There is currently insufficient capacity to serve the request. Try again at a later time or in a different availability zone")
	w.ok("haneul:ClearFaults", `{"ID":"`+f+`"}`)
	w.ok("StartInstances", `{"InstanceIds":["`+resting+`"]}`)
	w.see(resting).want("State.Name", "running")
	w.see(w.run("")).want("Placement.AvailabilityZone", "ap-northeast-2a")
}

// A key pair is copied at launch: without it nobody could log in after it is deleted, or replaced by another.
func TestPublicKeyStays(t *testing.T) {
	w := newWorld(t)
	w.ok("CreateKeyPair", `{"KeyName":"mine","KeyType":"ed25519"}`)
	id := w.run(`,"KeyName":"mine"`)
	before := w.machines.machine(id).Settings.Metadata.PublicKey
	w.ok("DeleteKeyPair", `{"KeyName":"mine"}`)
	w.ok("CreateKeyPair", `{"KeyName":"mine","KeyType":"ed25519"}`)
	w.ok("StopInstances", `{"InstanceIds":["`+id+`"]}`)
	w.ok("StartInstances", `{"InstanceIds":["`+id+`"]}`)
	if now := w.machines.machine(id).Settings.Metadata.PublicKey; before == "" || now != before {
		t.Errorf("it had %q, and has %q", before, now)
	}
	for _, l := range w.Resources() {
		for _, r := range l.Resources {
			if x, ok := r.Detail.(ec2.Sight); ok && x.PublicKey != before {
				t.Errorf("connect is told %q, not %q", x.PublicKey, before)
			}
		}
	}
}

func TestSpot(t *testing.T) {
	w := newWorld(t)
	id := w.run(`,"InstanceMarketOptions":{"MarketType":"spot"}`)
	sir := w.see(id).want("InstanceLifecycle", "spot").get("SpotInstanceRequestId")
	ids := `{"InstanceIds":["` + id + `"]}`
	w.refused("StopInstances", ids, "UnsupportedOperation: You can't stop the Spot Instance '"+id+"' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.")
	w.refused("ModifyInstanceAttribute", `{"InstanceId":"`+id+`","DisableApiTermination":{"Value":true}}`, "UnsupportedOperation: Modifying 'disableApiTermination' is not supported for spot instances.")
	w.ok("haneul:AddFault", `{"Fault":{"Kind":"interrupt","ARN":"`+id+`"}}`)
	a := w.machines.machine(id).Settings.Metadata.SpotAction
	if a == nil || a.Action != "terminate" || a.Time != "2026-11-20T09:02:00Z" {
		t.Errorf("%+v", a)
	}
	w.after(119 * time.Second)
	w.see(id).want("State.Name", "running")
	w.after(time.Second)
	w.see(id).want("State.Name", "terminated").want("StateReason.Code", "Server.SpotInstanceTermination")
	w.ok("DescribeSpotInstanceRequests", `{"SpotInstanceRequestIds":["`+sir+`"]}`).want("SpotInstanceRequests.0.State", "closed").
		want("SpotInstanceRequests.0.Status.Code", "instance-terminated-no-capacity")

	id = w.run(`,"InstanceMarketOptions":{"MarketType":"spot","SpotOptions":{"SpotInstanceType":"persistent","InstanceInterruptionBehavior":"stop"}}`)
	w.ok("haneul:AddFault", `{"Fault":{"Kind":"interrupt","ARN":"`+id+`"}}`)
	w.after(2 * time.Minute)
	w.see(id).want("State.Name", "stopped")
	onDemand := w.run("")
	w.refused("haneul:AddFault", `{"Fault":{"Kind":"interrupt","ARN":"`+onDemand+`"}}`, "UnsupportedOperation: "+onDemand+" is no Spot instance")
}

func TestRoles(t *testing.T) {
	w := newWorld(t)
	id := w.run(`,"IamInstanceProfile":{"Name":"web"}`)
	first := *w.machines.machine(id).Settings.Metadata.Role
	if first.Name != "web" || first.Token != id {
		t.Errorf("%+v", first)
	}
	w.after(50 * time.Minute)
	if now := w.machines.machine(id).Settings.Metadata.Role; now.AccessKeyID == first.AccessKeyID {
		t.Error("the credentials are not replaced before they expire")
	}
	a := w.ok("DescribeIamInstanceProfileAssociations", `{}`).want("IamInstanceProfileAssociations.0.InstanceId", id).get("IamInstanceProfileAssociations.0.AssociationId")
	w.ok("DisassociateIamInstanceProfile", `{"AssociationId":"`+a+`"}`)
	if w.machines.machine(id).Settings.Metadata.Role != nil {
		t.Error("the role is still there")
	}
	w.ok("AssociateIamInstanceProfile", `{"InstanceId":"`+id+`","IamInstanceProfile":{"Name":"web"}}`)
	w.see(id).want("IamInstanceProfile.Id", "AIPAWEB")
}

var _ ec2.Machines = (*imagined)(nil)

// Status checks take no time here, unless somebody wants them to.
func TestStatusChecksTakeTime(t *testing.T) {
	w := newWorld(t)
	if _, err := w.Admin("SetTime", &emu.SetTimeInput{Name: "ec2.status-checks", Time: 3 * emu.Minute}); err != nil {
		t.Fatal(err)
	}
	w.run("")
	for _, x := range []struct {
		wait time.Duration
		want string
	}{{time.Second, "initializing"}, {178 * time.Second, "initializing"}, {time.Second, "ok"}} {
		w.after(x.wait)
		w.ok("DescribeInstanceStatus", `{}`).want("InstanceStatuses.0.InstanceState.Name", "running").
			want("InstanceStatuses.0.InstanceStatus.Status", x.want).want("InstanceStatuses.0.SystemStatus.Status", x.want)
	}
}
