//go:build unix

package wire_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"haneul/engine"
	"haneul/engine/emu"
	"haneul/engine/iam"
	"haneul/engine/wire/sigv4"
)

// BenchmarkSendMessage is SQS over HTTP as a learner's program calls it: 128 bytes, signed by an IAM user, authorised,
// journaled on disk. Beside it a handler that only answers gets the same bytes, in turns, so that what else the machine
// does weighs on both. Client and server share the process; the client's part is the same in both.
func BenchmarkSendMessage(b *testing.B) {
	for _, connections := range []int{1, 16} {
		b.Run(fmt.Sprintf("connections=%d", connections), func(b *testing.B) { compare(b, connections) })
	}
}

func compare(b *testing.B, connections int) {
	h, key := host(b)
	cloud := httptest.NewServer(h.Handler())
	defer cloud.Close()
	empty := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Write([]byte("{}"))
	}))
	defer empty.Close()
	ours, reference := sendMessage(cloud.URL, key), sendMessage(empty.URL, key)
	var all [2]struct{ cpu, latencies []time.Duration }
	const rounds = 7
	calls := max(b.N/rounds, connections*50)
	for range rounds {
		for i, request := range [2][]byte{reference, ours} {
			cpu := cpuTime()
			latencies := burst(b, request, connections, calls)
			all[i].cpu = append(all[i].cpu, (cpuTime()-cpu)/time.Duration(len(latencies)))
			all[i].latencies = append(all[i].latencies, latencies...)
		}
	}
	median := func(d []time.Duration) float64 { slices.Sort(d); return float64(d[len(d)/2].Nanoseconds()) / 1e3 }
	p99 := func(d []time.Duration) float64 { slices.Sort(d); return float64(d[len(d)*99/100].Nanoseconds()) / 1e3 }
	b.ReportMetric(median(all[1].cpu)-median(all[0].cpu), "µs-cpu-above-empty")
	b.ReportMetric(median(all[1].cpu)/median(all[0].cpu), "×-cpu-of-empty")
	b.ReportMetric(median(all[0].cpu), "µs-cpu-empty")
	b.ReportMetric(p99(all[1].latencies), "µs-p99")
	b.ReportMetric(p99(all[0].latencies), "µs-p99-empty")
}

// host makes a process with a queue, and a user who may send to it.
func host(b *testing.B) (*engine.Host, sigv4.Key) {
	h, err := engine.Open(engine.HostOptions{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { h.Close() })
	c := h.Default()
	do := func(service, op, in string) any {
		o := c.Operation(service, op)
		v := o.NewInput()
		if _, err := o.Input().DecodeJSON([]byte(in), v); err != nil {
			b.Fatal(err)
		}
		res := c.Do(&emu.Request{Op: o, In: v, Principal: c.RootPrincipal()})
		if res.Err != nil {
			b.Fatal(res.Err)
		}
		return res.Out
	}
	do("sqs", "CreateQueue", `{"QueueName":"orders"}`)
	do("iam", "CreateUser", `{"UserName":"jimin"}`)
	do("iam", "PutUserPolicy", `{"UserName":"jimin","PolicyName":"send","PolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sqs:SendMessage\",\"Resource\":\"arn:aws:sqs:*:*:orders\"}}"}`)
	key := do("iam", "CreateAccessKey", `{"UserName":"jimin"}`).(*iam.CreateAccessKeyOutput).AccessKey
	return h, sigv4.Key{ID: key.AccessKeyId, Secret: key.SecretAccessKey}
}

// sendMessage is a signed request as bytes, for sending again and again.
func sendMessage(url string, key sigv4.Key) []byte {
	body := `{"QueueUrl":"` + url + `/111122223333/orders","MessageBody":"` + strings.Repeat("x", 128) + `"}`
	r, _ := http.NewRequest("POST", url+"/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "AmazonSQS.SendMessage")
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	new(sigv4.Signer).Sign(r, []byte(body), key, "ap-northeast-2", "sqs", time.Now())
	var b strings.Builder
	r.Write(&b)
	return []byte(b.String())
}

// burst sends the request calls times over so many connections, and returns how long each took.
func burst(b *testing.B, request []byte, connections, calls int) (latencies []time.Duration) {
	_, address, _ := strings.Cut(string(request), "Host: ")
	address, _, _ = strings.Cut(address, "\r\n")
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range connections {
		wg.Go(func() {
			c, err := net.Dial("tcp", address)
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			buf := make([]byte, 8192)
			var mine []time.Duration
			for range calls / connections {
				begin := time.Now()
				c.Write(request)
				n, err := c.Read(buf)
				if err != nil || !strings.HasPrefix(string(buf[:min(n, 15)]), "HTTP/1.1 200 OK") {
					b.Errorf("%v %s", err, buf[:n])
					return
				}
				mine = append(mine, time.Since(begin))
			}
			mu.Lock()
			defer mu.Unlock()
			latencies = append(latencies, mine...)
		})
	}
	wg.Wait()
	return latencies
}

// cpuTime is what this process has used, of all threads.
func cpuTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
