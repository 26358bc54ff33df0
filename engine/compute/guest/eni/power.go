//go:build linux

package eni

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"haneul/engine/compute"
)

// power lets the machine of this interface boot. What is switched on stays so: a machine that is started again boots at once.
type power struct {
	mu      sync.Mutex
	on      bool
	machine net.Conn      // stands by
	stood   chan struct{} // closed when one does
}

func newPower() *power { return &power{stood: make(chan struct{})} }

const (
	// standbyTime is how long a machine may take from its start until it stands by, bootTime from there to READY.
	standbyTime = 30 * time.Second
	bootTime    = 30 * time.Second
)

func (p *power) listen() error {
	l, err := net.Listen("unix", compute.PowerSocket)
	if err != nil {
		return err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.plug(c)
		}
	}()
	return nil
}

// plug lets a machine wait, or boot if it may.
func (p *power) plug(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.on {
		fmt.Fprintln(c, compute.PowerOn)
		c.Close()
		return
	}
	if p.machine != nil {
		p.machine.Close()
	} else {
		close(p.stood)
	}
	p.machine = c
}

var errNoMachine = errors.New("no machine came")

func (p *power) standby() error {
	select {
	case <-p.stood:
		return nil
	case <-time.After(standbyTime):
		return errNoMachine
	}
}

// switchOn reports whether a machine stood by and is ready now.
func (p *power) switchOn() (booted bool) {
	p.mu.Lock()
	p.on = true
	c := p.machine
	p.machine = nil
	p.mu.Unlock()
	if c == nil {
		return false
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(bootTime))
	if _, err := fmt.Fprintln(c, compute.PowerOn); err != nil {
		return false
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	return err == nil && line == compute.Ready+"\n"
}
