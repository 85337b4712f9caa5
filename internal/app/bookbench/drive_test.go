package bookbench_test

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// stretch is what one side did in its turn.
type stretch struct {
	done    int // booked
	refused map[string]int
	took    time.Duration
	waits   []time.Duration // of those booked
	cost    cost
}

// each is seconds, as milliseconds of one booking.
func (s stretch) each(seconds float64) float64 { return 1000 * seconds / float64(max(1, s.done)) }

func (s stretch) rate() float64 { return float64(s.done) / s.took.Seconds() }

// client speaks just enough HTTP to book: what it costs is not the program's.
type client struct {
	conn net.Conn
	in   *bufio.Reader
	out  bytes.Buffer
}

func dial(address string) (*client, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &client{conn: c, in: bufio.NewReader(c)}, nil
}

// post returns the status and the answer.
func (c *client) post(path, token, key, body string) (int, []byte, error) {
	c.out.Reset()
	fmt.Fprintf(&c.out, "POST /api/v1%s HTTP/1.1\r\nHost: linggong\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n", path, token, len(body))
	if key != "" {
		fmt.Fprintf(&c.out, "Idempotency-Key: %s\r\n", key)
	}
	c.out.WriteString("\r\n" + body)
	if _, err := c.conn.Write(c.out.Bytes()); err != nil {
		return 0, nil, err
	}
	res, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, b, err
}

// booking is who books what in the n-th request.
type booking func(n int) (worker int, shift string)

// overHTTP lets clients book one after the other until the stretch is over, or
// most have been booked.
func (w *world) overHTTP(tb testing.TB, clients int, keyed bool, most int, of booking) stretch {
	tb.Helper()
	s := stretch{refused: map[string]int{}}
	var mu sync.Mutex
	var wg sync.WaitGroup
	var next atomic.Int64
	began := time.Now()
	for range clients {
		wg.Go(func() {
			c, err := dial(w.address)
			if err != nil {
				tb.Error(err)
				return
			}
			defer c.conn.Close()
			own := stretch{refused: map[string]int{}}
			for time.Since(began) < w.size.stretch {
				n := int(next.Add(1)) - 1
				if n >= most {
					break
				}
				if err := w.book(c, keyed, n, of, &own); err != nil {
					tb.Error(err)
					break
				}
			}
			mu.Lock()
			defer mu.Unlock()
			s.done += own.done
			s.waits = append(s.waits, own.waits...)
			for code, n := range own.refused {
				s.refused[code] += n
			}
		})
	}
	wg.Wait()
	s.took = time.Since(began)
	return s
}

func (w *world) book(c *client, keyed bool, n int, of booking, own *stretch) error {
	worker, shift := of(n)
	key := ""
	if keyed {
		key = "b-" + strconv.Itoa(n) + "-" + shift
	}
	from := time.Now()
	status, body, err := c.post("/shifts/"+shift+"/apply", w.tokens[worker], key, "{}")
	if err != nil {
		return err
	}
	if status == http.StatusCreated {
		own.done++
		own.waits = append(own.waits, time.Since(from))
		return nil
	}
	var p struct {
		Code string `json:"code"`
	}
	if err := json.Unmarshal(body, &p); err != nil {
		return fmt.Errorf("%d %s", status, body)
	}
	own.refused[p.Code]++
	return nil
}

// at is a percentile of how long bookings took.
func at(waits []time.Duration, percent int) time.Duration {
	if len(waits) == 0 {
		return 0
	}
	s := slices.Clone(waits)
	slices.Sort(s)
	return s[min(len(s)-1, len(s)*percent/100)].Round(10 * time.Microsecond)
}

// median returns the middle, the least and the greatest of a list.
func median(list []float64) (mid, least, most float64) {
	s := slices.Clone(list)
	slices.SortFunc(s, func(a, b float64) int { return cmp.Compare(a, b) })
	return s[len(s)/2], s[0], s[len(s)-1]
}
