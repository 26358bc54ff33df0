package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Instance is an EC2 instance as whoever stands beside the cloud sees it.
type Instance struct {
	ID        string `json:"id"`
	Name      string `json:"name,omitempty"` // of its Name tag
	Region    string `json:"region"`
	Zone      string `json:"zone"`
	Type      string `json:"type"`
	State     string `json:"state"` // pending, running, stopping, stopped, shutting-down, terminated
	Reason    string `json:"reason,omitempty"`
	Note      string `json:"note,omitempty"` // what the machine could not be given
	VPC       string `json:"vpc"`
	PrivateIP string `json:"private_ip,omitempty"`
	PublicIP  string `json:"public_ip,omitempty"` // "": the internet does not reach it
	KeyName   string `json:"key_name,omitempty"`
	PublicKey string `json:"public_key,omitempty"` // a line of authorized_keys; "" if it was launched without a key pair
	Spot      bool   `json:"spot,omitempty"`
	Groups    []Note `json:"groups,omitempty"` // id and name of its security groups
}

// DialSpec connects to a port of an instance, as seen from an address.
type DialSpec struct {
	// From is the caller's address, past no firewall: "" for [Anyone]. The private address of another instance of the same
	// VPC speaks from that instance.
	From string `json:"from,omitempty"`
	Port int    `json:"port"`
	// Timeout in milliseconds; 0 for 10 s. A firewall that drops is only known by it.
	Timeout int `json:"timeout_ms,omitempty"`
}

// Anyone is an address of the internet, kept for documentation by RFC 5737, that stands for the learner's own computer.
const Anyone = "203.0.113.10"

// Errors of a dial, as [Error.Code].
const (
	DialTimeout = "Timeout" // nobody answered: a firewall drops, or the instance does not run
	DialRefused = "Refused" // the instance answered that nothing listens there
)

// ExecSpec is a command to run in an instance, past its firewall, as root unless said otherwise.
type ExecSpec struct {
	Cmd     []string `json:"cmd"`
	Env     []string `json:"env,omitempty"`
	User    string   `json:"user,omitempty"`
	Dir     string   `json:"dir,omitempty"`
	TTY     bool     `json:"tty,omitempty"`
	Stdin   bool     `json:"stdin,omitempty"` // there will be some
	Columns uint     `json:"columns,omitempty"`
	Rows    uint     `json:"rows,omitempty"`
}

// Strike is bad luck for instances: one of its members is set. It is a [Fault] of the kind kill or interrupt, in short. A zone
// whose instances are struck can be used again at once; one that stays down is a fault of the kind outage.
type Strike struct {
	Kill      string `json:"kill,omitempty"`      // an instance that dies without warning
	Interrupt string `json:"interrupt,omitempty"` // a Spot instance that gets its two minutes' notice
	Zone      string `json:"zone,omitempty"`      // every instance of an availability zone dies
}

// Struck names the instances that were hit.
type Struck struct {
	Instances []string `json:"instances"`
}

// Instances lists a cloud's instances, the terminated ones of the last hour included.
func (c *Client) Instances(ctx context.Context, cloud string) (is []Instance, err error) {
	return is, c.call(ctx, http.MethodGet, cloudPath(cloud)+"/instances", nil, &is)
}

// Instance finds an instance; one that is not there is an error with code InvalidInstanceID.NotFound.
func (c *Client) Instance(ctx context.Context, cloud, id string) (i Instance, err error) {
	return i, c.call(ctx, http.MethodGet, instancePath(cloud, id), nil, &i)
}

// Console is what an instance has printed, the last 64 KB.
func (c *Client) Console(ctx context.Context, cloud, id string) (string, error) {
	var out struct {
		Text string `json:"text"`
	}
	err := c.call(ctx, http.MethodGet, instancePath(cloud, id)+"/console", nil, &out)
	return out.Text, err
}

// Strike lets something go wrong.
func (c *Client) Strike(ctx context.Context, cloud string, s Strike) (hit []string, err error) {
	var out Struck
	err = c.call(ctx, http.MethodPost, cloudPath(cloud)+"/strikes", s, &out)
	return out.Instances, err
}

// Dial connects to a port of an instance. The connection meets the firewalls; see [DialTimeout] and [DialRefused].
func (c *Client) Dial(ctx context.Context, cloud, id string, s DialSpec) (io.ReadWriteCloser, error) {
	return c.upgrade(ctx, instancePath(cloud, id)+"/dial", s)
}

// Session is a command that runs in an instance.
type Session struct {
	stream io.ReadWriteCloser
	frames *Frames
}

// Exec starts a command in a running instance.
func (c *Client) Exec(ctx context.Context, cloud, id string, s ExecSpec) (*Session, error) {
	stream, err := c.upgrade(ctx, instancePath(cloud, id)+"/exec", s)
	if err != nil {
		return nil, err
	}
	return &Session{stream, NewFrames(stream, stream)}, nil
}

// Run passes the command's input and output on until it ends, and returns its exit status. stdin may be nil; what reads
// from it may go on reading after Run has returned.
func (s *Session) Run(stdin io.Reader, stdout, stderr io.Writer) (status int, err error) {
	defer s.Close()
	if stdin != nil {
		go func() {
			_, _ = io.Copy(s.frames.Writer(FrameStdin), stdin) // the other direction tells what went wrong
			_ = s.frames.Send(FrameEOF, nil)
		}()
	}
	for {
		kind, payload, err := s.frames.Next()
		if err != nil {
			return 0, fmt.Errorf("the connection to the instance was lost: %w", err)
		}
		switch kind {
		case FrameStdout:
			_, err = stdout.Write(payload)
		case FrameStderr:
			_, err = stderr.Write(payload)
		case FrameExit:
			var e Exit
			if err := json.Unmarshal(payload, &e); err != nil {
				return 0, err
			}
			if e.Error != "" {
				return 0, errors.New(e.Error)
			}
			return e.Status, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// Resize tells the size of the terminal.
func (s *Session) Resize(columns, rows uint) error { return s.frames.SendSize(columns, rows) }

// Close hangs up.
func (s *Session) Close() error { return s.stream.Close() }

func instancePath(cloud, id string) string {
	return cloudPath(cloud) + "/instances/" + url.PathEscape(id)
}
