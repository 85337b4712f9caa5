package torture_test

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// weather is how the network between two processes is.
type weather int

const (
	fair    weather = iota
	cut             // connections break, new ones are refused
	stalled         // nothing passes and nobody says so: half open
	slow            // every piece takes lag longer: 300 ms there and back
)

const lag = 150 * time.Millisecond

// proxy stands between one replica and one server it needs. What it holds back
// while stalled is delivered afterwards, as a network does: late.
type proxy struct {
	listener         net.Listener
	network, address string

	mu      sync.Mutex
	weather weather
	changed chan struct{} // closed when the weather changes
	open    map[net.Conn]struct{}
}

func newProxy(t *testing.T, network, address string) *proxy {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, network: network, address: address, changed: make(chan struct{}), open: map[net.Conn]struct{}{}}
	t.Cleanup(func() {
		_ = l.Close()
		p.set(cut)
	})
	go p.accept()
	return p
}

func (p *proxy) addr() string { return p.listener.Addr().String() }

func (p *proxy) set(w weather) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.weather = w
	close(p.changed)
	p.changed = make(chan struct{})
	if w == cut {
		for c := range p.open {
			_ = c.Close()
		}
	}
}

func (p *proxy) now() (weather, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.weather, p.changed
}

func (p *proxy) accept() {
	for {
		c, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			go p.serve(c)
		}
	}
}

func (p *proxy) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.weather == cut {
		return false
	}
	p.open[c] = struct{}{}
	return true
}

func (p *proxy) drop(c net.Conn) {
	p.mu.Lock()
	delete(p.open, c)
	p.mu.Unlock()
	_ = c.Close()
}

func (p *proxy) serve(in net.Conn) {
	defer p.drop(in)
	if !p.keep(in) || !p.passes() {
		return
	}
	out, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(context.Background(), p.network, p.address)
	if err != nil {
		return
	}
	defer p.drop(out)
	if !p.keep(out) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { p.pump(out, in) })
	both.Go(func() { p.pump(in, out) })
	both.Wait()
}

// pump carries bytes one way; the end of one way ends both, as it does between
// a program and its database.
func (p *proxy) pump(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		if n > 0 {
			if !p.passes() {
				return
			}
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				p.passes() // the farewell is held back like everything else
			}
			return
		}
	}
}

// passes waits as long as the weather demands and says whether there still is a
// way.
func (p *proxy) passes() bool {
	for {
		w, changed := p.now()
		switch w {
		case fair:
			return true
		case cut:
			return false
		case slow:
			time.Sleep(lag)
			return true
		case stalled:
			<-changed
		}
	}
}
