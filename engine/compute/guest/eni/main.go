//go:build linux

package eni

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"haneul/engine/compute"
)

// socket is where `guest tunnel` finds the agent; only processes of the ENI's own container see it.
const socket = "/run/haneul.sock"

// Modes are the commands of this package.
var Modes = []string{"eni", "gateway", "tunnel", "copy"}

// Main runs a mode and returns its exit status.
func Main(mode string, args []string) int {
	// Dozens of these run beside each other: a small heap and few threads are worth more than speed.
	debug.SetGCPercent(20)
	runtime.GOMAXPROCS(1)
	var err error
	switch mode {
	case "eni", "gateway":
		err = serve(mode == "gateway")
		if err != nil {
			fmt.Println(compute.Failed, err)
			return 1
		}
	case "tunnel":
		err = bridge()
	case "copy":
		if len(args) != 2 {
			err = fmt.Errorf("usage: copy FROM TO")
			break
		}
		err = copyTree(args[0], args[1])
	default:
		err = fmt.Errorf("%s: no such mode", mode)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// serve is PID 1 of an ENI or a gateway.
func serve(gateway bool) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	a, err := newAgent(gateway)
	if err != nil {
		return err
	}
	os.Remove(socket) // left by the last run of this container
	l, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	go a.accept(l)
	fmt.Println(compute.Ready)
	<-stop
	return nil
}

// bridge joins the standard streams to the agent.
func bridge() error {
	c, err := net.Dial("unix", socket)
	if err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(c, os.Stdin)
		c.Close() // the runtime hung up
	}()
	_, err = io.Copy(os.Stdout, c)
	return err
}
