package sqs

import (
	"fmt"
	"testing"
	"time"

	"haneul/engine/emu"
)

func (w *world) redrive(dead string, receives int) string {
	w.Helper()
	return fmt.Sprintf(`{"deadLetterTargetArn":"%s","maxReceiveCount":"%d"}`, w.arn(dead), receives)
}

func TestDeadLetters(t *testing.T) {
	w := newWorld(t)
	dead := w.create("dead", nil)
	url := w.create("orders", attrs{"VisibilityTimeout": "10", "RedrivePolicy": w.redrive(dead, 2)})
	if got, want := w.get(url, "RedrivePolicy")["RedrivePolicy"], `{"deadLetterTargetArn":"arn:aws:sqs:ap-northeast-2:111122223333:dead","maxReceiveCount":2}`; got != want {
		t.Errorf("got %s", got)
	}
	sent := w.send(url, "poison")
	for range 2 {
		w.want(w.receive(url), "poison")
		w.after(10 * time.Second)
	}
	w.after(time.Hour)
	w.counted(url, "1", "0", "0") // nobody moves it but the receive that would return it a third time
	w.counted(dead, "0", "0", "0")
	w.send(url, "good")
	w.want(w.receive(url), "good")
	w.counted(url, "0", "1", "0")
	ms := w.receive(dead)
	w.want(ms, "poison")
	a := ms[0].Attributes
	if ms[0].MessageId != sent.MessageId || a["DeadLetterQueueSourceArn"] != w.arn(url) || a["SentTimestamp"] != "1795165200000" || a["ApproximateReceiveCount"] != "3" {
		t.Errorf("%+v", ms[0])
	}
}

func TestDeadLettersKeepTheirAge(t *testing.T) {
	w := newWorld(t)
	dead := w.create("dead", attrs{"MessageRetentionPeriod": "100"})
	url := w.create("orders", attrs{"VisibilityTimeout": "0", "RedrivePolicy": w.redrive(dead, 1)})
	w.send(url, "x")
	w.after(90 * time.Second)
	w.receive(url)
	w.want(w.receive(url))
	w.counted(dead, "1", "0", "0")
	w.after(10 * time.Second)
	w.counted(dead, "0", "0", "0")
}

func TestDeadLettersFIFO(t *testing.T) {
	w := newWorld(t)
	dead := w.fifo("dead.fifo", attrs{"MessageRetentionPeriod": "100"})
	url := w.fifo("q.fifo", attrs{"ContentBasedDeduplication": "true", "VisibilityTimeout": "0", "RedrivePolicy": w.redrive(dead, 1)})
	w.fill(url, "g-m1", "g-m2", "g-m3")
	w.after(90 * time.Second)
	w.want(w.receiveBy(url, 2, nil), "g-m1", "g-m2")
	w.want(w.receiveBy(url, 2, nil), "g-m3")
	w.after(90 * time.Second) // the age began anew
	ms := w.receive(dead)
	w.want(ms, "g-m1", "g-m2")
	if ms[0].Attributes["MessageGroupId"] != "g" || ms[0].Attributes["SequenceNumber"] >= ms[1].Attributes["SequenceNumber"] {
		t.Errorf("%+v", ms)
	}
}

func TestDeadLetterChain(t *testing.T) {
	w := newWorld(t)
	third := w.create("third", attrs{"VisibilityTimeout": "0"})
	second := w.create("second", attrs{"VisibilityTimeout": "0", "RedrivePolicy": w.redrive(third, 1)})
	first := w.create("first", attrs{"VisibilityTimeout": "0", "RedrivePolicy": w.redrive(second, 1)})
	w.send(first, "x")
	for _, url := range []string{first, second, third} {
		w.want(w.receive(url), "x")
		if url != third {
			w.want(w.receive(url))
		}
	}
}

func TestDeadLetterQueueGone(t *testing.T) {
	w := newWorld(t)
	dead := w.create("dead", nil)
	url := w.create("orders", attrs{"VisibilityTimeout": "0", "RedrivePolicy": w.redrive(dead, 1)})
	must[emu.NoOutput](w, "DeleteQueue", &DeleteQueueInput{QueueUrl: dead})
	w.send(url, "x")
	for range 3 {
		w.want(w.receive(url), "x")
	}
}

// A long poll moves what it must and says so; see the package's documentation.
func TestDeadLetterWhilePolling(t *testing.T) {
	w := newWorld(t)
	dead := w.create("dead", nil)
	url := w.create("orders", attrs{"VisibilityTimeout": "10", "RedrivePolicy": w.redrive(dead, 1)})
	w.send(url, "x")
	w.receive(url)
	done := make(chan []Message)
	go func() {
		r := w.Do(w.request("ReceiveMessage", &ReceiveMessageInput{QueueUrl: url, WaitTimeSeconds: ptr(int64(20))}))
		done <- r.Out.(*ReceiveMessageOutput).Messages
	}()
	for w.Waiting() == 0 {
		time.Sleep(time.Millisecond)
	}
	w.after(10 * time.Second)
	w.want(<-done)
	w.counted(dead, "1", "0", "0")
}

func TestRedriveAllowPolicy(t *testing.T) {
	w := newWorld(t)
	dead := w.create("dead", nil)
	url := w.create("orders", nil)
	policy := w.redrive(dead, 3)
	in := &SetQueueAttributesInput{QueueUrl: url, Attributes: attrs{"RedrivePolicy": policy}}
	denied := "Value " + policy + " for parameter RedrivePolicy is invalid. Reason: The RedriveAllowPolicy of the dead-letter queue does not allow this source queue."
	w.set(dead, attrs{"RedriveAllowPolicy": `{"redrivePermission":"denyAll"}`})
	w.refused("SetQueueAttributes", in, "InvalidParameterValue", denied)
	w.set(dead, attrs{"RedriveAllowPolicy": `{"redrivePermission":"byQueue","sourceQueueArns":["` + w.arn(dead) + `"]}`})
	w.refused("SetQueueAttributes", in, "InvalidParameterValue", denied)
	w.set(dead, attrs{"RedriveAllowPolicy": `{"redrivePermission":"byQueue","sourceQueueArns":["` + w.arn(url) + `"]}`})
	must[emu.NoOutput](w, "SetQueueAttributes", in)
	w.set(dead, attrs{"RedriveAllowPolicy": ""})
	if _, ok := w.get(dead, "All")["RedriveAllowPolicy"]; ok {
		t.Error("still there")
	}
}

func TestListDeadLetterSourceQueues(t *testing.T) {
	w := newWorld(t)
	dead := w.create("dead", nil)
	var want []string
	for i := range 5 {
		want = append(want, w.create(fmt.Sprintf("source-%d", i), attrs{"RedrivePolicy": w.redrive(dead, 1)}))
	}
	w.create("other", nil)
	in := &ListDeadLetterSourceQueuesInput{QueueUrl: dead, MaxResults: ptr(int64(2))}
	var got []string
	for pages := 0; ; pages++ {
		out := must[ListDeadLetterSourceQueuesOutput](w, "ListDeadLetterSourceQueues", in)
		got = append(got, out.QueueUrls...)
		if in.NextToken = out.NextToken; in.NextToken == "" {
			if pages != 2 {
				t.Error(pages, "pages")
			}
			break
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func (w *world) tasks(arn string) []ListMessageMoveTasksResultEntry {
	w.Helper()
	return must[ListMessageMoveTasksOutput](w, "ListMessageMoveTasks", &ListMessageMoveTasksInput{SourceArn: arn, MaxResults: ptr(int64(10))}).Results
}

// letters is a dead-letter queue with n dead letters of one source.
func (w *world) letters(n int) (source, dead string) {
	w.Helper()
	dead = w.create("dead", nil)
	source = w.create("orders", attrs{"VisibilityTimeout": "0", "RedrivePolicy": w.redrive(dead, 1)})
	for i := range n {
		w.send(source, fmt.Sprint("letter ", i))
	}
	for range n/10*2 + 2 {
		w.receive(source)
	}
	w.counted(dead, fmt.Sprint(n), "0", "0")
	return source, dead
}

func TestMoveTask(t *testing.T) {
	w := newWorld(t)
	source, dead := w.letters(10)
	arn := w.arn(dead)
	w.after(time.Minute)
	handle := must[StartMessageMoveTaskOutput](w, "StartMessageMoveTask", &StartMessageMoveTaskInput{SourceArn: arn, MaxNumberOfMessagesPerSecond: ptr(int64(2))}).TaskHandle
	task := w.tasks(arn)[0]
	if task.Status != "RUNNING" || task.TaskHandle != handle || task.ApproximateNumberOfMessagesMoved != 0 ||
		*task.ApproximateNumberOfMessagesToMove != 10 || *task.MaxNumberOfMessagesPerSecond != 2 || task.StartedTimestamp != 1795165260000 {
		t.Errorf("%+v", task)
	}
	w.refused("StartMessageMoveTask", &StartMessageMoveTaskInput{SourceArn: arn}, "InvalidParameterValue",
		"There is already a task running. Only one active task is allowed for a source queue arn at a given time.")
	w.after(2 * time.Second)
	w.counted(source, "4", "0", "0")
	w.counted(dead, "6", "0", "0")
	w.after(3 * time.Second)
	task = w.tasks(arn)[0]
	if task.Status != "COMPLETED" || task.TaskHandle != "" || task.ApproximateNumberOfMessagesMoved != 10 || task.DestinationArn != "" {
		t.Errorf("%+v", task)
	}
	m := w.receiveBy(source, 1, nil)[0]
	if m.Attributes["ApproximateReceiveCount"] != "1" || m.Attributes["SentTimestamp"] != "1795165260500" || m.Attributes["DeadLetterQueueSourceArn"] != "" {
		t.Errorf("%+v", m)
	}
}

func TestMoveTaskCancelled(t *testing.T) {
	w := newWorld(t)
	source, dead := w.letters(10)
	arn := w.arn(dead)
	other := w.create("other", nil)
	handle := must[StartMessageMoveTaskOutput](w, "StartMessageMoveTask", &StartMessageMoveTaskInput{
		SourceArn: arn, DestinationArn: w.arn(other), MaxNumberOfMessagesPerSecond: ptr(int64(1))}).TaskHandle
	w.after(3 * time.Second)
	in := &CancelMessageMoveTaskInput{TaskHandle: handle}
	if n := must[CancelMessageMoveTaskOutput](w, "CancelMessageMoveTask", in).ApproximateNumberOfMessagesMoved; n != 3 {
		t.Error(n, "moved")
	}
	if status := w.tasks(arn)[0].Status; status != "CANCELLING" {
		t.Error(status)
	}
	w.after(time.Minute)
	task := w.tasks(arn)[0]
	if task.Status != "CANCELLED" || task.ApproximateNumberOfMessagesMoved != 3 || task.DestinationArn != w.arn(other) {
		t.Errorf("%+v", task)
	}
	w.counted(other, "3", "0", "0")
	w.counted(source, "0", "0", "0")
	w.refused("CancelMessageMoveTask", in, "InvalidParameterValue", "Only active tasks can be cancelled.")
}

func TestMoveTaskFails(t *testing.T) {
	w := newWorld(t)
	_, dead := w.letters(2)
	arn := w.arn(dead)
	w.send(dead, "sent directly")
	must[StartMessageMoveTaskOutput](w, "StartMessageMoveTask", &StartMessageMoveTaskInput{SourceArn: arn})
	w.after(time.Second)
	if task := w.tasks(arn)[0]; task.Status != "FAILED" || task.FailureReason != "CouldNotDetermineMessageSource" || task.ApproximateNumberOfMessagesMoved != 2 {
		t.Errorf("%+v", task)
	}
	other := w.create("other", nil)
	must[StartMessageMoveTaskOutput](w, "StartMessageMoveTask", &StartMessageMoveTaskInput{SourceArn: arn, DestinationArn: w.arn(other)})
	must[emu.NoOutput](w, "DeleteQueue", &DeleteQueueInput{QueueUrl: other})
	w.after(time.Second)
	tasks := w.tasks(arn)
	if len(tasks) != 2 || tasks[0].Status != "FAILED" || tasks[0].FailureReason != "AWS.SimpleQueueService.NonExistentQueue" {
		t.Errorf("%+v", tasks)
	}
}
