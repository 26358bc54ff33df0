package sqs

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"haneul/engine/emu"
)

// setRedrive sets the dead-letter queue, or removes it with "".
func setRedrive(a *assignment, document string) error {
	if document == "" {
		a.q.DeadLetter, a.q.MaxReceives = "", 0
		return nil
	}
	target, receives, err := parseRedrive(document)
	if err != nil {
		return err
	}
	wrong := func(reason string) error { return invalidValue(document, "RedrivePolicy", reason) }
	k, account, ok := parseARN(target)
	switch {
	case !ok:
		return wrong("Invalid value for deadLetterTargetArn.")
	case account != a.c.Account:
		return wrong("Dead-letter target owner should be same as the source.")
	case k.Region != a.key.Region:
		return wrong("Dead-letter target must be in same region as the source.")
	}
	dead, ok := a.s.queues.Get(k)
	switch {
	case !ok:
		return wrong("Dead letter target does not exist.")
	case dead.FIFO != a.q.FIFO:
		return wrong("Dead-letter queue must be same type of queue as the source..")
	case !dead.takesFrom(a.key.arn(a.c)):
		return wrong("The RedriveAllowPolicy of the dead-letter queue does not allow this source queue.")
	}
	a.q.DeadLetter, a.q.MaxReceives = target, receives
	return nil
}

// parseRedrive reads a redrive policy. maxReceiveCount may be a number or a number in quotes.
func parseRedrive(document string) (target string, receives int64, err error) {
	wrong := func(format string) error { return invalidValue(document, "RedrivePolicy", format) }
	var fields map[string]any
	d := json.NewDecoder(strings.NewReader(document))
	d.UseNumber()
	if d.Decode(&fields) != nil || fields == nil {
		return "", 0, emu.Errorf("InvalidAttributeValue", "Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON map.")
	}
	for _, name := range []string{"maxReceiveCount", "deadLetterTargetArn"} {
		if fields[name] == nil {
			return "", 0, wrong("Redrive policy does not contain mandatory attribute: " + name + ".")
		}
	}
	if len(fields) > 2 {
		return "", 0, wrong("Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].")
	}
	text := ""
	switch v := fields["maxReceiveCount"].(type) {
	case json.Number:
		text = v.String()
	case string:
		text = v
	}
	receives, err = strconv.ParseInt(text, 10, 64)
	if err != nil || receives < 1 || receives > maxReceives {
		return "", 0, wrong("Invalid value for maxReceiveCount: " + text + ", valid values are from 1 to 1000 both inclusive.")
	}
	target, _ = fields["deadLetterTargetArn"].(string)
	return target, receives, nil
}

// redrivePolicy is the redrive policy as AWS shows it.
func (q *queue) redrivePolicy() string {
	if q.DeadLetter == "" {
		return ""
	}
	return `{"deadLetterTargetArn":"` + q.DeadLetter + `","maxReceiveCount":` + strconv.FormatInt(q.MaxReceives, 10) + `}`
}

// allowPolicy is a redrive allow policy: who may use the queue as its dead-letter queue.
type allowPolicy struct {
	RedrivePermission string   `json:"redrivePermission"`
	SourceQueueArns   []string `json:"sourceQueueArns"`
}

func setRedriveAllow(a *assignment, document string) error {
	if document == "" {
		a.q.RedriveFrom = ""
		return nil
	}
	var p allowPolicy
	d := json.NewDecoder(strings.NewReader(document))
	d.DisallowUnknownFields()
	if d.Decode(&p) != nil || !slices.Contains([]string{"allowAll", "denyAll", "byQueue"}, p.RedrivePermission) {
		return emu.Errorf("InvalidAttributeValue", "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.")
	}
	wrong := func(reason string) error {
		return invalidValue(document, "RedriveAllowPolicy", "Amazon SQS can't create the redrive allow policy. "+reason)
	}
	switch byQueue := p.RedrivePermission == "byQueue"; {
	case byQueue && len(p.SourceQueueArns) == 0:
		return wrong("When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.")
	case byQueue && len(p.SourceQueueArns) > maxSourceQueues:
		return wrong("The maximum number of source queue ARNs you can specify is 10.")
	case !byQueue && p.SourceQueueArns != nil:
		return wrong("To specify one or more source queue ARNs, you must set redrivePermission to byQueue.")
	}
	a.q.RedriveFrom = document
	return nil
}

// takesFrom reports whether the queue's redrive allow policy lets a source queue use it.
func (q *queue) takesFrom(source string) bool {
	if q.RedriveFrom == "" {
		return true
	}
	var p allowPolicy
	if json.Unmarshal([]byte(q.RedriveFrom), &p) != nil {
		return false // not reached: what is stored was parsed
	}
	return p.RedrivePermission == "allowAll" || p.RedrivePermission == "byQueue" && slices.Contains(p.SourceQueueArns, source)
}

// bury moves a message that was received too often to the dead-letter queue, where it is available at once. It reports
// false, and the message stays, if that queue is gone. n numbers the message anew in a FIFO queue.
func (s *service) bury(c *emu.Call, source queueKey, q *queue, k messageKey, m message, n int64) bool {
	dk, dead, ok := s.byARN(c, q.DeadLetter)
	if !ok {
		return false
	}
	s.remove(k, &m)
	extra := more{}
	if m.More != nil {
		extra = *m.More
	}
	extra.Source, extra.Earlier = source.arn(c), m.Received
	m.More, m.Hidden, m.Visible = &extra, false, c.Now
	if dead.FIFO { // its order is its own: the message is new there
		m.Sent = c.Now
	} else { // the original time counts for retention
		n = k.N
	}
	s.store(&dead, n, m)
	c.Wake(dead.topic())
	c.Note("DeadLetter", m.ID)
	c.Note("DeadLetterQueue", dk.arn(c))
	return true
}
