package sqs

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"haneul/engine/emu"
)

// backlog is a queue with n messages of size bytes waiting.
func backlog(b *testing.B, n, size int, fifo bool) (*emu.Cloud, string) {
	b.Helper()
	c := emu.New(emu.Options{Name: "bench", Account: "111122223333", Seed: 1})
	New(c)
	b.Cleanup(func() { c.Close() })
	a := attrs{"VisibilityTimeout": "43200"}
	name := "q"
	if fifo {
		name, a["FifoQueue"], a["ContentBasedDeduplication"] = "q.fifo", "true", "true"
	}
	do(b, c, "CreateQueue", &CreateQueueInput{QueueName: name, Attributes: a})
	body := strings.Repeat("x", size-8)
	for i := 0; i < n; i += 10 {
		in := &SendMessageBatchInput{QueueUrl: name}
		for j := range 10 {
			e := SendMessageBatchRequestEntry{Id: string(rune('0' + j)), MessageBody: fmt.Sprintf("%08d", i+j) + body}
			if fifo {
				e.MessageGroupId = ptr(fmt.Sprint((i + j) % 1000))
			}
			in.Entries = append(in.Entries, e)
		}
		do(b, c, "SendMessageBatch", in)
	}
	return c, name
}

func do(b *testing.B, c *emu.Cloud, op string, in any) any {
	r := c.Do(&emu.Request{Op: c.Operation("sqs", op), In: in, Principal: c.RootPrincipal()})
	if r.Err != nil {
		b.Fatal(r.Err)
	}
	return r.Out
}

func receiveAndDelete(b *testing.B, c *emu.Cloud, url string) {
	out := do(b, c, "ReceiveMessage", &ReceiveMessageInput{QueueUrl: url}).(*ReceiveMessageOutput)
	do(b, c, "DeleteMessage", &DeleteMessageInput{QueueUrl: url, ReceiptHandle: out.Messages[0].ReceiptHandle})
}

// BenchmarkBacklog is Receive and Delete with 4,000 and with 400,000 messages waiting, in turns, so that what else the
// machine does weighs on both: the backlog must not matter. The median of seven rounds counts.
func BenchmarkBacklog(b *testing.B) {
	for _, fifo := range []bool{false, true} {
		b.Run(fmt.Sprintf("fifo=%t", fifo), func(b *testing.B) {
			const rounds, calls = 7, 500
			waiting := [2]int{4_000, 400_000}
			var clouds [2]*emu.Cloud
			var url string
			for i, n := range waiting {
				clouds[i], url = backlog(b, n, 128, fifo)
			}
			runtime.GC()
			var took, allocs [2][]float64
			for range rounds {
				for i, c := range clouds {
					var before, after runtime.MemStats
					runtime.ReadMemStats(&before)
					begin := time.Now()
					for range calls {
						receiveAndDelete(b, c, url)
					}
					took[i] = append(took[i], float64(time.Since(begin).Nanoseconds())/calls)
					runtime.ReadMemStats(&after)
					allocs[i] = append(allocs[i], float64(after.Mallocs-before.Mallocs)/calls)
				}
			}
			b.ReportMetric(median(took[0]), "ns-of-4000")
			b.ReportMetric(median(took[1]), "ns-of-400000")
			b.ReportMetric(median(took[1])/median(took[0]), "×")
			b.ReportMetric(median(allocs[0]), "allocs-of-4000")
			b.ReportMetric(median(allocs[1]), "allocs-of-400000")
		})
	}
}

func median(x []float64) float64 { slices.Sort(x); return x[len(x)/2] }

// BenchmarkFootprint is what 400,000 messages of 1 KB take.
func BenchmarkFootprint(b *testing.B) {
	for b.Loop() {
		c, _ := backlog(b, 400_000, 1024, false)
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "MB-live")
		b.ReportMetric(float64(m.Sys-m.HeapReleased)/(1<<20), "MB-sys")
		runtime.KeepAlive(c)
	}
}
