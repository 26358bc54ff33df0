package ec2_test

import (
	"fmt"
	"testing"

	"haneul/engine/ec2"
)

// TestSight: an instance's resource says what its disks are and what its groups let through, and looking at it leaves no
// record in the journal.
func TestSight(t *testing.T) {
	w := newWorld(t)
	group := w.ok("CreateSecurityGroup", `{"GroupName":"web","Description":"web"}`).get("GroupId")
	w.ok("AuthorizeSecurityGroupIngress", `{"GroupId":"`+group+`","IpPermissions":[{"IpProtocol":"tcp","FromPort":5432,"ToPort":5432,"UserIdGroupPairs":[{"GroupId":"`+group+`"}]}]}`)
	w.ok("RunInstances", `{"ImageId":"`+image+`","InstanceType":"t3.micro","MinCount":2,"MaxCount":2,"SecurityGroupIds":["`+group+`"],
		"BlockDeviceMappings":[{"DeviceName":"/dev/sdf","Ebs":{"VolumeSize":8}}]}`)
	sights := func() (all []ec2.Sight) {
		for _, l := range w.Resources() {
			for _, r := range l.Resources {
				if s, ok := r.Detail.(ec2.Sight); ok {
					all = append(all, s)
				}
			}
		}
		return all
	}
	before := len(w.Entries(0, 0))
	two := sights()
	if len(two) != 2 {
		t.Fatalf("%+v", two)
	}
	one, other := two[0], two[1]
	want := fmt.Sprint([]ec2.Allowed{
		{Egress: true, Protocol: "-1", From: -1, To: -1, Peers: []string{"0.0.0.0/0"}},
		{Protocol: "tcp", From: 5432, To: 5432, Peers: []string{one.IP + "/32", other.IP + "/32"}},
	})
	if got := fmt.Sprint(one.Rules); got != want || one.State != "running" || one.Groups[0].GroupName != "web" {
		t.Errorf("%+v\nwant %s", one, want)
	}
	if len(one.Disks) != 1 || one.Disks[0].Path != "/mnt/sdf" || one.Disks[0].Size != 8 || one.Disks[0].State != "attached" {
		t.Errorf("%+v", one.Disks)
	}
	if after := len(w.Entries(0, 0)); after != before {
		t.Errorf("looking left %d records", after-before)
	}
	w.ok("TerminateInstances", `{"InstanceIds":["`+one.ID+`"]}`)
	for _, s := range sights() {
		if s.ID == one.ID && (len(s.Rules) > 0 || len(s.Disks) > 0 || s.State != "terminated") {
			t.Errorf("after its end: %+v", s)
		}
		if s.ID == other.ID && len(s.Rules[1].Peers) != 1 {
			t.Errorf("the other still hears it: %+v", s.Rules)
		}
	}
}
