package wire

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"haneul/engine/codec"
	"haneul/engine/emu"
	"haneul/engine/wire/sigv4"
)

// A service with one operation of every temper, and a process with two clouds.

type echoInput struct {
	QueueUrl   string
	Text       string `is:"len=..20"`
	N          *int32 `is:"range=0..9"`
	When       codec.Time
	Attributes map[string]string `query:"Attribute,flat,key=Name,value=Value"`
	List       []string
}

func (*echoInput) Resource(*emu.Call) string { return "*" }

type echoOutput struct {
	echoInput
	Principal, Region, Account, Endpoint string
}

type failInput struct{ How string }

func (*failInput) Resource(*emu.Call) string { return "*" }

type waitInput struct{ Seconds int64 }

func (*waitInput) Resource(*emu.Call) string { return "*" }

func demo(c *emu.Cloud) {
	c.Register(&emu.Service{
		Name: "demo", Title: "Amazon Demo", Missing: []string{"Fly"},
		Wire: []emu.Protocol{
			{Kind: emu.JSON10, Target: "DemoService", Namespace: "com.amazonaws.demo"},
			{Kind: emu.Query, Version: "2020-01-01", Namespace: "http://demo.amazonaws.com/doc/2020-01-01/"},
		},
		Ops: []*emu.Operation{
			emu.Op("Echo", func(c *emu.Call, in *echoInput) (*echoOutput, error) {
				return &echoOutput{*in, c.Principal.ARN, c.Region, c.Account, c.Endpoint}, nil
			}).Reads(),
			emu.Op("Fail", func(c *emu.Call, in *failInput) (*echoOutput, error) {
				switch in.How {
				case "panic":
					panic("how")
				case "fault":
					return nil, &emu.Error{Code: "Broken", Message: "<ours>", Fault: true}
				}
				return nil, &emu.Error{Code: "DemoDoesNotExist", QueryCode: "AWS.Demo.NonExistent", Message: "a \"b\" <c> 하늘"}
			}),
			emu.Op("Wait", func(c *emu.Call, in *waitInput) (*echoOutput, error) {
				if err := c.Wait("never", c.Started.Add(time.Duration(in.Seconds)*time.Second), 0); err != nil {
					return nil, err
				}
				return &echoOutput{}, nil
			}),
		},
	})
	c.Register(&emu.Service{Name: "modern", Wire: []emu.Protocol{{Kind: emu.JSON11, Target: "Modern_2030", Namespace: "com.amazonaws.modern"}},
		Ops: []*emu.Operation{emu.Op("Echo", func(c *emu.Call, in *failInput) (*failInput, error) { return in, nil })}})
}

type process struct {
	first, second *emu.Cloud
	temporary     emu.Credentials
}

func (p *process) Default() *emu.Cloud { return p.first }

func (p *process) ByAccount(a string) (*emu.Cloud, bool) {
	return p.second, a == p.second.Account()
}

func (p *process) ByAccessKey(id string) (*emu.Cloud, emu.Credentials, bool) {
	if id == "ASIATEMP" {
		return p.first, p.temporary, true
	}
	for _, c := range []*emu.Cloud{p.first, p.second} {
		if cr, ok := c.Identify(id); ok {
			return c, cr, true
		}
	}
	return nil, emu.Credentials{}, false
}

type world struct {
	*process
	server *Server
	url    string
	key    sigv4.Key
	now    func() time.Time
	log    *strings.Builder
}

func start(t testing.TB, o Options) *world {
	p := &process{
		first:  emu.New(emu.Options{Name: "first", Account: "111122223333", Seed: 1, Root: emu.AccessKey{AccessKeyID: "AKIAFIRST", Secret: "one"}}),
		second: emu.New(emu.Options{Name: "second", Account: "444455556666", Seed: 2, Root: emu.AccessKey{AccessKeyID: "AKIASECOND", Secret: "two"}}),
	}
	for _, c := range []*emu.Cloud{p.first, p.second} {
		demo(c)
		c.Start()
		t.Cleanup(func() { c.Close() })
	}
	w := &world{process: p, key: sigv4.Key{ID: "AKIAFIRST", Secret: "one"}, now: time.Now, log: &strings.Builder{}}
	o.Log = func(format string, args ...any) { w.log.WriteString(format) }
	w.server = New(p, o)
	srv := httptest.NewServer(w.server)
	t.Cleanup(srv.Close)
	w.url = srv.URL
	return w
}

// request makes a signed request: JSON if there is a target, else Query; target may be "" for none.
func (w *world) request(target, body string) *http.Request {
	r, _ := http.NewRequest("POST", w.url+"/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
		r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	}
	return w.sign(r, body)
}

func (w *world) sign(r *http.Request, body string) *http.Request {
	service := "demo"
	if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "Modern") {
		service = "modern"
	}
	new(sigv4.Signer).Sign(r, []byte(body), w.key, "ap-northeast-2", service, w.now())
	return r
}

type answer struct {
	*http.Response
	body string
}

func send(t testing.TB, r *http.Request) answer {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res, string(b)}
}

func (w *world) json(t testing.TB, target, body string) answer {
	return send(t, w.request(target, body))
}

func (w *world) query(t testing.TB, body string) answer { return send(t, w.request("", body)) }

// failed checks an error's status and codes in both protocols.
func (a answer) failed(t testing.TB, status int, code, message string) {
	t.Helper()
	var e struct {
		Type    string `json:"__type"`
		Message string
	}
	got, said := "", ""
	if strings.HasPrefix(a.Header.Get("Content-Type"), "application/x-amz-json") {
		if err := json.Unmarshal([]byte(a.body), &e); err != nil {
			t.Fatal(err, a.body)
		}
		got, said = e.Type, e.Message
	} else {
		got, said = between(a.body, "<Code>", "</Code>"), between(a.body, "<Message>", "</Message>")
	}
	if a.StatusCode != status || got != code || !strings.Contains(said, message) {
		t.Errorf("%d %s\nwant %d %s %q", a.StatusCode, a.body, status, code, message)
	}
	if len(a.Header.Get("X-Amzn-Requestid")) != 36 {
		t.Errorf("request id %q", a.Header.Get("X-Amzn-Requestid"))
	}
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}
