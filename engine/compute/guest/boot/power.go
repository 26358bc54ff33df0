//go:build linux

package boot

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"syscall"

	"haneul/engine/compute"
)

// supply is the connection to the network interface, which says when this machine may boot.
type supply struct {
	conn net.Conn
	said chan string // what the interface said, "" if it is gone
}

// plugIn returns nil where there is no interface of ours, in a container that somebody runs by hand.
func plugIn() *supply {
	c, err := net.Dial("unix", compute.PowerSocket)
	if err != nil {
		return nil
	}
	s := &supply{c, make(chan string, 1)}
	go func() {
		line, _ := bufio.NewReader(c).ReadString('\n')
		s.said <- line
	}()
	return s
}

// wait returns whether the machine is to boot; it is not if it is told to end before, or if the interface goes.
func (s *supply) wait(signals chan os.Signal) bool {
	if s == nil {
		return true
	}
	for {
		select {
		case line := <-s.said:
			return line == compute.PowerOn+"\n"
		case got := <-signals:
			if got != syscall.SIGCHLD && got != syscall.SIGHUP {
				return false
			}
			reap()
		}
	}
}

// ready tells that the machine has booted. Nobody may be listening: it was not waiting.
func (s *supply) ready() {
	if s == nil {
		return
	}
	fmt.Fprintln(s.conn, compute.Ready)
	s.conn.Close()
}
