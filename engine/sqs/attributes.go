package sqs

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"haneul/engine/emu"
)

// setting is a queue attribute that can be set.
type setting struct {
	name string
	fifo bool // of FIFO queues only
	set  func(a *assignment, value string) error
}

// assignment is a set of attributes being applied to a queue.
type assignment struct {
	s    *service
	c    *emu.Call
	key  queueKey
	q    *queue
	born bool // the queue is being created
}

var settings = []setting{
	number("DelaySeconds", 0, maxDelay, func(q *queue) *int64 { return &q.Delay }),
	number("MaximumMessageSize", minMessageSize, maxMessageSize, func(q *queue) *int64 { return &q.MaxSize }),
	number("MessageRetentionPeriod", minRetention, maxRetention, func(q *queue) *int64 { return &q.Retention }),
	number("ReceiveMessageWaitTimeSeconds", 0, maxWait, func(q *queue) *int64 { return &q.Wait }),
	number("VisibilityTimeout", 0, maxVisibility, func(q *queue) *int64 { return &q.Visibility }),
	number("KmsDataKeyReusePeriodSeconds", minKeyReuse, maxKeyReuse, func(q *queue) *int64 { return &q.KeyReuse }),
	{name: "FifoQueue", set: setFIFO},
	{name: "Policy", set: setPolicy},
	{name: "RedrivePolicy", set: setRedrive},
	{name: "RedriveAllowPolicy", set: setRedriveAllow},
	{name: "KmsMasterKeyId", set: func(a *assignment, v string) error { a.q.KeyID = v; return nil }},
	{name: "SqsManagedSseEnabled", set: func(a *assignment, v string) error {
		return choose("SqsManagedSseEnabled", v, "true", "false", &a.q.ManagedSSE)
	}},
	{name: "ContentBasedDeduplication", fifo: true, set: func(a *assignment, v string) error {
		return choose("ContentBasedDeduplication", v, "true", "false", &a.q.ContentDedup)
	}},
	{name: "DeduplicationScope", fifo: true, set: func(a *assignment, v string) error {
		return choose("DeduplicationScope", v, "messageGroup", "queue", &a.q.DedupByGroup)
	}},
	{name: "FifoThroughputLimit", fifo: true, set: func(a *assignment, v string) error {
		return choose("FifoThroughputLimit", v, "perMessageGroupId", "perQueue", &a.q.LimitByGroup)
	}},
}

func number(name string, low, high int64, field func(*queue) *int64) setting {
	return setting{name: name, set: func(a *assignment, value string) error {
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < low || n > high {
			return invalidAttribute(name)
		}
		*field(a.q) = n
		return nil
	}}
}

func choose(name, value, yes, no string, to *bool) error {
	switch value {
	case yes:
		*to = true
	case no:
		*to = false
	default:
		return invalidAttribute(name)
	}
	return nil
}

func newQueue(c *emu.Call, fifo bool) queue {
	return queue{
		Box: c.Seq(), FIFO: fifo, Created: c.Now, Modified: c.Now,
		Visibility: defaultVisibility, Retention: defaultRetention, MaxSize: maxMessageSize,
		KeyReuse: defaultKeyReuse, ManagedSSE: true,
	}
}

// assign applies attributes in order of name, as far as the first that is wrong.
func (a *assignment) assign(values map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		i := slices.IndexFunc(settings, func(t setting) bool { return t.name == name })
		if i < 0 {
			return unknownAttribute(name)
		}
		if settings[i].fifo && !a.q.FIFO {
			return notFIFO(name, a.born)
		}
		if err := settings[i].set(a, values[name]); err != nil {
			return err
		}
	}
	return a.settle(values)
}

// notFIFO refuses a FIFO queue's attribute on a standard queue.
func notFIFO(name string, born bool) error {
	if name == "ContentBasedDeduplication" || born {
		return unknownAttribute(name)
	}
	return emu.Errorf("InvalidAttributeName", "You can specify the %s only when FifoQueue is set to true.", name)
}

// settle makes attributes agree with each other.
func (a *assignment) settle(values map[string]string) error {
	if a.q.LimitByGroup && !a.q.DedupByGroup {
		return invalid("The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup")
	}
	key, managed := values["KmsMasterKeyId"] != "", values["SqsManagedSseEnabled"] == "true"
	switch {
	case key && managed:
		return emu.Errorf("InvalidAttributeName", "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.")
	case key:
		a.q.ManagedSSE = false
	case managed:
		a.q.KeyID, a.q.KeyReuse = "", defaultKeyReuse
	}
	return nil
}

func setFIFO(a *assignment, value string) error {
	switch {
	case a.q.FIFO && value == "true":
		return nil
	case a.q.FIFO:
		return emu.Errorf("InvalidAttributeValue", "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.")
	}
	return unknownAttribute("FifoQueue")
}

// attributeNames are those that GetQueueAttributes knows.
var attributeNames = []string{
	"All", "Policy", "VisibilityTimeout", "MaximumMessageSize", "MessageRetentionPeriod", "ApproximateNumberOfMessages",
	"ApproximateNumberOfMessagesNotVisible", "CreatedTimestamp", "LastModifiedTimestamp", "QueueArn",
	"ApproximateNumberOfMessagesDelayed", "DelaySeconds", "ReceiveMessageWaitTimeSeconds", "RedrivePolicy", "FifoQueue",
	"ContentBasedDeduplication", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "DeduplicationScope",
	"FifoThroughputLimit", "RedriveAllowPolicy", "SqsManagedSseEnabled",
}

// describe lists all attributes that the queue has, as AWS writes them.
func (s *service) describe(c *emu.Call, k queueKey, q *queue) map[string]string {
	n := s.count(q.Box)
	all := q.describe()
	all["QueueArn"] = k.arn(c)
	all["ApproximateNumberOfMessages"] = strconv.Itoa(n.visible)
	all["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(n.inFlight)
	all["ApproximateNumberOfMessagesDelayed"] = strconv.Itoa(n.delayed)
	all["CreatedTimestamp"] = seconds(q.Created)
	all["LastModifiedTimestamp"] = seconds(q.Modified)
	return all
}

// describe lists the attributes that can be set and are.
func (q *queue) describe() map[string]string {
	all := map[string]string{
		"DelaySeconds":                  strconv.FormatInt(q.Delay, 10),
		"MaximumMessageSize":            strconv.FormatInt(q.MaxSize, 10),
		"MessageRetentionPeriod":        strconv.FormatInt(q.Retention, 10),
		"ReceiveMessageWaitTimeSeconds": strconv.FormatInt(q.Wait, 10),
		"VisibilityTimeout":             strconv.FormatInt(q.Visibility, 10),
		"SqsManagedSseEnabled":          strconv.FormatBool(q.ManagedSSE),
	}
	if q.FIFO {
		all["FifoQueue"] = "true"
		all["ContentBasedDeduplication"] = strconv.FormatBool(q.ContentDedup)
		all["DeduplicationScope"] = either(q.DedupByGroup, "messageGroup", "queue")
		all["FifoThroughputLimit"] = either(q.LimitByGroup, "perMessageGroupId", "perQueue")
	}
	if q.KeyID != "" {
		all["KmsMasterKeyId"] = q.KeyID
		all["KmsDataKeyReusePeriodSeconds"] = strconv.FormatInt(q.KeyReuse, 10)
	}
	for _, document := range [][2]string{{"Policy", q.Policy}, {"RedrivePolicy", q.redrivePolicy()}, {"RedriveAllowPolicy", q.RedriveFrom}} {
		if document[1] != "" {
			all[document[0]] = document[1]
		}
	}
	return all
}

func either(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

func seconds(t emu.Time) string { return strconv.FormatInt(int64(t/emu.Second), 10) }

func milliseconds(t emu.Time) string { return strconv.FormatInt(int64(t/emu.Millisecond), 10) }

// isFIFOName reports whether the name is a FIFO queue's.
func isFIFOName(name string) bool { return strings.HasSuffix(name, ".fifo") }
