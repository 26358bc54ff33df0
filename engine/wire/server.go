package wire

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"haneul/engine/emu"
	"haneul/engine/wire/sigv4"
)

// Clouds is what wire needs from the process: which cloud a call is for, and who calls.
type Clouds interface {
	// ByAccessKey finds the cloud that knows an access key, and what the key stands for.
	ByAccessKey(id string) (*emu.Cloud, emu.Credentials, bool)
	// ByAccount finds the cloud with a twelve-digit account id.
	ByAccount(account string) (*emu.Cloud, bool)
	// Default is the cloud for calls that name no other.
	Default() *emu.Cloud
}

// Options are how a server is strict.
type Options struct {
	AuthOff bool     // accept any signature, or none
	Hosts   []string // further names this machine is called by: "host.docker.internal", or ".example" for all names below
	Log     func(format string, args ...any)
	Wall    func() time.Time // the wall clock, for tests; nil means the real one
}

// Server answers AWS calls. It is an http.Handler for every path that is not the admin API's.
type Server struct {
	clouds  Clouds
	options Options
	routes  routes
	keys    sigv4.Keys
	handler http.Handler
}

// New makes a server for the services that the default cloud has.
func New(c Clouds, o Options) *Server {
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
	if o.Wall == nil {
		o.Wall = time.Now
	}
	s := &Server{clouds: c, options: o, routes: newRoutes(c.Default().Services())}
	s.handler = Guard(http.HandlerFunc(s.serveHTTP), o.Hosts...)
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// call is one request on its way through the stages; each fills in what it finds out.
type call struct {
	http *http.Request
	*buffers

	auth     sigv4.Auth // what the signature claims
	authErr  error      // why there is none
	form     string     // Query: the parameters
	protocol protocol   // who decodes and encodes
	target   target     // what is asked of which service

	cloud       *emu.Cloud
	principal   emu.Principal
	accessKeyID string
	region      string

	op        *emu.Operation
	in        any
	requestID string
}

// stages is the path of every request up to its answer.
var stages = [...]func(*Server, *call) error{
	(*Server).route,
	(*Server).authenticate,
	(*Server).decode,
}

// serve takes a call through the stages and encodes its answer.
func (s *Server) serve(c *call, h http.Header) (status int) {
	out, err := s.do(c)
	if c.requestID == "" {
		c.requestID = newRequestID()
	}
	h["X-Amzn-Requestid"] = []string{c.requestID}
	if err != nil {
		e := s.asError(c, err)
		return c.protocol.encodeError(c, h, e)
	}
	c.protocol.encode(c, h, out)
	return http.StatusOK
}

func (s *Server) do(c *call) (out any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	var refused error // a call whose operation is known is recorded, however wrong its input
	for _, stage := range stages {
		if refused = stage(s, c); refused != nil && c.op == nil {
			return nil, refused
		}
	}
	ip, _, _ := net.SplitHostPort(c.http.RemoteAddr)
	res := c.cloud.Do(&emu.Request{
		Op: c.op, In: c.in, Principal: c.principal, AccessKeyID: c.accessKeyID, Region: c.region, Endpoint: endpoint(c.http),
		SourceIP: ip, UserAgent: c.http.UserAgent(), Refused: refused, Context: c.http.Context(),
	})
	c.requestID = res.RequestID
	return res.Out, res.Err
}

func (s *Server) serveHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && r.URL.Path == "/" && r.URL.RawQuery == "" && r.Header.Get("Authorization") == "" {
		s.welcome(w, r)
		return
	}
	c := &call{http: r, buffers: takeBuffers(), protocol: protocols[len(protocols)-1]}
	defer c.buffers.release()
	h := w.Header()
	status := s.serve(c, h)
	h["Content-Length"] = []string{strconv.Itoa(len(c.out))}
	w.WriteHeader(status)
	w.Write(c.out) // a client that is gone needs no answer
}

// welcome is for people who open the endpoint in a browser or with curl.
func (s *Server) welcome(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "haneul: a small cloud is running here. Point an AWS client at it:\n\n  aws --endpoint-url %s sqs list-queues\n", endpoint(r))
}

// asError makes the answer of any error; one that is not AWS's is our failure, and its cause is for the log only.
func (s *Server) asError(c *call, err error) *emu.Error {
	var e *emu.Error
	if errors.As(err, &e) {
		return e
	}
	s.options.Log("internal failure in %s (request %s): %v", c.target, c.requestID, err)
	return internalFailure()
}

// endpoint is how the caller reached us, for URLs in answers.
func endpoint(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// newRequestID is for requests that never became a call, and so have no number in a journal.
func newRequestID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
