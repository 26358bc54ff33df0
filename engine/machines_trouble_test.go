package engine_test

import (
	"net"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"time"

	"haneul/engine/admin"
)

// volumes: what disks keep, and what they lose.
func volumes(a *account) {
	attach := func(volume, id, device string) {
		a.Helper()
		ask(a, a.ec2.AttachVolume, &ec2.AttachVolumeInput{VolumeId: &volume, InstanceId: &id, Device: &device})
		a.eventually(func() bool {
			v := ask(a, a.ec2.DescribeVolumes, &ec2.DescribeVolumesInput{VolumeIds: []string{volume}}).Volumes[0]
			return len(v.Attachments) == 1 && v.Attachments[0].State == types.VolumeAttachmentStateAttached
		}, func() string { return volume + " is not attached" })
	}
	free := func(volume string) {
		a.Helper()
		a.eventually(func() bool {
			return ask(a, a.ec2.DescribeVolumes, &ec2.DescribeVolumesInput{VolumeIds: []string{volume}}).Volumes[0].State == types.VolumeStateAvailable
		}, func() string { return volume + " does not become available" })
	}
	volume := func(snapshot *string) string {
		a.Helper()
		return *ask(a, a.ec2.CreateVolume, &ec2.CreateVolumeInput{AvailabilityZone: aws.String("ap-northeast-2a"), Size: aws.Int32(1), SnapshotId: snapshot}).VolumeId
	}
	kept, late := volume(nil), volume(nil)
	id := a.one(func(in *ec2.RunInstancesInput) {
		in.InstanceType = "m5d.large"
		in.BlockDeviceMappings = []types.BlockDeviceMapping{{DeviceName: aws.String("/dev/sdh"), Ebs: &types.EbsBlockDevice{VolumeSize: aws.Int32(1), DeleteOnTermination: aws.Bool(true)}}}
	})
	a.in(id, "echo root > /root/a; echo store > /mnt/ephemeral0/a; echo gone > /mnt/sdh/a; echo up > /run/a")
	address := *a.see(id).PublicIpAddress
	ask(a, a.ec2.RebootInstances, &ec2.RebootInstancesInput{InstanceIds: []string{id}})
	a.eventually(func() bool {
		text, err := a.admin.Console(a.Context(), a.name, id)
		return err == nil && strings.Count(text, "READY\n") == 2
	}, func() string { return id + " does not reboot" })
	if out := a.in(id, "cat /root/a /mnt/ephemeral0/a /mnt/sdh/a; ls /run/a 2>/dev/null; true"); out != "root\nstore\ngone" {
		a.Errorf("after a reboot there is %q", out)
	}
	if now := a.see(id); now.State.Name != types.InstanceStateNameRunning || *now.PublicIpAddress != address {
		a.Errorf("after a reboot it is %s at %s, not %s", now.State.Name, *now.PublicIpAddress, address)
	}
	a.stop(id)
	attach(kept, id, "/dev/sdf")
	a.start(id)
	if out := a.in(id, "cat /root/a; ls /mnt/ephemeral0; cat /mnt/sdh/a; echo kept > /mnt/sdf/a"); out != "root\ngone" {
		a.Errorf("after a stop there is %q", out)
	}
	attach(late, id, "/dev/sdg") // restarts the instance
	a.until(id, types.InstanceStateNameRunning)
	if out := a.in(id, "cat /mnt/sdf/a; echo late > /mnt/sdg/a; cat /mnt/sdg/a"); out != "kept\nlate" {
		a.Errorf("with two volumes: %q", out)
	}
	ask(a, a.ec2.DetachVolume, &ec2.DetachVolumeInput{VolumeId: &late})
	free(late)
	if out, _ := a.try(id, "cat /mnt/sdg/a"); strings.Contains(out, "late") {
		a.Errorf("a volume is still there after it was detached: %q", out)
	}
	snapshot := ask(a, a.ec2.CreateSnapshot, &ec2.CreateSnapshotInput{VolumeId: &kept}).SnapshotId
	a.eventually(func() bool {
		return ask(a, a.ec2.DescribeSnapshots, &ec2.DescribeSnapshotsInput{SnapshotIds: []string{*snapshot}}).Snapshots[0].State == types.SnapshotStateCompleted
	}, func() string { return "the snapshot does not complete" })
	a.in(id, "echo newer > /mnt/sdf/a")
	var own string
	for _, m := range a.see(id).BlockDeviceMappings {
		if *m.DeviceName == "/dev/sdh" {
			own = *m.Ebs.VolumeId
		}
	}
	a.end(id)
	free(kept)
	if _, err := a.ec2.DescribeVolumes(a.Context(), &ec2.DescribeVolumesInput{VolumeIds: []string{own}}); err == nil || !strings.Contains(err.Error(), "InvalidVolume.NotFound") {
		a.Errorf("a volume that was to go with its instance: %v", err)
	}
	if m := ask(a, a.ec2.ModifyVolume, &ec2.ModifyVolumeInput{VolumeId: &kept, Size: aws.Int32(3)}).VolumeModification; *m.TargetSize != 3 {
		a.Errorf("it grows to %d", *m.TargetSize)
	}
	a.eventually(func() bool { // until then it cannot be attached
		all := ask(a, a.ec2.DescribeVolumesModifications, &ec2.DescribeVolumesModificationsInput{VolumeIds: []string{kept}})
		return all.VolumesModifications[0].ModificationState == types.VolumeModificationStateCompleted
	}, func() string { return "it does not grow" })
	copied := volume(snapshot)
	free(copied)
	id = a.one(nil)
	a.stop(id)
	attach(kept, id, "/dev/sdf")
	attach(copied, id, "/dev/sdg")
	a.start(id)
	if out := a.in(id, "cat /mnt/sdf/a /mnt/sdg/a"); out != "newer\nkept" {
		a.Errorf("the volume and its snapshot: %q", out)
	}
}

// spot: the notice is there for the instance to see, two minutes before it goes.
func spot(a *account) {
	market := func(o *types.SpotMarketOptions) func(*ec2.RunInstancesInput) {
		return func(in *ec2.RunInstancesInput) {
			in.InstanceMarketOptions = &types.InstanceMarketOptionsRequest{MarketType: types.MarketTypeSpot, SpotOptions: o}
			in.MetadataOptions = &types.InstanceMetadataOptionsRequest{HttpTokens: types.HttpTokensStateOptional}
		}
	}
	once := a.one(market(nil))
	again := a.one(market(&types.SpotMarketOptions{SpotInstanceType: types.SpotInstanceTypePersistent, InstanceInterruptionBehavior: types.InstanceInterruptionBehaviorStop}))
	const look = "curl -s -o /tmp/action -w '%{http_code}' http://169.254.169.254/latest/meta-data/spot/instance-action"
	if code := a.in(once, look); code != "404" {
		a.Errorf("before there is a notice: %s", code)
	}
	_, err := a.admin.Freeze(a.Context(), a.name)
	a.must(err)
	for id, action := range map[string]string{once: "terminate", again: "stop"} {
		hit, err := a.admin.Strike(a.Context(), a.name, admin.Strike{Interrupt: id})
		if err != nil || len(hit) != 1 || hit[0] != id {
			a.Fatal(hit, err)
		}
		a.eventually(func() bool { return a.in(id, look) == "200" }, func() string { return "no notice reaches " + id })
		if out := a.in(id, "jq -r .action /tmp/action"); out != action {
			a.Errorf("%s is told to %q", id, out)
		}
	}
	_, err = a.admin.Advance(a.Context(), a.name, 119*time.Second)
	a.must(err)
	if now := a.see(once).State.Name; now != types.InstanceStateNameRunning {
		a.Errorf("it is %s before its time", now)
	}
	_, err = a.admin.Advance(a.Context(), a.name, time.Second)
	a.must(err)
	if i := a.until(once, types.InstanceStateNameTerminated); *i.StateReason.Code != "Server.SpotInstanceTermination" {
		a.Errorf("its reason is %s", *i.StateReason.Code)
	}
	a.until(again, types.InstanceStateNameStopped)
	a.start(again)
}

// trouble: what happens to machines behind the engine's back becomes what AWS would say of it.
func trouble(a *account) {
	status := func(id string) types.SummaryStatus {
		a.Helper()
		return ask(a, a.ec2.DescribeInstanceStatus, &ec2.DescribeInstanceStatusInput{InstanceIds: []string{id}}).InstanceStatuses[0].InstanceStatus.Status
	}
	becomes := func(id string, want types.SummaryStatus) {
		a.Helper()
		a.eventually(func() bool { return status(id) == want }, func() string { return id + " is " + string(status(id)) + ", not " + string(want) })
	}
	ids := a.launch(3, nil)
	killed, cut, paused := ids[0], ids[1], ids[2]
	a.docker("kill", a.container(killed))
	if i := a.until(killed, types.InstanceStateNameTerminated); *i.StateReason.Code != "Server.InternalError" {
		a.Errorf("a killed machine: %s", *i.StateReason.Code)
	}
	a.docker("kill", a.network(cut))
	becomes(cut, types.SummaryStatusImpaired)
	a.docker("pause", a.container(paused))
	becomes(paused, types.SummaryStatusImpaired)
	a.docker("unpause", a.container(paused))
	becomes(paused, types.SummaryStatusOk)
	a.docker("pause", a.container(paused))
	becomes(paused, types.SummaryStatusImpaired)
	ask(a, a.ec2.RebootInstances, &ec2.RebootInstancesInput{InstanceIds: []string{cut, paused}})
	becomes(cut, types.SummaryStatusOk)
	becomes(paused, types.SummaryStatusOk)
	a.in(cut, "aws sts get-caller-identity 2>&1 | grep -q credentials") // it reaches the cloud again, without a role
	a.in(paused, "true")
	// A program that takes all memory dies; the instance goes on.
	if _, code := a.try(cut, "head -c 900M /dev/zero | tail -c 900M > /dev/null"); code == 0 {
		a.Errorf("half a gigabyte of memory was enough for more")
	}
	if out, code := a.try(cut, "echo alive"); code != 0 || out != "alive" {
		a.Errorf("after it ran out of memory: %d, %s", code, out)
	}
	if now := a.see(cut).State.Name; now != types.InstanceStateNameRunning {
		a.Errorf("after it ran out of memory it is %s", now)
	}
	hit, err := a.admin.AddFault(a.Context(), a.name, admin.Fault{Kind: "outage", Zone: "ap-northeast-2a"})
	if err != nil || len(hit.Struck) != 2 {
		a.Fatal(hit, err)
	}
	a.until(cut, types.InstanceStateNameTerminated)
	if z := *a.see(a.one(nil)).Placement.AvailabilityZone; z != "ap-northeast-2b" {
		a.Errorf("with zone a down, an instance starts in %s", z)
	}
}

// hostileGuest: root inside an instance reaches neither the host, nor another cloud, nor anybody else's metadata, and
// cannot open its own firewall.
func hostileGuest(a *account) {
	other := a.stage.account(a.T, a.name+"-neighbour")
	theirs := other.one(func(in *ec2.RunInstancesInput) {
		in.UserData, in.PrivateIpAddress = aws.String(encoded("#!/bin/sh\necho secret")), aws.String("172.31.0.9")
	})
	ask(other, other.ec2.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupName: aws.String("default"),
		IpPermissions: []types.IpPermission{{IpProtocol: aws.String("-1"), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}}})
	other.in(theirs, "mkdir -p /srv && echo theirs > /srv/index.html && (httpd -q -p 80 -h /srv >/dev/null 2>&1 &)")
	other.answers("", theirs, "/", 80, "theirs")
	id := a.one(nil)
	l, err := net.Listen("tcp", "0.0.0.0:0") // something on the host that listens everywhere
	a.must(err)
	defer l.Close()
	met := make(chan net.Addr, 8)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			met <- c.RemoteAddr()
			c.Close()
		}
	}()
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	hosts := strings.Fields(a.docker("network", "inspect", "-f", "{{range .IPAM.Config}}{{.Gateway}} {{end}}", "bridge"))
	network := a.docker("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.Gateway}} {{end}}", a.network(id))
	hosts = append(hosts, strings.Fields(network)...)
	addresses, err := net.InterfaceAddrs()
	a.must(err)
	for _, x := range addresses {
		if ip := x.(*net.IPNet).IP; ip.To4() != nil && !ip.IsLoopback() && len(hosts) < 8 {
			hosts = append(hosts, ip.String())
		}
	}
	script := "for h in " + strings.Join(hosts, " ") + " 172.31.0.1 169.254.170.254; do nc -w 1 $h " + port + " </dev/null & done; wait"
	a.try(id, script)
	select {
	case from := <-met:
		a.Errorf("an instance reaches the host, as %s (%s)", from, strings.Join(hosts, " "))
	default:
	}
	for what, script := range map[string]string{
		"another cloud's instance":  "curl -s -m 1 http://172.31.0.9/",
		"its public address":        "curl -s -m 1 http://" + *other.see(theirs).PublicIpAddress + "/",
		"another one's metadata":    "curl -s -m 1 -H 'Host: 169.254.169.254' http://172.31.0.9:80/latest/user-data; curl -s -m 1 http://172.31.0.9:1338/latest/user-data",
		"a route of its own":        "ip route add default via 172.31.0.1",
		"the link":                  "ip link set eth0 down",
		"an address of its own":     "ip addr add 172.31.0.9/20 dev eth0",
		"Docker's socket":           "ls /var/run/docker.sock",
		"the host's disk":           "mkdir -p /mnt/x && mount /dev/vda1 /mnt/x",
		"the engine's own API":      "curl -s -f -m 2 http://169.254.170.254/_haneul/v1/status",
		"the engine's own API, too": "curl -s -f -m 2 -H 'X-Haneul-Token: t' http://169.254.170.254/_haneul/v1/clouds",
	} {
		if out, code := a.try(id, script); code == 0 || strings.Contains(out, "theirs") || strings.Contains(out, "secret") {
			a.Errorf("a guest gets at %s: %d, %s", what, code, out)
		}
	}
}

// greedyGuest: instances that never come to an end, take all processes or print for ever stay by themselves.
func greedyGuest(a *account) {
	with := func(script string) func(*ec2.RunInstancesInput) {
		return func(in *ec2.RunInstancesInput) { in.UserData = aws.String(encoded("#!/bin/sh\n" + script)) }
	}
	endless := a.one(with("while true; do sleep 1; done\n"))
	if out := a.in(endless, "echo here"); out != "here" {
		a.Errorf("while its user data runs: %q", out)
	}
	bomb := a.one(with("f() { f & f & wait; }\nf\n"))
	flood := a.one(with("yes 'the console overflows' | head -c 3000000\necho the end\n"))
	a.eventually(func() bool {
		text, err := a.admin.Console(a.Context(), a.name, flood)
		return err == nil && strings.Contains(text, "the end")
	}, func() string { return "the console does not come to its end" })
	if text, _ := a.admin.Console(a.Context(), a.name, flood); len(text) > 64<<10 {
		a.Errorf("the console keeps %d bytes", len(text))
	}
	a.until(bomb, types.InstanceStateNameRunning)
	for _, id := range []string{endless, bomb, flood} {
		if size := a.docker("inspect", "-f", "{{range .HostConfig.Ulimits}}{{.Name}} {{.Hard}}{{end}}", a.container(id)); size != "fsize 8589934592" {
			a.Errorf("its files are limited to %s bytes", size)
		}
		a.end(id)
	}
}
