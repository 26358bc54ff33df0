package docker

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// pool holds warm ENIs, without an address, and at each a machine that stands by.
type pool struct {
	mu     sync.Mutex
	ready  []*eni
	making sync.WaitGroup // what close waits for
	coming int            // ENIs that are being made
	timer  *time.Timer
	closed bool
}

// refillAfter is how long nothing must be taken before the pool is filled again: starting instances comes first.
const refillAfter = 700 * time.Millisecond

func (p *pool) take() *eni {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.ready) == 0 {
		return nil
	}
	e := p.ready[0]
	p.ready = p.ready[1:]
	return e
}

func (p *pool) put(e *eni) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.ready = append(p.ready, e)
	return true
}

// close empties the pool, and waits for what is being made; the caller removes the containers.
func (p *pool) close() {
	p.mu.Lock()
	p.closed, p.ready = true, nil
	if p.timer != nil {
		p.timer.Stop()
	}
	p.mu.Unlock()
	p.making.Wait()
}

// takeENI prefers a warm one that lives.
func (r *Runtime) takeENI(ctx context.Context, x *vpc) (*eni, error) {
	defer r.refill(x)
	for {
		e := x.pool.take()
		if e == nil {
			return r.makeENI(ctx, x, kindENI)
		}
		if e.connected() {
			return e, nil
		}
		_ = e.Release(ctx) // it died in the pool
	}
}

// refill fills the pool once nothing has been taken for a while.
func (r *Runtime) refill(x *vpc) {
	x.pool.mu.Lock()
	defer x.pool.mu.Unlock()
	if x.pool.closed || r.o.Warm == 0 {
		return
	}
	if x.pool.timer != nil {
		x.pool.timer.Stop()
	}
	x.pool.timer = time.AfterFunc(refillAfter, func() {
		if !r.begin() {
			return
		}
		defer r.work.Done()
		ctx, cancel := context.WithTimeout(r.life, time.Minute)
		defer cancel()
		if err := r.fill(ctx, x, r.o.Warm); err != nil && r.life.Err() == nil {
			r.o.Log("warming ENIs of %s: %v", x.ID, err)
		}
	})
}

// Warm makes ENIs with machines until a VPC has n of them ready.
func (r *Runtime) Warm(ctx context.Context, cloud, id string, n int) error {
	x, err := r.vpc(ctx, cloud, id)
	if err != nil {
		return err
	}
	return r.fill(ctx, x, n)
}

func (r *Runtime) fill(ctx context.Context, x *vpc, n int) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var all sync.WaitGroup
	slots := make(chan struct{}, 4)
	for ctx.Err() == nil && x.pool.wants(n) {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			defer x.pool.making.Done()
			e, err := r.makeWarm(ctx, x)
			x.pool.mu.Lock()
			x.pool.coming--
			x.pool.mu.Unlock()
			switch {
			case err != nil:
				stop(err)
			case !x.pool.put(e):
				_ = e.Release(ctx)
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

func (r *Runtime) makeWarm(ctx context.Context, x *vpc) (*eni, error) {
	e, err := r.makeENI(ctx, x, kindENI)
	if err != nil {
		return nil, err
	}
	if err := r.makeMachine(ctx, e); err != nil {
		_ = e.Release(ctx)
		return nil, err
	}
	return e, nil
}

// dropWarm removes what is in the pools, for which nobody will come any more.
func (r *Runtime) dropWarm() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	r.mu.Lock()
	vpcs := slices.Collect(maps.Values(r.vpcs))
	r.mu.Unlock()
	var all sync.WaitGroup
	for _, x := range vpcs {
		for e := x.pool.take(); e != nil; e = x.pool.take() {
			all.Go(func() {
				if err := e.Release(ctx); err != nil {
					r.o.Log("an ENI of %s stays until the next start: %v", x.ID, err)
				}
			})
		}
	}
	all.Wait()
}

// wants reports whether one more ENI is to be made, and counts it.
func (p *pool) wants(n int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.ready)+p.coming >= n {
		return false
	}
	p.coming++
	p.making.Add(1)
	return true
}
