package engine

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"haneul/engine/awscli"
	"haneul/engine/compute"
	"haneul/engine/wire"
)

// inside answers calls that come from instances, at the cloud's address in every VPC: AWS's API, and the catalogue that the
// guest's aws reads. Nothing else of haneul's own is there.
type inside struct {
	start sync.Once
	conns chan net.Conn
	life  context.Context
}

// Answer answers what a connection from inside an instance asks. It takes the connection over.
func (h *Host) Answer(c net.Conn) {
	in := &h.inside
	in.start.Do(func() {
		in.conns, in.life = make(chan net.Conn), h.watching.life
		aws := wire.New(h, wire.Options{AuthOff: h.options.AuthOff, Hosts: fromInside, Log: h.options.Log})
		catalogue := wire.Guard(http.HandlerFunc(serveCatalogue), fromInside...)
		server := &http.Server{ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == awscli.CataloguePath {
				catalogue.ServeHTTP(w, r)
				return
			}
			h.used.touch()
			aws.ServeHTTP(w, r)
		})}
		h.watching.work.Go(func() {
			server.Serve(in) // ends with life
			server.Close()
		})
	})
	select {
	case in.conns <- c:
	case <-in.life.Done():
		c.Close()
	}
}

// Accept implements [net.Listener].
func (in *inside) Accept() (net.Conn, error) {
	select {
	case c := <-in.conns:
		return c, nil
	case <-in.life.Done():
		return nil, errors.New("the engine is leaving")
	}
}

// Close implements [net.Listener]; the listener ends with the host.
func (in *inside) Close() error { return nil }

// Addr implements [net.Listener].
func (in *inside) Addr() net.Addr {
	return &net.TCPAddr{IP: net.ParseIP(compute.CloudAddress), Port: 80}
}
