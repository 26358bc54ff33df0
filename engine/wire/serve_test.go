package wire

import (
	"net/http"
	"strings"
	"testing"
)

// BenchmarkServe is the handler alone, without net/http.
func BenchmarkServe(b *testing.B) {
	w := start(b, Options{})
	body := `{"Text":"hello","N":3}`
	r := w.request("DemoService.Echo", body)
	r.RemoteAddr = "127.0.0.1:1"
	r.Host = "localhost"
	w.sign(r, body)
	reader := strings.NewReader(body)
	out := &discard{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		reader.Reset(body)
		r.Body = nopCloser{reader}
		clear(out.h)
		w.server.ServeHTTP(out, r)
	}
}

type nopCloser struct{ *strings.Reader }

func (nopCloser) Close() error { return nil }

type discard struct{ h http.Header }

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}
