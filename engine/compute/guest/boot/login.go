//go:build linux

package boot

import (
	"io"
	"net"
	"time"
)

// loginPort is where a machine's login is. Nobody logs in over the network here: haneul connect comes another way, once it
// has seen that the firewall would let it through to this port. https://www.rfc-editor.org/rfc/rfc4253#section-4.2
const loginPort = ":22"

// greeting is what an SSH server says first.
const greeting = "SSH-2.0-haneul\r\n"

// answerLogins greets who calls at the port of SSH, and waits until they leave. What has the port already keeps it.
func answerLogins() error {
	l, err := net.Listen("tcp4", loginPort)
	if err != nil {
		return err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_ = c.SetDeadline(time.Now().Add(time.Minute))
				if _, err := io.WriteString(c, greeting); err == nil {
					_, _ = io.Copy(io.Discard, c)
				}
			}()
		}
	}()
	return nil
}
