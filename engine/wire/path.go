package wire

import (
	"reflect"
	"strings"
)

// accountIn returns the account that a path names, as queue URLs do: /111122223333/orders.
func accountIn(path string) string {
	if len(path) < 13 || path[0] != '/' || len(path) > 13 && path[13] != '/' {
		return ""
	}
	for _, c := range path[1:13] {
		if c < '0' || c > '9' {
			return ""
		}
	}
	return path[1:13]
}

// addressByPath fills an input's QueueUrl from the path when the parameter is absent: a queue's URL is an endpoint too.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
func addressByPath(c *call) {
	path := c.http.URL.Path
	if strings.Count(path, "/") < 2 {
		return
	}
	f := reflect.ValueOf(c.in).Elem().FieldByName("QueueUrl")
	if f.Kind() == reflect.String && f.Len() == 0 {
		f.SetString(endpoint(c.http) + path)
	}
}
