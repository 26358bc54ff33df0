package world

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"haneul/engine"
	"haneul/engine/admin"
	"haneul/engine/awscli"
	"haneul/labs/report"
	"haneul/labs/shell"
)

// builtin aws as the labs use it.
func builtinAWS(p shell.Place) shell.Command {
	client := &http.Client{}
	return func(ctx context.Context, c shell.Call) int {
		return awscli.Run(ctx, awscli.Env{
			Endpoint: p.Endpoint, AccessKeyID: p.AccessKeyID, SecretAccessKey: p.SecretAccessKey, Region: p.Region,
			Dir: c.Dir, Stdin: c.Stdin, Stdout: c.Stdout, Stderr: c.Stderr, Services: engine.Services, Client: client,
		}, c.Args[1:])
	}
}

// options start an engine with one frozen cloud and an empty workspace.
func options(t *testing.T) Options {
	t.Helper()
	return on(t, open(t, engine.HostOptions{}))
}

func open(t *testing.T, o engine.HostOptions) *engine.Host {
	t.Helper()
	o.Token, o.Log = "t", t.Logf
	host, err := engine.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return host
}

// on serves an engine with one frozen cloud.
func on(t *testing.T, host *engine.Host) Options {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- host.Serve(ctx, l) }()
	t.Cleanup(func() { cancel(); <-served; host.Close() })
	endpoint := "http://" + l.Addr().String()
	client := admin.NewClient(endpoint, "t")
	cloud, err := client.Create(t.Context(), admin.CloudSpec{Name: "lab", Seed: 7, Memory: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Freeze(t.Context(), "lab"); err != nil {
		t.Fatal(err)
	}
	place := shell.Place{Cloud: "lab", Endpoint: endpoint, AccessKeyID: cloud.AccessKeyID, SecretAccessKey: cloud.SecretAccessKey, Region: cloud.Region, Dir: t.TempDir()}
	return Options{
		Admin: client, Endpoint: endpoint, Cloud: cloud, Dir: t.TempDir(), Seed: 7,
		Env: map[string]string{"NAME": "value"}, AWS: shell.AWS{Place: place, Builtin: builtinAWS(place), BuiltinFirst: true},
	}
}

func check(t *testing.T, o Options, source string) report.Check {
	t.Helper()
	var printed bytes.Buffer
	o.Print = &printed
	w, err := New(t.Context(), o, []byte("def check(t):\n"+source))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	c := w.Check(t.Context(), "check")
	t.Logf("%s %s %v %s", c.Status, c.Outcome, c.Params, printed.String())
	return c
}

func passes(t *testing.T, o Options, source string) {
	t.Helper()
	if c := check(t, o, source); c.Status != report.Pass {
		t.Errorf("%s: %s %v", c.Status, c.Outcome, c.Params)
	}
}

func TestCalls(t *testing.T) {
	o := options(t)
	passes(t, o, `
    url = t.aws.sqs.create_queue(QueueName = "q").QueueUrl
    sent = t.aws.sqs.send_message(QueueUrl = url, MessageBody = "한글", MessageAttributes = {"A": {"DataType": "Number", "StringValue": "1"}})
    got = t.aws.sqs.receive_message(QueueUrl = url, MessageAttributeNames = ["All"])
    t.want(got.Messages[0].Body == "한글", "body")
    t.want(got["Messages"][0].MessageAttributes.A.StringValue == "1", "attribute")
    t.want(not t.aws.sqs.receive_message(QueueUrl = url).Messages, "absent is false")
    t.want([m for m in t.aws.sqs.receive_message(QueueUrl = url).Messages] == [], "absent is empty")
    t.want(got.Nothing.At.All.get("x", 3) == 3, "absent goes deep")
    a = t.aws.sqs.get_queue_attributes(QueueUrl = url, AttributeNames = ["All"]).Attributes
    t.want(int(a["ApproximateNumberOfMessagesNotVisible"]) == 1, "count", found = a["ApproximateNumberOfMessagesNotVisible"])
    t.want("VisibilityTimeout" in a and a.get("None") == None, "in")
    no = t.attempt(t.aws.sqs.get_queue_url, QueueName = "none")
    t.want(not no.ok and no.code == "AWS.SimpleQueueService.NonExistentQueue", "code", found = no.code)
    t.want(t.env.NAME == "value", "env")
    t.memo["x"] = 1
    e = t.journal.find(op = "ReceiveMessage", MessageId = sent.MessageId)
    t.want(len(e) == 1 and e[0].notes.ReceiveCount == "1" and e[0].input.QueueUrl == url, "journal", found = str(e))
`)
}

func TestVerdicts(t *testing.T) {
	o := options(t)
	c := check(t, o, `
    t.aws.sqs.create_queue(QueueName = "q")
    t.want(False, "too-many", expected = 4, found = [1, "x", None], order = "K7", evidence = t.journal.find(op = "CreateQueue"))`)
	if c.Status != report.Fail || c.Outcome != "too-many" || c.Params["order"] != "K7" || c.Expected != int64(4) || len(c.Evidence) != 1 || c.Evidence[0].Operation != "sqs:CreateQueue" {
		t.Errorf("%+v", c)
	}
	for source, want := range map[string]string{
		`    t.aws.sqs.get_queue_url(QueueName = "none")`: "check.star:2:28: sqs:GetQueueUrl: AWS.SimpleQueueService.NonExistentQueue",
		`    t.aws.sqs.get_queue_ulr(QueueName = "none")`: "did you mean .get_queue_url",
		`    t.aws.sqs.send_message(QueueURL = "x")`:      "QueueURL",
		`    fail("oops")`: "oops",
		`    [0 for i in range(100000000) for j in range(100000)]`: "too many steps",
		`    t.files.read("../../etc/passwd")`:                     "escapes",
		`    t.files.write("/tmp/x", "y")`:                         "escapes",
		`    t.workers.start("none")`:                              "no worker",
	} {
		if c := check(t, o, source); c.Status != report.Error || !strings.Contains(c.Params["detail"].(string), want) {
			t.Errorf("%s: %s %v, want an error with %q", source, c.Status, c.Params, want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	w, err := New(t.Context(), o, []byte("def check(t):\n    for i in range(10000000):\n        t.clock.now()"))
	if err != nil {
		t.Fatal(err)
	}
	if c := w.Check(ctx, "check"); c.Status != report.Error || c.Outcome != "time" {
		t.Errorf("out of time: %+v", c)
	}
}

func TestRandomRepeats(t *testing.T) {
	o := options(t)
	draw := `
    t.want(False, "x", a = t.random.token(6), b = t.random.int(1, 6), c = t.random.shuffle([1, 2, 3]), d = t.random.sample("abc".elems(), 2), e = t.random.choice([1, 2]))`
	first, second := check(t, o, draw), check(t, o, draw)
	if a, b := first.Params, second.Params; a["a"] != b["a"] || a["b"] != b["b"] {
		t.Errorf("%v and %v", a, b)
	}
	o.Seed++
	if third := check(t, o, draw); third.Params["a"] == first.Params["a"] {
		t.Error("another seed draws the same")
	}
}

const echoWorker = `#!/bin/sh
while true; do
  aws sqs receive-message --queue-url "$QUEUE" --wait-time-seconds 20 --query 'Messages[].[ReceiptHandle, Body]' --output text |
  while read -r receipt body; do
    [ -n "$body" ] || continue
    echo "$body" >> done.txt
    sleep 10
    aws sqs delete-message --queue-url "$QUEUE" --receipt-handle "$receipt"
  done
done
`

func put(t *testing.T, o Options, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(o.Dir, name), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestWorkers(t *testing.T) {
	o := options(t)
	put(t, o, "worker.sh", echoWorker)
	put(t, o, "hello.sh", "#!/bin/sh\necho \"hello $1 $TONE\"\nsleep 30\nexit 3\n")
	put(t, o, "forever.sh", "#!/bin/sh\nwhile true; do sleep 5; done\n")
	put(t, o, "busy.sh", "#!/bin/sh\necho hello\nwhile true; do :; done\n")
	o.AWS.Place.Vars = map[string]string{"QUEUE": o.Endpoint + "/" + o.Cloud.Account + "/q"}
	o.Programs = map[string]Program{
		"worker": {Argv: []string{"worker"}}, "hello": {Argv: []string{"hello", "you"}, Env: map[string]string{"TONE": "!"}},
		"forever": {Argv: []string{"forever"}}, "busy": {Argv: []string{"busy.sh"}},
	}
	passes(t, o, `
    url = t.aws.sqs.create_queue(QueueName = "q").QueueUrl
    t.workers.start("worker")
    for i in range(4):
        t.aws.sqs.send_message(QueueUrl = url, MessageBody = "m%d" % i)
    begin = t.clock.now()
    t.clock.advance("25s")
    t.want(t.clock.now() - begin == 25.0, "clock", found = t.clock.now() - begin)
    t.want(len(t.files.lines("done.txt")) == 3, "after 25 s of 10 s each", found = t.files.lines("done.txt"))
    t.clock.advance("1m")
    t.want(len(t.files.lines("done.txt")) == 4, "all", found = t.files.lines("done.txt"))
    t.workers.stop("worker")
    t.aws.sqs.send_message(QueueUrl = url, MessageBody = "late")
    t.clock.advance("1m")
    t.want(len(t.files.lines("done.txt")) == 4, "stopped")
    r = t.workers.run("hello", "there", within = "1m")
    t.want(r.ended and r.code == 3 and r.output == "hello you !\n", "run", found = str(r))
    r = t.workers.run("forever", within = "1m")
    t.want(not r.ended, "forever")
`)
	if c := check(t, o, "    t.workers.start('busy')\n    t.clock.advance('1s')"); c.Outcome != "restless" || c.Status != report.Fail || c.Params["output"] != "hello" {
		t.Errorf("a busy worker: %+v", c)
	}
}

// TestWallSleeper: a program that polls and sleeps on the wall clock is at rest while it sleeps.
func TestWallSleeper(t *testing.T) {
	if _, err := os.Stat("/usr/bin/perl"); err != nil {
		t.Skip("no perl here")
	}
	o := options(t)
	put(t, o, "worker.pl", "#!/usr/bin/perl\n$SIG{TERM} = 'IGNORE';\nfor (1..40) { open(F, '>>', 'done.txt'); print F \"x\\n\"; close F; select(undef, undef, undef, 0.5); }\n")
	put(t, o, "burn.pl", "#!/usr/bin/perl\nwhile (1) { }\n")
	o.Programs = map[string]Program{"worker": {Argv: []string{"worker"}}, "burn": {Argv: []string{"burn"}}}
	passes(t, o, `
    t.workers.start("worker")
    t.clock.advance("5s")
    t.want(0 < len(t.files.lines("done.txt")) and len(t.files.lines("done.txt")) < 20, "asleep", found = t.files.lines("done.txt"))
`)
	if c := check(t, o, "    t.workers.start('burn')\n    t.clock.advance('1s')"); c.Outcome != "restless" {
		t.Errorf("a burning program: %+v", c)
	}
	o.Resident = func(int) (int64, bool) { return 2 << 30, true }
	if c := check(t, o, "    t.workers.start('burn')\n    t.clock.advance('1s')"); c.Outcome != "memory" || c.Status != report.Fail {
		t.Errorf("a program that eats memory: %+v", c)
	}
	o.Programs["gone"] = Program{Argv: []string{"gone"}}
	if c := check(t, o, "    t.workers.start('gone')"); c.Outcome != "no-program" || c.Status != report.Fail || c.Params["name"] != "gone" {
		t.Errorf("a program that is missing: %+v", c)
	}
}

func TestProgramWorker(t *testing.T) {
	if _, err := os.Stat("/usr/bin/python3"); err != nil {
		t.Skip("no python3 here")
	}
	o := options(t)
	put(t, o, "worker.sh", "#!/bin/sh\nexit 1\n")
	o.Original = func(name string) []byte {
		if name == "worker.sh" {
			return []byte("#!/bin/sh\nexit 1\n")
		}
		return nil
	}
	put(t, o, "worker.py", `#!/usr/bin/python3
import boto3, os
sqs = boto3.client("sqs", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
url = sqs.get_queue_url(QueueName="q")["QueueUrl"]
while True:
    for m in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
        open("done.txt", "a").write(m["Body"] + "\n")
        sqs.delete_message(QueueUrl=url, ReceiptHandle=m["ReceiptHandle"])
`)
	o.Programs = map[string]Program{"worker": {Argv: []string{"worker"}}}
	passes(t, o, `
    url = t.aws.sqs.create_queue(QueueName = "q").QueueUrl
    t.workers.start("worker", count = 2)
    for i in range(4):
        t.aws.sqs.send_message(QueueUrl = url, MessageBody = "m%d" % i)
    t.clock.advance("5m")
    t.want(len(t.files.lines("done.txt")) == 4, "all", found = t.files.lines("done.txt"), out = t.workers.output("worker"))
`)
}
