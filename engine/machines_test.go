package engine_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"haneul/engine/admin"
)

// TestMachines is EC2 on the real Docker: what instances do, what may reach them, what they keep, and what becomes of them.
// Every subtest has a cloud of its own, all of them with the same addresses, side by side.
func TestMachines(t *testing.T) {
	s := newStage(t)
	for _, x := range []struct {
		name string
		test func(*account)
	}{
		{"cli", cliDay}, {"boto3", botoDay}, {"firewall", firewall}, {"roles", rolesInside}, {"volumes", volumes}, {"spot", spot},
		{"trouble", trouble}, {"hostile", hostileGuest}, {"greedy", greedyGuest},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			x.test(s.account(t, x.name))
		})
	}
}

// shop is user data that starts an application: a page, and a program behind it.
const shop = `#!/bin/sh
mkdir -p /srv/cgi-bin
echo open > /srv/index.html
printf '#!/bin/sh\necho Content-Type: text/plain\necho\nflock /srv/n sh -c "echo x >> /srv/n; wc -l < /srv/n"\n' > /srv/cgi-bin/count
chmod +x /srv/cgi-bin/count
cat > /etc/rc.local <<'EOF'
#!/bin/sh
httpd -q -p 80 -h /srv >/dev/null 2>&1 &
EOF
httpd -q -p 80 -h /srv >/dev/null 2>&1 &
`

// cliDay is an application's life with Debian's AWS CLI.
func cliDay(a *account) {
	env := a.environment()
	cli := func(args ...string) string {
		a.Helper()
		cmd := exec.Command("/usr/bin/aws", append([]string{"--endpoint-url", a.endpoint, "--output", "text", "ec2"}, args...)...)
		cmd.Env = env
		out, err := cmd.CombinedOutput()
		if err != nil {
			a.Fatalf("aws ec2 %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return strings.TrimSpace(string(out))
	}
	run := func(image string, more ...string) string {
		return cli(append([]string{"run-instances", "--image-id", image, "--instance-type", "t3.nano", "--query", "Instances[0].InstanceId"}, more...)...)
	}
	// The CLI's waiters look every 15 seconds, so they are asked when it is so already.
	wait := func(id string, state types.InstanceStateName) {
		a.Helper()
		a.until(id, state)
		cli("wait", "instance-"+string(state), "--instance-ids", id)
	}
	cli("authorize-security-group-ingress", "--group-name", "default", "--protocol", "tcp", "--port", "80", "--cidr", "0.0.0.0/0")
	id := run("resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", "--user-data", shop)
	wait(id, types.InstanceStateNameRunning)
	a.answers("", id, "/", 80, "open")
	a.answers("", id, "/cgi-bin/count", 80, "1")
	if got := cli("describe-instances", "--instance-ids", id, "--query", "Reservations[].Instances[].[State.Name,InstanceType,PrivateIpAddress]"); got != "running\tt3.nano\t172.31.0.4" {
		a.Errorf("describe-instances says %q", got)
	}
	image := cli("create-image", "--instance-id", id, "--name", "shop-1")
	a.eventually(func() bool {
		return ask(a, a.ec2.DescribeImages, &ec2.DescribeImagesInput{ImageIds: []string{image}}).Images[0].State == types.ImageStateAvailable
	}, func() string { return "the image is not available" })
	cli("wait", "image-available", "--image-ids", image)
	cli("stop-instances", "--instance-ids", id)
	wait(id, types.InstanceStateNameStopped)
	if _, err := a.get("", id, "/", 80); err == nil || err.Error() != admin.DialTimeout {
		a.Errorf("a stopped instance answers: %v", err)
	}
	cli("modify-instance-attribute", "--instance-id", id, "--instance-type", "Value=t3.small")
	cli("start-instances", "--instance-ids", id)
	a.until(id, types.InstanceStateNameRunning)
	if m := a.docker("inspect", "-f", "{{.HostConfig.Memory}}", a.container(id)); m != "2147483648" {
		a.Errorf("a t3.small has %s bytes", m)
	}
	if out := a.in(id, "wc -l < /srv/n"); out != "1" {
		a.Errorf("its disk has counted %s", out)
	}
	second := run(image, "--user-data", shop)
	a.until(second, types.InstanceStateNameRunning)
	a.answers("", second, "/cgi-bin/count", 80, "2") // the disk came along
	cli("terminate-instances", "--instance-ids", id, second)
	a.until(id, types.InstanceStateNameTerminated)
	wait(second, types.InstanceStateNameTerminated)
}

// botoDay is the same with Debian's boto3.
func botoDay(a *account) {
	cmd := exec.Command("/usr/bin/python3", "-c", `
import boto3, os
ec2 = boto3.resource("ec2", endpoint_url=os.environ["ENDPOINT"])
client, soon = ec2.meta.client, {"WaiterConfig": {"Delay": 1}}
[i] = ec2.create_instances(ImageId="`+al2023+`", InstanceType="t3.nano", MinCount=1, MaxCount=1, UserData="#!/bin/sh\necho from boto3\n",
    TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "하늘"}]}])
i.wait_until_running(**soon)
i.reload()
assert i.state["Name"] == "running" and i.tags == [{"Key": "Name", "Value": "하늘"}] and i.public_ip_address, i.meta.data
client.get_waiter("instance_status_ok").wait(InstanceIds=[i.id], **soon)
i.stop()
i.wait_until_stopped(**soon)
image = i.create_image(Name="copy")
client.get_waiter("image_available").wait(ImageIds=[image.id], **soon)
i.start()
i.wait_until_running(**soon)
[v] = list(i.volumes.all())
i.terminate()
i.wait_until_terminated(**soon)
try:
    v.reload()
    raise AssertionError("the root volume is still there")
except client.exceptions.ClientError as e:
    assert e.response["Error"]["Code"] == "InvalidVolume.NotFound", e
image.deregister()
`)
	cmd.Env = a.environment()
	if out, err := cmd.CombinedOutput(); err != nil {
		a.Errorf("%v\n%s", err, out)
	}
}

// firewall: what security groups let through between instances, from the internet, and back.
func firewall(a *account) {
	front, back := a.group("front"), a.group("back")
	in := func(group string, p []types.IpPermission) {
		a.Helper()
		ask(a, a.ec2.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &group, IpPermissions: p})
	}
	serving := func(group string) func(*ec2.RunInstancesInput) {
		return func(in *ec2.RunInstancesInput) {
			in.SecurityGroupIds, in.UserData = []string{group}, aws.String(encoded(shop))
		}
	}
	web := a.one(serving(front))
	db := a.one(serving(back))
	webIP, dbIP := *a.see(web).PrivateIpAddress, *a.see(db).PrivateIpAddress
	const drop = "curl -s -m 1 http://"
	reaches := func(from, to string, want bool) {
		a.Helper()
		a.eventually(func() bool { _, status := a.try(from, drop+to+"/"); return (status == 0) == want }, func() string {
			return "from " + from + " to " + to + " the wrong thing passes"
		})
	}
	reaches(web, dbIP, false)
	in(back, rule(80, "", front))
	reaches(web, dbIP, true) // the reply comes back though nothing lets it into web
	reaches(db, webIP, false)
	a.answers(webIP, db, "/", 80, "open")
	a.answers("", db, "/", 80, admin.DialTimeout)
	in(front, rule(80, "203.0.113.0/24", ""))
	a.answers("", web, "/", 80, "open")
	a.answers("198.51.100.7", web, "/", 80, admin.DialTimeout)

	ask(a, a.ec2.RevokeSecurityGroupIngress, &ec2.RevokeSecurityGroupIngressInput{GroupId: &back, IpPermissions: rule(80, "", front)})
	reaches(web, dbIP, false)
	in(back, rule(80, "", front))
	reaches(web, dbIP, true)
	all := []types.IpPermission{{IpProtocol: aws.String("-1"), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}}
	ask(a, a.ec2.RevokeSecurityGroupEgress, &ec2.RevokeSecurityGroupEgressInput{GroupId: &front, IpPermissions: all})
	reaches(web, dbIP, false)
	a.answers("", web, "/", 80, "open") // replies are stateful: no egress rule is asked
	// A member leaves the group: what was open for the group is shut for it.
	ask(a, a.ec2.AuthorizeSecurityGroupEgress, &ec2.AuthorizeSecurityGroupEgressInput{GroupId: &front, IpPermissions: all})
	reaches(web, dbIP, true)
	ask(a, a.ec2.ModifyInstanceAttribute, &ec2.ModifyInstanceAttributeInput{InstanceId: &web, Groups: []string{back}})
	reaches(web, dbIP, false)
}

// rolesInside: an instance acts as its role, through IMDSv2, and has no other keys.
func rolesInside(a *account) {
	for _, name := range []string{"orders", "secret"} {
		ask(a, a.sqs.CreateQueue, &sqs.CreateQueueInput{QueueName: &name})
	}
	policy := func(action string) *string {
		return aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"arn:aws:sqs:*:*:orders"}]}`)
	}
	worker := aws.String("worker")
	ask(a, a.iam.CreateRole, &iam.CreateRoleInput{RoleName: worker,
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)})
	ask(a, a.iam.PutRolePolicy, &iam.PutRolePolicyInput{RoleName: worker, PolicyName: worker, PolicyDocument: policy("sqs:SendMessage")})
	ask(a, a.iam.CreateInstanceProfile, &iam.CreateInstanceProfileInput{InstanceProfileName: worker})
	ask(a, a.iam.AddRoleToInstanceProfile, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: worker, RoleName: worker})
	id := a.one(func(in *ec2.RunInstancesInput) {
		in.IamInstanceProfile = &types.IamInstanceProfileSpecification{Name: worker}
	})
	send := func(queue string) (string, int) {
		return a.try(id, `aws sqs send-message --queue-url http://169.254.170.254/`+a.keys.Account+`/`+queue+` --message-body hello --query MD5OfMessageBody --output text`)
	}
	if out, status := send("orders"); status != 0 || out != "5d41402abc4b2a76b9719d911017c592" {
		a.Errorf("%d, %s", status, out)
	}
	if out, status := send("secret"); status == 0 || !strings.Contains(out, "AccessDenied") || !strings.Contains(out, ":assumed-role/worker/"+id) {
		a.Errorf("another queue: %d, %s", status, out)
	}
	ask(a, a.iam.PutRolePolicy, &iam.PutRolePolicyInput{RoleName: worker, PolicyName: worker, PolicyDocument: policy("sqs:ReceiveMessage")})
	if out, status := send("orders"); status == 0 || !strings.Contains(out, "AccessDenied") {
		a.Errorf("the policy was taken away: %d, %s", status, out)
	}
	if code := a.in(id, `curl -s -o /dev/null -w '%{http_code}' http://169.254.169.254/latest/meta-data/instance-id`); code != "401" {
		a.Errorf("without a token the metadata service answers %s", code)
	}
	if out := a.in(id, "env | grep -E 'KEY|SECRET|TOKEN'; grep -rlE 'ASIA[A-Z0-9]{16}' /root /etc /home /tmp /var /run 2>/dev/null; true"); out != "" {
		a.Errorf("there are keys lying about:\n%s", out)
	}
	key := func() string {
		return a.in(id, `T=$(curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
curl -s -H "X-aws-ec2-metadata-token: $T" http://169.254.169.254/latest/meta-data/iam/security-credentials/worker | jq -r .AccessKeyId`)
	}
	before := key()
	_, err := a.admin.Advance(a.Context(), a.name, 59*time.Minute)
	a.must(err)
	a.eventually(func() bool { return key() != before }, func() string { return "the credentials are the same after 59 minutes: " + before })
	if out, status := a.try(id, "aws sts get-caller-identity --query Account --output text"); status != 0 || out != a.keys.Account {
		a.Errorf("with new credentials: %d, %s", status, out)
	}
}
