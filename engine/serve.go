package engine

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"haneul/engine/admin"
	"haneul/engine/awscli"
	"haneul/engine/compute"
	"haneul/engine/wire"
)

// Handler serves both APIs: AWS's on every path, the engine's own under /_haneul/v1/.
func (h *Host) Handler() http.Handler {
	aws := wire.New(h, wire.Options{AuthOff: h.options.AuthOff, Log: h.options.Log, Hosts: fromInside})
	own := wire.Guard(h.api())
	catalogue := wire.Guard(http.HandlerFunc(serveCatalogue), fromInside...)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == awscli.CataloguePath {
			catalogue.ServeHTTP(w, r)
			return
		}
		if strings.HasPrefix(r.URL.Path, admin.Prefix) {
			own.ServeHTTP(w, r)
			return
		}
		h.used.touch()
		aws.ServeHTTP(w, r)
	})
}

// fromInside is how instances call the cloud.
var fromInside = []string{compute.CloudAddress}

// serveCatalogue tells which operations there are, for the aws inside instances. It is no secret.
func serveCatalogue(w http.ResponseWriter, r *http.Request) {
	b, err := awscli.Catalogue(Services(), r.URL.Query()["service"])
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b)
}

// idleClock remembers when somebody last used the engine, in wall time.
type idleClock struct {
	last atomic.Int64
	held atomic.Int64 // connections to instances that are open
}

func (k *idleClock) touch() { k.last.Store(time.Now().UnixNano()) }

// hold counts as use until release.
func (k *idleClock) hold() { k.held.Add(1) }

func (k *idleClock) release() {
	k.touch()
	k.held.Add(-1)
}

// Idle is for how long nobody has called. Status questions do not count as use.
func (h *Host) Idle() time.Duration {
	if h.used.held.Load() > 0 {
		return 0
	}
	return time.Since(time.Unix(0, h.used.last.Load()))
}

// Serve answers on l until ctx ends or somebody asks the engine to leave, then lets calls in flight finish.
func (h *Host) Serve(ctx context.Context, l net.Listener) error {
	h.mu.Lock()
	h.endpoint = "http://" + l.Addr().String()
	h.mu.Unlock()
	h.used.touch()
	calls, hangUp := context.WithCancel(context.Background())
	defer hangUp()
	server := &http.Server{
		Handler:           h.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		BaseContext:       func(net.Listener) context.Context { return calls },
	}
	stopped := make(chan error, 1)
	go func() {
		select {
		case <-ctx.Done():
		case <-h.shutdown:
		}
		hangUp() // long polls and followers of the journal end at once
		grace, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		stopped <- server.Shutdown(grace)
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// Endpoint is where Serve answers, e.g. http://127.0.0.1:4566.
func (h *Host) Endpoint() string {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.endpoint
}
