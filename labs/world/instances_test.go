package world

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"haneul/engine"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
	"haneul/labs/report"
)

// withMachines are the options of a world with real machines, on a clock that runs.
func withMachines(t *testing.T) Options {
	t.Helper()
	if testing.Short() {
		t.Skip("boots machines")
	}
	var host *engine.Host
	r := dockertest.New(t, docker.Options{Warm: -1, Cloud: func(_ docker.Origin, c net.Conn) { host.Answer(c) }})
	host = open(t, engine.HostOptions{Runtime: r})
	o := on(t, host)
	if _, err := o.Admin.Resume(t.Context(), o.Cloud.Name); err != nil {
		t.Fatal(err)
	}
	o.Live = true
	return o
}

// launch begins a check with one instance that serves what it is told on port 80.
const launch = `
    made = t.aws.ec2.run_instances(ImageId = "ami-02023000000000086", InstanceType = "t3.micro", MinCount = 1, MaxCount = 1,
        TagSpecifications = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web"}]}],
        UserData = "IyEvYmluL3NoCm1rZGlyIC9zcnYKZWNobyDrp5vsp5EgPiAvc3J2L2luZGV4Lmh0bWwKaHR0cGQgLXAgODAgLWggL3NydiAmCg==").Instances[0]
    id = made.InstanceId
    t.want(t.instances.wait(id, "running").ok, "boots")
`

func TestInstances(t *testing.T) {
	o := withMachines(t)
	passes(t, o, launch+`
    t.want(t.instances.reach(id, 80, timeout = "300ms") == "Timeout", "closed")
    dropped = t.instances.http(id, timeout = "300ms")
    t.want(not dropped.ok and dropped.error == "Timeout" and dropped.status == 0, "dropped", found = str(dropped))
    t.aws.ec2.authorize_security_group_ingress(GroupName = "default", IpProtocol = "tcp", FromPort = 80, ToPort = 81, CidrIp = "203.0.113.10/32")
    page = t.instances.http(id, within = "5s")
    t.want(page.ok and page.status == 200 and page.body == "맛집\n" and page.headers["content-type"].startswith("text/html"), "page", found = str(page))
    t.want(t.instances.http(id, path = "/none").status == 404, "404")
    t.want(t.instances.http(id, port = 81).error == "Refused" and t.instances.reach(id, 81) == "Refused", "refused")
    t.want(t.instances.reach(id, 80, source = "198.51.100.7", timeout = "300ms") == "Timeout", "other source")
    t.want(t.instances.reach(id, 80) == "open", "open")

    r = t.instances.exec(id, "read -r x; echo got $x; echo trouble >&2; exit 3", stdin = "it\n")
    t.want(r.code == 3 and not r.ok and "got it" in r.output and "trouble" in r.output and r.error == "", "exec", found = str(r))
    t.want(t.instances.exec(id, ["echo", "a b"]).output == "a b\n", "words")
    slow = t.instances.exec(id, "echo begun; sleep 60", timeout = "500ms")
    t.want(slow.code == -1 and slow.error == "Timeout" and slow.output == "begun\n", "slow", found = str(slow))
    t.want(t.instances.exec(id, "echo x >> /tmp/n; [ $(wc -l < /tmp/n) -ge 3 ]", within = "10s").ok, "again")
    t.want(t.instances.exec(id, "cat /tmp/n").output == "x\nx\nx\n", "three times")

    t.aws.ec2.reboot_instances(InstanceIds = [id])
    answers = {}
    for _ in range(15):
        answers[t.instances.http(id, timeout = "200ms").error or "answer"] = True
        answers[t.instances.exec(id, "true", timeout = "5s").error or "ran"] = True
    t.want(t.instances.exec(id, "true", within = "10s").ok, "back", found = str(answers))

    i = [i for i in t.instances.list() if i.id == id][0]
    t.want(i.name == "web" and i.type == "t3.micro" and i.private_ip == made.PrivateIpAddress and i.public_ip, "list", found = str(i))
    t.want("cloud-init" in t.instances.console(id), "console", found = t.instances.console(id))

    t.aws.ec2.stop_instances(InstanceIds = [id])
    t.want(t.instances.wait(id, "stopped").ok, "stops")
    t.want(t.instances.exec(id, "true").error == "IncorrectInstanceState", "exec stopped", found = str(t.instances.exec(id, "true")))
    t.want(t.instances.http(id).error == "Timeout", "http stopped")
    early = t.instances.wait(id, "running", within = "200ms")
    t.want(not early.ok and early.state == "stopped", "waits in vain", found = str(early))
    t.aws.ec2.modify_instance_attribute(InstanceId = id, InstanceType = {"Value": "t3.small"})
    t.aws.ec2.start_instances(InstanceIds = [id])
    t.want(t.instances.wait(id, "running").ok, "starts")
    t.want("2048" in t.instances.exec(id, "free -m").output, "memory", found = t.instances.exec(id, "free -m").output)

    t.want(t.instances.kill(id).instances == [id], "kill")
    gone = t.instances.wait(id, "terminated")
    t.want(gone.ok and gone.reason, "dead", found = str(gone))
    t.want(t.instances.wait(id, "running", within = "20s").state == "terminated", "never comes back")
    for f in [t.instances.kill, t.instances.interrupt, lambda i: t.instances.exec(i, "true")]:
        t.want(f("i-0123456789abcdef0").error == "InvalidInstanceID.NotFound", "nobody", found = str(f("i-0123456789abcdef0")))
    t.want(t.instances.reach("i-0123456789abcdef0", 80) == "InvalidInstanceID.NotFound", "reach nobody")
    t.want(t.instances.console("i-0123456789abcdef0") == "" and t.instances.wait("i-0123456789abcdef0", "running").state == "missing", "missing")
`)
}

// TestBetweenInstances: an instance is reached from another one's address, as its group allows, and dies with its zone.
func TestBetweenInstances(t *testing.T) {
	o := withMachines(t)
	passes(t, o, launch+`
    other = t.aws.ec2.run_instances(ImageId = "ami-02023000000000086", InstanceType = "t3.micro", MinCount = 1, MaxCount = 1,
        SubnetId = made.SubnetId).Instances[0]
    t.want(t.instances.wait(other.InstanceId, "running").ok, "second")
    near = t.instances.http(id, source = other.PrivateIpAddress, within = "5s")
    t.want(near.ok and near.body == "맛집\n", "near", found = str(near))
    t.want(t.instances.reach(id, 80, timeout = "300ms") == "Timeout", "far")
    hit = t.instances.outage(made.Placement.AvailabilityZone)
    t.want(sorted(hit.instances) == sorted([id, other.InstanceId]), "outage", found = str(hit))
`)
}

// TestNoMachines: what the engine cannot do is the grader's trouble, not the learner's.
func TestNoMachines(t *testing.T) {
	o := options(t)
	if c := check(t, o, `    t.instances.outage("ap-northeast-2a")
    t.aws.ec2.run_instances(ImageId = "ami-02023000000000086", InstanceType = "t3.micro", MinCount = 1, MaxCount = 1)`); c.Status != report.Error {
		t.Errorf("%s %v", c.Status, c.Params)
	}
	begin := time.Now()
	if c := check(t, o, `    t.instances.pause("100ms")`); c.Status != report.Pass || time.Since(begin) < 100*time.Millisecond {
		t.Errorf("pause: %s after %s", c.Status, time.Since(begin))
	}
}

// TestTeardown: whatever checks do to the learner's machines, disks and rules is put right, also by another process.
func TestTeardown(t *testing.T) {
	o := withMachines(t)
	passes(t, o, launch+`
    zone = made.Placement.AvailabilityZone
    t.aws.ec2.stop_instances(InstanceIds = [id])
    t.want(t.instances.wait(id, "stopped").ok, "stops")
    v = t.aws.ec2.create_volume(AvailabilityZone = zone, Size = 1).VolumeId
    t.aws.ec2.attach_volume(VolumeId = v, InstanceId = id, Device = "/dev/sdf")
    t.aws.ec2.create_volume(AvailabilityZone = zone, Size = 1)
    t.aws.ec2.start_instances(InstanceIds = [id])
    t.want(t.instances.wait(id, "running").ok, "starts")
    rest = t.aws.ec2.run_instances(ImageId = "ami-02023000000000086", InstanceType = "t3.micro", MinCount = 1, MaxCount = 1, SubnetId = made.SubnetId).Instances[0].InstanceId
    t.want(t.instances.wait(rest, "running").ok, "starts")
    t.aws.ec2.stop_instances(InstanceIds = [rest])
    t.want(t.instances.wait(rest, "stopped").ok, "stops")
    t.aws.ec2.authorize_security_group_ingress(GroupName = "default", IpProtocol = "tcp", FromPort = 80, ToPort = 80, CidrIp = "203.0.113.0/24")
    t.fault.add(kind = "latency", service = "sqs", latency = "1s")
`)
	mess := []byte(`
def check(t):
    web, rest = [i for i in t.instances.list() if i.state != "terminated"]
    if web.state == "stopped":
        web, rest = rest, web
    v = [v for v in t.aws.ec2.describe_volumes().Volumes if v.Attachments and v.Attachments[0].Device == "/dev/sdf"][0]
    t.aws.ec2.stop_instances(InstanceIds = [web.id])
    t.instances.wait(web.id, "stopped")
    t.aws.ec2.modify_instance_attribute(InstanceId = web.id, InstanceType = {"Value": "t3.small"})
    t.aws.ec2.detach_volume(VolumeId = v.VolumeId)
    other = t.aws.ec2.run_instances(ImageId = "ami-02023000000000086", InstanceType = "t3.micro", MinCount = 1, MaxCount = 1,
        Placement = {"AvailabilityZone": web.zone}).Instances[0].InstanceId
    t.instances.wait(other, "running")
    t.aws.ec2.attach_volume(VolumeId = v.VolumeId, InstanceId = other, Device = "/dev/sdg")
    t.aws.ec2.start_instances(InstanceIds = [rest.id])
    group = t.aws.ec2.create_security_group(GroupName = "mine", Description = "x").GroupId
    t.aws.ec2.authorize_security_group_ingress(GroupId = group, IpProtocol = "tcp", FromPort = 1, ToPort = 1, CidrIp = "0.0.0.0/0")
    t.aws.ec2.authorize_security_group_ingress(GroupName = "default", IpProtocol = "tcp", FromPort = 22, ToPort = 22, CidrIp = "0.0.0.0/0")
    t.aws.ec2.revoke_security_group_ingress(GroupName = "default", IpProtocol = "tcp", FromPort = 80, ToPort = 80, CidrIp = "203.0.113.0/24")
    t.aws.ec2.create_volume(AvailabilityZone = web.zone, Size = 1)
    t.fault.add(kind = "latency", service = "iam", latency = "1s")
    t.oops()

def teardown(t):
    print("teardown")
    fail("cannot")
`)
	w, err := New(t.Context(), o, mess)
	if err != nil {
		t.Fatal(err)
	}
	before, err := w.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if c := w.Check(t.Context(), "check"); c.Status != report.Error || !strings.Contains(c.Params["detail"].(string), "oops") {
		t.Fatalf("%+v", c)
	}
	w.Close()
	if w, err = New(t.Context(), o, mess); err != nil { // another process
		t.Fatal(err)
	}
	defer w.Close()
	begin := time.Now()
	if err := w.Teardown(t.Context(), before); err == nil || !strings.Contains(err.Error(), "cannot") || strings.Contains(err.Error(), "putting things back") {
		t.Errorf("teardown: %v", err)
	}
	t.Logf("put back in %s", time.Since(begin).Round(time.Millisecond))
	after, err := w.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b, a := facts(t, before), facts(t, after); !slices.Equal(b, a) {
		t.Errorf("before\n%s\nafter\n%s", strings.Join(b, "\n"), strings.Join(a, "\n"))
	}
}

// facts are what Look saw, one a line; a rule that was taken away comes back with another id.
func facts(t *testing.T, look string) (lines []string) {
	t.Helper()
	var s seen
	var kinds map[string]map[string]map[string]any
	if err := errors.Join(json.Unmarshal([]byte(look), &s), json.Unmarshal([]byte(s.EC2), &kinds)); err != nil {
		t.Fatal(err)
	}
	for kind, things := range kinds {
		for id, thing := range things {
			lines = append(lines, kind+" "+id)
			for name, v := range thing {
				if strings.HasPrefix(name, "sgr-") {
					name = "rule"
				}
				lines = append(lines, fmt.Sprint(id, " ", name, " ", v))
			}
		}
	}
	slices.Sort(lines)
	return append(lines, s.Faults...)
}
