package sqs

import (
	"strings"

	"haneul/engine/emu"
)

func (k queueKey) arn(c *emu.Call) string {
	return "arn:aws:sqs:" + k.Region + ":" + c.Account + ":" + k.Name
}

// url is where clients of this cloud find the queue.
func (k queueKey) url(c *emu.Call) string {
	base := c.Endpoint
	if base == "" {
		base = "https://sqs." + k.Region + ".amazonaws.com"
	}
	return base + "/" + c.Account + "/" + k.Name
}

// topic is what receives of the queue wait for.
func (q *queue) topic() string { return boxTopic(q.Box) }

// parseARN reads the ARN of a queue; account is not checked.
func parseARN(arn string) (k queueKey, account string, ok bool) {
	rest, isARN := strings.CutPrefix(arn, "arn:aws")
	_, rest, _ = strings.Cut(rest, ":") // other partitions are aws-cn, aws-us-gov
	service, rest, _ := strings.Cut(rest, ":")
	k.Region, rest, _ = strings.Cut(rest, ":")
	account, k.Name, _ = strings.Cut(rest, ":")
	return k, account, isARN && service == "sqs" && k.Name != "" && !strings.Contains(k.Name, ":")
}

// address is a queue URL taken apart. SDKs send back what CreateQueue answered; people also write AWS's own form
// https://sqs.REGION.amazonaws.com/ACCOUNT/NAME, and some clients let a bare name pass.
type address struct {
	region, account, name string // region and account are "" where the URL does not say
	valid                 bool
}

func parseURL(url string) (a address) {
	rest := url
	if i := strings.Index(url, "://"); i >= 0 {
		host, path, _ := strings.Cut(url[i+3:], "/")
		a.region = awsRegion(host)
		rest = "/" + path
	}
	slash := strings.LastIndexByte(rest, '/')
	if a.name = rest[slash+1:]; slash < 0 {
		a.valid = a.name != ""
		return a
	}
	rest = rest[:slash]
	a.account = rest[strings.LastIndexByte(rest, '/')+1:]
	a.valid = a.name != "" && len(a.account) == 12 && strings.Trim(a.account, "0123456789") == ""
	return a
}

// awsRegion reads the region out of AWS's host names, new (sqs.REGION.amazonaws.com) and old (REGION.queue.amazonaws.com).
func awsRegion(host string) string {
	part := strings.Split(strings.TrimSuffix(host, ".amazonaws.com"), ".")
	switch {
	case !strings.HasSuffix(host, ".amazonaws.com") || len(part) != 2:
	case part[0] == "sqs":
		return part[1]
	case part[1] == "queue":
		return part[0]
	}
	return ""
}

// arnOfURL is the resource that a request with a queue URL touches.
func arnOfURL(c *emu.Call, url string) string {
	a := parseURL(url)
	if a.account == "" {
		a.account = c.Account
	}
	return "arn:aws:sqs:" + c.Region + ":" + a.account + ":" + a.name
}

// find is the queue behind a URL.
func (s *service) find(c *emu.Call, url string) (k queueKey, q queue, err error) {
	a := parseURL(url)
	switch {
	case !a.valid, a.region != "" && a.region != c.Region:
		return k, q, invalidAddress(url)
	case a.account != "" && a.account != c.Account:
		return k, q, noSuchQueue()
	}
	k = queueKey{c.Region, a.name}
	q, ok := s.queues.Get(k)
	if !ok {
		return k, q, noSuchQueue()
	}
	return k, q, nil
}

// byARN is the queue with an ARN, if it is in this account and region.
func (s *service) byARN(c *emu.Call, arn string) (k queueKey, q queue, ok bool) {
	k, account, ok := parseARN(arn)
	if !ok || account != c.Account {
		return k, q, false
	}
	q, ok = s.queues.Get(k)
	return k, q, ok
}

// validName reports whether a queue may be called so; suffix is ".fifo" or "".
func validName(name, suffix string) bool {
	base, ok := strings.CutSuffix(name, suffix)
	return ok && base != "" && len(name) <= maxNameLength && isWord(base)
}

// isWord reports whether s has only letters, digits, hyphens and underscores.
func isWord(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// isGraphic reports whether s can be a MessageGroupId or a MessageDeduplicationId.
func isGraphic(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != "" && len(s) <= maxGroupID
}
